"""Inputs from real use, read after read: what AWS answers on the wire, and what the view of the job has to say.

``cases.json`` holds the inputs. Each read is a refresh of the family, and then a live read of the job by its id, whose
answer has to go with the record that AWS gave.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobview.catalogue import FAMILIES
from tests.integration.collect.canned import Canned, Operations
from tests.integration.conftest import Deployed
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))


def _holds(view: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        if name == "reason contains":
            assert value in view["reason"], view
        elif isinstance(value, dict) and name == "items":
            assert view["items"] is not None, view
            assert {key: view["items"][key] for key in value} == value
        else:
            assert view[name] == value, (name, view)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_case_from_real_use(
    case: dict[str, Any], local: Local, canned: Canned, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = FAMILIES[case["family"]]
    service = Operations(family.service, canned)
    monkeypatch.setenv(service.variable, canned.url)
    api = Deployed(local)
    for read in case["reads"]:
        at = datetime.fromisoformat(read["at"])
        local.clock.advance((at - local.clock.now()).total_seconds())
        service.answers = json.loads(json.dumps(read["aws"]).replace("111122223333", ACCOUNT))
        rows = {} if read.get("live") else local.refresh(family.name)
        assert {row.status.value for row in rows.values()} <= {"complete"}
        jobs = api.get(f"/v1/jobs?service={family.service}").json["jobs"]
        if "view" in read:
            [view] = jobs
            if "job" in case:
                assert view["id"] == case["job"].replace("111122223333", ACCOUNT)
            live = api.get(f"/v1/jobs/{view['id']}?maxAge=0&include=native")
            if view["state"] == "DELETED":
                assert live.status == 404
            else:
                _holds(live.json, read.get("answer", read["view"]))
            [after] = api.get(f"/v1/jobs?service={family.service}").json["jobs"]
            _holds(after, read["view"])
        if "jobs" in read:
            told = {job["id"].rpartition(f"{family.type}:")[2]: job for job in jobs}
            wanted = [text.removeprefix("…:") for text in read["jobs"]]
            assert sorted(told) == sorted(text.partition(" ")[0] for text in wanted)
            for text in wanted:
                if " with startedAt null" in text:
                    assert told[text.partition(" ")[0]]["startedAt"] is None
        if "coverage" in read:
            named = read["coverage"].rpartition(" ")[2]
            assert [warning.path for row in rows.values() for warning in row.warnings] == [named]
