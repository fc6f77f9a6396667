"""From a handler's answer to the bytes and headers that its operation's output shape describes."""

import base64
import json
import math
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local.standin import xml
from local.standin.wire import Response

_FORMS = ("query", "ec2")
_PAYLOADS = {"blob": "application/octet-stream", "string": "text/plain"}


def serialise_output(operation: OperationModel, output: dict[str, Any]) -> Response:
    """Return the answer of `operation`; `output` has the member names of the model, `None` means absent."""
    shape = operation.output_shape
    protocol = str(operation.service_model.resolved_protocol)
    status = int(operation.http.get("responseCode", 200))
    kind = _content_type(operation, protocol)
    given = {name: value for name, value in output.items() if value is not None}
    if protocol in _FORMS:
        body = xml.answer(operation, protocol, given, write=to_xml_text)
        return Response(status=200, headers={"Content-Type": kind}, body=body)
    if shape is None:
        body_of_nothing = b"{}" if protocol == "json" else b""
        return Response(status=status, headers={"Content-Type": kind}, body=body_of_nothing)
    payload = shape.serialization.get("payload")
    headers: dict[str, str] = {}
    in_body: dict[str, Any] = {}
    for name, value in given.items():
        member = shape.members[name]
        location = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if location == "statusCode":
            status = int(value)
        elif location == "header":
            headers[wire_name] = _header(member, value)
        elif location == "headers":
            headers.update({f"{wire_name}{key}": str(item) for key, item in value.items()})
        else:
            in_body[name] = value
    if payload is not None:
        kind = _PAYLOADS.get(shape.members[payload].type_name, kind)
        body = _payload(payload, shape.members[payload], output.get(payload), protocol)
    elif protocol == "rest-xml":
        body = xml.answer(operation, protocol, in_body, write=to_xml_text)
    else:
        body = dump(to_json(shape, in_body))
    return Response(status=status, headers={"Content-Type": kind, **headers}, body=body)


def _content_type(operation: OperationModel, protocol: str) -> str:
    if protocol == "json":
        return f"application/x-amz-json-{operation.service_model.metadata.get('jsonVersion', '1.0')}"
    return "application/json" if protocol == "rest-json" else "text/xml"


def _payload(name: str, member: Shape, value: Any, protocol: str) -> bytes:
    if member.type_name == "blob":
        return b"" if value is None else bytes(value)
    if member.type_name == "string":
        return str(value or "").encode()
    given = value if value is not None else {}
    if protocol == "rest-xml":
        return xml.payload(name, member, given, write=to_xml_text)
    return dump(to_json(member, given))


def dump(document: Any) -> bytes:
    """JSON as AWS writes it: UTF-8, no spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def to_json(shape: Shape, value: Any) -> Any:
    """One value as JSON, as `shape` says."""
    if getattr(shape, "is_document_type", False):
        return value
    if isinstance(shape, StructureShape):
        members = shape.members
        return {
            members[name].serialization.get("name", name): to_json(members[name], item)
            for name, item in value.items()
            if item is not None
        }
    if isinstance(shape, ListShape):
        return [to_json(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: to_json(shape.value, item) for key, item in value.items()}
    kind = shape.type_name
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "timestamp":
        return _timestamp(shape, value, "unixtimestamp")
    if kind in ("float", "double"):
        number = float(value)
        if not math.isfinite(number):
            return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")
        return number
    return value


def to_xml_text(shape: Shape, value: Any) -> str:
    """Return a scalar as the text of an XML element."""
    kind = shape.type_name
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        return str(_timestamp(shape, value, "iso8601"))
    if kind == "blob":
        return base64.b64encode(value).decode()
    return str(value)


def _header(shape: Shape, value: Any) -> str:
    if shape.serialization.get("jsonvalue"):
        return base64.b64encode(dump(value)).decode()
    if isinstance(shape, ListShape):
        return ",".join(_header(shape.member, item) for item in value)
    kind = shape.type_name
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        return str(_timestamp(shape, value, "rfc822"))
    if kind == "blob":
        return base64.b64encode(value).decode()
    return str(value)


def _timestamp(shape: Shape, value: datetime, default: str) -> str | float | int:
    form = str(shape.serialization.get("timestampFormat", default)).lower()
    moment = value.astimezone(UTC)
    if form == "rfc822":
        return format_datetime(moment, usegmt=True)
    if form == "iso8601":
        return iso8601(moment)
    seconds = moment.timestamp()
    return round(seconds, 6) if moment.microsecond else int(seconds)


def iso8601(moment: datetime) -> str:
    """`2026-05-31T10:00:00Z`, with a fraction only where there is one."""
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    text = moment.astimezone(UTC).isoformat(timespec=precision if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")
