"""From a request to the parameters that its operation's input shape describes, in every protocol of AWS.

The result has the member names of the model, as a boto3 caller would write them: timestamps are aware UTC
datetimes, blobs are bytes. What cannot be read as its type is a `SerializationException`.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import ParseError

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local.standin import xml
from local.standin.forms import parse_form
from local.standin.wire import Request, ServiceError

Parameters = dict[str, Any]

_HEADER_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)')


def unreadable(what: str) -> ServiceError:
    """Return the error for a request that is not what its shape says."""
    return ServiceError("SerializationException", what, status=400)


def parse_input(operation: OperationModel, request: Request, labels: Mapping[str, str]) -> Parameters:
    """Read the parameters of `operation` from `request`; `labels` are the raw values of the URI's labels."""
    shape = operation.input_shape
    if shape is None:
        return {}
    protocol = operation.service_model.resolved_protocol
    if protocol in ("query", "ec2"):
        pairs = [*request.query, *parse_qsl(request.body.decode(), keep_blank_values=True)]
        return parse_form(shape, pairs, ec2=protocol == "ec2", read=from_xml_text)
    parameters: Parameters = {}
    payload = shape.serialization.get("payload")
    in_body: dict[str, Shape] = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if location is None:
            in_body[name] = member
            continue
        value = _located(location, name, member, shape, request, labels)
        if value is not None:
            parameters[name] = value
    if payload is not None:
        value = _payload(shape.members[payload], request.body, protocol)
        if value is not None:
            parameters[payload] = value
    elif in_body and request.body and protocol == "rest-xml":
        parameters.update(_xml(shape, request.body))
    elif in_body and request.body:
        document = _json(request.body)
        if not isinstance(document, dict):
            raise unreadable("The body is not a JSON object")
        parameters.update(_members(in_body, document))
    return parameters


def _located(
    location: str,
    name: str,
    member: Shape,
    shape: StructureShape,
    request: Request,
    labels: Mapping[str, str],
) -> Any:
    wire_name = member.serialization.get("name", name)
    if location == "uri":
        return _from_text(member, unquote(labels[wire_name]), "iso8601")
    if location == "querystring":
        return _from_query(member, wire_name, shape, request.query)
    if location == "header":
        text = request.headers.get(wire_name.lower())
        return None if text is None else _from_header(member, text)
    if location == "headers":
        prefix = wire_name.lower()
        found = {k[len(prefix) :]: v for k, v in request.headers.items() if k.startswith(prefix)}
        return found or None
    raise unreadable(f"{name}: unknown location {location}")


def _from_query(member: Shape, wire_name: str, shape: StructureShape, query: Sequence[tuple[str, str]]) -> Any:
    if isinstance(member, MapShape):
        named = {
            other.serialization.get("name", name)
            for name, other in shape.members.items()
            if other.serialization.get("location") == "querystring" and other is not member
        }
        found: dict[str, Any] = {}
        for key, text in query:
            if key in named:
                continue
            if isinstance(member.value, ListShape):
                found.setdefault(key, []).append(_from_text(member.value.member, text, "iso8601"))
            else:
                found[key] = _from_text(member.value, text, "iso8601")
        return found or None
    texts = [text for key, text in query if key == wire_name]
    if not texts:
        return None
    if isinstance(member, ListShape):
        return [_from_text(member.member, text, "iso8601") for text in texts]
    return _from_text(member, texts[-1], "iso8601")


def _from_header(member: Shape, text: str) -> Any:
    if member.serialization.get("jsonvalue"):
        try:
            return json.loads(base64.b64decode(text))
        except ValueError as problem:
            raise unreadable(f"{member.name}: {problem}") from problem
    if isinstance(member, ListShape):
        # Timestamps of a header list carry a comma of their own ("Mon, 01 Jan ...").
        dates = member.member.type_name == "timestamp"
        parts = re.split(r",\s*(?=\w{3},)", text) if dates else _header_items(text)
        return [_from_text(member.member, part, "rfc822") for part in parts]
    return _from_text(member, text, "rfc822")


def _header_items(text: str) -> list[str]:
    items: list[str] = []
    position = 0
    while position < len(text):
        match = _HEADER_ITEM.match(text, position)
        if match is None:
            raise unreadable(f"Not a list: {text}")
        quoted, plain = match.groups()
        items.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip())
        position = match.end()
    return items


def _payload(member: Shape, body: bytes, protocol: str) -> Any:
    if member.type_name == "blob":
        return body
    if member.type_name == "string":
        return body.decode() if body else None
    if not body:
        return None
    return _xml(member, body) if protocol == "rest-xml" else from_json(member, _json(body))


def _xml(shape: Shape, body: bytes) -> Any:
    try:
        return xml.read(shape, body, text=from_xml_text)
    except ParseError as problem:
        raise unreadable(f"The body is not XML: {problem}") from problem


def from_xml_text(shape: Shape, text: str) -> Any:
    """Return a scalar of an XML document or of a form."""
    return _from_text(shape, text, "iso8601")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as problem:
        raise unreadable(f"The body is not JSON: {problem}") from problem


def from_json(shape: Shape, value: Any) -> Any:
    """One JSON value as the type that `shape` gives it."""
    if getattr(shape, "is_document_type", False):
        return value
    if isinstance(shape, StructureShape):
        return _members(shape.members, _expect(shape, value, dict))
    if isinstance(shape, ListShape):
        return [from_json(shape.member, item) for item in _expect(shape, value, list)]
    if isinstance(shape, MapShape):
        entries = _expect(shape, value, dict)
        return {key: from_json(shape.value, item) for key, item in entries.items() if item is not None}
    return _scalar(shape, value)


def _members(members: Mapping[str, Shape], document: Mapping[str, Any]) -> Parameters:
    found: Parameters = {}
    for name, member in members.items():
        value = document.get(member.serialization.get("name", name))
        if value is not None:
            found[name] = from_json(member, value)
    return found


def _scalar(shape: Shape, value: Any) -> Any:
    kind = shape.type_name
    if kind in ("string", "character"):
        return _expect(shape, value, str)
    if kind == "boolean":
        return _expect(shape, value, bool)
    if kind in ("integer", "long", "short", "byte"):
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool):
            raise unreadable(f"{shape.name} is a boolean, not an integer")
        return _expect(shape, value, int)
    if kind in ("float", "double"):
        return _number(shape, value)
    if kind == "blob":
        return _base64(shape, _expect(shape, value, str))
    if kind == "timestamp":
        return _timestamp(shape, value, "unixtimestamp")
    raise unreadable(f"{shape.name} has the unknown type {kind}")


def _expect(shape: Shape, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise unreadable(f"{shape.name} is a {type(value).__name__}, not a {shape.type_name}")
    return value


def _number(shape: Shape, value: Any) -> float:
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unreadable(f"{shape.name} is a {type(value).__name__}, not a number")
    return float(value)


def _base64(shape: Shape, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise unreadable(f"{shape.name} is not base64: {problem}") from problem


def _from_text(shape: Shape, text: str, timestamps: str) -> Any:
    """Return a value of a label, query parameter or header."""
    kind = shape.type_name
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if kind in ("integer", "long", "short", "byte"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
    except (ValueError, KeyError) as problem:
        raise unreadable(f"{shape.name} is not a {kind}: {text}") from problem
    if kind == "timestamp":
        return _timestamp(shape, text, timestamps)
    if kind == "blob":
        return _base64(shape, text)
    return text


def _timestamp(shape: Shape, value: Any, default: str) -> datetime:
    form = str(shape.serialization.get("timestampFormat", default)).lower()
    try:
        if form == "unixtimestamp":
            seconds = float(value)
            if not math.isfinite(seconds):
                raise ValueError("not finite")
            # Rounded to microseconds first: a float of this size has less than that to lose.
            return datetime.fromtimestamp(round(seconds, 6), UTC)
        if form == "rfc822":
            return parsedate_to_datetime(value).astimezone(UTC)
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, AttributeError, OverflowError, OSError) as problem:
        raise unreadable(f"{shape.name} is not a timestamp ({form}): {value}") from problem
