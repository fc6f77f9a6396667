"""Valid values for every member of an answer that no declaration reads. Each can be recognised as a decoy.

A text is ``decoy`` where its shape allows it, and ``secret-decoy`` where the model or the declaration calls it secret.
A text that is named like a link looks like a presigned one. So a test sees which members a reader has let through.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from local.standin.generic.patterns import matching
from local.standin.validation import violations

DECOY = "decoy"
SECRET = "secret-decoy"  # noqa: S105 - the mark of a secret, none itself
MOMENT = datetime(2009, 9, 9, 9, 9, 9, tzinfo=UTC)
NUMBER = 424242
_LINKS = ("url", "uri", "link", "href")
_NUMBERS: dict[str, Callable[[int], Any]] = {
    "integer": int,
    "long": int,
    "short": int,
    "byte": int,
    "float": float,
    "double": float,
}


def presigned(name: str) -> str:
    """Return a link in the form of a presigned one; it leads nowhere."""
    return (
        f"https://{DECOY}.s3.amazonaws.com/{name}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300"
        f"&X-Amz-Signature={'dec0' * 16}"
    )


@lru_cache(maxsize=4096)
def decoy(shape: Shape, *, name: str = "", secret: bool = False) -> Any:
    """Return a value that the shape allows, with all its members. It is shared and must not be changed."""
    return _decoy(shape, name, secret, ())


def _decoy(shape: Shape, name: str, secret: bool, within: tuple[str, ...]) -> Any:
    secret = secret or bool(shape.metadata.get("sensitive"))
    if getattr(shape, "is_document_type", False):
        return {DECOY: SECRET if secret else DECOY}
    if isinstance(shape, StructureShape):
        members = dict(_members(shape, within))
        inner = (*within, shape.name)
        return {each: _decoy(member, each, secret, inner) for each, member in members.items()}
    if isinstance(shape, ListShape):
        if shape.member.name in within:
            return []
        count = max(1, int(shape.metadata.get("min", 1)))
        return [_decoy(shape.member, name, secret, (*within, shape.name))] * count
    if isinstance(shape, MapShape):
        if shape.value.name in within:
            return {}
        key = _decoy(shape.key, DECOY, False, within)
        return {key: _decoy(shape.value, name, secret, (*within, shape.name))}
    return _scalar(shape, name, secret)


def _members(shape: StructureShape, within: tuple[str, ...]) -> Iterator[tuple[str, Shape]]:
    """The members to fill in: one of a union, and none that contains itself."""
    inner = {*within, shape.name}
    filled = [
        (name, member)
        for name, member in shape.members.items()
        if name in shape.required_members or (member.name not in inner and not _recurs(member, inner))
    ]
    yield from filled[:1] if shape.is_tagged_union else filled


def _recurs(shape: Shape, within: set[str]) -> bool:
    return isinstance(shape, StructureShape) and any(
        name in shape.required_members and member.name in within for name, member in shape.members.items()
    )


def _scalar(shape: Shape, name: str, secret: bool) -> Any:
    kind = shape.type_name
    if shape.serialization.get("location") == "statusCode":
        return 200
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return MOMENT
    if kind == "blob":
        return (SECRET if secret else DECOY).encode()
    if kind in _NUMBERS:
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        number = 42 if kind in ("byte", "short") else NUMBER
        return _NUMBERS[kind](max(number if high is None else min(number, int(high)), int(low or 0)))
    if isinstance(shape, StringShape) and shape.enum:
        return shape.enum[-1]
    return text(shape, _texts(name, secret))


def _texts(name: str, secret: bool) -> Iterator[str]:
    if secret:
        yield from (SECRET, f"arn:aws:iam::111122223333:role/{SECRET}", f"s3://{SECRET}/{SECRET}")
    plain = name.lower()
    if plain.endswith(_LINKS):
        yield presigned(name)
    if plain.endswith("arn"):
        yield f"arn:aws:iam::111122223333:role/{DECOY}"
    yield f"{DECOY}-{name}"
    yield from (DECOY, f"s3://{DECOY}/{DECOY}", f"https://{DECOY}/", f"arn:aws:iam::111122223333:role/{DECOY}")


def text(shape: Shape, wanted: Iterator[str], random: Random | None = None) -> str:
    """Return the first wanted text that the shape allows, else one that is made from its pattern.

    If Python cannot read the pattern, or no match was found, a wanted text is returned anyway, because no client checks
    the texts of an answer.
    """
    known = list(wanted)
    for each in known:
        if fits(shape, each):
            return each
    least, most = int(shape.metadata.get("min", 0)), shape.metadata.get("max")
    pattern = shape.metadata.get("pattern")
    made = pattern and matching(pattern, random or Random(shape.name), least=least, most=most)  # noqa: S311 - made up
    return made or known[-1].ljust(least, "x")[:most]


def fits(shape: Shape, value: str) -> bool:
    """True where the shape allows a text."""
    return not any(violations(shape, value))
