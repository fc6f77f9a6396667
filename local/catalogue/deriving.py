"""Derives facts about an operation from botocore's model: its pages, its records, the purpose of its inputs. Pure."""

import re
from collections.abc import Iterable, Mapping

from botocore.model import ListShape, Shape, StringShape, StructureShape

from jobview.catalogue.records import TimeFormat
from local.catalogue import models
from local.catalogue.models import resolve

IDS = "{ids}"
_TOKEN = re.compile(r"(next|start|page|pagination|continuation)_?(page)?_?token|(next_?)?marker", re.IGNORECASE)
_PAGE_SIZE = re.compile(r"max_?(results|records|items|keys)|page_?size|limit", re.IGNORECASE)
_UNIT = re.compile(r"\b(milli)?seconds\b", re.IGNORECASE)
_TIME = re.compile(r"date|time|iso ?8601|rfc ?3339", re.IGNORECASE)
NUMBERS = frozenset({"integer", "long", "float", "double"})
"""The types of numbers, by their names in a model."""
_ARN = re.compile(r"(?:^|[._])arns?$|A(?:rn|RN)s?$")
_MISSING = re.compile(r"NotFound|DoesNotExist|NotExist|NoSuch")


class UndecidedError(ValueError):
    """The model has no answer, or several: somebody has to declare it. The message says what to declare."""


def tokens(service: str, operation: str) -> tuple[str, str] | None:
    """The members of the page token, in the input and in the answer; ``None`` where there is one page."""
    known = models.paginator(service, operation)
    if known is not None and isinstance(known["input_token"], str) and isinstance(known["output_token"], str):
        return known["input_token"], known["output_token"]
    asked = _texts(models.inputs(service, operation), _TOKEN)
    told = _texts(models.output(service, operation), _TOKEN)
    if not asked and not told:
        return None
    return (
        _only(asked, f"{operation}: which input is the page token?"),
        _only(told, f"{operation}: which member of the answer is the page token?"),
    )


def page_size(service: str, operation: str, declared: int | None) -> tuple[str, int | str] | None:
    """The input member of the page's size, and the largest page, or the declared one; ``None`` where there is none.

    The size is a text where the model has it so.
    """
    members = models.inputs(service, operation).members
    known = models.paginator(service, operation) or {}
    named = [known["limit_key"]] if "limit_key" in known else []
    names = named or [
        name for name, shape in members.items() if shape.type_name in {"integer", "long"} and _PAGE_SIZE.fullmatch(name)
    ]
    if not names:
        if declared is not None:
            raise UndecidedError(f"{operation} has no page size: leave page_size out")
        return None
    name = _only(names, f"{operation}: which input is the page size?")
    largest = members[name].metadata.get("max")
    if declared is None and largest is None:
        raise UndecidedError(f"{operation}: the model knows no largest {name}: declare page_size")
    if declared is not None and largest is not None and declared > largest:
        raise UndecidedError(f"{operation}: page_size {declared} is above the model's largest, {largest}")
    size = int(declared or largest or 0)
    return name, str(size) if isinstance(members[name], StringShape) else size


def items(service: str, operation: str, declared: str | None, only: str | None) -> str:
    """Path of the list in an answer, with the condition that its records have to meet."""
    answer = models.output(service, operation)
    known = (models.paginator(service, operation) or {}).get("result_key")
    lists = [name for name, shape in answer.members.items() if isinstance(shape, ListShape)]
    if declared is None and isinstance(known, str) and models.has(answer, known) and resolve(known, answer).many:
        declared = known
    path = declared or _only(lists, f"{operation}: which member of the answer lists? Declare items")
    return path if only is None else f"{path}[?{only}]"


def parent_input(service: str, operation: str, kind: str, known: Iterable[str]) -> str:
    """The input member that takes the id of a parent of the kind, in an operation that lists what is under it."""
    shape = models.inputs(service, operation)
    left = [name for name in shape.required_members if name not in set(known)]
    if len(left) == 1:
        return left[0]
    names = left or [name for name, inner in shape.members.items() if isinstance(inner, StringShape)]
    word = _plain(kind)
    alike = [name for name in names if re.fullmatch(rf"{word}(id|name|arn|identifier)?", _plain(name))]
    return _only(alike, f"{operation}: which input takes the {kind}? Declare inputs")


def get_inputs(
    service: str,
    operation: str,
    declared: Mapping[str, object],
    listed: Mapping[str, object],
    parents: Mapping[str, object],
    id_path: str | None,
) -> dict[str, object]:
    """The inputs of a get: the declared ones, those of the list that it also needs, the parents, and the id or ids."""
    shape = models.inputs(service, operation)
    found: dict[str, object] = {
        name: template
        for name, template in {**listed, **parents}.items()
        if name not in declared and name in (shape.members if name in parents else shape.required_members)
    }
    found |= declared
    if "{id}" in str(declared) or IDS in str(declared):
        return found
    left = [name for name in shape.required_members if name not in found]
    if not shape.required_members and id_path in shape.members:
        # A list that takes the id as a filter.
        left = [id_path]
    name = _only(left, f"{operation}: which input takes the id? Declare get_inputs")
    return found | {name: IDS if isinstance(shape.members[name], ListShape) else "{id}"}


def bound(service: str, operation: str, inputs: Mapping[str, object]) -> Mapping[str, object]:
    """Return the inputs of a call, if the model has all of them and requires no other.

    Raises
    ------
    UndecidedError
        A required input is not bound, or a bound one does not exist.
    """
    shape = models.inputs(service, operation)
    left = [name for name in shape.required_members if name not in inputs]
    if left:
        raise UndecidedError(f"{operation}: what does {', '.join(left)} take? Declare the input")
    for name in inputs:
        member(service, operation, name)
    return inputs


def member(service: str, operation: str, name: str) -> Shape:
    """An input member's shape. Raises ``UndecidedError`` where there is none."""
    members = models.inputs(service, operation).members
    if name not in members:
        raise UndecidedError(f"{operation} has no input {name}; it has {', '.join(members) or 'none'}")
    return members[name]


def batch(service: str, operation: str, inputs: Mapping[str, object], declared: int | None) -> int | None:
    """The number of ids that a call takes; ``None`` for the get of one job by its id."""
    members = models.inputs(service, operation).members
    for name, template in inputs.items():
        if template == IDS:
            largest = declared or members[name].metadata.get("max")
            if largest is None:
                raise UndecidedError(f"{operation}: the model knows no largest number of {name}: declare batch")
            return int(largest)
    return None


def item(service: str, operation: str, id_path: str | None, status: str | None, *, several: bool) -> str:
    """The path of the job in the answer of a get, or of the list of jobs in a batch or a filtered list."""
    answer = models.output(service, operation)
    wanted = [path for path in (id_path, status) if path is not None]
    found: list[str] = []
    if not several:
        structures = {name: shape for name, shape in answer.members.items() if isinstance(shape, StructureShape)}
        found = ["@"] if all(models.has(answer, path) for path in wanted) else []
        found = found or [name for name, shape in structures.items() if all(models.has(shape, path) for path in wanted)]
    if not found:
        lists = {name: shape.member for name, shape in answer.members.items() if isinstance(shape, ListShape)}
        found = [name for name, shape in lists.items() if all(models.has(shape, path) for path in wanted)]
    return _only(found, f"{operation}: where in the answer is the job? No or several members have {wanted}")


def time_format(path: str, record: Shape, declared: TimeFormat | None) -> TimeFormat | None:
    """The format of the time at a path of a record; ``None`` for a timestamp of the protocol."""
    found = resolve(path, record)
    if found.kind in NUMBERS:
        told = units(found.shape)
        if declared is None and len(told) != 1:
            raise UndecidedError(f"the model does not say whether {path} is in Seconds or Milliseconds: declare it")
        if declared is not None and len(told) == 1 and told != {declared}:
            raise UndecidedError(f"{path}: the model says {', '.join(told)}, and not {declared}")
        return declared or next(iter(told))
    if declared is not None:
        raise UndecidedError(f"{path} is a {found.kind}, and no number of {declared}")
    if found.kind == "timestamp":
        return None
    if found.kind != "string" or not says_time(path, found.shape):
        raise UndecidedError(f"{path} is a {found.kind}, and the model does not say that it is a time")
    return TimeFormat.TEXT


def units(shape: Shape) -> set[TimeFormat]:
    """The units that the documentation of a number names."""
    named = {unit.lower() for unit in _UNIT.findall(shape.documentation)}
    return {TimeFormat.MILLISECONDS if unit else TimeFormat.SECONDS for unit in named}


def says_time(name: str, shape: Shape) -> bool:
    """True where a member's name or its documentation says that it is a time."""
    return _TIME.search(f"{name} {shape.documentation}") is not None


def is_arn(path: str, items: str) -> bool:
    """Whether a member of a record is an ARN, by its name; ``@`` has the name of the list ``items``."""
    return _ARN.search((items if path == "@" else path).partition("[")[0]) is not None


def takes_arn(inputs: Mapping[str, object], *placeholders: str) -> bool:
    """Whether an input that one of the placeholders fills takes an ARN, by its name."""
    return any(_ARN.search(name) is not None for name, template in inputs.items() if template in placeholders)


def missing(service: str, operation: str) -> tuple[str, ...]:
    """The error codes whose names mean that there is no such thing."""
    return tuple(
        str(shape.metadata.get("error", {}).get("code", shape.name))
        for shape in models.operation(service, operation).error_shapes
        if _MISSING.search(shape.name)
    )


def words(shape: Shape) -> tuple[str, ...]:
    """The words of an enum; none where the member is free text."""
    return tuple(getattr(shape, "enum", ()) or ())


def _texts(shape: StructureShape, pattern: re.Pattern[str]) -> list[str]:
    return [name for name, inner in shape.members.items() if inner.type_name == "string" and pattern.fullmatch(name)]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _only(found: list[str], question: str) -> str:
    if len(found) != 1:
        raise UndecidedError(f"{question} The model has {', '.join(found) or 'none'}.")
    return found[0]
