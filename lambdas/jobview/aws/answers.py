"""Refuses a response with status 200 that does not come from the service, such as a proxy's page.

botocore's parsers would return an empty answer, so that a list that could not be read would look empty.
"""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, StructureShape

from jobview.aws.errors import failure
from jobview.model import ErrorKind

_JSON = frozenset({"json", "rest-json"})
_FRAME = frozenset({"ResponseMetadata", "RequestId", "requestId"})
"""Elements that every answer of a protocol contains."""


def check(**event: Any) -> None:
    """Refuse an answer that is neither a JSON object nor XML of the operation's output (a hook of ``after-call``).

    If the parser found a member, the answer is good. So only answers that look empty are checked.

    Raises
    ------
    ReadFailure
        The response is not an answer of the operation.
    """
    model, http_response, parsed = event["model"], event["http_response"], event["parsed"]
    shape = model.output_shape
    if http_response.status_code >= 300 or shape is None:
        return
    payload = shape.serialization.get("payload")
    if payload is not None:
        # The body of some answers is one of their members.
        shape, parsed = shape.members[payload], parsed.get(payload) or {}
        if not isinstance(shape, StructureShape):
            return
    body = [name for name, member in shape.members.items() if "location" not in member.serialization]
    # For a body that is not JSON the parser invents the member ``message``.
    if not body or any(name in parsed for name in body if name.lower() != "message"):
        return
    in_json = model.service_model.resolved_protocol in _JSON
    if not (_is_object(http_response.content) if in_json else _is_output(http_response.content, shape)):
        kind = "no JSON object" if in_json else "no XML of the operation"
        raise failure(ErrorKind.MALFORMED, "MalformedAnswer", f"the answer has status 200 and is {kind}", model.name)


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _is_output(body: bytes, shape: StructureShape) -> bool:
    """True where the answer has an element of the output, or only the protocol's own elements."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - botocore's parser has read the same before
    except ET.ParseError:
        return False
    found = {_name(element) for element in root} - _FRAME
    if _name(root).lower() == "html":
        return False
    return not found or bool(found & set(_elements(shape)))


def _elements(shape: StructureShape) -> Iterator[str]:
    """The names of all elements that an output may contain."""
    yield shape.serialization.get("resultWrapper", "")
    for name, member in shape.members.items():
        yield str(member.serialization.get("name", name))
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            yield str(member.member.serialization.get("name", name))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
