"""Live reads when AWS does not do as it should: a row of coverage or a problem, and nothing else is lost."""

import json

import pytest

from local.standin import Fault, Plan
from tests.integration.conftest import Deployed
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local
from tests.monitoring import monitoring

OMICS = f"omics:us-east-1:{ACCOUNT}:reference-import"

FAULTS = {
    "throttled": (Fault(kind="error", code="throttled"), "throttled", "aws-throttled", 429),
    "denied": (Fault(kind="error", code="AccessDeniedException", status=403), "denied", "aws-denied", 502),
    "expired": (Fault(kind="error", code="ExpiredTokenException", status=403), "failed", "aws-expired", 502),
    "unsupported": (
        Fault(kind="error", code="SubscriptionRequiredException", status=403),
        "unsupported",
        "aws-unsupported",
        501,
    ),
    "broken": (Fault(kind="error", code="InternalServerException"), "failed", "aws-unavailable", 503),
    "down": (Fault(kind="down"), "failed", "aws-unavailable", 503),
    "dropped": (Fault(kind="drop"), "failed", "aws-unavailable", 503),
    "reset": (Fault(kind="reset"), "failed", "aws-unavailable", 503),
    "malformed": (Fault(kind="malformed"), "failed", "aws-malformed", 502),
    "truncated": (Fault(kind="truncated"), "failed", "aws-malformed", 502),
}


def seed(local: Local) -> str:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=1000))
    local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=1))
    local.clock.advance(10)
    local.refresh("omics/reference-import")
    return f"{OMICS}:{job.parent}:{job.id}"


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_service_that_fails_costs_its_own_row(local: Local, name: str) -> None:
    fault, status, kind, code = FAULTS[name]
    api = Deployed(local, monitoring(["omics/reference-import", "sesv2/import"]))
    job_id = seed(local)
    local.clock.advance(30)
    local.aws.faults.add(fault, service="omics")
    answer = api.get("/v1/jobs?maxAge=0")
    assert answer.status == 200
    rows = {row["source"]: row for row in answer.json["coverage"]["sources"]}
    parent = job_id.rpartition(":")[0]
    assert rows[parent]["status"] == status
    assert rows[parent]["error"]["code"]
    assert rows[parent]["error"]["operation"] == "ListReferenceImportJobs"
    # As of the read that went well, and with the jobs of then.
    assert rows[parent]["asOf"] is not None
    assert rows[parent]["jobs"] == 1
    assert rows[f"sesv2:us-east-1:{ACCOUNT}:import"]["status"] == "complete"
    assert {job["service"] for job in answer.json["jobs"]} == {"omics", "sesv2"}
    told = api.problem(f"/v1/jobs/{job_id}?maxAge=0", code, kind)
    assert told["awsCode"]
    assert told["operation"] == "GetReferenceImportJob"
    assert told["source"] == job_id
    assert isinstance(told["retryable"], bool)
    assert ("retry-after" in api.get(f"/v1/jobs/{job_id}?maxAge=0").headers) == (code in (429, 503))
    assert api.get(f"/v1/jobs/{job_id}").json["state"] == "RUNNING"


def test_only_what_is_too_old_is_read(local: Local, api: Deployed) -> None:
    local.refresh("omics/reference-import")
    local.clock.advance(100)
    local.refresh("sesv2/import")
    local.clock.advance(10)
    rows = {row["source"]: row for row in api.get("/v1/jobs?service=omics,sesv2&maxAge=60").json["coverage"]["sources"]}
    attempts = {name: row["attemptedAt"] for name, row in rows.items()}
    assert attempts[OMICS] > attempts[f"sesv2:us-east-1:{ACCOUNT}:import"]
    assert rows[f"sesv2:us-east-1:{ACCOUNT}:export"]["status"] == "complete"


def test_a_later_page_reads_nothing_live(local: Local, api: Deployed) -> None:
    local.aws.seed("omics", "reference-import", count=3)
    page = "/v1/jobs?service=omics&type=reference-import&limit=1&maxAge=0"
    first = api.get(page).json
    local.aws.faults.add(Fault(kind="down"), service="omics")
    second = api.get(
        f"/v1/jobs?service=omics&type=reference-import&limit=1&maxAge=0&nextToken={first['nextToken']}"
    ).json
    assert second["coverage"]["counts"] == {"complete": 2}


def test_without_time_the_cache_answers_and_says_so(local: Local) -> None:
    seed(local)
    api = Deployed(local, monitoring(["omics/reference-import"]), seconds=2.0)
    answer = api.get("/v1/jobs?maxAge=0")
    assert answer.status == 200
    assert len(answer.json["jobs"]) == 1
    assert answer.json["coverage"]["counts"] == {"stale": 2}
    for row in answer.json["coverage"]["sources"]:
        assert row["error"]["kind"] == "deadline"
        assert row["asOf"] is not None


def test_a_region_that_lacks_a_service_is_a_row(local: Local) -> None:
    names = ["medical-imaging/dicom-import", "omics/reference-import"]
    api = Deployed(local, monitoring(names, {"regions": ["us-east-1", "eu-north-1"]}))
    rows = api.get("/v1/jobs?maxAge=0").json["coverage"]["sources"]
    told = {(row["service"], row["region"]): row["status"] for row in rows}
    assert told["medical-imaging", "eu-north-1"] == "unsupported"
    assert told["medical-imaging", "us-east-1"] == "complete"
    assert told["omics", "us-east-1"] == "complete"


def test_an_unknown_status_word_is_unknown_and_counted(
    local: Local, api: Deployed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "api")
    job_id = seed(local)
    local.aws.faults.add(Fault(kind="unknown-status", value="TELEPORTING"), service="omics")
    local.clock.advance(5)
    capsys.readouterr()
    [job] = api.get("/v1/jobs?service=omics&maxAge=0").json["jobs"]
    assert (job["state"], job["terminal"], job["nativeStatus"]) == ("UNKNOWN", False, "TELEPORTING")
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "UnknownStatus" in line]
    assert metrics[0]["UnknownStatus"][0] >= 1
    assert metrics[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Jobview"
    assert api.get(f"/v1/jobs/{job_id}?maxAge=0").json["state"] == "UNKNOWN"


def test_a_long_list_is_paged_to_its_end(local: Local) -> None:
    api = Deployed(local, monitoring(["sesv2/export"]))
    local.aws.seed("sesv2", "export", count=40, age=86_400, spacing=1, plan=Plan(submitted=0, running=1))
    local.refresh("sesv2/export", detail_deadline=0.0)
    query, seen = "limit=15", []
    while query:
        reply = api.get(f"/v1/jobs?{query}")
        seen += [job["id"] for job in reply.json["jobs"]]
        query = reply.headers.get("link", "").partition(">")[0].removeprefix("<?")
    assert len(seen) == len(set(seen)) == 40
