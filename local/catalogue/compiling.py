"""Compiles a declaration into the table that the functions read: a person's decisions, and facts from the models."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from botocore.model import ListShape, Shape

from jobview.catalogue import language
from jobview.catalogue.family import Events, Family, ParentKind
from jobview.catalogue.language import Job, Service
from jobview.catalogue.operations import IDS, GetCall, ListCall, Narrowing
from jobview.model import CONSISTENCY_WINDOW, State
from local.catalogue import deriving, models, open_questions, regions, windows
from local.catalogue.calls import action_of, each_of, list_call, resource_of
from local.catalogue.deriving import UndecidedError
from local.catalogue.facts import fields_of, merged, states_of
from local.catalogue.items import items_call
from local.catalogue.models import PathError, UnknownNameError, resolve
from local.catalogue.starts import starts

_NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_NEWEST_FIRST = re.compile(r"newest[^.]*first|most recent[^.]*first")


class CatalogueError(ValueError):
    """The declaration cannot be compiled; the message names the family and the problem."""


def compiled(declared: language.Family) -> Family:
    """The table of a family.

    Raises
    ------
    CatalogueError
        The declaration contradicts a model, or lacks a decision that no model makes.
    """
    try:
        open_questions.check_decided(declared)
        open_questions.check_lists(declared)
        return _family(declared)
    except Exception as error:
        known = isinstance(error, UndecidedError | PathError | UnknownNameError)
        said = str(error) if known else f"{type(error).__name__}: {error}"
        raise CatalogueError(f"{declared.service.name}/{declared.type}: {said}") from error


def _family(declared: language.Family) -> Family:
    service = declared.service
    global_regions = regions.global_regions(service)
    parents = _parents(declared)
    listing, record, under = _listed(declared)
    kinds = frozenset(parent.type for parent in declared.under)
    list_fields = (
        None if record is None else fields_of(declared.job, record, f"a record of {declared.list}", others=kinds)
    )
    get, got = _get(declared, {} if listing is None else windows.without_times(listing.inputs), under)
    parents = _named(parents, listing, get)
    cut = _cut(parents, get)
    states = states_of(declared, record, got)
    if listing is not None and list_fields is not None:
        operation = listing.operation
        list_fields = replace(list_fields, arns=_arns(declared.job, listing.items, cut))
        listing = replace(
            listing,
            each=each_of(declared.service, declared, operation),
            narrowing=_narrowing(declared, operation, states),
        )
    get_fields = None
    if get is not None and got is not None:
        facts = merged(declared.job, declared.got)
        # Whoever asks for one job knows its id.
        has_id = get.batch is not None
        get_fields = fields_of(facts, got, f"the job of {declared.get}", has_id=has_id, others=kinds)
        get_fields = replace(get_fields, arns=_arns(facts, get.item, cut))
    return Family(
        service=service.name,
        type=declared.type,
        title=declared.title,
        parents=parents,
        list=listing,
        list_fields=list_fields,
        get=get,
        get_fields=get_fields,
        states=states,
        items_list=items_call(declared, get, under, states, cut),
        items_reader=declared.items_reader,
        failures_how=declared.failures,
        presigned=declared.presigned,
        failures_link=declared.failures_link,
        withheld=declared.withheld,
        console=_console(declared.console),
        grants=declared.grants,
        events=_events(declared, _whole(declared, listing, get, parents)),
        starts=starts(declared, listing, get, parents),
        regions=regions.of(service),
        global_regions=global_regions,
        consistency_window=CONSISTENCY_WINDOW if declared.consistency_window is None else declared.consistency_window,
        retention=declared.retention,
        lists_only=_lists_only(declared),
        retired=service.retired,
    )


_OF_THE_LIST = (
    "inputs", "items", "only", "page_size", "rate", "quota", "per_status", "each", "since", "window", "window_span",
    "open_by", "newest_first", "got", "lists_only",
)  # fmt: skip
"""What a declaration says of its list, or beside it."""


def _listed(
    declared: language.Family,
) -> tuple[ListCall | None, Shape | None, dict[str, str]]:
    """The list, the shape of a record in it, and which inputs of the list, or else of the get, take the parents."""
    service = declared.service.name
    if declared.list is not None:
        given = {**windows.required(service, declared.list, declared.inputs), **declared.inputs}
        under, bound = _under(service, declared.list, declared.under, given)
        listing = list_call(declared.service, declared, declared.list, bound)
        listing = replace(
            listing, window=windows.window(declared, bound), newest_first=_newest_first(declared, declared.list)
        )
        record = resolve(listing.items, models.output(service, declared.list)).shape
        return replace(listing, sensitive=models.sensitive(record)), record, under
    if declared.get is None:
        raise UndecidedError("it has neither a list nor a get: declare one")
    superfluous = [
        each.name
        for each in fields(declared)
        if each.name in _OF_THE_LIST and getattr(declared, each.name) not in (each.default, {})
    ]
    if superfluous:
        raise UndecidedError(f"it has no list: leave {', '.join(superfluous)} out")
    return None, None, _under(service, declared.get, declared.under, declared.get_inputs)[0]


def _lists_only(declared: language.Family) -> str | None:
    """Which jobs are found, where these are not all."""
    if declared.list is not None:
        return windows.lists_only(declared)
    return "jobs that somebody asked for by id" + ("" if declared.events is None else ", or that an event named")


def _parents(declared: language.Family) -> tuple[ParentKind, ...]:
    """The jobs' parents, each listed under those before it."""
    return tuple(
        _parent(parent, declared.under[:depth], declared.service) for depth, parent in enumerate(declared.under)
    )


def _parent(parent: language.Parent, above: Sequence[language.Parent], service: Service) -> ParentKind:
    if regions.global_regions(parent.service) != regions.global_regions(service):
        raise UndecidedError(f"{parent.service.name} lists parents in other regions than {service.name} has jobs in")
    _, inputs = _under(parent.service.name, parent.list, above, parent.inputs)
    call = list_call(parent.service, parent, parent.list, inputs)
    record = resolve(call.items, models.output(parent.service.name, parent.list)).shape
    resolve(parent.id, record)
    other = parent.service.name if parent.service.name != service.name else None
    return ParentKind(
        type=parent.type, call=call, id=parent.id, service=other, arn=deriving.is_arn(parent.id, call.items)
    )


def _named(parents: tuple[ParentKind, ...], listing: ListCall | None, get: GetCall | None) -> tuple[ParentKind, ...]:
    """The kinds of parents. A parent's id is its ARN if a call under it takes the ARN, or else the ARN's last part."""
    calls = [*enumerate(kind.call for kind in parents), *((len(parents), call) for call in (listing, get) if call)]

    def takes_arn(depth: int, kind: ParentKind) -> bool:
        return any(
            deriving.takes_arn(call.inputs, "{parent}" if under == depth + 1 else f"{{{kind.type}}}")
            for under, call in calls
            if under > depth
        )

    return tuple(replace(kind, arn=kind.arn and not takes_arn(depth, kind)) for depth, kind in enumerate(parents))


def _cut(parents: tuple[ParentKind, ...], get: GetCall | None) -> tuple[str, ...]:
    """Which of ``id`` and ``parent`` are the last part of an ARN, where the service gives the ARN."""
    is_cut = {
        "id": get is not None and not deriving.takes_arn(get.inputs, "{id}", IDS),
        # The id of a parent comes from the parents' list, even if a job names its parent in another way.
        "parent": bool(parents) and (parents[-1].arn or not deriving.is_arn(parents[-1].id, parents[-1].call.items)),
    }
    return tuple(name for name in is_cut if is_cut[name])


def _arns(job: Job, items: str, cut: tuple[str, ...]) -> tuple[str, ...]:
    """The members of ``cut`` that are ARNs in a record at ``items``."""
    told = {"id": job.id, "parent": job.parent}
    return tuple(name for name in cut if deriving.is_arn(told[name] or "", items))


def _whole(
    declared: language.Family, listing: ListCall | None, get: GetCall | None, parents: tuple[ParentKind, ...]
) -> tuple[str, ...]:
    """``id`` and the types of parents whose id is the whole ARN."""
    told = [] if listing is None else [(declared.job.id or "", listing.items)]
    if get is not None:
        told.append((merged(declared.job, declared.got).id or "", get.item))
    whole = "id" not in _cut(parents, get) and any(deriving.is_arn(path, items) for path, items in told)
    above = (kind.type for kind in parents if deriving.is_arn(kind.id, kind.call.items) and not kind.arn)
    return (*(("id",) if whole else ()), *above)


def _under(
    service: str, operation: str, path: Sequence[language.Parent], declared: Mapping[str, object]
) -> tuple[dict[str, str], dict[str, object]]:
    """Which inputs of a list take its parents, and all its inputs. The nearest parent is ``{parent}``."""
    under: dict[str, str] = {}
    for parent in path:
        template = "{parent}" if parent is path[-1] else f"{{{parent.type}}}"
        given = [name for name, value in declared.items() if template in str(value)]
        name = given[0] if given else deriving.parent_input(service, operation, parent.type, {**under, **declared})
        under[name] = template
    return under, under | dict(declared)


def _get(
    declared: language.Family, listed: Mapping[str, object], parents: Mapping[str, object]
) -> tuple[GetCall | None, Shape | None]:
    """The get, and the shape of one job in its answer."""
    if declared.get is None:
        return None, None
    service = declared.service.name
    facts = merged(declared.job, declared.got)
    constants = {name: template for name, template in listed.items() if name not in parents}
    inputs = deriving.get_inputs(service, declared.get, declared.get_inputs, constants, parents, facts.id)
    deriving.bound(service, declared.get, inputs)
    batch = deriving.batch(service, declared.get, inputs, declared.batch)
    at = deriving.item(service, declared.get, facts.id, facts.status, several=batch is not None)
    told = resolve(at, models.output(service, declared.get))
    if told.many and batch is None:
        batch = 1
    missing = {**dict.fromkeys(deriving.missing(service, declared.get), ""), **declared.missing}
    if not missing and batch is None:
        raise UndecidedError(f"{declared.get}: which code says that there is no such job? Declare missing")
    action = action_of(declared.service, declared.get)
    call = GetCall(
        operation=declared.get,
        inputs=inputs,
        rate=declared.service.rate if declared.get_rate is None else declared.get_rate,
        quota=declared.get_quota,
        promised=models.promised(at, models.output(service, declared.get)),
        sensitive=models.sensitive(told.shape),
        action=action,
        # A list is granted on everything.
        resource="*" if declared.get == declared.list else resource_of(action, declared.get_resource, "get_resource"),
        item=at,
        batch=batch,
        missing=missing,
        unanswered=declared.unanswered,
    )
    return call, told.shape


def _newest_first(declared: language.Family, operation: str) -> bool:
    told = models.operation(declared.service.name, operation).documentation
    if declared.newest_first is True and not _NEWEST_FIRST.search(told):
        raise UndecidedError(f"{operation}: the model does not say that the newest come first: name another source")
    return bool(declared.newest_first)


def _narrowing(declared: language.Family, operation: str, states: Mapping[str, State]) -> Narrowing | None:
    if declared.since is not None:
        return Narrowing(inputs=(declared.since,), whole=True)
    if declared.window is not None and declared.open_by is None:
        return Narrowing(inputs=({},), whole=True)  # its start is later
    if declared.open_by is not None:
        words = [word for word, state in states.items() if not state.terminal]
        return Narrowing(inputs=_open(declared, operation, declared.open_by, words), whole=False)
    return None


def _open(
    declared: language.Family, operation: str, asked: str | language.Inputs, words: list[str]
) -> tuple[Mapping[str, object], ...]:
    """The inputs of the listings that have the jobs with these status words: one for each, or one for all."""
    service = declared.service.name
    if not isinstance(asked, str):
        for name in asked:
            deriving.member(service, operation, name)
        return ({name: _with_words(value, words) for name, value in asked.items()},)
    if isinstance(deriving.member(service, operation, asked), ListShape):
        return ({asked: words},)
    return tuple({asked: word} for word in words)


def _with_words(value: object, words: list[str]) -> object:
    if value == language.OPEN:
        return words
    if isinstance(value, Mapping):
        return {name: _with_words(inner, words) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_words(inner, words) for inner in value]
    return value


def _events(declared: language.Family, whole: tuple[str, ...]) -> Events | None:
    told = declared.events
    if told is None:
        return None
    return Events(
        source=told.source or f"aws.{models.service_model(declared.service.name).signing_name}",
        detail_types=(told.types,) if isinstance(told.types, str) else told.types,
        id=_in_detail(told.id),
        parents=_event_parents(declared),
        whole=() if told.arn else whole,
        arn=_event_arn(declared, told.arn),
        status=None if told.status is None else _in_detail(told.status),
        reason=None if told.reason is None else _in_detail(told.reason),
    )


def _event_parents(declared: language.Family) -> tuple[str, ...]:
    told = None if declared.events is None else declared.events.parent
    if declared.events is not None and declared.events.arn is not None:
        return ()
    paths = () if told is None else (told,) if isinstance(told, str) else tuple(told)
    if len(paths) != len(declared.under):
        raise UndecidedError(f"events: {len(paths)} parents, and the family has {len(declared.under)}")
    return tuple(map(_in_detail, paths))


def _event_arn(declared: language.Family, arn: str | None) -> str | None:
    wanted = {"id", *(parent.type for parent in declared.under)}
    if arn is not None and set(re.findall(r"\{([\w-]+)\}", arn)) != wanted:
        raise UndecidedError(f"events: {arn} has to name {', '.join(sorted(wanted))}")
    return arn


def _in_detail(path: str) -> str:
    if isinstance(path, language.OfEvent):
        return str(path)
    return f"detail.{path}" if _NAME.fullmatch(path) else f"detail | {path}"


def _console(page: str | None) -> str | None:
    if page is None:
        return None
    path, mark, fragment = page.partition("#")
    joint = "&" if "?" in path else "?"
    return f"https://{{region}}.console.aws.amazon.com/{path}{joint}region={{region}}{mark}{fragment}"
