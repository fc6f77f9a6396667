"""The fixtures: bodies of AWS answers as they stand on the wire, checked strictly and parsed by botocore."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.parsers import create_parser

from tests.contract import xml_answers
from tests.contract.shapes import service_model
from tests.contract.xml_answers import XML

FOLDER = Path(__file__).parent.parent / "fixtures"
ANSWERS = tuple(
    sorted(path for path in FOLDER.glob("*/*.*") if path.suffix in {".json", ".xml"} and ".expected" not in path.name)
)
"""``<service>/<operation>.json`` or ``<service>/<operation>-<variant>.json``; ``.xml`` where the protocol is XML."""
_ITEMS_OF = "items-of-"


def answers(service: str, operation: str) -> tuple[Path, ...]:
    """The fixtures of one operation that answers with jobs or parents."""
    return tuple(path for path in _of(service, operation) if not variant(path).startswith(_ITEMS_OF))


def answers_with_items(service: str, operation: str, type_: str) -> tuple[Path, ...]:
    """The fixture of the operation that lists the items of a family's jobs: ``<operation>-items-of-<type>.json``."""
    return tuple(path for path in _of(service, operation) if variant(path) == f"{_ITEMS_OF}{type_}")


def _of(service: str, operation: str) -> list[Path]:
    return [path for path in ANSWERS if path.parent.name == service and operation_name(path) == operation]


def operation_name(path: Path) -> str:
    return path.stem.partition("-")[0]


def variant(path: Path) -> str:
    """What tells a fixture from others of its operation; empty where it is the only one."""
    return path.stem.partition("-")[2]


def operation_model(path: Path) -> OperationModel:
    return service_model(path.parent.name).operation_model(operation_name(path))


def parsed(path: Path) -> dict[str, Any]:
    """The answer as boto3 hands it to its caller."""
    protocol = service_model(path.parent.name).resolved_protocol
    response = {"status_code": 200, "headers": {}, "body": path.read_bytes()}
    shape = operation_model(path).output_shape
    assert shape is not None
    answer: dict[str, Any] = create_parser(protocol).parse(response, shape)
    del answer["ResponseMetadata"]
    return answer


def flaws(path: Path) -> list[str]:
    """What of a fixture the service's model does not allow; empty for a true one."""
    operation = operation_model(path)
    in_xml = operation.service_model.resolved_protocol in XML
    if in_xml is not (path.suffix == ".xml"):
        return [f"$ is {path.suffix} and the protocol {operation.service_model.resolved_protocol}"]
    if in_xml:
        return xml_answers.flaws(path.read_text(), operation)
    shape = operation.output_shape
    assert shape is not None
    # The body of some answers is one member of them, without its name.
    payload = shape.serialization.get("payload")
    return list(_flaws(json.loads(path.read_text()), shape.members[payload] if payload else shape, "$"))


def _flaws(value: Any, shape: Shape, where: str) -> list[str]:
    match shape:
        case StructureShape():
            return _of_structure(value, shape, where)
        case ListShape():
            if not isinstance(value, list):
                return [f"{where} is no list"]
            return [flaw for index, one in enumerate(value) for flaw in _flaws(one, shape.member, f"{where}[{index}]")]
        case MapShape():
            if not isinstance(value, dict):
                return [f"{where} is no map"]
            return [flaw for key, one in value.items() for flaw in _flaws(one, shape.value, f"{where}.{key}")]
        case _:
            return _of_scalar(value, shape, where)


def _of_structure(value: Any, shape: StructureShape, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no structure"]
    names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    unknown = [f"{where}.{name} is unknown" for name in value if name not in names]
    required = [shape.members[name].serialization.get("name", name) for name in shape.required_members]
    absent = [f"{where}.{name} is required" for name in required if name not in value]
    inner = [
        flaw for name, one in value.items() if name in names for flaw in _flaws(one, names[name], f"{where}.{name}")
    ]
    return [*unknown, *absent, *inner]


def _of_scalar(value: Any, shape: Shape, where: str) -> list[str]:
    kinds: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "boolean": (bool,),
        "integer": (int,),
        "long": (int,),
        "float": (int, float),
        "double": (int, float),
        "timestamp": (int, float),
    }
    if shape.type_name == "timestamp" and shape.serialization.get("timestampFormat") == "iso8601":
        return [] if isinstance(value, str) and datetime.fromisoformat(value).tzinfo else [f"{where} is no ISO time"]
    if not isinstance(value, kinds[shape.type_name]) or (isinstance(value, bool) and shape.type_name != "boolean"):
        return [f"{where} is no {shape.type_name}"]
    enum = getattr(shape, "enum", None)
    return [f"{where}: {value!r} is none of {enum}"] if enum and value not in enum else []


def untouched(values: list[Any], shape: Shape | None, where: str = "$") -> list[str]:
    """Members of the shape that none of the values has."""
    if isinstance(shape, ListShape):
        return untouched([one for value in values for one in value], shape.member, f"{where}[]")
    if not isinstance(shape, StructureShape):
        return []
    bare: list[str] = []
    for name, member in shape.members.items():
        given = [value[name] for value in values if name in value]
        bare += untouched(given, member, f"{where}.{name}") if given else [f"{where}.{name}"]
    return bare
