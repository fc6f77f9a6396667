"""Job ids: ``service:region:account:type[:parent…]:nativeId``, always one URL path segment.

Letters, digits, ``-``, ``.`` and ``_`` are written unchanged; any other character is escaped as ``~XX`` (UTF-8,
upper-case hex). A part with more than ``PART_LIMIT`` escaped characters is cut and ends with ``~h`` and a digest, so
that every id fits a DynamoDB key. The full part cannot be read from such an id (``JobKey.exact`` is then false): the
store has it beside the id. A part that is ``.`` or ``..`` is escaped too, because HTTP clients remove such path
segments.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobview.model.utf8 import encodable

PART_LIMIT = 380
"""The longest escaped part, in characters. An id with two long parts still fits a sort key of 1,024 bytes."""

_OTHER = re.compile(rb"[^A-Za-z0-9\-._]")
_ALL_PLAIN = re.compile(rf"[A-Za-z0-9\-._]{{1,{PART_LIMIT}}}")
"""A part without escapes: nearly every one."""
_DOTS = frozenset({".", ".."})
_ID = re.compile(r"[A-Za-z0-9\-._~]+(?::[A-Za-z0-9\-._~]+){4,}")
_ESCAPE = re.compile(r"~([0-9A-F]{2})")
_CUT = re.compile(rf"(?=.{{{PART_LIMIT - 2},{PART_LIMIT}}}\Z)(?:[A-Za-z0-9\-._]|~[0-9A-F]{{2}})+~h[0-9a-f]{{32}}")
"""A part that was too long, as ``_escape`` writes it."""


class InvalidJobIdError(ValueError):
    """The text is not a job id; the message gives the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKey:
    """The parts of a job id, unescaped."""

    service: str
    region: str
    account: str
    type: str
    parents: tuple[str, ...] = ()
    native_id: str
    text: str = ""
    """The id as it was parsed, because an id with a cut part cannot be made from its parts."""

    def __str__(self) -> str:
        return self.text or self.join(self.service, self.region, self.account, self.type, *self.parents, self.native_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JobKey) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def cut(self) -> bool:
        """True where a part is too long for the id and replaced by a digest."""
        text = str(self)
        return len(text) >= PART_LIMIT - 2 and any(_CUT.fullmatch(part) for part in text.split(":"))

    @property
    def exact(self) -> bool:
        """False where the key was read from an id with a digest: it cannot be used in a call to AWS."""
        return not (self.text and self.cut)

    @property
    def sendable(self) -> bool:
        """False where a part cannot be sent to AWS: it has a lone surrogate, or is a step in a path."""
        return all(encodable(part) == part and part not in _DOTS for part in (*self.parents, self.native_id))

    def completed(self, parents: Sequence[str], native_id: str) -> "JobKey":
        """Return the key of the same id with its full parts instead of digests.

        Raises
        ------
        InvalidJobIdError
            The parts belong to another id.
        """
        key = replace(self, parents=tuple(parents), native_id=native_id, text="")
        if key != self:
            raise InvalidJobIdError(f"the stored parts of {self} belong to {key}")
        return key

    @staticmethod
    def join(*parts: str) -> str:
        """Join escaped parts with colons."""
        return ":".join(_escape(part) for part in parts)

    @staticmethod
    def parse(text: str) -> "JobKey":
        """Parse an id.

        Raises
        ------
        InvalidJobIdError
            The text does not match the grammar above.
        """
        if not _ID.fullmatch(text):
            raise InvalidJobIdError(
                "a job id is service:region:account:type[:parent…]:nativeId, "
                "with letters, digits, - . _ and ~XX escapes"
            )
        service, region, account, type_, *rest = (_unescape(part) for part in text.split(":"))
        *parents, native_id = rest
        return JobKey(
            service=service,
            region=region,
            account=account,
            type=type_,
            parents=tuple(parents),
            native_id=native_id,
            text=text,
        )


def _escape(part: str) -> str:
    if part in _DOTS:
        return part.replace(".", "~2E")
    if _ALL_PLAIN.fullmatch(part):
        return part
    if not part:
        raise InvalidJobIdError("a part of a job id is empty")
    raw = part.encode("utf-8", "surrogatepass")
    escaped = _OTHER.sub(lambda found: b"~%02X" % found[0][0], raw).decode("ascii")
    if len(escaped) <= PART_LIMIT:
        return escaped
    digest = hashlib.sha256(raw).hexdigest()[:32]
    return re.sub(r"~[0-9A-F]?\Z", "", escaped[: PART_LIMIT - 34]) + f"~h{digest}"


def _unescape(part: str) -> str:
    if part in _DOTS:
        raise InvalidJobIdError(f"a part is {part}, which is written {_escape(part)}")
    if _ALL_PLAIN.fullmatch(part) or _CUT.fullmatch(part):
        return part
    raw = bytearray()
    position = 0
    while position < len(part):
        if part[position] != "~":
            raw.append(ord(part[position]))
            position += 1
            continue
        escape = _ESCAPE.match(part, position)
        if escape is None:
            raise InvalidJobIdError(f"{part[position : position + 3]!r} is no ~XX escape (two upper-case hex digits)")
        raw.append(int(escape.group(1), 16))
        position += 3
    try:
        text = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise InvalidJobIdError("the escapes of a part are not UTF-8") from error
    if _escape(text) != part:
        raise InvalidJobIdError("a part has an escape for a plain character, or is too long")
    return text
