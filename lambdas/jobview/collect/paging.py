"""Reads the pages of a list operation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobview.aws.calls import Answer, Calls
from jobview.aws.errors import failure
from jobview.aws.unreadable import covers, names
from jobview.catalogue.operations import Call, ListCall
from jobview.collect import templates
from jobview.collect.paths import find, first_name
from jobview.collect.periods import periods
from jobview.model import ErrorKind, Target


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The position at which a read continues: the number of the listing within the read, and its page token."""

    listing: int = 0
    token: str | None = None
    """``None``: at the beginning of the listing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The items of one page, and the time of the request."""

    items: list[Any]
    asked_at: datetime
    following: Position | None
    """The position of the next page; ``None``: this is the last one."""
    unreadable: tuple[str, ...] = ()
    """The paths of values in the answer that could not be read."""


def pages(
    calls: Calls,
    service: str,
    target: Target,
    call: ListCall,
    filled: Mapping[str, str],
    deadline: float,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    start: Position | None = None,
) -> Iterator[Page]:
    """Yield every page of the operation; one listing after another where the call has several.

    Parameters
    ----------
    calls, service, target, call, filled, deadline
        Makes the calls; the service, the account and region, the call, the values of its templates, the time limit.
    since
        List less, as the call's narrowing declares it.
    until
        When the read began, for a call that requires a period; ``None``: now.
    start
        The first page: ``following`` of a page with the same ``since`` and ``until``.

    Raises
    ------
    ReadFailure
        The call failed, the deadline was over, a page was malformed, or the service returned a page token twice. Pages
        before that were yielded.
    """
    listings = [
        _inputs(call, filled, more, times)
        for times in _times(call, since, until or calls.clock.now())
        for more in _listings(call, since)
    ]
    position = start or Position()
    for number in range(position.listing, len(listings)):
        last = number + 1 == len(listings)
        after = None if last else Position(listing=number + 1)
        token = position.token if number == position.listing else None
        yield from _listing(calls, service, target, call, listings[number], number, token, after, deadline)


def _times(call: ListCall, since: datetime | None, until: datetime) -> list[Mapping[str, datetime]]:
    """The times in the inputs of each listing: one item for each period, where the call requires one."""
    if call.window is None:
        return [{} if since is None else {"since": since}]
    # A list of open jobs alone covers the whole window.
    later = since if call.narrowing is not None and call.narrowing.whole else None
    return [{"since": start, "until": end} for start, end in periods(call.window, later, until)]


def _listings(call: ListCall, since: datetime | None) -> Sequence[Mapping[str, object]]:
    """The templates of each listing of a read in addition to the call's own."""
    if since is not None and call.narrowing is not None:
        return call.narrowing.inputs
    return call.each or ({},)


def _inputs(
    call: ListCall, filled: Mapping[str, str], more: Mapping[str, object], times: Mapping[str, datetime]
) -> dict[str, object]:
    """The inputs of one listing."""
    own = {name: templates.moments(value, times) for name, value in call.inputs.items()}
    inputs = templates.inputs(own, filled)
    if call.page_size is not None:
        inputs[call.page_size[0]] = call.page_size[1]
    return inputs | {name: templates.moments(value, times) for name, value in more.items()}


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
                "the service returned the same page token twice, so its list has no end",
                call.operation,
                retryable=False,
            )


def _items(call: ListCall, answer: Answer) -> list[Any]:
    require_readable(call.items, answer, call.operation)
    items = find(call.items, answer.members)
    if items is None:
        require(call, call.items, answer)
        return []  # an optional member is absent: the page is empty
    if not isinstance(items, list):
        raise _malformed(call.operation, f"{call.items} is not a list")
    return items


def require(call: Call, path: str, answer: Answer) -> None:
    """Refuse an answer without the member at which ``path`` starts, if the service's model requires it.

    Raises
    ------
    ReadFailure
        Kind malformed.
    """
    member = first_name(path)
    if call.promised and member not in answer.members:
        raise _malformed(call.operation, f"the answer lacks {member}, which the service's model requires")


def require_readable(path: str, answer: Answer, operation: str) -> None:
    """Refuse an answer with unreadable records, or an unreadable token of the next page.

    Raises
    ------
    ReadFailure
        Kind malformed.
    """
    if covers(answer.unreadable, path):
        raise _malformed(operation, f"{names(path)} does not have the type in the service's model")


def _malformed(operation: str, message: str) -> Exception:
    return failure(ErrorKind.MALFORMED, "MalformedAnswer", message, operation)
