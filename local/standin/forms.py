"""From a form to parameters: the query and ec2 protocols write nested members as ``Filters.member.1.Name=…``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

ReadText = Callable[[Shape, str], Any]
"""Reads one scalar from its text."""


def parse_form(shape: StructureShape, pairs: Iterable[tuple[str, str]], *, ec2: bool, read: ReadText) -> dict[str, Any]:
    """Return the parameters of a form; what its shape does not know is left out."""
    return _Form(ec2=ec2, read=read).structure(shape, _nested(pairs))


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the names of a form as nested maps."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        inner = tree
        *outer, last = name.split(".")
        for part in outer:
            if not isinstance(inner.get(part), dict):
                inner[part] = {}
            inner = inner[part]
        inner.setdefault(last, value)
    return tree


class _Form:
    def __init__(self, *, ec2: bool, read: ReadText) -> None:
        self._ec2 = ec2
        self._read = read

    def structure(self, shape: StructureShape, tree: Mapping[str, Any]) -> dict[str, Any]:
        written = {name: tree.get(self._name(name, member)) for name, member in shape.members.items()}
        return {name: self._value(shape.members[name], each) for name, each in written.items() if each is not None}

    def _name(self, name: str, shape: Shape) -> str:
        known = str(shape.serialization.get("name", name))
        if self._ec2:
            return str(shape.serialization.get("queryName") or known[0].upper() + known[1:])
        if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
            return str(shape.member.serialization.get("name", known))
        return known

    def _value(self, shape: Shape, written: Any) -> Any:
        if isinstance(shape, StructureShape):
            return self.structure(shape, written if isinstance(written, dict) else {})
        if isinstance(shape, ListShape):
            element = str(shape.member.serialization.get("name", "member"))
            return [self._value(shape.member, each) for each in self._numbered(shape, element, written)]
        if isinstance(shape, MapShape):
            key = shape.key.serialization.get("name", "key")
            value = shape.value.serialization.get("name", "value")
            entries = self._numbered(shape, "entry", written)
            return {entry[key]: self._value(shape.value, entry[value]) for entry in entries}
        return self._read(shape, written if isinstance(written, str) else "")

    def _numbered(self, shape: Shape, element: str, written: Any) -> list[Any]:
        """Return the elements of a list or map in the order of their numbers; an empty list is a bare name."""
        if isinstance(written, dict) and not self._ec2 and not shape.serialization.get("flattened"):
            written = written.get(element)
        return [written[number] for number in sorted(written, key=int)] if isinstance(written, dict) else []
