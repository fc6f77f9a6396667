"""Parsers of AWS's answers that lose one value, and not the whole answer, when one value is bad.

botocore's own parsers raise at a value that they cannot read, such as milliseconds instead of seconds. The whole
answer is then lost. Other values of a wrong type they return unchanged. The parsers here extend botocore's for every
protocol: a value that cannot be read, or that has another type than in the service model, becomes ``None``. Its path is
in ``ResponseMetadata[UNREADABLE]``.

botocore makes a new parser for every answer, so a parser's state belongs to one answer.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore import parsers

UNREADABLE = "UnreadableValues"
"""The member of ``ResponseMetadata`` with the paths of unreadable values, such as ``JobRuns[1].StartedOn``. A map's key
is written ``*``, because it may contain private data."""

_LOST: Any = object()
"""Marks an unreadable value until the whole answer is parsed."""
_SCALARS = frozenset(
    {"string", "character", "integer", "long", "float", "double", "boolean", "timestamp", "blob", "bigdecimal"}
)
_INTEGERS = frozenset({"integer", "long"})
_PLAIN: Mapping[str, type] = {"string": str, "boolean": bool}
_NUMERIC = _INTEGERS | {"float", "double"}
_NUMBERS = frozenset({int, float})
_MOST = 2**63 - 1
"""The largest number: no service uses more than 64 bits."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)


class _ValueByValue(parsers.ResponseParser):
    """The common part of all parsers."""

    def parse(self, response: Any, shape: Any) -> Any:
        """Parse as botocore does, and add ``UNREADABLE`` to the metadata if a value could not be read."""
        self._whole = shape
        self._lost = False
        self._in_headers = False
        parsed = super().parse(response, shape)
        if self._lost and isinstance(parsed, dict):
            paths: list[str] = []
            _settle(parsed, shape, "", paths)
            if "ResponseMetadata" in parsed:  # not in the members of a modelled error
                parsed["ResponseMetadata"][UNREADABLE] = paths
        return parsed

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        if shape is self._whole:
            # If the outermost value is unreadable, the whole answer is.
            return self._handled(shape, node)
        if node is not _LOST and (self._in_headers or self._fits(shape, node)):
            try:
                value = self._handled(shape, node)
            except RecursionError:
                raise
            except Exception:  # noqa: BLE001 - any exception of botocore at a value; its path is in the metadata
                value = _LOST
            check = _CHECKS.get(shape.type_name)
            if check is not None:
                value = check(value)
            if value is not _LOST:
                return value
        self._lost = True
        return _LOST

    def _handled(self, shape: Any, node: Any) -> Any:
        """Parse a value with the protocol's own parser."""
        handle: Callable[[Any, Any], Any] = getattr(self, f"_handle_{shape.type_name}", self._as_it_is)
        return handle(shape, node)

    def _as_it_is(self, shape: Any, node: Any) -> Any:  # noqa: ARG002 - as all handlers
        return node

    def _fits(self, shape: Any, node: Any) -> bool:
        """True where the value has the protocol's format for the shape."""
        raise NotImplementedError

    def _parse_non_payload_attrs(self, *arguments: Any) -> None:
        """Parse header values, which are texts in every protocol."""
        self._in_headers = True
        try:
            super()._parse_non_payload_attrs(*arguments)  # type: ignore[misc]
        finally:
            self._in_headers = False


_JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "long": (int, float),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}
_CBOR_TYPES: Mapping[str, tuple[type, ...]] = {**_JSON_TYPES, "blob": (bytes,), "timestamp": (datetime,)}


class _JsonValues(_ValueByValue):
    """A body of JSON: every value has a type of its own."""

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        # Most values need no parsing: this fast path handles nearly all of a long answer.
        kind, given = shape.type_name, type(node)
        if not self._in_headers:
            if given is _PLAIN.get(kind):
                return node
            if given in _NUMBERS and kind in _NUMERIC:
                # botocore would read 2.5 as the whole number 2.
                value = _CHECKS[kind](node)
                self._lost = self._lost or value is _LOST
                return value
        return super()._parse_shape(shape, node)

    def _fits(self, shape: Any, node: Any) -> bool:
        expected = _JSON_TYPES.get(shape.type_name)
        if expected is None or type(node) in expected:
            return True
        return shape.type_name == "structure" and bool(shape.is_document_type)

    def _parse_body_as_json(self, body_contents: Any) -> Any:
        if not body_contents:
            return {}
        # Bytes that are not UTF-8 spoil one text, not the whole answer.
        body = body_contents.decode(self.DEFAULT_ENCODING, "surrogateescape")
        try:
            return json.loads(body)
        except json.JSONDecodeError:
            return {"message": body}
        except ValueError:  # an integer of more digits than Python reads
            return json.loads(body, parse_int=_integer_or_infinity)


class _XmlValues(_ValueByValue):
    """A body of XML: a value is an element, and a repeated one a list of elements."""

    def _fits(self, shape: Any, node: Any) -> bool:
        kind = shape.type_name
        if kind in _SCALARS:
            if isinstance(node, list) or len(node):
                return False
            text = node.text or ""
            if kind == "boolean":
                return text in ("true", "false")
            return kind not in _INTEGERS or _INTEGER.fullmatch(text) is not None
        if isinstance(node, list) or shape.serialization.get("flattened"):
            return True
        # Text instead of members is unreadable; an empty element is an empty structure, list or map.
        return bool(len(node)) or not (node.text or "").strip()


class _CborValues(_ValueByValue):
    """A body of CBOR: every value has a type of its own, times too."""

    def _fits(self, shape: Any, node: Any) -> bool:
        expected = _CBOR_TYPES.get(shape.type_name)
        return expected is None or type(node) in expected

    def _parse_datetime(self, value: Any) -> Any:
        try:
            return super()._parse_datetime(value)  # type: ignore[misc]
        except Exception:  # noqa: BLE001 - as of any other value
            return _LOST

    def _parse_text_string(self, stream: Any, additional_info: Any) -> str:
        octets: bytes = self._parse_byte_string(stream, additional_info)  # type: ignore[attr-defined]
        return octets.decode("utf-8", "surrogateescape")


class _Json(_JsonValues, parsers.JSONParser):
    pass


class _RestJson(_JsonValues, parsers.RestJSONParser):
    pass


class _Query(_XmlValues, parsers.QueryParser):
    pass


class _Ec2(_XmlValues, parsers.EC2QueryParser):
    pass


class _RestXml(_XmlValues, parsers.RestXMLParser):
    pass


class _Cbor(_CborValues, parsers.RpcV2CBORParser):
    pass


PROTOCOLS: Mapping[str, Callable[..., parsers.ResponseParser]] = {
    "json": _Json,
    "rest-json": _RestJson,
    "query": _Query,
    "ec2": _Ec2,
    "rest-xml": _RestXml,
    "smithy-rpc-v2-cbor": _Cbor,
}
"""The parser of each protocol that botocore knows."""


class ParserFactory(parsers.ResponseParserFactory):
    """A session's component ``response_parser_factory``."""

    def create_parser(self, protocol_name: str) -> parsers.ResponseParser:
        """A parser for one answer."""
        return PROTOCOLS[protocol_name](**self._defaults)  # type: ignore[attr-defined]


def _text(value: Any) -> Any:
    return value if isinstance(value, str | dict | list) else _LOST  # a header's text may carry JSON


def _integer(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and abs(value) <= _MOST else _LOST


def _float(value: Any) -> Any:
    return value if isinstance(value, int | float) and math.isfinite(value) else _LOST


def _moment(value: Any) -> Any:
    return value if isinstance(value, datetime) else _LOST


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "string": _text,
    "character": _text,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "double": _float,
    "timestamp": _moment,
}
"""For each type a function that returns the value, or ``_LOST`` if the value has another type."""


def _integer_or_infinity(digits: str) -> float:
    return int(digits) if len(digits) <= 20 else math.inf


def _settle(value: Any, shape: Any, path: str, paths: list[str]) -> None:
    """Replace every unreadable value of a structure, list or map with ``None``, and add its path."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            where = f"{path}[{number}]"
            if inner is _LOST:
                value[number] = None
                paths.append(where)
            elif shape.type_name == "list":
                _settle(inner, shape.member, where, paths)
    elif isinstance(value, dict) and shape.type_name in ("structure", "map"):
        for name, inner in list(value.items()):
            shape_of = shape.value if shape.type_name == "map" else shape.members.get(name)
            member = "*" if shape.type_name == "map" else name
            where = f"{path}.{member}" if path else member
            if name is _LOST:
                del value[name]
                paths.append(where)
            elif inner is _LOST:
                value[name] = None
                paths.append(where)
            elif shape_of is not None:
                _settle(inner, shape_of, where, paths)
