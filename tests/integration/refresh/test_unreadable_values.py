"""What becomes of values that cannot be read, from AWS's answer to the API's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from jobview.model import Coverage, CoverageStatus, UnreadableValue
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.conftest import Deployed
from tests.local_jobview import Local

NIGHTLY = "glue:us-east-1:123456789012:job-run:nightly"
SEARCH = "glue:us-east-1:123456789012:job-run"
SECONDS, MILLISECONDS = 1772449200, 1772445600000


class Glue:
    """AWS Glue with one job and its runs, as the test has them."""

    def __init__(self, canned: Canned) -> None:
        self.jobs: list[dict[str, Any]] = [{"Name": "nightly", "CreatedOn": SECONDS}]
        self.runs: list[dict[str, Any]] = []
        self.page = 200
        self.asked: list[int] = []
        """Where each page of runs began that was asked for."""
        canned.answer = self._answer

    def run(self, native_id: str, **more: object) -> None:
        self.runs.append(
            {
                "Id": native_id,
                "JobName": "nightly",
                "JobRunState": "FAILED",
                "StartedOn": SECONDS,
                "CompletedOn": SECONDS + 60,
                "ErrorMessage": "boom",
            }
            | more
        )

    def _answer(self, asked: Asked) -> Told:
        inputs = json.loads(asked.body)
        match asked.headers["X-Amz-Target"].rpartition(".")[2]:
            case "GetJobs":
                return Told(json.dumps({"Jobs": self.jobs}))
            case "GetJobRuns":
                runs = self.runs if inputs["JobName"] == "nightly" else []
                begin = int(inputs.get("NextToken", 0))
                self.asked.append(begin)
                end = begin + self.page
                following = str(end) if end < len(runs) else None
                return Told(json.dumps({"JobRuns": runs[begin:end], "NextToken": following}))
            case _:
                [run] = [run for run in self.runs if run["Id"] == inputs["RunId"]]
                return Told(json.dumps({"JobRun": run}))


@pytest.fixture
def glue(local: Local, monkeypatch: pytest.MonkeyPatch) -> Iterator[Glue]:
    canned = Canned()
    assert local
    monkeypatch.setenv("AWS_ENDPOINT_URL_GLUE", canned.url)
    yield Glue(canned)
    canned.stop()


def started_on(count: int = 1) -> UnreadableValue:
    return UnreadableValue(operation="GetJobRuns", path="JobRuns[1].StartedOn", count=count)


def warnings(rows: dict[str, Coverage], source: str = NIGHTLY) -> tuple[UnreadableValue, ...]:
    assert {row.status for row in rows.values()} == {CoverageStatus.COMPLETE}
    assert {row.error for row in rows.values()} == {None}
    return rows[source].warnings


def test_a_time_in_milliseconds_costs_that_time_until_it_is_mended(local: Local, glue: Glue) -> None:
    glue.run("jr_1")
    glue.run("jr_2", StartedOn=MILLISECONDS)
    glue.run("jr_3")
    assert warnings(local.refresh("glue/job-run")) == (started_on(),)
    for name in ("jr_1", "jr_2", "jr_3"):
        view = local.job(f"{NIGHTLY}:{name}").view
        assert (view.started_at is None, view.reason) == (name == "jr_2", "boom")
    stored = {row.source.id: row.warnings for row in local.parts.store.coverage(services=["glue"])}
    assert stored == {NIGHTLY: (started_on(),), SEARCH: ()}
    glue.runs[1]["StartedOn"] = SECONDS
    assert warnings(local.refresh("glue/job-run")) == ()
    assert [row.warnings for row in local.parts.store.coverage(services=["glue"])] == [(), ()]
    assert local.job(f"{NIGHTLY}:jr_2").view.started_at is not None


def test_the_other_parents_are_read_and_none_is_taken_to_be_gone(local: Local, glue: Glue) -> None:
    glue.run("jr_1")
    local.refresh("glue/job-run")
    glue.jobs += [{"Name": "old", "CreatedOn": MILLISECONDS}, {"Name": "older", "CreatedOn": "never"}]
    rows = local.refresh("glue/job-run")
    expected = UnreadableValue(operation="GetJobs", path="Jobs[1].CreatedOn", count=2)
    assert warnings(rows, SEARCH) == (expected,)
    assert sorted(rows) == [SEARCH, NIGHTLY, f"{SEARCH}:old", f"{SEARCH}:older"]


def test_a_shorter_list_does_not_take_back_what_it_did_not_ask_for(local: Local, glue: Glue) -> None:
    glue.page = 2
    for number in range(6):
        glue.run(f"jr_{number}")
    glue.runs[5]["StartedOn"] = MILLISECONDS
    assert warnings(local.refresh("glue/job-run")) == (started_on(),)
    glue.runs[1]["Attempt"] = "second"
    rows = local.refresh("glue/job-run")
    attempt = UnreadableValue(operation="GetJobRuns", path="JobRuns[1].Attempt", count=1)
    assert warnings(rows) == (started_on(), attempt)
    assert glue.asked == [0, 2, 4, 0]


def test_a_live_read_reports_it_and_counts_it(
    local: Local, glue: Glue, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "api")
    glue.run("jr_1")
    glue.run("jr_2", CompletedOn=MILLISECONDS)
    api = Deployed(local)
    capsys.readouterr()
    answer = api.get("/v1/jobs?service=glue&type=job-run&maxAge=0").json
    told = {"operation": "GetJobRuns", "path": "JobRuns[1].CompletedOn", "count": 1}
    assert {row["source"]: row["warnings"] for row in answer["coverage"]["sources"]} == {SEARCH: [], NIGHTLY: [told]}
    assert {job["id"]: job["endedAt"] is None for job in answer["jobs"]} == {
        f"{NIGHTLY}:jr_1": False,
        f"{NIGHTLY}:jr_2": True,
    }
    assert [row["warnings"] for row in api.get("/v1/sources?service=glue&type=job-run").json["sources"]] == [[], [told]]
    job = api.get(f"/v1/jobs/{NIGHTLY}:jr_2?maxAge=0&include=native").json
    assert (job["state"], job["native"]["CompletedOn"], job["native"]["JobRunState"]) == ("FAILED", None, "FAILED")
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "UnreadableValues" in line]
    assert [line["UnreadableValues"] for line in metrics] == [[1.0], [1.0]]


def test_the_entity_tag_changes_with_the_warnings(local: Local, glue: Glue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "api")
    glue.run("jr_1", Attempt=1)
    api = Deployed(local)
    before = api.get("/v1/jobs?service=glue&type=job-run&maxAge=0").headers["etag"]
    glue.runs[0]["Attempt"] = "first"
    assert api.get("/v1/jobs?service=glue&type=job-run&maxAge=0").headers["etag"] != before
