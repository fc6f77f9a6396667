"""Every declaration against botocore's models: nothing in the catalogue may be a guess about a shape."""

import re
from dataclasses import fields as members_of
from datetime import date

import boto3
import jmespath
import pytest
from botocore.model import MapShape, Shape, StructureShape

from jobview.catalogue import FAMILIES, SERVICE_MODELS, enabled, family, service_names
from jobview.catalogue.family import Family
from jobview.catalogue.records import Fields, TimeFormat, addends
from jobview.collect.logs import paths_of
from jobview.collect.templates import PLACEHOLDERS
from jobview.collect.values import S3_BUCKETS, S3_KEYS
from jobview.model import State
from local.catalogue import models
from local.catalogue.models import session
from tests.contract.each import EVERY_FAMILY, each_family, each_job, placeholders
from tests.contract.shapes import PATHS, Found, Job, PathError, jobs, resolve

KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
NEVER_FAIL = {
    # Single devices fail, and the session is done.
    "iotwireless/fuota-task",
    # Macie reports what it could not read as errors of a complete job.
    "macie2/classification-job",
    # A device comes back, and the logs show the objects that were not transferred.
    "snowball/job",
}
"""Families whose jobs may be cancelled and have no word for a failure."""

# --- the catalogue


def test_names_are_unique_and_lead_to_their_families() -> None:
    assert len(FAMILIES) == len(set(FAMILIES))
    assert [each.name for each in FAMILIES.values()] == list(FAMILIES)
    assert service_names() == tuple(dict.fromkeys(name.split("/")[0] for name in FAMILIES))
    for name, declared in FAMILIES.items():
        assert family(name) is declared
        assert KEBAB.fullmatch(declared.type)
        assert declared.title


def test_enabled_keeps_the_order_of_the_catalogue_and_names_a_bad_name() -> None:
    chosen = enabled(["sesv2/export", "omics/reference-import", "sesv2/export"])
    assert [each.name for each in chosen] == ["omics/reference-import", "sesv2/export"]
    assert enabled([]) == ()
    with pytest.raises(ValueError, match="'omics/runs' is not a family; allowed: service/type, such as ") as refused:
        enabled(["sesv2/import", "omics/runs"])
    assert len(str(refused.value)) < 200, "the catalogue is not printed"


@each_family
def test_a_declaration_is_frozen(declared: Family) -> None:
    with pytest.raises(AttributeError):
        declared.title = "another"  # type: ignore[misc]


def test_only_our_own_models_are_of_services_that_botocore_has_dropped() -> None:
    own = {path.name for path in SERVICE_MODELS.iterdir()}
    assert own == {"panorama"}
    assert own.isdisjoint(boto3.Session().get_available_services())


# --- paths


def fits(name: str, found: Found, fields: Fields) -> bool:
    """Whether a field of a declaration may be of this type."""
    match name:
        case "created" | "started" | "updated" | "ended":
            match fields.time_formats.get(name):
                case None:
                    return found.kind == "timestamp"
                case TimeFormat.TEXT:
                    return found.kind == "string"
            return found.kind in {"integer", "long", "float", "double"}
        case "progress":
            return found.kind in {"integer", "long", "float", "double", "string"}
        case "generation":
            return found.kind in {"integer", "long"}
        case "tags":
            return _is_tags(found)
        case "reason":
            return found.kind in {"string", "list of string"}
        case _:
            return found.kind == "string"


def _is_tags(found: Found) -> bool:
    """A map, a list of maps, or a list of ``{Key, Value}`` in either case of letters."""
    shape = found.shape
    if isinstance(shape, MapShape):
        return shape.key.type_name == shape.value.type_name == "string"
    return (
        found.many
        and isinstance(shape, StructureShape)
        and {name.lower() for name in shape.members} == {"key", "value"}
    )


def is_uri(shape: Shape) -> bool:
    """A string, or an S3 location: a structure with a bucket and a key."""
    if isinstance(shape, StructureShape):
        return not {*S3_BUCKETS}.isdisjoint(shape.members) and not {*S3_KEYS}.isdisjoint(shape.members)
    return shape.type_name == "string"


@each_job
def test_paths_exist_in_their_own_shape_with_a_fitting_type(job: Job) -> None:
    for name in PATHS:
        path = getattr(job.fields, name)
        if path is not None:
            found = resolve(path, job.shape)
            assert fits(name, found, job.fields), f"{job} {name}: {path} is a {found.kind}"
    for path in (*job.fields.inputs, *job.fields.outputs):
        assert is_uri(resolve(path, job.shape).shape), path
    others = PLACEHOLDERS | {kind.type for kind in job.family.parents}
    for place in job.fields.logs:
        assert not placeholders(place.group + (place.stream or "") + (place.prefix or "")) & {"account", "partition"}
        for path in paths_of((place,), others):
            assert resolve(path, job.shape).shape.type_name in ("string", "boolean"), path
        assert paths_of((place,), others) or "{id}" in (place.stream or place.prefix or ""), "it is every job's log"


@each_job
def test_what_stands_beside_the_status_word_has_values_of_the_members_type(job: Job) -> None:
    for rule in job.fields.when:
        assert rule.state in job.family.states.values(), "no word has the state that the rule is about"
        found = resolve(rule.path, job.shape).shape
        enum = getattr(found, "enum", None)
        kinds = {"boolean": bool, "integer": int, "long": int, "string": str}
        assert {type(value) for value in rule.values} <= {kinds[found.type_name]}, rule
        assert not enum or set(rule.values) <= set(enum), rule


@each_job
def test_causes_are_messages_with_exit_codes(job: Job) -> None:
    for cause in job.fields.causes:
        found = resolve(cause.at, job.shape)
        assert resolve(cause.message, found.shape).kind == "string"
        assert cause.exit_code is None or resolve(cause.exit_code, found.shape).kind == "integer"


@each_job
def test_only_a_container_has_items_at_work(job: Job) -> None:
    counts = job.fields.counts
    if counts is None or not counts.container:
        assert counts is None or counts.running == ()
        return
    assert counts.total
    assert counts.succeeded
    assert counts.failed


@each_job
def test_counts_are_whole_numbers(job: Job) -> None:
    if job.fields.counts is None:
        return
    told = (*job.fields.counts.paths, *job.fields.counts.running)
    assert told
    assert job.fields.counts.unit
    for path in told:
        assert resolve(path, job.shape).kind in {"integer", "long", "string"}


@each_job
def test_counts_in_a_map_of_statuses_are_of_known_statuses(job: Job) -> None:
    """The model does not have the keys of a map; the states of the family do, or a word beside the status."""
    if job.fields.counts is None:
        return
    known = {*job.family.states, *(value for rule in job.fields.when for value in rule.values)}
    counts = job.fields.counts
    ends = (counts.succeeded, counts.failed, counts.skipped)
    for path in (*(path for count in ends for path in addends(count)), *counts.running):
        if "." in path:
            around, _, key = path.rpartition(".")
            if isinstance(resolve(around, job.shape).shape, MapShape):
                assert key in known


@each_job
def test_parts_are_a_list_and_their_outcomes_are_the_models_words(job: Job) -> None:
    if job.fields.parts is None:
        return
    listed = resolve(job.fields.parts.path, job.shape)
    assert listed.many
    status = resolve(job.fields.parts.status, listed.shape)
    enum = getattr(status.shape, "enum", None)
    if enum:
        assert sorted(enum) == sorted(job.fields.parts.outcomes)
        assert job.fields.parts.others is None
    else:
        assert status.kind in {"integer", "string"}
    for path in (job.fields.parts.uri, job.fields.parts.message):
        assert path is None or resolve(path, listed.shape).kind == "string"
    assert {State.SUCCEEDED, State.FAILED} <= {*job.fields.parts.outcomes.values(), job.fields.parts.others}


@each_family
def test_parents_are_identified_by_a_string_id(declared: Family) -> None:
    if not declared.parents:
        assert declared.deepest_fields.parent is None
        return
    for kind in declared.parents:
        assert KEBAB.fullmatch(kind.type)
        found = resolve(kind.call.items, models.output(kind.service or declared.service, kind.call.operation))
        assert resolve(kind.id, found.shape).kind == "string"
    assert "parent" in placeholders(declared.first_call.inputs)


@each_family
def test_a_list_of_ids_alone_has_a_get_for_the_rest(declared: Family) -> None:
    if declared.lists_ids_only:
        assert declared.get is not None
        _, listed = declared.listed
        assert listed == Fields(id=listed.id, arns=listed.arns)


def test_only_these_lists_tell_all() -> None:
    """Elsewhere a get is worth its call; there it would be wasted on every new run."""
    assert family("glue/job-run").list_tells_all
    for job in jobs(family("glue/job-run")):
        assert job.shape.name == "JobRun"


@each_family
def test_the_get_returns_everything_that_the_list_returns(declared: Family) -> None:
    """Else a deeper read would lose a fact."""
    if declared.get_fields is None or declared.list_fields is None:
        return
    for member in members_of(Fields):
        listed, got = getattr(declared.list_fields, member.name), getattr(declared.get_fields, member.name)
        if listed and member.name != "id":
            assert got, member.name


# --- states


@each_job
def test_mapped_statuses_are_the_models_words_exactly(job: Job) -> None:
    if job.fields.status is None:
        return
    enum = getattr(resolve(job.fields.status, job.shape).shape, "enum", [])
    assert not enum or sorted(job.family.states) == sorted(enum)


@each_family
def test_states_have_a_beginning_and_two_ends(declared: Family) -> None:
    fields = declared.deepest_fields
    mapped = {*declared.states.values(), *(rule.then for rule in fields.when)}
    assert State.SUCCEEDED in mapped
    # Jobs of some services cannot fail (CloudFront's invalidations): they know no other end at all. Of others only the
    # parts (Elastic Disaster Recovery) or the counts (IoT jobs) show a failure.
    counted = fields.parts or (fields.counts is not None and fields.counts.failed)
    ends = State.FAILED in mapped or counted or mapped <= {State.PENDING, State.RUNNING, State.SUCCEEDED}
    assert ends or declared.name in NEVER_FAIL
    assert any(not state.terminal for state in mapped)
    assert State.DELETED not in mapped
    unknown = [word for word, state in declared.states.items() if state is State.UNKNOWN]
    assert 2 * len(unknown) < len(declared.states), "only of a word that says nothing"


# --- the rest


@each_family
def test_what_a_person_is_shown_is_complete(declared: Family) -> None:
    if declared.presigned and declared.service == "sesv2":
        assert declared.failures_how
    if declared.items_reader is not None:
        assert declared.grants
        assert declared.failures_how
    if declared.console is not None:
        assert declared.console.startswith("https://{region}.console.aws.amazon.com/")
        known = {"id", "parent", "account", "region", "partition", *(kind.type for kind in declared.parents)}
        assert placeholders(declared.console) <= known
        assert "{id}" in declared.console
    if declared.events is not None:
        assert declared.events.source.startswith("aws.")
        assert len(set(declared.events.detail_types)) == len(declared.events.detail_types) > 0
        assert len(declared.events.parents) == (0 if declared.events.arn else len(declared.parents))
        for path in (declared.events.id, *declared.events.parents):
            assert jmespath.compile(path)
            assert path.startswith(("detail.", "detail | ", "resources["))
    for grant in declared.grants:
        assert re.fullmatch(r"[a-z0-9-]+:(Get|List|Describe)[A-Za-z]+", grant.action)
        assert grant.resource.startswith("arn:{partition}:")
        assert grant.reason


@each_family
def test_regions_are_declared_only_where_botocore_knows_none(declared: Family) -> None:
    known = session().get_available_regions(declared.service)
    assert not (declared.regions and known)
    everywhere = {region for partition in ("aws",) for region in session().get_available_regions("ec2", partition)}
    assert set(declared.regions or ()) <= everywhere


RETIRED = {
    "codeguru-security/scan": date(2025, 11, 20),
    "greengrass/bulk-deployment": date(2026, 10, 7),
    "greengrass/deployment": date(2026, 10, 7),
    "inspector/assessment-run": date(2026, 5, 20),
    "lex-models/import": date(2025, 9, 15),
    "lex-models/migration": date(2025, 9, 15),
    "lookoutequipment/data-ingestion-job": date(2026, 10, 7),
    "lookoutequipment/model-version": date(2026, 10, 7),
    "panorama/package-import": date(2026, 5, 31),
    "proton/deployment": date(2026, 10, 7),
    # SageMaker itself lives on: only Edge Manager has ended.
    "sagemaker/edge-packaging-job": date(2024, 4, 26),
    "voice-id/fraudster-registration-job": date(2026, 5, 20),
    "voice-id/speaker-enrollment-job": date(2026, 5, 20),
}
"""Each day stands in AWS's announcement of the end of support."""


def test_these_families_are_retired() -> None:
    retired = {each.name: each.retired for each in EVERY_FAMILY if each.retired}
    assert retired == {name: day for name, day in RETIRED.items() if name in FAMILIES}


# --- the tests themselves


@pytest.mark.parametrize(
    "path", ["nothing", "sources[].nothing", "id[]", "sources[0]", "sources.*", "id.name", "sources[?status]"]
)
def test_a_wrong_path_is_found_out(path: str) -> None:
    shape = models.output("omics", "GetReferenceImportJob")
    with pytest.raises(PathError):
        resolve(path, shape)


def test_a_filter_by_a_ghost_of_an_enum_is_found_out() -> None:
    machines = models.output("stepfunctions", "ListStateMachines")
    assert resolve("stateMachines[?type == 'STANDARD']", machines).many
    with pytest.raises(PathError):
        resolve("stateMachines[?type == 'STANDART']", machines)


def test_states_hold_all_states_but_those_without_a_word() -> None:
    mapped = {state for each in EVERY_FAMILY for state in each.states.values()}
    assert mapped == set(State) - {State.DELETED}
