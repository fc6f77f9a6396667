"""Suggestions of a model about a family: its records, and the paths of their facts. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from botocore.model import ListShape, Shape, StructureShape

from jobview.catalogue.operations import IDS
from local.catalogue import authorization, deriving, models
from local.catalogue.deriving import UndecidedError
from local.catalogue.drafting import words
from local.catalogue.drafting.inputs import Above, Ask, inputs_of_list, page_size, window
from local.catalogue.drafting.words import plain
from local.catalogue.models import resolve

_NUMBERS = frozenset({"integer", "long", "float", "double"})


@dataclass(kw_only=True, slots=True)
class Draft:
    """All suggestions about a family."""

    service: str
    listing: str | None
    """``None`` where no operation lists the jobs."""
    get: str | None
    type: str
    record: Shape
    items: str
    got: Shape | None = None
    item: str = "@"
    under: tuple[Above, ...] = ()
    listed_facts: dict[str, object] = field(default_factory=dict)
    """The path, the paths, or a question for each fact in ``Job``."""
    got_facts: dict[str, object] = field(default_factory=dict)
    """The facts with another path in a got record, or that only it has; ``None`` for facts that it lacks."""
    states: dict[str, list[str]] = field(default_factory=dict)
    doubtful: list[str] = field(default_factory=list)
    free: bool = False
    """True where the status is a free text."""
    options: dict[str, object] = field(default_factory=dict)
    """Other members of the declaration."""
    withheld: tuple[str, ...] = ()


def draft(service: str, listing: str | None, get: str | None, type_: str | None) -> Draft:
    """Make the suggestions. One of the list and the get may be missing.

    Raises
    ------
    UndecidedError
        The list operation lists nothing.
    """
    if listing is None:
        if get is None:
            raise UndecidedError("there is neither a list nor a get to draft from")
        return _by_id(service, get, type_)
    type_ = type_ or words.kebab(words.noun_of(listing))
    items, told = _items(service, listing)
    record = resolve(items, models.output(service, listing)).shape
    made = Draft(service=service, listing=listing, get=get, type=type_, record=record, items=items, options=told)
    page_size(made.options, service, listing)
    times = window(made.options, service, listing)
    under, inputs, each = inputs_of_list(service, listing, times)
    made.under = under
    if inputs:
        made.options["inputs"] = inputs
    if each:
        made.options["each"] = each
    got_status = None
    if get is not None:
        _got(made, get)
        got_status = made.got
    made.listed_facts = _facts(made, record, under[-1].input if under else None)
    if made.got is not None:
        _differences(made, made.got)
    status = made.listed_facts.get("status") or made.got_facts.get("status")
    shape = record if made.listed_facts.get("status") else got_status
    _states(made, status, shape)
    if get is not None:
        _get(made, get)
    made.withheld = tuple(_secrets(made.got or record))
    return made


def _by_id(service: str, get: str, type_: str | None) -> Draft:
    """What the models suggest of jobs that nothing lists."""
    type_ = type_ or words.kebab(words.noun_of(get))
    nothing = StructureShape("Nothing", {"type": "structure", "members": {}})
    made = Draft(service=service, listing=None, get=get, type=type_, record=nothing, items="@")
    _got(made, get)
    made.record = made.got or nothing
    made.listed_facts = _facts(made, made.record, None, get)
    if not isinstance(made.listed_facts.get("id"), str):
        made.listed_facts.pop("id", None)  # a get need not repeat the id that it was asked for
    _states(made, made.listed_facts.get("status"), made.record)
    _get(made, get)
    made.withheld = tuple(_secrets(made.record))
    return made


# --- the list


def _items(service: str, operation: str) -> tuple[str, dict[str, object]]:
    """The path of the listed records, and the options of the declaration that this path needs."""
    try:
        return deriving.items(service, operation, None, None), {}
    except UndecidedError:
        answer = models.output(service, operation)
    lists = [name for name, shape in answer.members.items() if isinstance(shape, ListShape)]
    inner = [
        f"{name}.{each}"
        for name, shape in answer.members.items()
        if isinstance(shape, StructureShape)
        for each, member in shape.members.items()
        if isinstance(member, ListShape)
    ]
    found = lists or inner
    if not found:
        raise UndecidedError(f"{operation} lists nothing: no member of its answer is a list")
    best = max(found, key=lambda path: _likeness(path, operation, resolve(path, answer).shape))
    return best, {"items": best}


def _likeness(path: str, operation: str, record: Shape) -> tuple[bool, bool]:
    noun = plain(words.noun_of(operation))
    return bool(_statuses(record)), noun in plain(path)


# --- facts


def _statuses(shape: Shape) -> list[str]:
    """The paths of a record that may be its status, the most likely first."""
    found = []
    for path, member in _members(shape, 2):
        last = plain(path.rpartition(".")[2])
        named = re.search(r"(status|state|statuscode|phase)$", last)
        nested = last in {"code", "name"} and re.search(r"(status|state)\.\w+$", path, re.IGNORECASE)
        if member.type_name != "string" or not (named or nested):
            continue
        known, doubtful = words.placed(deriving.words(member))
        placed = sum(map(len, known.values()))
        found.append((placed > 1, -path.count("."), placed, len(doubtful), path))
    return [path for *_, path in sorted(found, reverse=True)]


def _members(shape: Shape, depth: int, path: str = "") -> Iterator[tuple[str, Shape]]:
    """The members of a record, and of the structures in it, except those that the model marks sensitive."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if not member.metadata.get("sensitive"):
                inner = f"{path}.{name}" if path else name
                yield inner, member
                if depth > 1:
                    yield from _members(member, depth - 1, inner)


def _facts(made: Draft, record: Shape, parent: str | None, where: str | None = None) -> dict[str, object]:
    """Name of a fact → its path, paths, or a question."""
    operation = where or made.listing or ""
    if not isinstance(record, StructureShape):
        return {"id": "@"}
    facts: dict[str, object] = {"id": _id(made, record, operation)}
    statuses = _statuses(record)
    if statuses:
        facts["status"] = statuses[0]
    elif made.got is None or where is not None:
        facts["status"] = Ask(f"which member of a record of {operation} is the status? It has {_names(record)}")
    elif _statuses(made.got):
        return {"id": facts["id"]}
    if parent is not None and where is None:
        alike = [name for name, member in record.members.items() if plain(name) == plain(parent)]
        if alike and len(made.under) == 1:
            facts["parent"] = alike[0]
    top = {name: member for name, member in record.members.items() if not member.metadata.get("sensitive")}
    facts |= {fact: told for fact in words.TIMES if (told := _time(words.TIMES[fact], record, top)) is not None}
    facts |= {fact: told for fact in words.TEXTS if (told := _text(fact, top, facts["id"])) is not None}
    progress = [name for name, member in top.items() if "percent" in plain(name) and member.type_name in _NUMBERS]
    if len(progress) == 1:
        facts["progress"] = progress[0]
    facts |= _places(record)
    counts = _counts(record)
    if counts:
        others = f" and {len(counts) - 6} others" if len(counts) > 6 else ""
        facts["counts"] = Ask(
            f"do {', '.join(counts[:6])}{others} count items of which a job may lose some? "
            "Counts(unit=…, total=…, succeeded=…, failed=…, skipped=…) with those that do; else leave counts out"
        )
    return facts


def _names(record: Shape) -> str:
    return ", ".join(name for name, _ in _members(record, 1)) or "no members"


def _id(made: Draft, record: StructureShape, operation: str) -> object:
    texts = [name for name, member in record.members.items() if member.type_name == "string"]
    listed = [] if made.listing is None else models.inputs(made.service, made.listing).required_members
    taken = {plain(name) for name in listed}
    asked = [] if made.get is None else [*models.inputs(made.service, made.get).required_members]
    noun = plain(words.noun_of(made.listing or operation))
    kind = made.type.rpartition("-")[2]
    wanted = [plain(name) for name in asked if plain(name) not in taken]
    wanted += [f"{noun}{end}" for end in ("id", "identifier", "arn", "name")]
    wanted += [f"{kind}{end}" for end in ("id", "identifier", "arn", "name")]
    wanted += ["id", "jobid", "taskid", "executionid", "runid", "identifier", "arn", "jobarn", "jobname", "name"]
    for want in wanted:
        for name in texts:
            if plain(name) == want:
                return name
    ends = [name for name in texts if re.search(r"(id|arn)$", plain(name)) and plain(name) not in taken]
    if len(ends) == 1:
        return ends[0]
    return Ask(
        f"which member of a record of {operation} is the job's id? It has {', '.join(texts) or 'no text'}. "
        "NOT_HERE where a get does not repeat the id that it was asked for"
    )


def _time(pattern: str, record: Shape, top: Mapping[str, Shape]) -> object:
    """The member of a time; a question where the model does not say its unit."""
    for name, member in top.items():
        if not re.fullmatch(pattern, plain(name)) or member.type_name in {"structure", "list", "map", "boolean"}:
            continue
        try:
            deriving.time_format(name, record, None)
        except UndecidedError:
            if member.type_name in {"integer", "long", "double"}:
                return Ask(f'Seconds("{name}") or Milliseconds("{name}")? The model does not say which')
            continue
        return name
    return None


def _text(fact: str, top: Mapping[str, Shape], native_id: object) -> str | None:
    """The member of a text with an unambiguous name."""
    found = [
        name
        for name, member in top.items()
        if member.type_name == "string"
        and re.fullmatch(words.TEXTS[fact], plain(name))
        and not deriving.words(member)
        and not (fact == "name" and name == native_id)
    ]
    return min(found, key=lambda name: not plain(name).endswith("arn")) if found else None


def _places(record: Shape) -> dict[str, object]:
    """The URIs of a job's inputs and outputs."""
    found: dict[str, list[str]] = {"inputs": [], "outputs": []}
    for path, member in _members(record, 3):
        if member.type_name == "string" and words.URIS.fullmatch(plain(path.rpartition(".")[2])):
            around = plain(path)
            if re.search(r"output|result|destination|target", around):
                found["outputs"].append(path)
            elif re.search(r"input|source", around):
                found["inputs"].append(path)
    return {name: tuple(paths) for name, paths in found.items() if paths}


def _counts(record: Shape) -> list[str]:
    return [
        path
        for path, member in _members(record, 2)
        if member.type_name in {"integer", "long"}
        and words.COUNTED.search(plain(path.rpartition(".")[2]))
        and not re.search(
            r"time|date|duration|second|size|byte|percent|[GM]B$|buildnumber|retry|attempt|version", path, re.IGNORECASE
        )
    ]


# --- the get


def _got(made: Draft, get: str) -> None:
    """The shape of one job in the answer of the get: the place with the most of what a record has."""
    answer = models.output(made.service, get)
    places: list[tuple[str, Shape]] = [("@", answer)]
    for name, member in answer.members.items():
        if isinstance(member, StructureShape):
            places.append((name, member))
        elif isinstance(member, ListShape) and isinstance(member.member, StructureShape):
            places.append((name, member.member))
    names = {plain(name) for name, _ in _members(made.record, 1)}

    def score(place: tuple[str, Shape]) -> tuple[bool, int, bool]:
        own = [name for name, _ in _members(place[1], 1)]
        statuses = _statuses(place[1])
        return bool(statuses), len(names & set(map(plain, own))), any("." not in path for path in statuses)

    made.item, made.got = max(places, key=score)


def _differences(made: Draft, got: Shape) -> None:
    """Find the facts that have another path in the got record, or that only it has."""
    if got is made.record or got.name == made.record.name:
        return
    found = _facts(made, got, None, made.get)
    for fact, path in made.listed_facts.items() if isinstance(made.record, StructureShape) else ():
        if isinstance(path, str) and models.has(got, path):
            found.pop(fact, None)
        elif fact not in found:
            found[fact] = None
    made.got_facts = {fact: path for fact, path in found.items() if path != made.listed_facts.get(fact)}
    if not isinstance(made.got_facts.get("counts"), Ask) or "counts" in made.listed_facts:
        made.got_facts.pop("counts", None)


def _get(made: Draft, get: str) -> None:
    """The inputs, the batch and the errors of the get, and its resource in IAM."""
    facts = {**made.listed_facts, **made.got_facts}
    id_path = facts.get("id")
    constants = {name: value for name, value in dict(_inputs_of(made)).items() if not isinstance(value, Ask)}
    under = {above.input: _template(made, above) for above in made.under}
    try:
        inputs = deriving.get_inputs(
            made.service, get, {}, constants, under, id_path if isinstance(id_path, str) else None
        )
        deriving.bound(made.service, get, inputs)
    except UndecidedError as error:
        made.options["get_inputs"] = Ask(str(error))
        return
    try:
        several = deriving.batch(made.service, get, inputs, None) is not None
    except UndecidedError as error:
        made.options["batch"] = Ask(str(error))
        several = True
    if IDS not in inputs.values() and not deriving.missing(made.service, get):
        codes = [shape.name for shape in models.operation(made.service, get).error_shapes]
        made.options["missing"] = Ask(
            f'{get}: which error says that there is no such job? {{"Code": "a text of its message, or nothing"}}. '
            f"The model has {', '.join(codes) or 'none'}"
        )
    kinds = _granted_on(made.service, get)
    if len(kinds) > 1 and get != made.listing:
        made.options["get_resource"] = Ask(f"which resource is {get} granted on? IAM has {', '.join(kinds)}")
    status = facts.get("status")
    if isinstance(id_path, str) and isinstance(status, str):
        try:
            deriving.item(made.service, get, id_path, status, several=several)
        except UndecidedError as error:
            made.got_facts["id"] = Ask(str(error))


def _granted_on(service: str, operation: str) -> list[str]:
    """The IAM resource types from which somebody has to choose one."""
    name = authorization.named(models.service_model(service).signing_name, operation)
    if not authorization.known(name):
        return []
    action = authorization.action(name)
    return list(action.required or action.optional)


def _inputs_of(made: Draft) -> Mapping[str, object]:
    inputs = made.options.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _template(made: Draft, above: Above) -> str:
    return "{parent}" if above is made.under[-1] else f"{{{above.type}}}"


# --- states and secrets


def _states(made: Draft, status: object, shape: Shape | None) -> None:
    told: tuple[str, ...] = ()
    if isinstance(status, str) and shape is not None and models.has(shape, status):
        member = resolve(status, shape).shape
        told = deriving.words(member)
        if not told:
            made.free = True
            text = re.findall(r"<code>([A-Za-z_-]+)</code>", member.documentation)
            told = tuple(dict.fromkeys(text))
    else:
        made.free = True
    known, made.doubtful = words.placed(told)
    made.states = {state.name: found for state, found in known.items()}


def _secrets(shape: Shape, path: str = "", around: tuple[str, ...] = ()) -> Iterator[str]:
    """Members that may hold secrets and that the model does not mark, as a declaration withholds them."""
    if isinstance(shape, ListShape):
        yield from _secrets(shape.member, f"{path}[]", around)
    elif isinstance(shape, StructureShape) and shape.name not in around:
        for name, member in shape.members.items():
            inner = f"{path}.{name}" if path else name
            element = member.member if isinstance(member, ListShape) else member
            if member.metadata.get("sensitive") or element.metadata.get("sensitive"):
                continue
            if words.SECRET.search(name):
                yield inner
            else:
                yield from _secrets(member, inner, (*around, shape.name))
