"""Jobs followed as they go on, and sources that cannot be read."""

from collections.abc import Callable
from typing import Any

import pytest

from local.aws import ACCOUNT, REGION, LocalAws
from local.calls import Caller
from local.samples.emulated import BUCKET
from tests.e2e.polling import until
from tests.e2e.test_routes import ok, pages


def seed(aws: LocalAws, service: str, kind: str, name: str, **plan: Any) -> str:
    """Start one job in the stand-in; return Jobview's id of it."""
    given = {"outputS3Uri": f"s3://{BUCKET}/e2e/"} if service == "medical-imaging" else {}
    [job] = aws.administer(
        "POST",
        "seed",
        {"service": service, "type": kind, "name": name, "parent": "e2e", "plan": plan, "input": given},
    )["jobs"]
    parent = [job["parent"]] if job["parent"] else []
    return ":".join([service, REGION, ACCOUNT, kind, *parent, job["id"]])


def test_a_job_is_followed_to_its_end(api: Caller, aws: LocalAws) -> None:
    job = seed(aws, "omics", "reference-import", "followed", submitted=4, running=6, outcome="succeeded", items=2)
    seen: list[str] = []

    def ended() -> bool | None:
        listed = {row["id"]: row for row in ok(api.get("/v1/services/omics/jobs?maxAge=0&limit=20"))["jobs"]}
        if job in listed:
            if listed[job]["state"] not in seen:
                seen.append(listed[job]["state"])
            return listed[job]["terminal"] or None
        return None

    until(ended, seconds=60, what=f"the end of {job}")
    assert seen == ["PENDING", "RUNNING", "SUCCEEDED"]
    history = ok(api.get(f"/v1/jobs/{job}/transitions"))["transitions"]
    assert [row["state"] for row in history] == seen
    assert [row["previousState"] for row in history] == [None, "PENDING", "RUNNING"]
    cached = ok(api.get(f"/v1/jobs/{job}"))
    assert (cached["state"], cached["terminal"], cached["verified"]) == ("SUCCEEDED", True, True)
    assert cached["items"] == {"total": 2, "succeeded": 2, "failed": 0, "skipped": 0, "unit": "sources"}


def test_the_schedule_fires_and_brings_the_truth_about_a_completed_job(api: Caller, aws: LocalAws) -> None:
    """Nobody asks live here: the schedule alone brings a job into the cache, and the manifest's verdict with it."""
    job = seed(
        aws, "medical-imaging", "dicom-import", "scheduled", running=1, outcome="partial", items=8, failedItems=3
    )

    def cached() -> Any:
        answer = api.get(f"/v1/jobs/{job}")
        if answer.status == 404:
            return None
        found = ok(answer)
        return found if found["verified"] else None

    found = until(cached, seconds=150, every=2, what=f"{job} in the cache")
    assert (found["nativeStatus"], found["state"]) == ("COMPLETED", "PARTIALLY_SUCCEEDED")
    assert found["items"] == {"total": 8, "succeeded": 5, "failed": 3, "skipped": None, "unit": "files"}
    assert found["failures"]["count"] == 3
    states = [row["state"] for row in ok(api.get(f"/v1/jobs/{job}/transitions"))["transitions"]]
    assert states[-1] == "PARTIALLY_SUCCEEDED"


def test_a_service_that_is_down_costs_its_own_rows_and_nothing_else(api: Caller, fault: Callable[..., None]) -> None:
    before = {job["id"] for job in pages(api, "/v1/services/omics/jobs?limit=100", "jobs")}
    assert before
    fault(service="omics", fault={"kind": "down"})
    found = ok(api.get("/v1/jobs?maxAge=0&limit=200"))
    rows = {row["source"]: row for row in found["coverage"]["sources"]}
    failed = {name for name, row in rows.items() if row["status"] != "complete"}
    assert failed == {name for name in rows if name.startswith("omics:")}
    assert {(rows[name]["status"], rows[name]["error"]["code"]) for name in failed} == {
        ("failed", "ServiceUnavailable")
    }
    assert {row["service"] for row in found["jobs"]} >= {"omics", "glue", "sesv2", "medical-imaging"}
    # Its jobs are still there, as they were last seen, and none of them has failed for it.
    after = {job["id"]: job for job in pages(api, "/v1/services/omics/jobs?limit=100", "jobs")}
    assert before <= set(after)
    assert not [job for job in after.values() if job["state"] == "UNKNOWN"]


@pytest.mark.parametrize(
    ("code", "status"), [("AccessDeniedException", "denied"), ("TooManyRequestsException", "throttled")]
)
def test_why_a_source_could_not_be_read_is_shown(
    api: Caller, fault: Callable[..., None], code: str, status: str
) -> None:
    fault(service="sesv2", operation="ListImportJobs", fault={"kind": "error", "code": code})
    coverage = ok(api.get("/v1/services/sesv2/jobs?maxAge=0&limit=1"))["coverage"]
    rows = {row["type"]: row for row in coverage["sources"]}
    assert (rows["import"]["status"], rows["import"]["error"]["code"]) == (status, code)
    assert rows["export"]["status"] == "complete"


def test_a_source_recovers(api: Caller) -> None:
    found = ok(api.get("/v1/jobs?maxAge=0&limit=1"))
    assert set(found["coverage"]["counts"]) == {"complete"}
