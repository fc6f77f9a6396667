"""Inputs from real use, read after read: what AWS answers on the wire, and what the view of the job has to say.

``cases.json`` holds the inputs. Each read is a refresh of the family, and then a live read of the job by its id, whose
answer has to go with the record that AWS gave.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from jobview.catalogue import FAMILIES
from tests.integration.api.conftest import Deployed
from tests.integration.collect.canned import Asked, Canned, Told
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))


class Service:
    """An AWS service that answers each operation as the case says."""

    def __init__(self, name: str, canned: Canned) -> None:
        self._model = botocore.session.get_session().get_service_model(name)
        self.answers: dict[str, Any] = {}
        canned.answer = self._answer

    def _answer(self, asked: Asked) -> Told:
        operation = self._operation(asked)
        answer = dict(self.answers.get(operation, {}))
        only = answer.pop("only for jobStatus", None)
        inputs = json.loads(asked.body or b"{}")
        if only is not None and inputs.get("jobStatus") not in (None, only):
            answer = {"jobSummaryList": []}
        if "error" in answer:
            body = {"__type": answer["error"], "message": answer["message"]}
            return Told(json.dumps(body), status=400, headers={"x-amzn-ErrorType": answer["error"]})
        return Told(json.dumps(answer))

    def _operation(self, asked: Asked) -> str:
        target = asked.headers.get("X-Amz-Target")
        if target is not None:
            return target.rpartition(".")[2]
        for name in self._model.operation_names:
            http = self._model.operation_model(name).http
            path = re.sub(r"\{[^}]+\}", "[^/]+", http["requestUri"].partition("?")[0])
            if http["method"] == asked.method and re.fullmatch(path, asked.path.partition("?")[0]):
                return name
        raise AssertionError(f"{asked.method} {asked.path} is no operation")


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
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{_service_id(family.service)}", canned.url)
    service = Service(family.service, canned)
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


def _service_id(service: str) -> str:
    model = botocore.session.get_session().get_service_model(service)
    return str(model.service_id).upper().replace(" ", "_")
