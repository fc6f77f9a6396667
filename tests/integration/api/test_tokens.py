"""Page tokens of every route that has them: forged, damaged and borrowed ones are refused, and nothing crashes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobview.model import JobFilter
from jobview.query.tokens import seal
from local.standin import Phase, Plan
from tests.integration.conftest import Deployed
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local

PREFIX = f"us-east-1:{ACCOUNT}"
CONTENTS = [
    *("x", "-1", "0", "00", "1.5", "1e5", "1_0", " 1", "+1", "٣", "é", "\0", "~", "#", "None", "9" * 30, "9" * 3000),
    *("T#1", "JOB#x", "2026-11-22", "2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.000Z#", "not-a-time#a:b:c:d:e"),
    *("2026-11-22T10:00:00.000Z#é", "2026-11-22T10:00:00.000Z#" + "a" * 2000, "5s0", "s", "12345678901234567s"),
]
"""What a token may hold that somebody made who knows how; right for no route, or for another one."""


@pytest.fixture(scope="module")
def api(quiet: Local) -> Deployed:
    quiet.aws.seed("omics", "reference-import", count=3, plan=Plan(submitted=0, running=1000, items=5))
    quiet.aws.seed(
        "medical-imaging",
        "dicom-import",
        plan=Plan(submitted=0, running=1, outcome=Phase.PARTIAL, items=9, failed_items=5),
        input={"outputS3Uri": "s3://dicom/results/", "inputS3Uri": "s3://dicom/input/"},
    )
    quiet.clock.advance(10)
    quiet.refresh("omics/reference-import", "medical-imaging/dicom-import")
    return Deployed(quiet)


@pytest.fixture(scope="module")
def routes(api: Deployed) -> dict[str, dict[str, Any]]:
    """Path of each route with tokens → what its tokens are bound to."""
    jobs = {view["type"]: view["id"] for view in api.get("/v1/jobs").json["jobs"]}
    return {
        "/v1/jobs": {"route": "jobs", **JobFilter().to_dict()},
        "/v1/jobs?createdAfter=2030-01-01T00:00:00Z": {"route": "jobs", **JobFilter().to_dict()},
        "/v1/services/omics/jobs": {"route": "jobs", **JobFilter(services=frozenset({"omics"})).to_dict()},
        "/v1/sources": {"route": "sources", **JobFilter().to_dict(), "status": []},
        **{f"/v1/jobs/{one}/transitions": {"route": "transitions", "job": one} for one in jobs.values()},
        **{f"/v1/jobs/{one}/items": {"route": "items", "job": one} for one in jobs.values()},
    }


def with_token(path: str, token: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}limit=1&nextToken={token}"


@pytest.mark.parametrize("content", CONTENTS)
def test_a_token_that_leads_nowhere_is_refused(api: Deployed, routes: dict[str, dict[str, Any]], content: str) -> None:
    for path, name in routes.items():
        reply = api.get(with_token(path, seal(name, content)))
        # Any text is a place among names, and 0 is the first byte of the failed files.
        if path == "/v1/sources" or ("dicom-import" in path and path.endswith("/items") and not content.strip("0")):
            assert reply.status == 200
            continue
        assert (reply.status, reply.json["type"]) == (400, "urn:jobview:problem:invalid-token"), path
        assert reply.json["parameter"] == "nextToken"


def test_a_token_of_another_route_or_a_part_of_one_is_refused(api: Deployed, routes: dict[str, dict[str, Any]]) -> None:
    position = "2026-11-22T10:00:00.000Z#omics:us-east-1:1:reference-import:1:2"
    for path, name in routes.items():
        token = seal(name, "1" if "{" in path else position)
        for other in routes:
            if routes[other] != name:
                assert api.get(with_token(other, token)).status == 400, (path, other)
        for cut in range(0, len(token), 7):
            assert api.get(with_token(path, token[:cut])).status == 400, (path, cut)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_for_any_token_the_answer_is_a_page_or_a_problem(
    api: Deployed, routes: dict[str, dict[str, Any]], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(routes)))
    text = st.text(min_size=1, max_size=60).map(lambda one: one.encode("utf-8", "replace").decode())
    content = data.draw(text | st.integers().map(str) | st.from_regex(r"[0-9]{1,18}s?", fullmatch=True))
    reply = api.get(with_token(path, seal(routes[path], content)))
    assert reply.status in (200, 400), (path, content, reply.body)
