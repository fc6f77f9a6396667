"""Any service whose families are declared: lists, gets and parents, played from the compiled tables.

The service behaves exactly as declared, so it proves little about the declaration. It shows that the code reads a
family as declared, and it fills the local AWS.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeVar

from botocore.model import Shape

from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import IDS, Call, GetCall, ListCall
from local.catalogue.deriving import missing
from local.catalogue.models import resolve
from local.standin.generic import inputs, items, listing
from local.standin.generic.answers import meeting, output_of, put, with_refused
from local.standin.generic.decoys import decoy
from local.standin.generic.ids import new_id, places
from local.standin.generic.jobs import Job, outcomes
from local.standin.generic.placing import ABSENT, placed, with_records
from local.standin.generic.world import Path, World, agrees, kind_key, placeholders_of
from local.standin.paging import InvalidTokenError, PageNames, allowed_token, page, page_backwards, plain_token
from local.standin.plans import Seed
from local.standin.protocol import ServiceProtocol
from local.standin.services.service import Handler, Parameters, Service, Surroundings
from local.standin.simulation import Lifetime, Phase, Plan
from local.standin.wire import ServiceError

T = TypeVar("T")
_PAGE = 50
"""The largest page, and the default."""
_Level = tuple[Family, int]
"""A family, and the place of one of its kinds of parents."""


class Declared(Service):
    """The operations of one service that the declared families call, in one account and region.

    Parameters
    ----------
    name, protocol
        The service, by boto3's name of its client.
    families
        All declared families; families of other services may have their parents in this one.
    world
        The jobs and parents of the account and region, of all services.
    protocols
        Those of every service that the families call.
    elsewhere
        Operations, each behind its service, that something else serves.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        name: str,
        families: Sequence[Family],
        world: World,
        protocols: Mapping[str, ServiceProtocol],
        elsewhere: AbstractSet[tuple[str, str]] = frozenset(),
    ) -> None:
        super().__init__(surroundings)
        self._elsewhere = elsewhere
        self.name = name
        self.signing_name = protocols[name].model.signing_name
        self._protocol = protocols[name]
        self._protocols = protocols
        self._families = {family.type: family for family in families if family.service == name}
        self.kinds = tuple(self._families)
        self._levels: list[_Level] = [
            (family, depth)
            for family in families
            for depth, kind in enumerate(family.parents)
            if (kind.service or family.service) == name
        ]
        self._world = world
        self._known = {"account": self.account, "region": self.region, "partition": "aws"}
        self._shapes: dict[tuple[str, str], Shape] = {}

    @cached_property
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""
        own = [
            call.operation
            for family in self._families.values()
            for call in (family.list, family.get, family.items_list)
            if call
        ]
        parents = [family.parents[depth].call.operation for family, depth in self._levels]
        called = dict.fromkeys([*own, *parents])
        return {name: partial(self._answer, name) for name in called if (self.name, name) not in self._elsewhere}

    def outcomes_of(self, kind: str) -> frozenset[Phase]:
        """The possible ends of a type of job."""
        return outcomes(self._families[kind])

    # Making jobs

    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[Path, str]:
        family = self._families[seed.type]
        path = self._path(family, seed.parent)
        job_id = self._new_job_id(family, name, path)
        life = Lifetime(plan=seed.plan, created=created)
        arns = {"id": self._job_arn(family, path, job_id)}
        if path:
            arns["parent"] = self._parent_arn(family, len(path) - 1, path)
        self._world.add(Job(family=family, parents=path, id=job_id, name=name, life=life, arns=arns))
        return path, job_id

    def _path(self, family: Family, name: str) -> Path:
        """Return the path of the parent with this name. It and its own parents are made if they do not exist."""
        path: Path = ()
        for depth, kind in enumerate(family.parents):
            key = kind_key(family, kind)
            known = ((each, called) for each, called in self._world.parents(key) if each[:-1] == path)
            found = next((each for each, called in known if name in (each[-1], called)), None)
            if found is None:
                found = (*path, self._new_parent_id(family, depth, path, name))
                self._world.add_parent(key, found, name)
            path = found
        return path

    def _new_parent_id(self, family: Family, depth: int, above: Path, name: str) -> str:
        kind, service = family.parents[depth], family.parents[depth].service or family.service
        id_shape = resolve(kind.id, self._record(service, kind.call)).shape
        shapes = [id_shape] if not kind.arn else []
        for of, call, placeholder in _below(family, depth):
            shapes += self._taking(of, call, placeholder)
        member = _last(kind.call.items if kind.id == "@" else kind.id)
        return new_id(
            shapes,
            member="name" if kind.arn else member,
            name=name,
            arn=self.arn(f"{kind.type}/{name}"),
            ids=self.ids,
            taken=[path[-1] for path, _ in self._world.parents(kind_key(family, kind))],
            arns=[id_shape] if kind.arn else [],
            written=lambda each: self._parent_arn(family, depth, (*above, each)),
        )

    def _parent_arn(self, family: Family, depth: int, path: Path) -> str:
        """Return the ARN of a parent: as a call under it writes it, else one of our own."""
        filled = self._known | placeholders_of(family.parents, path)
        for _, call, placeholder in _below(family, depth):
            for template in _arns(call):
                if placeholder in template and "{id}" not in template:
                    return template.format_map(filled | {placeholder.strip("{}"): path[-1]})
        return self.arn("/".join((family.parents[depth].type, *path)))

    def _new_job_id(self, family: Family, name: str, path: Path) -> str:
        id_shape, member = self._shape_of_id(family)
        cut = "id" in (family.list_fields or family.deepest_fields).arns
        shapes = [id_shape] if id_shape is not None and not cut else []
        for call in (family.get, family.items_list):
            for placeholder in ("{id}", IDS):
                shapes += [] if call is None else self._taking(self.name, call, placeholder)
        return new_id(
            shapes,
            member="id" if cut else member,
            name=name,
            arn=self.arn("/".join((family.type, *(each.rpartition("/")[2] for each in path), self.ids.hex32()))),
            ids=self.ids,
            taken={job.id for job in self._world.jobs(family)} if "name" in member.lower() else (),
            arns=[id_shape] if id_shape is not None and cut else [],
            written=lambda each: self._job_arn(family, path, each),
        )

    def _shape_of_id(self, family: Family) -> tuple[Shape | None, str]:
        """Return the shape and the name of the member that tells a job's id; of a get that tells none no shape."""
        fields = family.list_fields or family.deepest_fields
        call = family.list or family.get
        if call is None or fields.id is None:
            return None, "id"
        at = call.items if isinstance(call, ListCall) else "id"
        return resolve(fields.id, self._record(self.name, call)).shape, _last(at if fields.id == "@" else fields.id)

    def _job_arn(self, family: Family, path: Path, job_id: str) -> str:
        """Return the ARN of a job: as the get writes it, else one of our own."""
        filled = self._known | placeholders_of(family.parents, path) | {"id": job_id}
        for template in () if family.get is None else _arns(family.get):
            if "{id}" in template:
                return template.format_map(filled)
        return self.arn("/".join((family.type, *path, job_id)))

    def _record(self, service: str, call: ListCall | GetCall) -> Shape:
        """Return the shape of one record in the answer of a call."""
        key = (service, call.operation)
        if key not in self._shapes:
            path = call.item if isinstance(call, GetCall) else call.items
            self._shapes[key] = resolve(path, output_of(self._protocols[service], call.operation)).shape
        return self._shapes[key]

    def _taking(self, service: str, call: Call, placeholder: str) -> list[Shape]:
        """Return the shapes of the inputs that take what a placeholder stands for."""
        shape = self._protocols[service].operation(call.operation).input_shape
        return [] if shape is None else places(call.inputs, shape, placeholder)

    # Of single jobs

    def _find(self, parent: str | None, job_id: str) -> Job:
        for family in self._families.values():
            for job in self._world.named(family, job_id):
                if not job.parents or parent in (None, job.parents[-1]):
                    return job
        raise KeyError(job_id)

    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:
        job = self._find(parent, job_id)
        self._world.remove(job)
        return partial(self._world.add, job)

    def _life(self, parent: str | None, job_id: str) -> Lifetime:
        return self._find(parent, job_id).life

    def restart(self, parent: str | None, job_id: str, plan: Plan, *, anew: bool) -> None:
        """Begin a job again under its id."""
        super().restart(parent, job_id, plan, anew=anew)
        with self.lock:
            self._find(parent, job_id).runs += 1

    # Answering

    def _answer(self, operation: str, parameters: Parameters) -> dict[str, Any]:
        for family in self._families.values():
            if family.items_list is not None and family.items_list.operation == operation:
                found = inputs.bound(family.items_list.inputs, parameters, self._known)
                if found is not None:
                    return self._listed_items(family, family.items_list, found, parameters)
        for family in self._families.values():
            if family.get is not None and family.get.operation == operation:
                found = inputs.bound(family.get.inputs, parameters, self._known)
                if found is not None and ("id" in found or "ids" in found):
                    return self._got(family, family.get, found)
        for family in self._families.values():
            call = family.list
            if call is None or call.operation != operation:
                continue
            if any(inputs.constants_agree({**call.inputs, **more}, parameters) for more in call.each or ({},)):
                return self._listed(family, call, parameters)
        for family, depth in self._levels:
            if family.parents[depth].call.operation == operation:
                return self._listed_parents(family, depth, parameters)
        raise self._protocol.invalid(operation, "No declared family calls it with these inputs.")

    def _got(self, family: Family, get: GetCall, found: inputs.Bound) -> dict[str, Any]:
        wanted = list(dict.fromkeys(found["ids"] if "ids" in found else [found["id"]]))
        jobs: dict[str, Job] = {}
        for each in wanted:
            for job in self._world.named(family, each):
                if agrees(family.parents, job.parents, found):
                    jobs[each] = job
        absent = [each for each in wanted if each not in jobs]
        filters = get.batch is not None and "ids" not in found
        if absent and get.unanswered is None and (get.batch is None or (get.missing and filters)):
            raise self._no_such(family, get, absent[0])
        shape, now = self._record(self.name, get), self.clock.now()
        fields = family.deepest_fields
        records = [job.record(fields, shape, now, account=self.account) for job in jobs.values()]
        output = output_of(self._protocol, get.operation)
        answer = decoy(output)
        if get.unanswered is not None:
            answer = with_refused(get.unanswered, answer, output, absent)
        if get.batch is not None:
            return dict(with_records(get.item, output, answer, records))
        return dict(put(get.item, output, answer, records[0]))

    def _listed_items(
        self, family: Family, call: ItemsCall, found: inputs.Bound, parameters: Parameters
    ) -> dict[str, Any]:
        jobs = [job for job in self._world.named(family, found["id"]) if agrees(family.parents, job.parents, found)]
        if not jobs:
            raise self._no_such(family, call, found["id"])
        shape, now = self._record(self.name, call), self.clock.now()
        shown = items.shown(call, items.items_of(jobs[0], call), parameters, now)
        return self._one_page(
            call, shown, parameters, lambda item: items.record(call, item, shape, now, account=self.account)
        )

    def _no_such(self, family: Family, call: GetCall | ItemsCall, job_id: str) -> ServiceError:
        """Return the error of a call that knows no such job, with the declared code or the one that the model names."""
        code, says = next(iter(call.missing.items()), (self._not_found(call.operation), ""))
        return ServiceError(code, f"The {family.type} {job_id} {says or 'does not exist'}", status=400)

    def _not_found(self, operation: str) -> str:
        return next(iter(missing(self.name, operation)), "ResourceNotFoundException")

    def _listed(self, family: Family, call: ListCall, parameters: Parameters) -> dict[str, Any]:
        now = self.clock.now()
        found = inputs.bound(_only_placeholders(call.inputs), parameters, self._known) or {}
        self._require_parent(family, call, found)
        why = listing.refused(call, parameters, self._known, now)
        if why is not None:
            raise self._protocol.invalid(call.operation, why)
        jobs = [job for job in self._world.jobs(family) if agrees(family.parents, job.parents, found)]
        shown = listing.shown(family, call, jobs, parameters, self._known, now)
        if call.newest_first:
            shown.sort(key=lambda job: job.life.created)
        fields, shape = family.listed[1], self._record(self.name, call)
        return self._one_page(call, shown, parameters, lambda job: job.record(fields, shape, now, account=self.account))

    def _require_parent(self, family: Family, call: ListCall, found: inputs.Bound) -> None:
        """Refuse a list under a parent that does not exist. A parent that something else serves is not known here."""
        if any((kind.service or family.service, kind.call.operation) in self._elsewhere for kind in family.parents):
            return
        if not family.parents or not any(name in found for name in ("parent", *(kind.type for kind in family.parents))):
            return
        key = kind_key(family, family.parents[-1])
        if not any(agrees(family.parents, path, found) for path, _ in self._world.parents(key)):
            named = found.get("parent", "The parent")
            raise ServiceError(self._not_found(call.operation), f"{named} does not exist", status=400)

    def _listed_parents(self, family: Family, depth: int, parameters: Parameters) -> dict[str, Any]:
        kind = family.parents[depth]
        found = inputs.bound(_only_placeholders(kind.call.inputs), parameters, self._known) or {}
        above = family.parents[:depth]
        known = self._world.parents(kind_key(family, kind))
        paths = [path for path, _ in known if agrees(above, path[:-1], found)]
        shape = self._record(self.name, kind.call)
        blank = decoy(shape)

        def record(path: Path) -> Any:
            return put(kind.id, shape, blank, self._parent_arn(family, depth, path) if kind.arn else path[-1])

        return self._one_page(kind.call, paths, parameters, record)

    def token_names(self, operation: str) -> tuple[str, str] | None:
        """The members of the page token in an operation's input and answer."""
        lists: list[ListCall] = [
            call for family in self._families.values() for call in (family.list, family.items_list) if call is not None
        ]
        lists += [family.parents[depth].call for family, depth in self._levels]
        return next((call.tokens for call in lists if call.operation == operation), None)

    def _one_page(
        self, call: ListCall, records: Sequence[T], parameters: Parameters, record: Callable[[T], Any]
    ) -> dict[str, Any]:
        names = PageNames(
            tokens=() if call.tokens is None else call.tokens[:1],
            sizes=() if call.page_size is None else call.page_size[:1],
        )
        size = (
            len(records)
            if call.tokens is None
            else _PAGE
            if call.page_size is None
            else min(_PAGE, int(call.page_size[1]))
        )
        # A service may always return fewer records than requested.
        asked: dict[str, int | str] = {
            name: min(int(parameters[name]), size) for name in names.sizes if parameters.get(name)
        }
        asked |= {name: plain_token(parameters[name]) for name in names.tokens if parameters.get(name)}
        turn = page_backwards if call.newest_first else page
        try:
            found, token = turn(
                records, operation=call.operation, parameters=parameters | asked, size=size, names=names
            )
        except InvalidTokenError as problem:
            raise self._protocol.invalid(call.operation, "The next token is invalid.") from problem
        output = output_of(self._protocol, call.operation)
        shape = self._record(self.name, call)
        answer = with_records(call.items, output, decoy(output), [meeting(call, shape, record(each)) for each in found])
        if call.tokens is not None:
            shape = resolve(call.tokens[1], output).shape
            answer = placed(call.tokens[1], output, answer, ABSENT if token is None else allowed_token(token, shape))
        return dict(answer)


def _below(family: Family, depth: int) -> list[tuple[str, Call, str]]:
    """Return the calls under a kind of parents, each with its service and the placeholder of the parent's id."""
    kind = family.parents[depth]
    far, near = f"{{{kind.type}}}", "{parent}"
    parents = [(each.service or family.service, each.call) for each in family.parents[depth + 1 :]]
    found: list[tuple[str, Call, str]] = [
        (service, call, near if place == 0 else far) for place, (service, call) in enumerate(parents)
    ]
    own = far if parents else near
    return [*found, *((family.service, call, own) for call in (family.list, family.get) if call is not None)]


def _arns(call: Call) -> list[str]:
    """Return the templates of ARNs in the inputs of a call."""
    return [text for text in call.inputs.values() if isinstance(text, str) and text.startswith("arn:")]


def _only_placeholders(template: Mapping[str, object]) -> dict[str, object]:
    return {name: inner for name, inner in template.items() if inputs.placeholders(inner)}


def _last(path: str) -> str:
    return path.split("[")[0].rpartition(".")[2] if path != "@" else path
