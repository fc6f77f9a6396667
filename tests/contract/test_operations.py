"""The operations of every declaration against botocore's models: what they are called with, their pages and filters."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from botocore.model import ListShape
from botocore.validate import ParamValidator

from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import IDS, Call, GetCall, ListCall, Narrowing
from jobview.collect.templates import moments
from local.catalogue import authorization
from local.catalogue.models import paginator
from local.standin.validation import violations
from tests.contract.each import EVERY_FAMILY, each_call, each_family, each_list_call, grouped, placeholders
from tests.contract.expectations import PERIOD, filled, known_ids
from tests.contract.shapes import (
    input_members,
    operation,
    output_shape,
    resolve,
    service_model,
    service_of,
)

PAGE_SIZE = re.compile(r"max_?(results|records|items|keys)|page_?size|^limit", re.IGNORECASE)
READ = re.compile(r"(Get|List|Describe|BatchGet|Search)[A-Z]")


def own_placeholders(declared: Family) -> set[str]:
    """What stands for a job's id and for those of its parents."""
    return {"id", "parent", *(kind.type for kind in declared.parents[:-1])}


def allowed_placeholders(declared: Family, call: Call) -> set[str]:
    allowed = {"account", "region", "partition"}
    above = [kind.type for kind in declared.parents]
    depth = next((depth for depth, kind in enumerate(declared.parents) if kind.call is call), len(above))
    if depth:
        allowed |= {"parent", *above[: depth - 1]}
    if call is declared.get or call is declared.items_list:
        allowed.add("id")
    return allowed


# --- operations


@each_call
def test_operations_exist_and_only_read(declared: Family, call: Call) -> None:
    assert call.operation in service_model(service_of(declared, call)).operation_names
    assert READ.match(call.operation)


@each_call
def test_every_required_input_is_bound_and_every_bound_input_exists(declared: Family, call: Call) -> None:
    shape = operation(declared, call).input_shape
    assert shape is not None
    each = [set(more) for more in getattr(call, "each", ())]
    assert set(shape.required_members) <= {*call.inputs, *(set.intersection(*each) if each else ())}
    assert set(call.inputs) <= set(shape.members)


@each_call
def test_input_templates_hold_known_placeholders(declared: Family, call: Call) -> None:
    for template in call.inputs.values():
        is_time = isinstance(call, ListCall) and call.window is not None and moments(template, PERIOD) != template
        if template != IDS and not is_time:
            assert placeholders(template) <= allowed_placeholders(declared, call)


def refused_by_the_model(declared: Family, call: Call, given: Mapping[str, object]) -> list[str]:
    """What the model has against the input of a call: types by botocore, lengths, ranges, patterns and enums."""
    shape = operation(declared, call).input_shape
    assert shape is not None
    report = ParamValidator().validate(given, shape)
    return [report.generate_report()] if report.has_errors() else [*violations(shape, given)]


@each_call
def test_what_the_fixtures_tell_fills_inputs_that_the_model_allows(declared: Family, call: Call) -> None:
    """Round trip: the id of a known job goes into the get, and the ids of listed parents into what is under them."""
    variants: tuple[Mapping[str, object], ...] = ({},)
    if isinstance(call, ListCall):
        page: dict[str, object] = {} if call.page_size is None else {call.page_size[0]: call.page_size[1]}
        variants = tuple({**page, **more} for more in call.each or variants)
    for native_id in (
        known_ids(declared) if "id" in placeholders(call.inputs) or IDS in call.inputs.values() else [None]
    ):
        for more in variants:
            given = {**filled(declared, call, native_id), **more}
            assert not refused_by_the_model(declared, call, given), given


@each_call
def test_no_two_inputs_take_the_same_placeholder(declared: Family, call: Call) -> None:
    taken = [name for template in call.inputs.values() for name in placeholders(template) & own_placeholders(declared)]
    assert len(taken) == len(set(taken))


@each_family
def test_rates_are_positive(declared: Family) -> None:
    assert all(call.rate > 0 for call in declared.calls)


@each_call
def test_permissions_are_of_the_operation_and_its_service(declared: Family, call: Call) -> None:
    prefix, _, action = call.action.partition(":")
    assert call.action == authorization.named(service_model(service_of(declared, call)).signing_name, call.operation)
    assert action == call.operation
    if isinstance(call, GetCall | ItemsCall) and call.resource != "*":
        region = "" if declared.global_regions else "{region}"
        # An instance of IAM Identity Center and a change of Route 53 have neither region nor account in their ARNs.
        own = "::" if prefix in {"sso", "route53"} else f"{region}:{{account}}:"
        assert call.resource.startswith(f"arn:{{partition}}:{prefix}:{own}")
        assert placeholders(call.resource) <= {"account", "region", "partition"}


# --- pages


@each_list_call
def test_items_are_a_list(declared: Family, call: ListCall) -> None:
    assert resolve(call.items, output_shape(declared, call)).many


@each_list_call
def test_pages_are_as_large_as_declared(declared: Family, call: ListCall) -> None:
    if call.page_size is None:
        unused = [name for name in input_members(declared, call) if PAGE_SIZE.search(name)]
        assert not unused, "without it, a page is as small as the service likes"
        return
    member, size = call.page_size
    shape = input_members(declared, call)[member]
    assert shape.type_name == ("string" if isinstance(size, str) else "integer")
    assert int(size) <= shape.metadata.get("max", int(size))


@each_list_call
def test_page_tokens_are_texts_and_botocores_own_where_it_has_a_paginator(declared: Family, call: ListCall) -> None:
    known = paginator(service_of(declared, call), call.operation)
    if call.tokens is None:
        assert known is None
        names = [*input_members(declared, call), *output_shape(declared, call).members]
        assert not [name for name in names if re.search("token|marker", name, re.IGNORECASE)]
        return
    token_in, token_out = call.tokens
    assert input_members(declared, call)[token_in].type_name == "string"
    assert resolve(token_out, output_shape(declared, call)).kind == "string"
    if known is not None:
        assert known.get("limit_key") == (call.page_size or (None,))[0]
        assert re.match(r"[\w.]+", call.items)[0] == known["result_key"]  # type: ignore[index]
        assert (known["input_token"], known["output_token"]) == call.tokens


@each_list_call
def test_several_listings_ask_for_different_things(declared: Family, call: ListCall) -> None:
    assert len(call.each) != 1, "what every call asks for is one of the inputs"
    known = input_members(declared, call)
    assert all(set(inputs) <= set(known) for inputs in call.each)
    assert all(call.each.count(inputs) == 1 for inputs in call.each)


# --- gets


@each_family
def test_gets_of_several_bind_the_ids_and_stay_in_the_models_limit(declared: Family) -> None:
    if declared.get is None:
        assert declared.get_fields is None
        return
    bound = [member for member, template in declared.get.inputs.items() if template == IDS]
    asked = set().union(*(placeholders(text) for text in declared.get.inputs.values() if text != IDS))
    # A list that is filtered by the id is a get of one.
    assert bool(bound) is ("id" not in asked)
    assert bool(bound) or declared.get.batch in {None, 1}
    for member in bound:
        ids = input_members(declared, declared.get)[member]
        assert isinstance(ids, ListShape)
        assert declared.get.batch is not None
        assert 1 <= declared.get.batch <= ids.metadata.get("max", declared.get.batch)


@each_family
def test_a_get_of_one_asks_for_its_id(declared: Family) -> None:
    if declared.get is not None and declared.get.batch is None:
        assert "id" in set().union(*(placeholders(text) for text in declared.get.inputs.values()))


@each_family
def test_codes_of_missing_jobs_are_in_the_model(declared: Family) -> None:
    if declared.get is None:
        return
    modelled = {
        shape.metadata.get("error", {}).get("code", shape.name)
        for shape in operation(declared, declared.get).error_shapes
    }
    for code, text in declared.get.missing.items():
        # Any operation may answer with this error: only its message says what it is about.
        assert code in modelled or (code in {"ValidationException", "ValidationError"} and text)


@each_family
def test_some_answer_says_that_a_job_is_missing(declared: Family) -> None:
    """A get of one has an error for it; a get of several leaves the job out, or refuses it by name."""
    if declared.get is not None:
        assert declared.get.missing or declared.get.batch is not None


@each_family
def test_refusals_in_a_batch_answer_exist(declared: Family) -> None:
    if declared.get is None or declared.get.unanswered is None:
        return
    refused = resolve(declared.get.unanswered.path, output_shape(declared, declared.get))
    assert refused.many
    for path in (declared.get.unanswered.id, declared.get.unanswered.code, declared.get.unanswered.message):
        assert resolve(path, refused.shape).kind == "string"


# --- narrowing

TIMES = {"since": datetime(2026, 11, 20, 12, 0, tzinfo=UTC)}

each_narrowing = grouped(
    (each, each.name, {"declared": each, "narrowing": each.narrowing})
    for each in EVERY_FAMILY
    if each.narrowing is not None
)


@each_narrowing
def test_a_narrower_list_passes_the_models_own_validation(declared: Family, narrowing: Narrowing) -> None:
    call, _ = declared.listed
    bound = filled(declared, call)
    for more in narrowing.inputs:
        given = {**bound, **{member: moments(value, TIMES) for member, value in more.items()}}
        assert given != bound or call.window is not None
        assert not refused_by_the_model(declared, call, given), given


@each_narrowing
def test_a_narrower_list_is_since_a_time_or_of_all_that_is_open(declared: Family, narrowing: Narrowing) -> None:
    dated = [moments(more, TIMES) != more for more in narrowing.inputs]
    # The start of a window is later in any case.
    assert set(dated) == {narrowing.whole and declared.listed[0].window is None}
    if narrowing.whole:
        return
    asked = [word for more in narrowing.inputs for word in texts(more) if word in declared.states]
    assert sorted(asked) == sorted(word for word, state in declared.states.items() if not state.terminal)


def texts(value: object) -> list[str]:
    """Every text in an input's value, at any depth."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for one in inner for text in texts(one)]


@each_family
def test_a_list_is_narrowed_by_asking_for_less_or_by_its_order(declared: Family) -> None:
    assert declared.narrowing is None or not declared.newest_first


@each_family
def test_operations_of_one_quota_agree_on_its_rate(declared: Family) -> None:
    rates: dict[str, set[float]] = {}
    for each in EVERY_FAMILY:
        if each.service == declared.service:
            for call in each.calls:
                rates.setdefault(call.quota_name, set()).add(call.rate)
    assert all(len(found) == 1 for found in rates.values()), rates
