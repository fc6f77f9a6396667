"""The message about a job that failed: plain text for e-mail, and a custom notification for AWS's chat service.

Pure. A service writes the reason, often from a job's own output. So it may contain anything: quotes, line breaks,
control characters, a hundred kilobytes, mentions and links. The message quotes it so that none of these has an effect.

Amazon Q Developer in chat applications (formerly AWS Chatbot) accepts SNS messages that are custom notifications: JSON
with ``version``, ``source`` and ``content``. It silently drops any other text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobview.model import State, require_time, rfc3339
from jobview.model.jobid import JobKey

SUBJECT_CHARACTERS = 100
"""The longest subject that SNS accepts."""
EMAIL_CHARACTERS = 4_000
"""The part of a reason that an e-mail shows."""
CHAT_CHARACTERS = 1_000
"""The part of a reason that a chat shows. Slack limits a block of text to 3,000 characters."""
WORD_CHARACTERS = 200
"""The part of a status word that both show."""

_FOR_CHAT = str.maketrans({"`": "'", "<": "\u2039", ">": "\u203a", "&": "\uff06", "@": "\uff20"})
"""Replaces characters that end a code block, or make a mention or a link inside one, with similar characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """One message in all its forms."""

    subject: str
    """At most ``SUBJECT_CHARACTERS`` of printable ASCII, as SNS requires."""
    text: str
    chat: str
    """JSON: a custom notification."""

    @property
    def messages(self) -> str:
        """SNS's ``Message`` with the structure ``json``: the chat's form for HTTPS, the text for other protocols."""
        return json.dumps({"default": self.text, "https": self.chat})


def notification(detail: Mapping[str, Any]) -> Notification:
    """Return the message about a transition.

    ``detail`` is a result of ``jobview.events.outgoing.event``. For any other it raises ``ValueError``, which names the
    member.
    """
    data = detail.get("data")
    if not isinstance(data, Mapping):
        raise ValueError("data is missing; allowed: the members of a transition")
    # The id is parsed, so that it cannot contain anything else: others may send similar events to the bus.
    job = str(JobKey.parse(_text(detail, "subject")))
    service, region, account, kind = job.split(":")[:4]  # escaped, so in ASCII
    state, since = State(_text(data, "state")).value, rfc3339(require_time(_text(data, "changedAt")))
    previous = None if data.get("previousState") is None else State(_text(data, "previousState")).value
    change = f"({f'before: {previous}' if previous else 'not seen before'}) since {since}."
    word = _cut(" ".join(_printable(_optional_text(data, "nativeStatus")).split()), WORD_CHARACTERS) or "nothing"
    reason = _printable(_optional_text(data, "reason"))
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
        # All messages of one job are in one thread, if the channel has threads.
        "metadata": {"threadId": job, "summary": subject},
    }
    return Notification(subject=subject, text="\n".join(text), chat=json.dumps(chat))


def _has_items(data: Mapping[str, Any]) -> bool:
    """True where the view has a link to item-level results. The link itself is not trusted."""
    view = data.get("job")
    links = view.get("links") if isinstance(view, Mapping) else None
    return isinstance(links, Mapping) and links.get("items") is not None


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {json.dumps(value, default=str)[:100]}; allowed: a text that is not empty")
    return value


def _optional_text(members: Mapping[str, Any], name: str) -> str:
    """Return a text member; an empty text if it is null."""
    return _text(members, name) if members.get(name) else ""


def _printable(text: str) -> str:
    """Replace each unprintable character in the text's lines with U+FFFD.

    Unprintable are control characters, marks that change the writing direction, and lone surrogates.
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
    """Make the text safe inside a chat's code block: it cannot end the block, mention a person or make a link."""
    return text.translate(_FOR_CHAT)
