"""Families that nothing lists: a job is read from when somebody asks for it, or an event names it, until it ends."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Events, Family
from jobview.events.incoming import hint
from jobview.events.ingesting import Ingester, Outcome
from jobview.model import CadenceKind, Coverage, CoverageStatus, State, rfc3339
from local.standin import Fault, Phase, Plan, SeededJob
from tests.integration.conftest import Deployed, without_settings_of_aws
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local, local_jobview
from tests.monitoring import monitoring

TEXTRACT = [name for name, each in FAMILIES.items() if each.service == "textract" and each.list is None]
GET = "GetDocumentTextDetection"
TYPES = ",".join(name.partition("/")[2] for name in TEXTRACT)
SOURCE = f"textract:us-east-1:{ACCOUNT}:document-text-detection"
LONG = Plan(submitted=0, running=600)
BY_ID = "jobs that somebody asked for by id"


@contextmanager
def playing(moto: str, **variables: Any) -> Iterator[Local]:
    with pytest.MonkeyPatch.context() as patch:
        without_settings_of_aws(patch)
        with local_jobview(moto, patch.setenv, families=TEXTRACT, **variables) as jobview:
            yield jobview


@pytest.fixture
def local(moto: str) -> Iterator[Local]:
    with playing(moto) as jobview:
        yield jobview


def calls(local: Local, operation: str | None = None, **where: str) -> Callable[[], int]:
    """How often Textract, or one operation of it, was called since."""
    fault = Fault(kind="latency", seconds=0.001)
    rule = local.aws.faults.add(fault, service="textract", operation=operation, **where)
    return lambda: next(each["seen"] for each in local.aws.faults.to_json() if each["id"] == rule)


def seed(local: Local, plan: Plan = LONG, **fields: Any) -> SeededJob:
    [job] = local.aws.seed("textract", "document-text-detection", plan=plan, **fields)
    return job


def id_of(job: SeededJob) -> str:
    return f"textract:{job.region}:{job.account}:{job.type}:{job.id}"


def row(local: Local, source_id: str = SOURCE) -> Coverage:
    return next(each for each in local.parts.store.coverage() if each.source.id == source_id)


def kind(local: Local) -> CadenceKind | None:
    schedule = row(local).schedule
    return None if schedule is None else schedule.kind


def rows(api: Deployed, path: str) -> dict[str, dict[str, Any]]:
    return {each["source"]: each for each in api.get(path).json["coverage"]["sources"]}


def test_a_job_that_was_asked_for_once_is_read_until_it_ends_and_never_after(local: Local, api: Deployed) -> None:
    called, job = calls(local), seed(local, Plan(submitted=0, running=300))
    local.tick()
    assert (row(local).status, row(local).jobs, called()) == (CoverageStatus.COMPLETE, 0, 0)
    assert kind(local) is CadenceKind.IDLE
    assert "maxAge=0" in str(api.problem(f"/v1/jobs/{id_of(job)}", 404, "job-not-found")["detail"])

    view = api.get(f"/v1/jobs/{id_of(job)}?maxAge=0").json
    assert (view["state"], view["createdAt"], called()) == ("RUNNING", None, 1)
    assert SOURCE in local.tick(), "the source is read at once, and not when its idle time is over"
    assert (row(local).status, row(local).jobs, called()) == (CoverageStatus.COMPLETE, 1, 2)
    assert kind(local) is CadenceKind.ACTIVE
    for _ in range(6):
        local.tick(seconds=60)
    assert local.states(id_of(job)) == [State.RUNNING, State.SUCCEEDED]
    assert called() == 7, "once a minute"
    for _ in range(40):
        local.tick(seconds=60)
    assert called() == 7
    assert kind(local) is CadenceKind.IDLE
    assert row(local).jobs == 0


def test_every_answer_says_which_jobs_are_found(local: Local, api: Deployed) -> None:
    assert {each["listsOnly"] for each in rows(api, "/v1/jobs").values()} == {BY_ID}
    sources = {each["source"]: each for each in api.get("/v1/sources").json["sources"]}
    assert (sources[SOURCE]["listsOnly"], sources[SOURCE]["kind"]) == (BY_ID, "jobs")
    [family] = [each for each in api.get("/v1/families").json["families"] if each["family"] == TEXTRACT[0]]
    assert family["listsOnly"] == BY_ID
    assert family["how"] == f"{GET} returns one job by its id"
    assert family["operations"] == [{"operation": GET, "action": f"textract:{GET}", "callsPerSecond": 2}]
    local.tick()
    assert sources[SOURCE]["nextFullSyncAt"] is None
    assert row(local).schedule is not None


def test_a_live_list_reads_the_open_jobs_and_lists_nothing(local: Local, api: Deployed) -> None:
    jobs = [seed(local, Plan(submitted=0, running=seconds)) for seconds in (100, 1000)]
    for job in jobs:
        api.get(f"/v1/jobs/{id_of(job)}?maxAge=0")
    seed(local)  # nobody asked for this one
    called = calls(local)
    local.clock.advance(200)
    answer = api.get(f"/v1/jobs?service=textract&maxAge=0&type={TYPES}").json
    assert called() == 2
    assert {each["id"]: each["state"] for each in answer["jobs"]} == {
        id_of(jobs[0]): "SUCCEEDED",
        id_of(jobs[1]): "RUNNING",
    }
    assert answer["coverage"]["counts"] == {"complete": 4}
    assert rows(api, "/v1/jobs")[SOURCE]["jobs"] == 2
    api.get(f"/v1/jobs?service=textract&maxAge=0&type={TYPES}")
    assert called() == 3, "what has ended is not asked for again"


def test_an_ended_job_is_asked_for_itself_however_lately_its_source_was_read(local: Local, api: Deployed) -> None:
    job = seed(local, Plan(submitted=0, running=10))
    local.clock.advance(20)
    path = f"/v1/jobs/{id_of(job)}?maxAge=60"
    api.get(path)
    local.clock.advance(100)
    local.refresh(*TEXTRACT)
    called = calls(local)
    assert api.get(path).json["state"] == "SUCCEEDED"
    assert called() == 1, "the source was read, and the job not with it"


def test_what_a_document_says_is_in_no_answer(local: Local, api: Deployed) -> None:
    job = seed(local, Plan(submitted=0, running=10, outcome=Phase.PARTIAL))
    local.clock.advance(20)
    view = api.get(f"/v1/jobs/{id_of(job)}?maxAge=0&include=native").json
    assert (view["state"], view["items"]["unit"]) == ("PARTIALLY_SUCCEEDED", "pages")
    assert {"JobStatus", "DocumentMetadata", "Warnings"} <= view["native"].keys()
    assert not {"Blocks", "NextToken"} & view["native"].keys()


def test_an_id_that_aws_does_not_know_leaves_nothing_behind(local: Local, api: Deployed) -> None:
    other = seed(local)
    wrong = [f"{SOURCE}:nobodys-job", id_of(other).replace("document-text-detection", "document-analysis")]
    for job_id in wrong:
        told = api.problem(f"/v1/jobs/{job_id}?maxAge=0", 404, "job-not-found")
        assert told["awsCode"] == "InvalidJobIdException"
        api.problem(f"/v1/jobs/{job_id}/transitions", 404, "job-not-found")
    called = calls(local)
    local.tick(seconds=60)
    assert called() == 0
    assert api.get("/v1/jobs?maxAge=0").json["jobs"] == []
    assert api.get("/v1/summary").json["counts"] == []
    assert {each.jobs for each in local.parts.store.coverage()} == {0}


def test_an_open_job_that_aws_forgets_is_deleted(local: Local, api: Deployed) -> None:
    job = seed(local)
    api.get(f"/v1/jobs/{id_of(job)}?maxAge=0")
    come_back = local.aws.forget(job)
    local.tick(seconds=60)
    deleted = local.job(id_of(job))
    assert (deleted.view.state, deleted.inferred) == (State.DELETED, True)
    assert "InvalidJobIdException" in str(deleted.view.reason)
    assert row(local).status is CoverageStatus.COMPLETE
    come_back()
    local.clock.advance(1)
    assert api.get(f"/v1/jobs/{id_of(job)}?maxAge=0").json["state"] == "RUNNING", "what AWS says outranks an inference"
    assert SOURCE in local.tick()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(kind="error", code="ProvisionedThroughputExceededException"), CoverageStatus.THROTTLED),
        (Fault(kind="error", code="AccessDeniedException"), CoverageStatus.DENIED),
        (Fault(kind="malformed"), CoverageStatus.FAILED),
    ],
    ids=lambda each: str(getattr(each, "value", "")),
)
def test_open_jobs_that_cannot_be_got_are_as_they_were_and_the_coverage_says_so(
    local: Local, api: Deployed, fault: Fault, status: CoverageStatus
) -> None:
    job = seed(local, Plan(submitted=0, running=30))
    api.get(f"/v1/jobs/{id_of(job)}?maxAge=0")
    local.tick()
    good = row(local).as_of
    local.clock.advance(60)
    rule = local.aws.faults.add(fault, service="textract", operation=GET)
    live = api.get(f"/v1/jobs?service=textract&maxAge=0&type={TYPES}").json
    [told] = [each for each in live["coverage"]["sources"] if each["source"] == SOURCE]
    assert (told["status"], told["error"]["operation"]) == (status, GET)
    assert (told["asOf"], told["jobs"]) == (rfc3339(good), 1), "as of the last read that was whole"
    counts = live["coverage"]["counts"]
    assert (counts[status], counts["complete"]) == (1, 3), "the other families are not touched"
    assert [each["state"] for each in live["jobs"]] == ["RUNNING"]
    local.aws.faults.remove(rule)
    local.clock.advance(3600)
    local.tick()
    assert row(local).status is CoverageStatus.COMPLETE
    assert local.states(id_of(job)) == [State.RUNNING, State.SUCCEEDED]


def test_two_targets_have_each_their_own_jobs(local: Local) -> None:
    regions = ["us-east-1", "eu-west-1", "eu-north-1"]
    api = Deployed(local, monitoring(TEXTRACT, {"regions": regions}))
    jobs = [seed(local, region=region) for region in regions[:2]]
    for job in jobs:
        assert api.get(f"/v1/jobs/{id_of(job)}?maxAge=0").json["region"] == job.region
    elsewhere = id_of(jobs[0]).replace("us-east-1", "eu-west-1")
    api.problem(f"/v1/jobs/{elsewhere}?maxAge=0", 404, "job-not-found")
    called = {job.region: calls(local, GET, region=job.region) for job in jobs}
    read = rows(api, "/v1/jobs?type=document-text-detection&maxAge=0")
    assert {each["region"]: (each["status"], each["jobs"]) for each in read.values()} == {
        "us-east-1": ("complete", 1),
        "eu-west-1": ("complete", 1),
        # A region without the service is no source without jobs.
        "eu-north-1": ("unsupported", None),
    }
    assert {region: count() for region, count in called.items()} == {"us-east-1": 1, "eu-west-1": 1}


def test_more_open_jobs_than_one_read_has_time_for_have_each_their_turn(moto: str) -> None:
    with playing(moto, JOBVIEW_QUOTA_SHARE="0.05") as local:  # one call in ten seconds
        api = Deployed(local)
        jobs = [id_of(seed(local, Plan(submitted=0, running=1000))) for _ in range(7)]
        for job_id in jobs:
            assert api.get(f"/v1/jobs/{job_id}?maxAge=0").status == 200
            local.clock.advance(20)
        local.clock.advance(1000)
        found: list[tuple[CoverageStatus, int, int | None]] = []
        while not found or (found[-1][0] is not CoverageStatus.COMPLETE and len(found) < 20):
            local.tick(seconds=60, reading=25)
            ended = sum(local.job(job_id).view.state is State.SUCCEEDED for job_id in jobs)
            schedule = row(local).schedule
            assert schedule is not None
            found.append((row(local).status, ended, None if schedule.cursor is None else schedule.cursor.seen))
        seen = [cursor for _, _, cursor in found[:-1]]
        assert found[-1] == (CoverageStatus.COMPLETE, 7, None), found
        assert len(set(seen)) > 1, "it took several runs"
        assert row(local).jobs == 7, "all that were asked for, in whichever run"


# --- known by an event

EVENTS = Events(
    source="aws.textract", detail_types=("Textract Job State Change",), id="detail.jobId", status="detail.status"
)
BY_EVENT: Family = replace(FAMILIES["textract/document-text-detection"], events=EVENTS)


def take(local: Local, job_id: str, status: str) -> Outcome:
    """Hand an event of the family, as if AWS sent such ones, to what takes the events of services."""
    monitored = replace(local.parts.monitored, families=(BY_EVENT,))
    event = {
        "source": "aws.textract",
        "detail-type": "Textract Job State Change",
        "account": ACCOUNT,
        "region": "us-east-1",
        "time": rfc3339(local.clock.now()),
        "detail": {"jobId": job_id, "status": status},
    }
    ingester = Ingester(refresher=local.parts.refresher, store=local.parts.store, now=local.clock.now)
    return ingester.take(hint(json.dumps(event), monitored), deadline=1e12).outcome


def test_an_event_makes_a_job_known_which_is_then_read_until_it_ends(local: Local) -> None:
    local.tick()
    job, called = seed(local, Plan(submitted=0, running=90)), calls(local)
    assert take(local, job.id, "IN_PROGRESS") is Outcome.READ
    assert SOURCE in local.tick()
    for _ in range(10):
        local.tick(seconds=60)
    assert local.states(id_of(job)) == [State.RUNNING, State.SUCCEEDED]
    assert called() == 4


def test_an_event_of_a_job_that_aws_forgot_is_evidence_and_no_reason_to_ask_again(local: Local) -> None:
    local.tick()
    called = calls(local)
    assert take(local, "forgotten-job", "SUCCEEDED") is Outcome.WITNESSED
    assert (local.job(f"{SOURCE}:forgotten-job").view.state, called()) == (State.SUCCEEDED, 1)
    for _ in range(5):
        local.tick(seconds=60)
    assert called() == 1
