"""A job's state and reason, from the service's own word and the outcomes of its items: one rule for all families."""

import re
from collections.abc import Mapping
from typing import Any

from jobview.catalogue.records import Fields
from jobview.collect.paths import find
from jobview.model import Items, State

OWN_LIMIT = 640
"""The longest reason of the service, in characters, beside the count of failed items and how to read them."""

_CALLED_WHOLE = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED})


def meant_by(word: State, fields: Fields, item: Mapping[str, Any]) -> State:
    """The state of the status word, corrected by the first condition on other members (``when``) that holds.

    ``word`` is the state of the word alone.
    """
    for rule in fields.when:
        if rule.state is word and _fits(find(rule.path, item), rule.values):
            return rule.then
    return word


def _fits(value: object, values: tuple[object, ...]) -> bool:
    # The type has to match too: in Python the number 1 equals the flag true.
    listed = value if isinstance(value, list) else [value]
    if not values:
        return any(one not in (None, "") for one in listed)
    return any(type(one) is type(allowed) and one == allowed for one in listed for allowed in values)


def state_of(word: State, items: Items | None, *, container: bool = False, running: int | None = None) -> State:
    """The state of a job.

    Parameters
    ----------
    word
        The state of the service's own status word.
    items
        The outcomes of the job's items; ``None`` where they are unknown.
    container, running
        True for a job that only contains others (``items``), and the number of these that are running.
    """
    if items is None:
        return word
    if word in _CALLED_WHOLE:
        if _none_succeeded(items):
            return State.FAILED
        return State.PARTIALLY_SUCCEEDED if items.failed else word
    if container and word is State.FAILED and items.succeeded and items.failed:
        return State.PARTIALLY_SUCCEEDED
    if container and word is State.PENDING and (running or items.succeeded or items.failed or items.skipped):
        return State.RUNNING
    return word


def reason_of(state: State, word: State, items: Items | None, own: str | None, how: str | None) -> str | None:
    """The reason: the service's own one and, if items failed, their number and how to read them.

    Parameters
    ----------
    state, word
        The job's state, and the state of the service's own word.
    items
        The outcomes of the items.
    own
        The service's own reason.
    how
        How a person reads the failed items.
    """
    failed = None if items is None else items.failed
    if items is None or not failed or (state is not State.PARTIALLY_SUCCEEDED and state is word):
        return own
    if state not in _CALLED_WHOLE | {State.FAILED}:
        return own
    of = "" if items.total is None else f" of {items.total:,}"
    count = f"{failed:,}{of} {items.unit} failed"
    if own is not None and len(own) > OWN_LIMIT:
        own = f"{own[: OWN_LIMIT - 1]}…"
    sentences = [_sentence(own if own and _tells(own, failed) else f"{count}: {own}" if own else count)]
    if how is not None:
        sentences.append(how)
    return " ".join(sentences)


def own_reason(fields: Fields, state: State, item: Mapping[str, Any]) -> str | None:
    """The service's own reason. For a failed job the message of a declared cause comes before the job's message."""
    own = _message(find(fields.reason, item))
    if state is State.CANCELLED and own is not None:
        return own  # the reason for cancelling it, not the way in which it then stopped
    if not state.terminal or state in {State.SUCCEEDED, State.DELETED}:
        return own
    cause, code = _cause(fields, item)
    suffix = "" if code is None else f" (exit code {code})"
    if cause is None:
        cause = _part(fields, item)
    if cause is None:
        return f"exit code {code}" if own is None and code is not None else None if own is None else own + suffix
    if own is None or own in cause:
        return cause + suffix
    if cause in own:
        return own + suffix
    return f"{_sentence(cause.rstrip('.') + suffix)} {own}"


def _message(value: object) -> str | None:
    """A message, or several without duplicates."""
    listed = value if isinstance(value, list) else [value]
    return "; ".join(dict.fromkeys(one for one in listed if isinstance(one, str) and one)) or None


def _cause(fields: Fields, item: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """The first message of a cause, with its exit code; without any message the first exit code that is not 0."""
    code: int | None = None
    for declared in fields.causes:
        value = find(declared.at, item)
        for one in value if isinstance(value, list) else [value]:
            message, exit_code = find(declared.message, one), find(declared.exit_code, one)
            failed = exit_code if isinstance(exit_code, int) and exit_code != 0 else None
            if isinstance(message, str) and message:
                return message, failed
            code = code if code is not None else failed
    return None, code


def _part(fields: Fields, item: Mapping[str, Any]) -> str | None:
    """The message of the first failed part."""
    parts = fields.parts
    listed = None if parts is None else find(parts.path, item)
    if parts is None or not isinstance(listed, list):
        return None
    for part in listed:
        message = find(parts.message, part)
        if parts.outcome(find(parts.status, part)) is State.FAILED and isinstance(message, str) and message:
            return message
    return None


def _none_succeeded(items: Items) -> bool:
    """True where items failed and none can have succeeded."""
    if not items.failed or items.total is None or items.succeeded:
        return False
    return items.succeeded == 0 or items.failed + (items.skipped or 0) >= items.total


def _tells(text: str, count: int) -> bool:
    return re.search(rf"(?<![\w.,])(?:{count}|{count:,})(?![\w,]|\.\d)", text) is not None


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
