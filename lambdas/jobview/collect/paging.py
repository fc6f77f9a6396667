"""Going through the pages of a list operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobview.aws.calls import Answer, Calls
from jobview.aws.errors import failure
from jobview.aws.unreadable import covers, names
from jobview.catalogue.family import Call, ListCall
from jobview.collect import templates
from jobview.collect.paths import find, first_name
from jobview.model import ErrorKind, Target


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Where a listing goes on: which of the listings that a read consists of, and the page token in it."""

    listing: int = 0
    token: str | None = None
    """``None``: at its beginning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The items of one page, and when AWS was asked for it."""

    items: list[Any]
    asked_at: datetime
    following: Position | None
    """Where the next page is; ``None``: that was the last one."""
    unreadable: tuple[str, ...] = ()
    """Paths in the answer of what could not be read."""


def pages(
    calls: Calls,
    service: str,
    target: Target,
    call: ListCall,
    filled: Mapping[str, str],
    deadline: float,
    *,
    since: datetime | None = None,
    start: Position | None = None,
) -> Iterator[Page]:
    """Every page of the operation, as it comes; one listing after another where the call has several.

    Parameters
    ----------
    calls, service, target, call, filled, deadline
        What to call, where, with which values of its templates, and until when.
    since
        Ask for less, as the call's narrowing declares it.
    start
        Where to begin: ``following`` of a page, with the same ``since``.

    Raises
    ------
    ReadFailure
        The call failed; the deadline was over; a page was malformed or the service gave a page token for the second
        time. Pages before that were yielded.
    """
    inputs = templates.inputs(call.inputs, filled)
    if call.page_size is not None:
        inputs[call.page_size[0]] = call.page_size[1]
    listings = [{**inputs, **more} for more in _listings(call, since)]
    position = start or Position()
    for number in range(position.listing, len(listings)):
        last = number + 1 == len(listings)
        after = None if last else Position(listing=number + 1)
        token = position.token if number == position.listing else None
        yield from _listing(calls, service, target, call, listings[number], number, token, after, deadline)


def _listings(call: ListCall, since: datetime | None) -> list[Mapping[str, object]]:
    """What each listing of a read asks for beside the call's own inputs."""
    if since is not None and call.narrowing is not None:
        return [
            {member: templates.since(value, since) for member, value in more.items()} for more in call.narrowing.inputs
        ]
    return list(call.each) or [{}]


def _listing(
    calls: Calls,
    service: str,
    target: Target,
    call: ListCall,
    inputs: Mapping[str, object],
    number: int,
    token: str | None,
    after: Position | None,
    deadline: float,
) -> Iterator[Page]:
    token_names = call.tokens
    seen: set[object] = set()
    while True:
        more = {} if token is None or token_names is None else {token_names[0]: token}
        asked = {**inputs, **more}
        answer = calls.call(
            service, target, call.operation, asked, deadline=deadline, rate=call.rate, quota=call.quota_name
        )
        seen.add(token)
        items = _items(call, answer)
        token = None if token_names is None else find(token_names[1], answer.members) or None
        repeated = token in seen
        following = after if token is None or repeated else Position(listing=number, token=token)
        yield Page(items=items, asked_at=answer.asked_at, following=following, unreadable=answer.unreadable)
        if token is None:
            if token_names is not None:  # a token that cannot be read is not the end of the list
                require_readable(token_names[1], answer, call.operation)
            return
        if repeated:
            raise failure(
                ErrorKind.MALFORMED,
                "RepeatedPageToken",
                "the service gave the same page token twice, so that its list has no end",
                call.operation,
                retryable=False,
            )


def _items(call: ListCall, answer: Answer) -> list[Any]:
    require_readable(call.items, answer, call.operation)
    items = find(call.items, answer.members)
    if items is None:
        require(call, call.items, answer)
        return []  # an optional member that is absent: an honest empty page
    if not isinstance(items, list):
        raise _malformed(call.operation, f"{call.items} is no list")
    return items


def require(call: Call, path: str, answer: Answer) -> None:
    """Refuse an answer without the member at which ``path`` starts, where the service's model promises it.

    Raises
    ------
    ReadFailure
        Kind malformed.
    """
    member = first_name(path)
    if call.promised and member not in answer.members:
        raise _malformed(call.operation, f"the answer lacks {member}, which the service's model promises")


def require_readable(path: str, answer: Answer, operation: str) -> None:
    """Refuse an answer in which what the reading rests on cannot be read: the records, or the next page's token.

    Raises
    ------
    ReadFailure
        Kind malformed.
    """
    if covers(answer.unreadable, path):
        raise _malformed(operation, f"{names(path)} is not of the type that the service's model declares")


def _malformed(operation: str, message: str) -> Exception:
    return failure(ErrorKind.MALFORMED, "MalformedAnswer", message, operation)
