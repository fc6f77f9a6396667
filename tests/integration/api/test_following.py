"""Following changes with ``changedAfter``: exact bounds, and nothing missed while others write."""

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from jobview.model import parse_time, rfc3339
from local.standin import Plan
from tests.integration.conftest import Deployed
from tests.local_jobview import Local

OMICS = "omics/reference-import"


def pages(api: Deployed, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        answer = api.get(f"/v1/jobs?limit=3&{query}{token}").json
        found += answer["jobs"]
        if answer["nextToken"] is None:
            return found
        token = f"&nextToken={answer['nextToken']}"


def test_the_bounds_are_exact(local: Local, api: Deployed) -> None:
    for running in (5, 25, 45, 10_000):
        local.aws.seed(*OMICS.split("/"), plan=Plan(submitted=0, running=running))
    for _ in range(4):
        local.refresh(OMICS)
        local.clock.advance(20)
    changed = {job["id"]: job["changedAt"] for job in pages(api, "")}
    assert len(set(changed.values())) > 2
    for bound in sorted(set(changed.values())):
        after = {job["id"] for job in pages(api, f"changedAfter={quote(bound)}")}
        before = {job["id"] for job in pages(api, f"changedBefore={quote(bound)}")}
        assert after == {job_id for job_id, at in changed.items() if at >= bound}
        assert before == {job_id for job_id, at in changed.items() if at < bound}
        finer = bound.replace("Z", "0000001Z")
        assert {job["id"] for job in pages(api, f"changedAfter={finer}")} == {
            job_id for job_id, at in changed.items() if at > bound
        }
    both = pages(api, f"changedAfter={min(changed.values())}&changedBefore={max(changed.values())}")
    assert {job["id"] for job in both} == {job_id for job_id, at in changed.items() if at < max(changed.values())}


def test_reading_what_has_not_changed_changes_nothing(local: Local, api: Deployed) -> None:
    local.aws.seed(*OMICS.split("/"), plan=Plan(submitted=0, running=10_000))
    local.refresh(OMICS)
    [job] = pages(api, "")
    local.clock.advance(60)
    local.refresh(OMICS)
    after = rfc3339(local.clock.now() - timedelta(seconds=30))
    assert pages(api, f"changedAfter={after}") == []
    assert pages(api, f"changedAfter={job['changedAt']}") == [job]


def test_a_token_is_bound_to_the_filter(local: Local, api: Deployed) -> None:
    local.aws.seed(*OMICS.split("/"), count=3, plan=Plan(submitted=0, running=10_000))
    local.refresh(OMICS)
    query = "/v1/jobs?limit=1&changedAfter=2020-01-01T00:00:00Z"
    token = api.get(query).json["nextToken"]
    assert api.get(f"{query}&nextToken={token}").status == 200
    api.problem(f"/v1/jobs?limit=1&nextToken={token}", 400, "invalid-token")
    api.problem(f"/v1/jobs?limit=1&changedBefore=2020-01-01T00:00:00Z&nextToken={token}", 400, "invalid-token")
    assert api.get("/v1/services/omics/jobs?changedAfter=2020-01-01T00:00:00.000Z").json["jobs"]


def test_whoever_asks_again_from_the_last_time_misses_no_change(local: Local, api: Deployed) -> None:
    """Changes are written while somebody goes through the pages, again and again."""
    for number in range(6):
        local.aws.seed(*OMICS.split("/"), plan=Plan(submitted=2 * number, running=20 + 5 * number))
    local.refresh(OMICS)
    seen: dict[str, set[tuple[str, str]]] = {}
    over = threading.Event()

    def write() -> None:
        try:
            for _ in range(10):
                local.clock.advance(7)
                local.refresh(OMICS)
        finally:
            over.set()

    writer = threading.Thread(target=write)
    writer.start()
    since = "2020-01-01T00:00:00Z"
    last_round = False
    while not last_round:
        last_round = over.is_set()
        asked = local.clock.now()
        for job in pages(api, f"changedAfter={since}"):
            seen.setdefault(job["id"], set()).add((job["state"], job["changedAt"]))
        since = rfc3339(asked - timedelta(minutes=1)) or ""
    writer.join()
    for job in pages(api, ""):
        assert (job["state"], job["changedAt"]) in seen[job["id"]], job["id"]
        assert parse_time(job["changedAt"]) is not None
    assert {job["state"] for job in pages(api, "")} == {"SUCCEEDED"}


def test_the_largest_change_that_was_seen_is_where_to_go_on(local: Local, api: Deployed) -> None:
    """An answer of one page, asked again from its own largest ``changedAt``."""
    for number in range(8):
        local.aws.seed(*OMICS.split("/"), plan=Plan(submitted=0, running=10 + 7 * number))
    last = "2020-01-01T00:00:00Z"
    seen: dict[str, str] = {}
    for _ in range(10):
        local.refresh(OMICS)
        for job in api.get(f"/v1/jobs?changedAfter={last}").json["jobs"]:
            seen[job["id"]] = job["state"]
            last = max(last, job["changedAt"])
        assert seen == {job["id"]: job["state"] for job in api.get("/v1/jobs").json["jobs"]}
        local.clock.advance(7)
