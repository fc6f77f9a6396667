"""From a handler's answer to the bytes and headers that its operation's output shape describes."""

import base64
import json
import math
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local.standin.wire import Response

_JSON = "application/json"


def serialise_output(operation: OperationModel, output: dict[str, Any]) -> Response:
    """Return the answer of `operation`; `output` has the member names of the model, `None` means absent."""
    shape = operation.output_shape
    protocol = operation.service_model.resolved_protocol
    status = int(operation.http.get("responseCode", 200))
    kind = _JSON
    if protocol == "json":
        kind = f"application/x-amz-json-{operation.service_model.metadata.get('jsonVersion', '1.0')}"
    headers: dict[str, str] = {}
    if shape is None:
        body_of_nothing = b"{}" if protocol == "json" else b""
        return Response(status=status, headers={"Content-Type": kind}, body=body_of_nothing)
    payload = shape.serialization.get("payload")
    body: dict[str, Any] = {}
    for name, value in output.items():
        member = shape.members[name]
        if value is None or name == payload:
            continue
        location = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if location == "statusCode":
            status = int(value)
        elif location == "header":
            headers[wire_name] = _header(member, value)
        elif location == "headers":
            headers.update({f"{wire_name}{key}": str(item) for key, item in value.items()})
        else:
            body[wire_name] = to_json(member, value)
    if payload is None:
        return Response(status=status, headers={"Content-Type": kind, **headers}, body=dump(body))
    member = shape.members[payload]
    if member.type_name in ("blob", "string"):
        kind = "application/octet-stream" if member.type_name == "blob" else "text/plain"
    content = _payload(member, output.get(payload))
    return Response(status=status, headers={"Content-Type": kind, **headers}, body=content)


def _payload(member: Shape, value: Any) -> bytes:
    if member.type_name == "blob":
        return b"" if value is None else bytes(value)
    if member.type_name == "string":
        return str(value or "").encode()
    return dump(to_json(member, value if value is not None else {}))


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
