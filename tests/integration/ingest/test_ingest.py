"""The services' events, from the queue through the ingest function to the store, over real HTTP."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.ingest import handler as ingest
from jobview.model import State, rfc3339
from local.standin import Fault, Phase, Plan
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

OMICS = f"omics:{REGION}:{ACCOUNT}:reference-import"


class Context(LambdaContext):
    """Lambda's context of an invocation."""

    def __init__(self) -> None:
        self._function_name = "ingest"
        self._memory_limit_in_mb = 1024
        self._invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ingest"
        self._aws_request_id = "00000000-0000-0000-0000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 120_000


@pytest.fixture(autouse=True)
def _function(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function as Lambda has it. Its clock is this machine's, AWS has the stand-in's."""
    for name, value in local.settings.items():
        monkeypatch.setenv(name, value)
    ingest.ingester.cache_clear()


def event(local: Local, kind: str, detail: dict[str, Any], *, source: str = "aws.omics", **changes: Any) -> str:
    return json.dumps(
        {
            "version": "0",
            "id": "1",
            "source": source,
            "detail-type": kind,
            "account": ACCOUNT,
            "region": REGION,
            "time": rfc3339(local.clock.now()),
            "resources": [],
            "detail": detail,
            **changes,
        }
    )


def omics(local: Local, job: Any, status: str = "COMPLETED", **changes: Any) -> str:
    detail = {"omicsVersion": "1.0.0", "id": job.id, "referenceStoreId": job.parent, "status": status}
    return event(local, "Reference Import Job Status Change", detail, **changes)


def take(*bodies: str) -> list[str]:
    """Invoke the function; the places of the messages that go back to the queue."""
    records = [
        {"messageId": str(place), "body": body, "eventSource": "aws:sqs", "receiptHandle": "r", "attributes": {}}
        for place, body in enumerate(bodies)
    ]
    return [
        str(failure["itemIdentifier"])
        for failure in ingest.handler({"Records": records}, Context())["batchItemFailures"]
    ]


def calls(local: Local) -> None:
    """From here on every call of HealthOmics would fail, and show."""
    local.aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="omics")


def test_an_event_brings_a_job_that_no_refresh_has_seen(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=5, running=60))
    job_id = f"{OMICS}:{job.parent}:{job.id}"
    assert take(omics(local, job, "SUBMITTED")) == []
    assert local.job(job_id).view.state is State.PENDING
    local.clock.advance(10)
    assert take(omics(local, job, "IN_PROGRESS")) == []
    local.clock.advance(60)
    assert take(omics(local, job)) == []
    assert local.states(job_id) == [State.PENDING, State.RUNNING, State.SUCCEEDED]


def test_what_an_event_says_of_the_state_is_not_believed(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=5, running=60))
    assert take(omics(local, job, "FAILED")) == []
    assert local.states(f"{OMICS}:{job.parent}:{job.id}") == [State.PENDING]


def test_the_manifest_is_read_with_the_end(local: Local) -> None:
    [job] = local.aws.seed(
        "medical-imaging",
        "dicom-import",
        plan=Plan(submitted=0, running=1, outcome=Phase.PARTIAL, items=9, failed_items=3),
        input={"outputS3Uri": "s3://dicom/results/", "inputS3Uri": "s3://dicom/input/"},
    )
    local.clock.advance(20)
    body = event(
        local,
        "Import Job Completed",
        {"datastoreId": job.parent, "jobId": job.id, "jobStatus": "COMPLETED"},
        source="aws.medical-imaging",
    )
    assert take(body) == []
    view = local.job(f"medical-imaging:{REGION}:{ACCOUNT}:dicom-import:{job.parent}:{job.id}").view
    assert (view.state, view.verified) == (State.PARTIALLY_SUCCEEDED, True)


def test_an_id_alone_does_not_bring_a_job_under_another_parent(local: Local) -> None:
    """Athena asks by the id alone: the parent of an event is held against what Athena says."""
    athena = boto3.client("athena")
    native = athena.start_query_execution(
        QueryString="SELECT 1", ResultConfiguration={"OutputLocation": "s3://dicom/athena/"}
    )["QueryExecutionId"]

    def query(workgroup: str) -> str:
        detail = {"queryExecutionId": native, "workgroupName": workgroup, "currentState": "SUCCEEDED"}
        return event(local, "Athena Query State Change", detail, source="aws.athena")

    where = f"athena:{REGION}:{ACCOUNT}:query-execution"
    assert take(query("forged"), query("primary")) == []
    assert local.parts.store.get(f"{where}:forged:{native}") is None
    assert local.job(f"{where}:primary:{native}").view.via == "get"


def test_duplicates_and_any_order_end_in_the_same_history(local: Local) -> None:
    jobs = local.aws.seed("omics", "reference-import", count=4, plan=Plan(submitted=0, running=5))
    local.clock.advance(20)
    bodies = [omics(local, job, status) for job in jobs for status in ("SUBMITTED", "IN_PROGRESS", "COMPLETED")] * 2
    random.Random(1).shuffle(bodies)  # noqa: S311 (an order, no secret)
    assert take(*bodies) == []
    for job in jobs:
        assert local.states(f"{OMICS}:{job.parent}:{job.id}") == [State.SUCCEEDED]


def test_a_late_event_of_an_ended_job_costs_no_call(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=5))
    local.clock.advance(20)
    assert take(omics(local, job)) == []
    before = local.job(f"{OMICS}:{job.parent}:{job.id}")
    calls(local)
    late = rfc3339(before.view.observed_at - timedelta(minutes=11))
    assert take(omics(local, job, time=late)) == []
    assert local.job(before.view.id) == before


def test_events_of_what_the_service_does_not_know_are_harmless(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    nobody = {"id": "9999999999", "referenceStoreId": job.parent}
    nowhere = {"id": job.id, "referenceStoreId": "9999999999"}
    odd = {"id": "../../etc", "referenceStoreId": "{parent}"}
    kind = "Reference Import Job Status Change"
    assert take(*(event(local, kind, detail) for detail in (nobody, nowhere, odd))) == []
    assert local.parts.store.summary(local.clock.now()).counts == {}


def test_an_event_of_the_future_is_no_evidence_of_a_forgotten_job(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    kind, forgotten = "Reference Import Job Status Change", f"{OMICS}:{job.parent}:9999999999"
    detail = {"id": "9999999999", "referenceStoreId": job.parent, "status": "COMPLETED"}
    ahead = rfc3339(datetime.now(UTC) + timedelta(minutes=11))  # the function's clock is this machine's
    bodies = [event(local, kind, detail, time=time) for time in ("2099-01-01T00:00:00Z", ahead)]
    assert take(*bodies) == []
    assert local.parts.store.get(forgotten) is None
    assert take(event(local, kind, detail)) == []
    assert local.job(forgotten).view.via == "event", "the same event of now is evidence"


@pytest.mark.parametrize(
    "body", ["", "anything at all", "[]", "{}", '{"source":"aws.omics"}', '{"detail":' + "[" * 5000]
)
def test_a_malformed_message_is_dropped_and_spares_its_neighbours(
    local: Local, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    assert take(body, omics(local, job)) == []
    assert local.job(f"{OMICS}:{job.parent}:{job.id}").revision == 1
    [told] = [record for record in caplog.records if record.getMessage() == "event refused"]
    assert not body or body not in str(vars(told)), "a text that anyone may have written is not logged"


def test_what_cannot_be_read_now_goes_back_to_the_queue_alone(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    local.aws.faults.add(Fault(kind="error", code="ThrottlingException"), service="omics")
    assert take(omics(local, job), "no event") == ["0"]
    local.aws.faults.clear()
    assert take(omics(local, job)) == []
    assert local.job(f"{OMICS}:{job.parent}:{job.id}")


def test_what_no_repetition_mends_is_dropped(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    calls(local)
    assert take(omics(local, job)) == []
    assert local.parts.store.get(f"{OMICS}:{job.parent}:{job.id}") is None


def test_a_table_that_cannot_be_read_sends_the_message_back(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    monkeypatch.setenv("JOBVIEW_TABLE", "no-such-table")
    ingest.ingester.cache_clear()
    assert take(omics(local, job)) == ["0"]
