"""The compiled tables are what declarations and models say, and a declaration that leaves a doubt is refused."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jobview.catalogue import FAMILIES, language, tables
from jobview.catalogue.family import Family
from jobview.catalogue.language import (
    FAILED,
    NOT_HERE,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Events,
    Job,
    OfEvent,
    Parent,
    Parts,
    Service,
    When,
)
from jobview.model import State
from local.catalogue.compiling import CatalogueError, compiled
from local.catalogue.declarations import declared_in, modules, service_of, table_of, text_of
from tests.contract.each import each_family

GLUE = Service("glue", rate=5)
GLUE_JOB = Parent(GLUE, "job", list="GetJobs", id="Name", page_size=100)
WORDS = {
    PENDING: "WAITING STARTING",
    RUNNING: "RUNNING STOPPING",
    SUCCEEDED: "SUCCEEDED",
    FAILED: "STOPPED FAILED TIMEOUT ERROR EXPIRED",
}


def glue(**more: Any) -> language.Family:
    given: dict[str, Any] = {
        "under": [GLUE_JOB],
        "list": "GetJobRuns",
        "get": "GetJobRun",
        "job": Job(id="Id", status="JobRunState", started="StartedOn", reason="ErrorMessage"),
        "states": WORDS,
    }
    return language.Family(GLUE, "job-run", "AWS Glue job run", **(given | more))


def beside(**facts: Any) -> Job:
    return replace(Job(id="Id", status="JobRunState"), **facts)


# --- what is checked in


@pytest.mark.parametrize("module", modules())
def test_the_checked_in_table_is_what_the_declaration_compiles_to(module: str) -> None:
    """Where this fails: ``make catalogue``, and read the difference. A new botocore may have changed a derivation."""
    text = text_of(declared_in(module))
    assert table_of(module).exists(), "make catalogue"
    assert table_of(module).read_text(encoding="utf-8") == text


def test_every_table_has_a_declaration() -> None:
    assert set(tables.services()) <= {service_of(module) for module in modules()}


@each_family
def test_a_table_is_read_as_it_was_written(declared: Family) -> None:
    row = json.loads(json.dumps(tables.encoded(declared)))
    assert tables.decoded(declared.service, declared.type, row) == declared


def test_a_name_that_is_no_familys_is_none() -> None:
    assert FAMILIES["glue/job-run"].type == "job-run"
    for name in ("glue/nothing", "nothing/at-all", "glue", "../glue/job-run"):
        assert name not in FAMILIES


# --- what is derived


def test_what_the_model_decides_is_not_said() -> None:
    family = compiled(glue())
    assert family.get is not None
    call, _ = family.listed
    assert (call.items, call.tokens) == ("JobRuns", ("NextToken", "NextToken"))
    assert call.page_size == ("MaxResults", 200)
    assert call.inputs == {"JobName": "{parent}"}
    assert family.parents[0].call.items == "Jobs"
    assert (family.get.item, family.get.inputs) == ("JobRun", {"JobName": "{parent}", "RunId": "{id}"})
    assert family.get.missing == {"EntityNotFoundException": ""}
    assert (family.get.action, family.get.resource) == (
        "glue:GetJobRun",
        "arn:{partition}:glue:{region}:{account}:job/*",
    )
    assert family.listed[1].time_formats == {}
    assert list(family.states) == [
        *("STARTING", "RUNNING", "STOPPING", "STOPPED", "SUCCEEDED", "FAILED"),
        *("TIMEOUT", "ERROR", "WAITING", "EXPIRED"),
    ]


def test_the_get_has_the_facts_of_the_list_except_declared_ones() -> None:
    family = compiled(glue(got=Job(ended="CompletedOn", reason=NOT_HERE)))
    assert family.get_fields == replace(family.listed[1], ended="CompletedOn", reason=None)
    assert compiled(glue()).list_tells_all


def test_events_and_pages_of_the_console_are_completed() -> None:
    event = Events(("A", "B"), id="jobRunId", parent="(a && b) || c", status="state")
    family = compiled(glue(events=event, console="glue/home#/{id}"))
    assert family.events is not None
    assert (family.events.source, family.events.detail_types) == ("aws.glue", ("A", "B"))
    assert (family.events.id, family.events.parents) == ("detail.jobRunId", ("detail | (a && b) || c",))
    assert family.console == "https://{region}.console.aws.amazon.com/glue/home?region={region}#/{id}"


def test_an_arn_beside_the_detail_names_parents_and_job() -> None:
    event = Events("A", id=OfEvent("resources[0]"), arn="job/{job}/run/{id}")
    family = compiled(glue(events=event))
    assert family.events is not None
    assert (family.events.id, family.events.parents, family.events.arn) == ("resources[0]", (), "job/{job}/run/{id}")
    with pytest.raises(CatalogueError, match="has to name id, job"):
        compiled(glue(events=Events("A", id=OfEvent("resources[0]"), arn="run/{id}")))


def test_a_code_of_many_meanings_says_no_such_job_by_its_text() -> None:
    declared = glue(missing={"InvalidInputException": "is not valid"})
    get = compiled(declared).get
    assert get is not None
    assert get.missing == {"EntityNotFoundException": "", "InvalidInputException": "is not valid"}


def test_the_list_of_batch_jobs_is_called_for_each_status_and_could_be_for_each_of_several_inputs() -> None:
    batch = next(each for each in declared_in("batch") if each.type == "job")
    words = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")
    assert compiled(batch).listed[0].each == tuple({"jobStatus": word} for word in words)
    several = ({"jobStatus": "RUNNING"}, {"jobStatus": "FAILED", "maxResults": 10})
    assert compiled(replace(batch, per_status=None, each=several)).listed[0].each == several
    assert compiled(glue()).listed[0].each == ()


def test_rules_sums_exit_codes_and_what_a_list_leaves_out_are_read_as_they_were_written() -> None:
    declared = glue(
        job=beside(
            when=(When(FAILED, "Attempt", (0, 1), SUCCEEDED), When(SUCCEEDED, "JobRunState", ("FAILED",), FAILED)),
            counts=Counts(unit="tries", total=("Attempt", "Timeout"), failed="Attempt"),
            parts=Parts(unit="runs", path="PredecessorRuns", status="RunId", outcomes={"0": SUCCEEDED}, others=FAILED),
        ),
        lists_only="those of the last hour",
    )
    family = compiled(declared)
    assert family.listed[1].when == declared.job.when
    assert family.listed[1].counts == declared.job.counts
    assert family.listed[1].parts == declared.job.parts
    assert family.lists_only == "those of the last hour"
    row = json.loads(json.dumps(tables.encoded(family)))
    assert tables.decoded("glue", "job-run", row) == family
    assert compiled(glue()).lists_only is None


# --- what is refused


def wrong(family: language.Family, *said: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        compiled(family)
    for text in (f"{family.service.name}/{family.type}: ", *said):
        assert text in str(refused.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"list": "ListRuns"}, ["ListRuns"]),
        ({"get": "GetRun"}, ["GetRun"]),
        ({"job": Job(id="Id", status="State")}, ["a record of GetJobRuns", "no member State"]),
        ({"job": Job(status="JobRunState")}, ["a record of GetJobRuns has no id"]),
        ({"got": Job(reason="Message")}, ["the job of GetJobRun", "no member Message"]),
        (
            {"job": Job(id="Id", status="JobRunState", ended="ErrorMessage")},
            ["GetJobRuns", "ErrorMessage is a string"],
        ),
        ({"states": {RUNNING: "RUNNING"}}, ["not declared", "STOPPED"]),
        ({"states": WORDS | {State.PAUSED: "SLEEPING"}}, ["not in the model", "SLEEPING"]),
        ({"page_size": 201}, ["page_size 201 is above the model's largest, 200"]),
        ({"under": []}, ["GetJobRuns", "JobName"]),
        ({"get_inputs": {"RunId": "{id}", "JobName": "{parent}", "Other": "x"}}, ["Other"]),
        ({"per_status": "Status"}, ["GetJobRuns", "Status"]),
        ({"per_status": "JobName"}, ["JobName has no enum: declare each"]),
        ({"each": [{"MaxResults": 1}, {"State": "RUNNING"}]}, ["GetJobRuns has no input State"]),
        ({"each": [{"MaxResults": 1}], "per_status": "JobName"}, ["not for both"]),
        ({"list": "GetJobs", "under": [], "newest_first": True}, ["GetJobs", "newest"]),
        ({"job": beside(when=(When(FAILED, "Code", (1,), SUCCEEDED),))}, ["GetJobRuns", "no member Code"]),
        ({"job": beside(counts=Counts(unit="x", total=("Attempt", "Tries")))}, ["GetJobRuns", "no member Tries"]),
    ],
)
def test_a_declaration_that_contradicts_the_model_is_named(more: dict[str, Any], said: Sequence[str]) -> None:
    wrong(glue(**more), *said)


# --- families without a list


def by_id(**more: Any) -> language.Family:
    return glue(**{"list": None, "job": Job(status="JobRunState", reason="ErrorMessage"), **more})


def test_a_family_without_a_list_is_its_get() -> None:
    family = compiled(by_id())
    assert (family.list, family.list_fields) == (None, None)
    assert family.get is not None
    assert family.get.inputs == {"JobName": "{parent}", "RunId": "{id}"}
    assert family.deepest_fields.id is None, "whoever asks for one job knows its id"
    assert [call.operation for call in family.calls] == ["GetJobs", "GetJobRun"]
    assert (family.lists_states, family.lists_ids_only, family.list_tells_all) == (False, False, False)
    row = json.loads(json.dumps(tables.encoded(family)))
    assert tables.decoded("glue", "job-run", row) == family


def test_which_jobs_are_found_without_a_list_follows_from_its_events() -> None:
    assert compiled(by_id()).lists_only == "jobs that somebody asked for by id"
    events = Events("Glue Job State Change", id="jobRunId", parent="jobName")
    assert compiled(by_id(events=events)).lists_only == "jobs that somebody asked for by id, or that an event named"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"get": None}, "neither a list nor a get"),
        ({"page_size": 100, "newest_first": True}, "it has no list: leave page_size, newest_first out"),
        ({"got": Job(ended="CompletedOn")}, "it has no list: leave got out"),
        ({"lists_only": "some"}, "it has no list: leave lists_only out"),
        ({"inputs": {"JobName": "x"}, "rate": 3}, "it has no list: leave inputs, rate out"),
        ({"job": Job(reason="ErrorMessage")}, "neither list nor get has a status"),
        ({"under": []}, "which input takes the id? Declare get_inputs"),
    ],
)
def test_a_family_without_a_list_says_nothing_of_one(more: dict[str, Any], said: str) -> None:
    wrong(by_id(**more), said)


def test_a_get_of_several_tells_whose_record_is_whose() -> None:
    several: dict[str, Any] = {"under": [], "get": "BatchGetBlueprints", "get_inputs": {"Names": "{ids}"}}
    states = {RUNNING: "CREATING UPDATING", SUCCEEDED: "ACTIVE", FAILED: "FAILED"}
    wrong(by_id(**several, job=Job(status="Status"), states=states, batch=5), "the job of BatchGetBlueprints has no id")


# --- what no model decides


def test_what_no_model_decides_has_to_be_declared() -> None:
    ses = Service("sesv2", rate=1)
    states = {PENDING: "CREATED", RUNNING: "PROCESSING", SUCCEEDED: "COMPLETED", FAILED: "FAILED CANCELLED"}
    job = Job(id="JobId", status="JobStatus")
    export = language.Family(ses, "export", "SES", list="ListExportJobs", job=job, states=states)
    wrong(export, "ListExportJobs", "no largest PageSize: declare page_size")
    transcribe = language.Family(
        Service("transcribe", rate=5),
        "job",
        "Transcribe",
        list="ListTranscriptionJobs",
        items="Nothing",
        job=Job(id="TranscriptionJobName", status="TranscriptionJobStatus"),
        states={PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    )
    wrong(transcribe, "no member Nothing")
