"""Chooses one recorded answer for each operation, and writes it into a folder as a fixture."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import Call, GetCall, ListCall
from jobview.catalogue.records import Fields
from jobview.collect.paths import find
from local.recording.anonymous import Anonymous, empty
from local.recording.capture import Answers, Operation
from local.standin.serialising import serialise_output

RECORDS = 5
"""The most records in a fixture of a list."""
Say = Callable[[str], None]


def write(
    folder: Path, families: Sequence[Family], answers: Answers, *, account: str, overwrite: bool, say: Say
) -> None:
    """Write a fixture for each operation that has answered, ``<service>/<operation>.json`` or ``.xml``.

    An existing file stays unless ``overwrite`` is true. Both cases are reported.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    anonymous = Anonymous(account, {word for family in families for word in _words(family)})
    for (service, operation), answer in _chosen(families, answers).items():
        model = answers.models[service, operation]
        shape = model.output_shape
        if shape is None:
            continue
        body = serialise_output(model, anonymous.answer(shape, answer)).body
        in_xml = model.service_model.resolved_protocol not in ("json", "rest-json")
        text = body.decode() if in_xml else json.dumps(json.loads(body), indent=2, ensure_ascii=False) + "\n"
        _put(folder / service / f"{operation}.{'xml' if in_xml else 'json'}", text, overwrite=overwrite, say=say)
    for service, operation in sorted(answers.unreadable):
        say(f"{service} {operation}: an answer could not be read and was left out")
    called = dict.fromkeys(
        (service, call.operation)
        for family in families
        for service, call in family.calls_by_service
        if not isinstance(call, ItemsCall)  # what reads jobs does not ask for their items
    )
    for service, operation in called:
        if (service, operation) not in answers.kept:
            why = answers.failed.get((service, operation))
            say(f"{service} {operation}: no answer, so no fixture{'' if why is None else f' ({why})'}")


def _put(path: Path, text: str, *, overwrite: bool, say: Say) -> None:
    there = path.exists()
    if there and path.read_text() == text:
        say(f"{path}: as before")
    elif there and not overwrite:
        say(f"{path}: is there already and stays; --overwrite replaces it")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        say(f"{path}: {'replaced' if there else 'written'}")


def _words(family: Family) -> Iterator[str]:
    """The texts of a family that identify nobody: its status words, and the names in its paths."""
    yield from family.states
    for fields in (family.list_fields, family.get_fields):
        if fields is not None:
            yield from () if fields.parts is None else fields.parts.outcomes
            yield from (str(value) for rule in fields.when for value in rule.values)
            yield from (name for path in _counted(fields) for name in path.split("."))


def _counted(fields: Fields) -> Iterable[str]:
    return () if fields.counts is None else (*fields.counts.paths, *fields.counts.running)


def _chosen(families: Sequence[Family], answers: Answers) -> Mapping[Operation, dict[str, Any]]:
    """The best answer of each operation: the longest of a list, and for a get one of a job in that list."""
    chosen: dict[Operation, dict[str, Any]] = {}
    for family in families:
        for kind in family.parents:
            service = kind.service or family.service
            _keep(chosen, answers, service, kind.call, _page(answers, service, kind.call, Fields(id=kind.id), ()))
        fields = family.deepest_fields
        gets = () if family.get is None else answers.kept.get((family.service, family.get.operation), ())
        known = {find(fields.id, job) for answer in gets for job in _jobs_in(family.get, answer)}
        ids: list[Any] = []
        if family.list is not None:
            call, listed = family.listed
            page = _page(answers, family.service, call, listed, known)
            _keep(chosen, answers, family.service, call, page and _withheld(family, call, answers, page))
            ids = [] if page is None else [find(listed.id, job) for job in find(call.items, page)]
        if family.get is not None:
            got = _got(family.get, fields, gets, ids)
            _keep(chosen, answers, family.service, family.get, got and _withheld(family, family.get, answers, got))
    return chosen


def _keep(
    chosen: dict[Operation, dict[str, Any]], answers: Answers, service: str, call: Call, answer: dict[str, Any] | None
) -> None:
    # Where a get is a list that is filtered, or families share a list, the first one is as good.
    if answer is not None and (service, call.operation) in answers.models:
        chosen.setdefault((service, call.operation), answer)


def _page(
    answers: Answers, service: str, call: ListCall, fields: Fields, known: Collection[Any]
) -> dict[str, Any] | None:
    """Return the longest page, preferably with a ``known`` id, with a few of its records.

    Records with known ids come first, and different statuses before equal ones. A list in lists stays unchanged.
    """

    def rank(answer: dict[str, Any]) -> tuple[bool, int]:
        records = find(call.items, answer) or []
        return any(find(fields.id, record) in known for record in records), len(records)

    answer = max(answers.kept.get((service, call.operation), ()), key=rank, default=None)
    records = [] if answer is None else find(call.items, answer) or []
    path = call.items.split("[?")[0]
    if answer is None or len(records) <= RECORDS or "[" in path:
        return answer
    order = sorted(range(len(records)), key=lambda place: find(fields.id, records[place]) not in known)
    firsts = {str(find(fields.status, records[place])): place for place in reversed(order)}
    places = sorted(order, key=lambda place: place not in firsts.values())[:RECORDS]
    return _set(answer, path, [records[place] for place in sorted(places)])


def _set(answer: dict[str, Any], path: str, records: list[Any]) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {**answer, first: _set(answer[first], rest, records) if rest else records}


def _jobs_in(get: GetCall | None, answer: Mapping[str, Any]) -> list[Any]:
    found = None if get is None else find(get.item, answer)
    return found if isinstance(found, list) else [found] if found else []


def _got(get: GetCall, fields: Fields, gets: Sequence[dict[str, Any]], ids: Sequence[Any]) -> dict[str, Any] | None:
    """Return an answer about a job with one of the ids, or else the first answer; from a batch only these jobs."""
    for answer in gets:
        listed = [job for job in _jobs_in(get, answer) if find(fields.id, job) in ids]
        if listed:
            return answer if get.batch is None or "[" in get.item else _set(answer, get.item, listed[:RECORDS])
    return gets[0] if gets else None


def _withheld(family: Family, call: ListCall | GetCall, answers: Answers, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without the members that the family withholds from a native record."""
    shape = answers.models[family.service, call.operation].output_shape
    path = call.item if isinstance(call, GetCall) else call.items
    outer = [] if path == "@" else re.sub(r"\[[^\]]*\]", "", path).split(".")
    made: Any = answer
    for withheld in family.withheld:
        made = _without(shape, made, [*outer, *withheld.replace("[]", "").split(".")])
    return dict(made)


def _without(shape: Shape | None, value: Any, names: Sequence[str]) -> Any:
    """Return a value without the member that the names lead to, in every element of the lists on the way."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_without(shape.member, each, names) for each in value]
    name, *rest = names
    if not isinstance(value, Mapping) or name not in value:
        return value
    inner = shape.members[name] if isinstance(shape, StructureShape) else getattr(shape, "value", None)
    if rest:
        return {**value, name: _without(inner, value[name], rest)}
    kept = {each: member for each, member in value.items() if each != name}
    required = isinstance(shape, StructureShape) and name in shape.required_members and inner is not None
    return {**kept, name: empty(inner)} if required and inner is not None else kept
