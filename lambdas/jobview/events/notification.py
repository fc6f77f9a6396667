"""The message about a job that failed: plain text for e-mail, and a custom notification for AWS's chat service.

Pure. A reason is written by a service, often from what a job printed, so that it may hold anything: quotes, line
breaks, control characters, a hundred kilobytes, mentions and links. None of it leaves its place in the message.

Amazon Q Developer in chat applications (before: AWS Chatbot) takes messages of SNS that are custom notifications: JSON
with ``version``, ``source`` and a ``content``. It drops every other text without a word.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobview.model import State, require_time, rfc3339
from jobview.model.jobid import JobKey

SUBJECT_CHARACTERS = 100
"""Longest subject that SNS takes."""
EMAIL_CHARACTERS = 4_000
"""What an e-mail shows of a reason."""
CHAT_CHARACTERS = 1_000
"""What a chat shows of a reason; a block of text in Slack ends at 3,000 characters."""
WORD_CHARACTERS = 200
"""What either shows of a status word."""

_FOR_CHAT = str.maketrans({"`": "'", "<": "\u2039", ">": "\u203a", "&": "\uff06", "@": "\uff20"})
"""What ends a code block, or means a mention or a link inside one, and the sign that looks like it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """One message in every form in which it leaves."""

    subject: str
    """At most ``SUBJECT_CHARACTERS`` of printable ASCII, as SNS demands."""
    text: str
    chat: str
    """JSON: a custom notification."""

    @property
    def messages(self) -> str:
        """The ``Message`` of SNS with the structure ``json``: the text for every protocol but the chat's, HTTPS."""
        return json.dumps({"default": self.text, "https": self.chat})


def notification(detail: Mapping[str, Any]) -> Notification:
    """Return the message about a transition.

    ``detail`` is what ``jobview.events.outgoing.event`` makes. Raises ``ValueError``, which names the member, for any
    other.
    """
    data = detail.get("data")
    if not isinstance(data, Mapping):
        raise ValueError("data is missing; allowed: the members of a transition")
    # What is parsed cannot hold anything else: whoever may send to the bus may write what looks like an event.
    job = str(JobKey.parse(_text(detail, "subject")))
    service, region, account, kind = job.split(":")[:4]  # escaped, so in ASCII
    state, since = State(_text(data, "state")).value, rfc3339(require_time(_text(data, "changedAt")))
    previous = None if data.get("previousState") is None else State(_text(data, "previousState")).value
    change = f"({f'before: {previous}' if previous else 'not seen before'}) since {since}."
    word = _cut(" ".join(_printable(_told(data, "nativeStatus")).split()), WORD_CHARACTERS) or "nothing"
    reason = _printable(_told(data, "reason"))
    subject = f"{service} {kind} {state} ({account}, {region})"[:SUBJECT_CHARACTERS]
    what, call = "The job", f"GET /v1/jobs/{job}"
    if _has_items(data):
        what, call = "What failed in it", f"{call}/items"
    quoted = "\n".join(f"> {line}" for line in _cut(reason, EMAIL_CHARACTERS).split("\n"))
    text = (
        job,
        f"is {state} {change}",
        f"AWS says {word}, and as the reason:\n{quoted}" if reason else f"AWS says {word}, and gives no reason.",
        f"{what}: {call}\n",
    )
    code, status = _code(_cut(reason, CHAT_CHARACTERS)), _code(word)
    description = (
        f"`{job}`",
        f"is *{state}* {change}",
        f"AWS says `{status}`, and as the reason:\n```\n{code}\n```"
        if reason
        else f"AWS says `{status}`, and gives no reason.",
        f"{what}: `{call}`",
    )
    chat = {
        "version": "1.0",
        "source": "custom",
        "id": _text(detail, "id"),
        "content": {"textType": "client-markdown", "title": subject, "description": "\n".join(description)},
        # All messages of one job stand in one thread, where the channel has threads.
        "metadata": {"threadId": job, "summary": subject},
    }
    return Notification(subject=subject, text="\n".join(text), chat=json.dumps(chat))


def _has_items(data: Mapping[str, Any]) -> bool:
    """True where the view has a link to the results of single items. The link itself may be anybody's text."""
    view = data.get("job")
    links = view.get("links") if isinstance(view, Mapping) else None
    return isinstance(links, Mapping) and links.get("items") is not None


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {json.dumps(value, default=str)[:100]}; allowed: a text that is not empty")
    return value


def _told(members: Mapping[str, Any], name: str) -> str:
    """A text that may be null or empty; empty then."""
    return _text(members, name) if members.get(name) else ""


def _printable(text: str) -> str:
    """The text's lines, with U+FFFD for each sign that is not printed.

    Those are control characters, marks that turn the direction of writing, and halves of characters.
    """
    lines = text.replace("\r\n", "\n").splitlines()
    return "\n".join("".join(map(_sign, line)).rstrip() for line in lines).strip("\n")


def _sign(sign: str) -> str:
    if sign.isspace():
        return " "
    return sign if sign.isprintable() else "\ufffd"


def _cut(text: str, characters: int) -> str:
    surplus = len(text) - characters
    return text if surplus <= 0 else f"{text[:characters]}\u2026 ({surplus:,} more characters)"


def _code(text: str) -> str:
    """The text as it may stand in a chat's code: nothing in it ends the code, names a person or leads elsewhere."""
    return text.translate(_FOR_CHAT)
