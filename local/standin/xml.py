"""XML as the query, ec2 and rest-xml protocols write it: values to elements, elements to values, errors."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

WriteText = Callable[[Shape, Any], str]
ReadText = Callable[[Shape, str], Any]
_REQUEST_ID = "00000000-0000-0000-0000-000000000000"


def document(root: ET.Element) -> bytes:
    """Return the bytes of a document."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root)


def answer(operation: OperationModel, protocol: str, members: Mapping[str, Any], *, write: WriteText) -> bytes:
    """Return the body of an answer: ``members`` are those that stand in the body, none of them ``None``."""
    shape = operation.output_shape
    root = ET.Element(f"{operation.name}Response")
    namespace = operation.service_model.metadata.get("xmlNamespace")
    if namespace is not None:
        root.set("xmlns", str(namespace))
    within = root
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper")
        if wrapper is not None:
            within = ET.SubElement(root, wrapper)
        _append_members(within, shape, members, write)
    if protocol == "query":
        ET.SubElement(ET.SubElement(root, "ResponseMetadata"), "RequestId").text = _REQUEST_ID
    elif protocol == "ec2":
        ET.SubElement(root, "requestId").text = _REQUEST_ID
    return document(root)


def payload(name: str, shape: Shape, value: Any, *, write: WriteText) -> bytes:
    """Return the body of an answer that is one of its members, called ``name``."""
    holder = ET.Element("holder")
    _append(holder, str(shape.serialization.get("name", name)), shape, value, write)
    return document(holder[0])


def error(protocol: str, code: str, message: str, *, bare: bool = False) -> bytes:
    """Return the body of an error; a ``bare`` one has no frame, as S3's."""
    inner = ET.Element("Error")
    if not bare and protocol != "ec2":
        ET.SubElement(inner, "Type").text = "Sender"
    ET.SubElement(inner, "Code").text = code
    ET.SubElement(inner, "Message").text = message
    if bare:
        return document(inner)
    if protocol == "ec2":
        root = ET.Element("Response")
        ET.SubElement(root, "Errors").append(inner)
        ET.SubElement(root, "RequestID").text = _REQUEST_ID
    else:
        root = ET.Element("ErrorResponse")
        root.append(inner)
        ET.SubElement(root, "RequestId").text = _REQUEST_ID
    return document(root)


def _append_members(parent: ET.Element, shape: StructureShape, value: Mapping[str, Any], write: WriteText) -> None:
    for name, item in value.items():
        member = shape.members[name]
        if item is None:
            continue
        if member.serialization.get("xmlAttribute"):
            # A prefixed attribute is written with its prefix, whose namespace the structure declares.
            tag = str(member.serialization["name"])
            namespace = shape.serialization.get("xmlNamespace")
            if isinstance(namespace, Mapping) and "prefix" in namespace:
                parent.set(f"xmlns:{namespace['prefix']}", str(namespace["uri"]))
            parent.set(tag, write(member, item))
        else:
            _append(parent, str(member.serialization.get("name", name)), member, item, write)


def _append(parent: ET.Element, tag: str, shape: Shape, value: Any, write: WriteText) -> None:
    flattened = bool(shape.serialization.get("flattened"))
    if isinstance(shape, StructureShape):
        _append_members(ET.SubElement(parent, tag), shape, value, write)
    elif isinstance(shape, ListShape):
        element = str(shape.member.serialization.get("name", tag if flattened else "member"))
        holder = parent if flattened else ET.SubElement(parent, tag)
        for item in value:
            _append(holder, element, shape.member, item, write)
    elif isinstance(shape, MapShape):
        holder = parent if flattened else ET.SubElement(parent, tag)
        for key, item in value.items():
            entry = ET.SubElement(holder, tag if flattened else "entry")
            _append(entry, str(shape.key.serialization.get("name", "key")), shape.key, key, write)
            _append(entry, str(shape.value.serialization.get("name", "value")), shape.value, item, write)
    else:
        ET.SubElement(parent, tag).text = write(shape, value)


def read(shape: Shape, body: bytes, *, text: ReadText) -> Any:
    """Return the value of ``shape`` that a document holds. Raises ``ET.ParseError`` where it is no XML."""
    return _value(shape, [ET.fromstring(body)], text)  # noqa: S314 - a local client wrote it


def _value(shape: Shape, nodes: list[ET.Element], text: ReadText) -> Any:
    """Return the value of the elements of one name; a flattened list or map has several."""
    flattened = bool(shape.serialization.get("flattened"))
    if isinstance(shape, StructureShape):
        return dict(_members(shape, nodes[0], text))
    if isinstance(shape, ListShape):
        elements = nodes if flattened else list(nodes[0])
        return [_value(shape.member, [element], text) for element in elements]
    if isinstance(shape, MapShape):
        found: dict[str, Any] = {}
        for entry in nodes if flattened else list(nodes[0]):
            key, value = list(entry)
            found[_value(shape.key, [key], text)] = _value(shape.value, [value], text)
        return found
    return text(shape, nodes[0].text or "")


def _members(shape: StructureShape, node: ET.Element, text: ReadText) -> Iterator[tuple[str, Any]]:
    for name, member in shape.members.items():
        if member.serialization.get("location") is not None:
            continue
        tag = str(member.serialization.get("name", name))
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            tag = str(member.member.serialization.get("name", tag))
        if member.serialization.get("xmlAttribute"):
            written = next((value for key, value in node.attrib.items() if _plain(key) == tag.rpartition(":")[2]), None)
            if written is not None:
                yield name, text(member, written)
            continue
        nodes = [child for child in node if _plain(child.tag) == tag]
        if nodes:
            yield name, _value(member, nodes, text)


def _plain(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]
