"""The items of a job that an operation of its service lists: the children of an array job, the steps of an execution.

A page of ours is filled from as many pages of AWS as it takes. Its token is the position in AWS's list: the listing,
AWS's own page token, and the number of items of that page that were sent already.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from jobview import catalogue
from jobview.aws.calls import Calls
from jobview.aws.errors import ReadFailure, failure
from jobview.aws.unreadable import Records, Unreadable
from jobview.catalogue.family import Family, ItemsCall
from jobview.collect import paging, templates
from jobview.collect.getting import missing
from jobview.collect.outcome import meant_by, own_reason
from jobview.collect.paging import Position
from jobview.collect.paths import find, last_of_arn
from jobview.collect.values import STATUS_LIMIT, URI_LIMIT, Times, bounded_text
from jobview.items.rows import InvalidItemsTokenError, ItemsPage, row
from jobview.model import ErrorKind, JobView, State, Target
from jobview.model.jobid import JobKey

LEAST_PAGE = 20
"""The fewest items that a call asks for: some services refuse smaller pages."""
CALLS_LIMIT = 10
"""The most calls for one page. So a page may be short, or empty, and still have a next one."""
TOKEN_LIMIT = 2800
"""The longest token of a page, in characters: it is sent encoded in the address of a request."""


def listed_items(
    calls: Calls,
    family: Family,
    call: ItemsCall,
    view: JobView,
    target: Target,
    deadline: float,
    unreadable: Unreadable,
    *,
    limit: int,
    token: str | None,
) -> ItemsPage:
    """Read a page of the items of a job.

    Raises
    ------
    ReadFailure
        They could not be read.
    InvalidItemsTokenError
        The token is not from a page of a job of this family.
    """
    start, skip = _position(call, token)
    filled = templates.values(target, parents=family.path(view.key.parents), native_id=view.key.native_id)
    pages = paging.pages(calls, family.service, target, _sized(call, limit + skip), filled, deadline, start=start)
    rows: list[dict[str, Any]] = []
    asked = 0
    try:
        for page in pages:
            asked += 1
            lost = Records(call.items, page.unreadable)
            left = page.items[skip : skip + limit - len(rows)]
            rows += [
                row_of(family, call, view.key, item, page.asked_at, lost.of(skip + number))
                for number, item in enumerate(left)
            ]
            unreadable.add(call.operation, lost.paths())
            skip += len(left)
            if skip < len(page.items):
                return ItemsPage(items=rows, next=_token(call, start, skip))
            if page.following is None:
                break
            start, skip = page.following, 0
            if len(rows) >= limit or asked >= CALLS_LIMIT:
                return ItemsPage(items=rows, next=_token(call, start, skip))
    except ReadFailure as stopped:
        raise ReadFailure(missing(stopped.error, call.missing)) from stopped
    return ItemsPage(items=rows, next=None)


def _sized(call: ItemsCall, wanted: int) -> ItemsCall:
    """The call with pages no larger than it takes."""
    if call.page_size is None:
        return call
    name, largest = call.page_size
    size = min(int(largest), max(wanted, LEAST_PAGE))
    return replace(call, page_size=(name, str(size) if isinstance(largest, str) else size))


def row_of(
    family: Family, call: ItemsCall, key: JobKey, item: Any, asked_at: datetime, unreadable: set[str]
) -> dict[str, Any]:
    """The row of one listed item."""
    record: Mapping[str, Any] = item if isinstance(item, Mapping) else {}
    fields = call.fields
    times = Times(item=record, fields=fields, observed_at=asked_at, unreadable=unreadable)
    word = bounded_text(find(fields.status, record), STATUS_LIMIT) or ""
    state = meant_by(call.states.get(word, State.UNKNOWN), fields, record)
    native_id = find(fields.id, record)
    return row(
        id=native_id,
        name=find(fields.name, record),
        group=find(call.group, record),
        uri=find(call.uri, record),
        state=state,
        native_status=word,
        reason=own_reason(fields, state, record),
        created=times.at("created"),
        started=times.at("started"),
        ended=times.at("ended") if state.terminal else None,
        job=_job(family, call, key, native_id),
    )


def _job(family: Family, call: ItemsCall, key: JobKey, native_id: Any) -> JobKey | None:
    """The job that an item is, where the declaration says of which family."""
    # A text that is too long, or a link that a service signs, is no id.
    if call.job is None or not native_id or bounded_text(native_id, URI_LIMIT) != native_id:
        return None
    of = catalogue.FAMILIES[f"{family.service}/{call.job}"]
    parents = key.parents if len(of.parents) == len(key.parents) else (*key.parents, key.native_id)
    id_ = last_of_arn(native_id) if "id" in of.deepest_fields.arns else native_id
    return replace(key, type=of.type, parents=parents, native_id=id_)


def _token(call: ItemsCall, position: Position, skip: int) -> str:
    token = json.dumps([position.listing, skip, position.token], separators=(",", ":"))
    if len(token.encode()) > TOKEN_LIMIT:
        raise failure(
            ErrorKind.MALFORMED,
            "PageTokenTooLong",
            f"the service's page token has {len(position.token or ''):,} characters, which no address has room for",
            call.operation,
            retryable=False,
        )
    return token


def _position(call: ItemsCall, token: str | None) -> tuple[Position, int]:
    """The position in a token, and the number of items there that were sent already."""
    if token is None:
        return Position(), 0
    try:
        listing, skip, following = json.loads(token)
    except (ValueError, TypeError):
        listing, skip, following = None, None, None
    numbers = [each for each in (listing, skip) if isinstance(each, int) and not isinstance(each, bool) and each >= 0]
    known = len(numbers) == 2 and listing < max(1, len(call.each))
    if not known or not (following is None or isinstance(following, str)):
        raise InvalidItemsTokenError("the token is not from a page of this job's items")
    return Position(listing=listing, token=following), skip
