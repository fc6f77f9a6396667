"""Removes everything from an answer that identifies its owner. Equal values get equal replacements everywhere.

It keeps times, numbers, flags, words of enums, status words, regions and generated ids (UUIDs, long hex). It replaces
account ids, ids of digits, names, ARNs and URIs piece by piece, tags, and every other text. It leaves out members that
the model calls sensitive or a declaration withholds, blobs and free documents.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from random import Random
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from local.standin.generic.decoys import fits
from local.standin.generic.patterns import matching

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
"""Accounts from AWS's documentation, which replace the first accounts in the answers."""

_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_MACHINE = re.compile(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|([a-z]{1,12}[-_])?(?=[0-9a-f]*[0-9])[0-9a-f]{16,}"
    r"|[a-z]-(?=[0-9A-Z]*[0-9])[0-9A-Z]{10,}"
    r"|(us|eu|ap|sa|ca|me|af|il|mx|cn)(-gov|-isof?b?)?-(north|south|east|west|central)(east|west)?-[0-9]"
)
"""A UUID, long hex (with a prefix such as ``jr_``), EMR's ``j-2AXXXXXXGAPLF``, a region."""
_DIGITS = re.compile(r"[0-9]{7,}")
_SEPARATORS = re.compile(r"([/:])")
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]+)? ?%?")
_LEFT_OUT = object()
_DISTINCT = 16
"""Characters that make a random text unlike all others."""


class Anonymous:
    """The replacements of one recording.

    Parameters
    ----------
    account
        The account of the answers.
    words
        Texts that stay: status words, and names of members that declarations read.
    """

    def __init__(self, account: str, words: Collection[str]) -> None:
        self._accounts = {account: ACCOUNTS[0]}
        self._words = frozenset(words)
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def answer(self, shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer of a shape without anything that identifies its owner."""
        return dict(self._value(shape, value, ""))

    def _value(self, shape: Shape, value: Any, name: str) -> Any:
        if shape.metadata.get("sensitive") or getattr(shape, "is_document_type", False) or shape.type_name == "blob":
            return _LEFT_OUT
        if isinstance(shape, StructureShape):
            structure = self._structure(shape, value)
            # A union without its only member is no answer of the service.
            return _LEFT_OUT if shape.is_tagged_union and value and not structure else structure
        if isinstance(shape, ListShape):
            made = [self._value(shape.member, each, name) for each in value]
            return [each for each in made if each is not _LEFT_OUT]
        if isinstance(shape, MapShape):
            inner = {self._key(shape.key, key): self._value(shape.value, each, name) for key, each in value.items()}
            return {key: each for key, each in inner.items() if each is not _LEFT_OUT}
        if isinstance(shape, StringShape) and not shape.enum and isinstance(value, str):
            return self._text(shape, value, name)
        return value

    def _structure(self, shape: StructureShape, value: Mapping[str, Any]) -> dict[str, Any]:
        made = {
            name: self._value(shape.members[name], each, name)
            for name, each in value.items()
            if name in shape.members and each is not None
        }
        # A required member that must not be seen is left empty.
        hollow: dict[str, Any] = {
            name: empty(shape.members[name])
            for name in shape.required_members
            if made.get(name, _LEFT_OUT) is _LEFT_OUT and name in value
        }
        return {name: each for name, each in made.items() if each is not _LEFT_OUT} | hollow

    def _key(self, shape: Shape, key: str) -> str:
        return key if isinstance(shape, StringShape) and shape.enum else self._text(shape, key, "key")

    def _text(self, shape: Shape, value: str, name: str) -> str:
        if value in self._words or not value or _NUMBER.fullmatch(value) or _is_time(value):
            return self._without_account(value)
        if value not in self._texts:
            self._texts[value] = self._replaced(shape, value, name)
        return self._texts[value]

    def _replaced(self, shape: Shape, value: str, name: str) -> str:
        if value.startswith("arn:") and value.count(":") >= 5:
            head, resource = value.split(":", 5)[:5], value.split(":", 5)[5]
            resource = self._resource(resource, has_kind=head[2] != "s3")
            return ":".join([*(self._without_account(each) for each in head), resource])
        if "://" in value:
            return self._uri(value)
        return self._piece(value, name, shape)

    def _resource(self, resource: str, *, has_kind: bool) -> str:
        """The resource of an ARN: its first part is a kind where others follow."""
        pieces = _SEPARATORS.split(resource)
        return "".join(
            piece if place % 2 or (has_kind and place == 0 and len(pieces) > 1) else self._piece(piece, "name")
            for place, piece in enumerate(pieces)
        )

    def _uri(self, uri: str) -> str:
        scheme, _, rest = uri.partition("://")
        path, _, query = rest.partition("?")
        host, slash, key = path.partition("/")
        place = self._piece(host, "bucket") if scheme == "s3" else "example.com"
        pieces = "/".join(self._piece(each, "path") for each in key.split("/"))
        signed = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300&X-Amz-Signature=" + "0" * 64
        return f"{scheme}://{place}{slash}{pieces}" + (signed if "X-Amz-" in query else "")

    def _piece(self, text: str, name: str, shape: Shape | None = None) -> str:
        """Replace a name or text, everywhere with the same one. In a generated id only the account is replaced."""
        if not text or text in self._words or _MACHINE.fullmatch(text):
            return text
        if _ACCOUNT.fullmatch(text):
            return self._without_account(text)
        if text not in self._texts:
            digits = _DIGITS.fullmatch(text) is not None
            self._texts[text] = self._number(text) if digits else self._new(name or "text", shape)
        return self._texts[text]

    def _number(self, text: str) -> str:
        """Return the same number of digits, without a leading zero."""
        self._numbers["digits"] = self._numbers.get("digits", 0) + 1
        return f"{10 ** (len(text) - 1) + self._numbers['digits']}"

    def _new(self, name: str, shape: Shape | None) -> str:
        kind = re.sub(r"[^A-Za-z0-9]", "", name) or "text"
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        number = self._numbers[kind]
        wanted = [f"{kind}-{number}", f"{kind}{number}", f"{kind}_{number}"]
        if shape is None:
            return wanted[0]
        found = next((each for each in wanted if fits(shape, each)), None)
        pattern = shape.metadata.get("pattern")
        if found is None and pattern is not None:
            least, most = int(shape.metadata.get("min", 0)), shape.metadata.get("max")
            # A long one is unlike every other; some patterns allow short ones alone.
            for length in (max(least, min(_DISTINCT, most or _DISTINCT)), least):
                random = Random(wanted[0])  # noqa: S311 - made-up values
                found = found or matching(pattern, random, least=length, most=most)
        return found or wanted[0]

    def _without_account(self, text: str) -> str:
        return _ACCOUNT.sub(lambda found: self._account(found.group()), text)

    def _account(self, account: str) -> str:
        if account not in self._accounts:
            place = len(self._accounts)
            self._accounts[account] = ACCOUNTS[place] if place < len(ACCOUNTS) else f"{place:012d}"
        return self._accounts[account]


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def empty(shape: Shape) -> Any:
    """Return a value without a content."""
    if isinstance(shape, StructureShape):
        # A union has exactly one member.
        names = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
        return {name: empty(shape.members[name]) for name in names}
    if isinstance(shape, ListShape):
        return []
    return {} if isinstance(shape, MapShape) else b"" if shape.type_name == "blob" else ""
