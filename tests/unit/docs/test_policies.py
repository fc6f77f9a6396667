"""The policies for callers in docs/api.md: what they let through, as IAM reads ``*`` (any text, slashes included)."""

import json
import re

import pytest

from handlers.api.routes import CONTRACT
from tests.unit.docs.blocks import ROOT, blocks

API = "arn:aws:execute-api:us-east-1:111122223333:abcdefghij/$default/"
POLICIES = {
    block.attributes["policy"]: json.loads(block.text)
    for block in blocks(ROOT / "docs" / "api.md")
    if "policy" in block.attributes
}
JOB = "omics:us-east-1:111122223333:reference-import:1234567890:9876543210"
VALUES = {"id": JOB, "service": "omics", "datastoreId": "1" * 32, "imageSetId": "2" * 32}


def requests() -> dict[str, str]:
    """Route → a request of it."""
    paths = json.loads(CONTRACT.read_text())["paths"]
    return {path: re.sub(r"{(\w+)}", lambda found: VALUES[found[1]], path) for path in paths}


def allowed(policy: str) -> set[str]:
    [statement] = POLICIES[policy]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    patterns = [re.escape(resource).replace(r"\*", ".*") for resource in resources]
    return {
        route
        for route, path in requests().items()
        if any(re.fullmatch(pattern, f"{API}GET{path}") for pattern in patterns)
    }


@pytest.mark.parametrize(
    ("policy", "routes"),
    [
        (
            "reader",
            {
                "/v1/jobs",
                "/v1/jobs/{id}",
                "/v1/jobs/{id}/items",
                "/v1/jobs/{id}/transitions",
                "/v1/summary",
                "/v1/sources",
                "/v1/families",
            },
        ),
        ("service", {"/v1/services/{service}/jobs"}),
    ],
)
def test_a_policy_allows_what_the_text_says(policy: str, routes: set[str]) -> None:
    assert allowed(policy) == routes


def test_nothing_that_gives_access_to_data_is_under_a_path_that_is_granted_for_jobs() -> None:
    assert not {route for route in requests() if route.startswith("/v1/jobs") and "links" in route}
    assert "/v1/links/{id}" in requests()
    assert set(POLICIES) == {"reader", "service"}
