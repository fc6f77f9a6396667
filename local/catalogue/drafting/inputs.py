"""Suggestions of a model about a list's inputs: the parents whose ids they take, constants, and questions. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from botocore.model import Shape, StructureShape

from local.catalogue import deriving, models, windows
from local.catalogue.deriving import UndecidedError
from local.catalogue.drafting import words
from local.catalogue.drafting.words import plain
from local.catalogue.models import PathError, resolve

_READS = ("List", "Describe", "Get", "Search")
_SUFFIX = re.compile(r"(.+?)(Identifier|Id|ID|Arn|ARN|Name)?")
_ACCOUNT = re.compile(r"(aws|owner)?accountid")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that the model does not answer."""

    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Above:
    """A parent."""

    operation: str
    type: str
    id: str
    input: str
    """The input, of what is under it, that takes its id."""
    inputs: Mapping[str, object] = field(default_factory=dict)
    page_size: Ask | None = None


def page_size(options: dict[str, object], service: str, operation: str) -> None:
    """Ask for the size of a page where the model does not say it."""
    try:
        deriving.page_size(service, operation, None)
    except UndecidedError as error:
        options["page_size"] = Ask(f"{error}. The service's documentation may say the largest page")


def window(options: dict[str, object], service: str, operation: str) -> dict[str, str]:
    """Ask how far back a list reaches that requires a period; returns the inputs that take its times."""
    try:
        times = windows.required(service, operation, {})
    except UndecidedError as error:
        options["window"] = Ask(f"{error}. And how far back does the service keep the jobs? As a timedelta")
        return {}
    if times:
        options["window"] = Ask(
            f"{operation} requires {' and '.join(times)}: how far back does the service keep the jobs? As a timedelta, "
            "such as timedelta(days=90); with window_span where one call may not ask for all of it"
        )
    return times


def inputs_of_list(
    service: str, operation: str, derived: Collection[str] = ()
) -> tuple[tuple[Above, ...], dict[str, object], list[dict[str, str]]]:
    """The parents of a list, the inputs that are not derived, and those of each of several calls."""
    shape = models.inputs(service, operation)
    inputs: dict[str, object] = {}
    each: list[dict[str, str]] = []
    left: list[str] = []
    for name in [each for each in shape.required_members if each not in derived]:
        member = shape.members[name]
        enum = deriving.words(member)
        if _ACCOUNT.fullmatch(plain(name)):
            inputs[name] = "{account}"
        elif len(enum) > 1 and not each:
            inputs[name] = enum[0]
            each = [{name: word} for word in enum]
        elif enum:
            inputs[name] = enum[0] if len(enum) == 1 else Ask(f"{operation}: which {name}? It has {', '.join(enum)}")
        elif member.type_name == "string":
            left.append(name)
        else:
            inputs[name] = Ask(f"{operation} requires {name}, a {member.type_name}: which value lists every job?")
    chain = _longest(service, left)
    known: dict[str, str] = {}
    for above in chain:
        template = "{parent}" if above is chain[-1] else f"{{{above.type}}}"
        if above.input in left and not _is_derived(service, operation, above, {**known, **inputs}):
            inputs[above.input] = template
        known[above.input] = template
    for name in left:
        if name not in known:
            inputs[name] = Ask(
                f"{operation} requires {name}: what lists its values? A Parent with that list, in under; or a constant"
            )
    return chain, inputs, each


def _longest(service: str, left: list[str]) -> tuple[Above, ...]:
    """The path of parents whose ids the inputs take; empty where no one path has them all."""
    chains = [found for name in left if (found := _chain(service, name, 0)) is not None]
    for found in sorted(chains, key=len, reverse=True):
        if {above.input for above in found} >= {*left}:
            return found
    return chains[0] if len(left) == 1 and chains else ()


def _is_derived(service: str, operation: str, above: Above, known: Mapping[str, object]) -> bool:
    try:
        return deriving.parent_input(service, operation, above.type, known) == above.input
    except UndecidedError:
        return False


def _chain(service: str, name: str, depth: int) -> tuple[Above, ...] | None:
    """The parents whose ids an input takes, the farthest first; ``None`` where no operation is seen to list them."""
    match = _SUFFIX.fullmatch(name)
    if match is None or depth > 2:
        return None
    noun = plain(match[1])
    nouns = {each: plain(words.noun_of(each)) for each in models.service_model(service).operation_names}
    exact = [
        each for prefix in _READS for each in nouns if each.startswith(prefix) and nouns[each] in {noun, plain(name)}
    ]
    alike = [each for each in nouns if each.startswith(_READS) and nouns[each].endswith(noun) and each not in exact]
    for operation in (*exact, *alike):
        found = _above(service, operation, name, match[1], depth)
        if found is not None:
            return found
    return None


def _above(service: str, operation: str, name: str, noun: str, depth: int) -> tuple[Above, ...] | None:
    try:
        items = deriving.items(service, operation, None, None)
        record = resolve(items, models.output(service, operation)).shape
        deriving.tokens(service, operation)
    except (UndecidedError, PathError):
        return None
    id_ = _id_of_parent(record, name, noun)
    if id_ is None:
        return None
    above: tuple[Above, ...] = ()
    inputs: dict[str, object] = {}
    required = models.inputs(service, operation).required_members
    for each in required:
        if _ACCOUNT.fullmatch(plain(each)):
            inputs[each] = "{account}"
            continue
        found = _chain(service, each, depth + 1)
        if found is None or above:
            return None
        above = found
    options: dict[str, object] = {}
    page_size(options, service, operation)
    size = options.get("page_size")
    return (
        *above,
        Above(
            operation=operation,
            type=words.kebab(noun[0].upper() + noun[1:]),
            id=id_,
            input=name,
            inputs=inputs,
            page_size=size if isinstance(size, Ask) else None,
        ),
    )


def _id_of_parent(record: Shape, name: str, noun: str) -> str | None:
    """The member of a listed parent that an input takes."""
    if not isinstance(record, StructureShape):
        return "@" if record.type_name == "string" else None
    texts = [each for each, shape in record.members.items() if shape.type_name == "string"]
    suffix = plain(name)[len(plain(noun)) :]
    wanted = [plain(name), f"{plain(noun)}{suffix}", suffix]
    wanted += [f"{plain(noun)}{end}" for end in ("id", "name", "arn")] + ["id", "name", "arn"] if not suffix else []
    if suffix in {"identifier", ""}:
        wanted += [f"{plain(noun)}id", "id", f"{plain(noun)}name", "name", f"{plain(noun)}arn", "arn"]
    for want in wanted:
        for each in texts:
            if want and plain(each) == want:
                return each
    return None
