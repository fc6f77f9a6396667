"""One value that cannot be read costs that value: in lists, gets and parents."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import PLACES, Unreadable
from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.model import Observation, Parent, State, UnreadableValue
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.collect.reading import FOREVER, TARGET, answering, key_of, source

SES, GLUE, BATCH = family("sesv2/import"), family("glue/job-run"), family("batch/job")
OMICS, ATHENA, MACHINES = (
    family("omics/reference-import"),
    family("athena/query-execution"),
    family("stepfunctions/execution"),
)
NIGHTLY = Parent(type="job", id="nightly")
SECONDS, MILLISECONDS = 1772449200, 1772445600000
NEVER = "9999-12-31T23:59:59Z"


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


def run(native_id: str, **more: object) -> dict[str, object]:
    return {"Id": native_id, "JobName": "nightly", "JobRunState": "FAILED", "StartedOn": SECONDS} | more


def listed(
    reader: Reader, of: Family, parent: Parent | None = None
) -> tuple[dict[str, Observation], tuple[UnreadableValue, ...]]:
    unreadable = Unreadable()
    pages = list(reader.list_jobs(of, source(of, parent), FOREVER, unreadable=unreadable))
    assert sum(value.count for value in unreadable.values) == unreadable.count
    return {job.view.key.native_id: job for page in pages for job in page.records}, unreadable.values


def warning(operation: str, path: str, count: int = 1) -> UnreadableValue:
    return UnreadableValue(operation=operation, path=path, count=count)


def test_a_time_in_milliseconds_costs_that_time(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRuns": [run("jr_1"), run("jr_2", StartedOn=MILLISECONDS), run("jr_3")]})
    jobs, warnings = listed(reader, GLUE, NIGHTLY)
    started = {name: job.view.started_at for name, job in jobs.items()}
    moment = datetime.fromtimestamp(SECONDS, UTC)
    assert started == {"jr_1": moment, "jr_2": None, "jr_3": moment}
    assert warnings == (warning("GetJobRuns", "JobRuns[1].StartedOn"),)


def test_the_same_member_of_many_records_is_one_warning(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRuns": [run("a"), *(run(f"jr_{n}", StartedOn=MILLISECONDS) for n in range(100))]})
    jobs, warnings = listed(reader, GLUE, NIGHTLY)
    assert len(jobs) == 101
    assert warnings == (warning("GetJobRuns", "JobRuns[1].StartedOn", 100),)


def test_parents_go_on(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(
        {"Jobs": [{"Name": "nightly", "CreatedOn": SECONDS}, {"Name": "old", "CreatedOn": MILLISECONDS}]}
    )
    unreadable = Unreadable()
    pages = list(reader.parents(GLUE, GLUE.whole(TARGET), FOREVER, unreadable=unreadable))
    assert [[parent.id for parent in page] for page in pages] == [["nightly", "old"]]
    assert unreadable.values == (warning("GetJobs", "Jobs[1].CreatedOn"),)


def test_a_parent_that_cannot_be_sorted_out_is_not_taken_to_be_gone(canned: Canned, reader: Reader) -> None:
    machine = {"stateMachineArn": "arn", "name": "m", "type": "STANDARD", "creationDate": SECONDS}
    canned.answer = answering({"stateMachines": [machine, machine | {"name": "n", "type": 7}]})
    pages = reader.parents(MACHINES, MACHINES.whole(TARGET), FOREVER)
    assert [parent.id for parent in next(pages)] == ["m"]
    with pytest.raises(ReadFailure, match=r"stateMachines\[1\]\.type cannot be read"):
        next(pages)
    canned.answer = answering({"stateMachines": [machine | {"creationDate": "soon"}]})
    assert [[parent.id for parent in page] for page in reader.parents(MACHINES, MACHINES.whole(TARGET), FOREVER)] == [
        ["m"]
    ]


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("StartedOn", "soon", "StartedOn"),
        ("StartedOn", "Monday", "StartedOn"),
        ("StartedOn", {}, "StartedOn"),
        ("StartedOn", True, "StartedOn"),
        ("StartedOn", float("nan"), "StartedOn"),
        ("StartedOn", 1e300, "StartedOn"),
        ("StartedOn", -62135596801, "StartedOn"),
        ("StartedOn", NEVER, "StartedOn"),  # readable, and no time that a job could have
        ("StartedOn", "1601-01-01T00:00:00Z", "StartedOn"),
        ("JobRunState", 7, "JobRunState"),
        ("ErrorMessage", ["boom"], "ErrorMessage"),
        ("ErrorMessage", 5.5, "ErrorMessage"),
        ("Attempt", "3", "Attempt"),
        ("Attempt", 10**30, "Attempt"),
        ("Attempt", 2.5, "Attempt"),
        ("ExecutionTime", True, "ExecutionTime"),
        ("MaxCapacity", float("inf"), "MaxCapacity"),
        ("MaxCapacity", "10", "MaxCapacity"),
        ("Arguments", ["--a"], "Arguments"),
        ("Arguments", {"--key": 5}, "Arguments.*"),
        ("PredecessorRuns", "none", "PredecessorRuns"),
        ("PredecessorRuns", ["none"], "PredecessorRuns[0]"),
        ("PredecessorRuns", [{"RunId": 3, "JobName": "j"}], "PredecessorRuns[0].RunId"),
        ("NotificationProperty", 1, "NotificationProperty"),
    ],
)
def test_any_member_of_json(canned: Canned, reader: Reader, member: str, value: object, path: str) -> None:
    canned.answer = answering({"JobRuns": [run("a"), run("b", **{member: value}), run("c")]})
    jobs, warnings = listed(reader, GLUE, NIGHTLY)
    assert list(jobs) == ["a", "b", "c"]
    assert warnings == (warning("GetJobRuns", f"JobRuns[1].{path}"),)
    assert jobs["a"].view.started_at == jobs["c"].view.started_at == datetime.fromtimestamp(SECONDS, UTC)


@pytest.mark.parametrize("value", [0, "1970-01-01T00:00:00Z", "2026-03-02T12:00:00Z", "1772449200", 1772449200.25])
def test_what_can_be_read_is_no_warning(canned: Canned, reader: Reader, value: object) -> None:
    canned.answer = answering({"JobRuns": [run("a", StartedOn=value, Attempt=3.0, MaxCapacity=2)]})
    assert not listed(reader, GLUE, NIGHTLY)[1]


def test_a_number_of_thousands_of_digits_costs_that_number(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(Told('{"JobRuns": [{"Id": "a", "Attempt": %s}, {"Id": "b"}]}' % ("9" * 9000)))
    jobs, warnings = listed(reader, GLUE, NIGHTLY)
    assert list(jobs) == ["a", "b"]
    assert warnings == (warning("GetJobRuns", "JobRuns[0].Attempt"),)


def test_bytes_that_are_no_text_cost_that_text(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(Told(b'{"JobRuns": [{"Id": "a", "ErrorMessage": "\xff boom"}, {"Id": "b"}]}'))
    jobs, _ = listed(reader, GLUE, NIGHTLY)
    assert jobs["a"].view.reason == "? boom"
    assert list(jobs) == ["a", "b"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("CreatedTimestamp", MILLISECONDS),
        ("ProcessedRecordsCount", "12"),
        ("ProcessedRecordsCount", -3),
        ("FailedRecordsCount", [1]),
        ("JobStatus", {"now": "COMPLETED"}),
        ("ImportDestination", "list"),
    ],
)
def test_any_member_of_rest_json(canned: Canned, reader: Reader, member: str, value: object) -> None:
    good = {"JobId": "a", "JobStatus": "COMPLETED", "CreatedTimestamp": SECONDS, "ProcessedRecordsCount": 4}
    canned.answer = answering({"ImportJobs": [good, good | {"JobId": "b", member: value}]})
    jobs, warnings = listed(reader, SES)
    assert list(jobs) == ["a", "b"]
    assert warnings == (warning("ListImportJobs", f"ImportJobs[1].{member}"),)
    assert jobs["a"].view.items is not None


def test_milliseconds_that_are_none(canned: Canned, reader: Reader) -> None:
    """Batch gives times as numbers of milliseconds; 0 is "not yet" and seconds would be 1970."""

    def answer(asked: Asked) -> Told:
        job = {"jobName": "j", "status": "RUNNING", "startedAt": 0}
        jobs = [
            job | {"jobId": "a", "createdAt": 1772442000000},
            job | {"jobId": "b", "createdAt": 1772442000},
            job | {"jobId": "c", "createdAt": 1772442000000, "arrayProperties": {"statusSummary": {"FAILED": -1}}},
        ]
        return Told(json.dumps({"jobSummaryList": jobs if json.loads(asked.body)["jobStatus"] == "RUNNING" else []}))

    canned.answer = answer
    jobs, warnings = listed(reader, BATCH, Parent(type="job-queue", id="q"))
    assert [job.view.created_at is None for job in jobs.values()] == [False, True, False]
    assert warnings == (
        warning("ListJobs", "jobSummaryList[1].createdAt"),
        warning("ListJobs", "jobSummaryList[2].arrayProperties.statusSummary.FAILED"),
    )


def test_a_got_job_goes_on(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRun": run("jr", CompletedOn=MILLISECONDS)})
    unreadable = Unreadable()
    [got] = reader.get_jobs(GLUE, TARGET, [key_of(GLUE, "jr", "nightly")], FOREVER, unreadable=unreadable)
    assert got.observation is not None
    assert (got.observation.view.state, got.observation.view.ended_at) == (State.FAILED, None)
    assert got.native is not None
    assert got.native["CompletedOn"] is None
    assert unreadable.values == (warning("GetJobRun", "JobRun.CompletedOn"),)
    canned.answer = answering({"JobId": "j", "JobStatus": "COMPLETED", "CreatedTimestamp": "soon"})
    [got] = reader.get_jobs(SES, TARGET, [key_of(SES, "j")], FOREVER, unreadable=unreadable)
    assert unreadable.values[-1] == warning("GetImportJob", "CreatedTimestamp")


def queries(*ids: object) -> dict[str, object]:
    return {
        "QueryExecutions": [
            {"QueryExecutionId": told, "Status": {"State": "RUNNING", "SubmissionDateTime": MILLISECONDS}}
            for told in ids
        ]
    }


def test_jobs_of_a_batch_go_on(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(queries("a", "b"))
    unreadable = Unreadable()
    keys = [key_of(ATHENA, name, "w") for name in "ab"]
    got = list(reader.get_jobs(ATHENA, TARGET, keys, FOREVER, unreadable=unreadable))
    assert [each.error for each in got] == [None, None]
    path = "QueryExecutions[0].Status.SubmissionDateTime"
    assert unreadable.values == (warning("BatchGetQueryExecution", path, 2),)


@pytest.mark.parametrize(
    "answer",
    [
        queries("a", 7),
        {"QueryExecutions": "none"},
        queries("a") | {"UnprocessedQueryExecutionIds": "none"},
        queries("a") | {"UnprocessedQueryExecutionIds": [{"QueryExecutionId": 7, "ErrorCode": "X"}]},
    ],
)
def test_a_job_that_an_unreadable_record_may_be_is_not_taken_to_be_gone(
    canned: Canned, reader: Reader, answer: object
) -> None:
    canned.answer = answering(answer)
    got = list(reader.get_jobs(ATHENA, TARGET, [key_of(ATHENA, name, "w") for name in "ab"], FOREVER))
    assert got[1].error is not None
    assert got[1].error.kind == "malformed"


@pytest.mark.parametrize(
    ("of", "answer"),
    [
        (GLUE, {"JobRuns": "none"}),
        (GLUE, {"JobRuns": {"Id": "a"}}),
        (GLUE, {"JobRuns": [], "NextToken": 7}),
        (SES, {"ImportJobs": 3}),
        (OMICS, {"importJobs": [], "nextToken": ["a"]}),
    ],
)
def test_a_list_that_cannot_be_read_never_looks_empty_or_whole(
    canned: Canned, reader: Reader, of: Family, answer: object
) -> None:
    canned.answer = answering(answer)
    with pytest.raises(ReadFailure) as raised:
        listed(reader, of, next(iter(of.path(["1234567890"])), None))
    assert raised.value.error.kind == "malformed"


def test_what_is_listed_before_a_token_that_cannot_be_read_is_kept(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRuns": [run("a")], "NextToken": 7})
    pages = reader.list_jobs(GLUE, source(GLUE, NIGHTLY), FOREVER)
    assert [job.view.key.native_id for job in next(pages).records] == ["a"]
    with pytest.raises(ReadFailure):
        next(pages)


def test_warnings_are_bounded() -> None:
    unreadable = Unreadable()
    unreadable.add("List", (f"Jobs[0].Member{number}" for number in range(100)))
    unreadable.add("List", ["Jobs[7].Member0", "x" * 5000])
    assert unreadable.count == 102
    assert len(unreadable.values) == PLACES
    assert unreadable.values[0] == warning("List", "Jobs[0].Member0", 2)
    long = Unreadable()
    long.add("List", ["x" * 5000])
    assert len(long.values[0].path) == 256


def test_a_key_names_its_job_where_the_record_does_not(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRun": run("jr", Id=7)})
    key = JobKey.parse(str(key_of(GLUE, "jr", "nightly")))
    [got] = reader.get_jobs(GLUE, TARGET, [key], FOREVER)
    assert got.observation is not None
    assert got.observation.view.key == key
