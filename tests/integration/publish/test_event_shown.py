"""The event in docs/events.md, from AWS's answers to the bus: a Glue run that starts, works and runs out of time."""

import json
from datetime import datetime
from typing import Any

import pytest

from jobview.aws.clock import Clock
from jobview.bootstrap import build_application
from jobview.catalogue import FAMILIES
from local.standin import ManualClock
from tests.integration.collect.canned import Canned, Operations
from tests.integration.publish.conftest import Bench
from tests.local_aws import ACCOUNT
from tests.monitoring import monitoring
from tests.unit.docs.blocks import ROOT, blocks
from tests.unit.docs.shown import parsed, unlike

[SHOWN] = [block for block in blocks(ROOT / "docs" / "events.md") if block.attributes.get("run") == "event"]


def seconds(text: str) -> float:
    """A time as Glue returns it."""
    return datetime.fromisoformat(text).timestamp()


RUN: dict[str, Any] = {
    "Id": "jr_7f3a",
    "JobName": "nightly-load",
    "StartedOn": seconds("2026-11-20T10:58:30Z"),
    "LogGroupName": "/aws-glue/jobs",
}
READS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("2026-11-20T10:58:40Z", {"JobRunState": "STARTING", "LastModifiedOn": seconds("2026-11-20T10:58:30Z")}),
    ("2026-11-20T11:00:00Z", {"JobRunState": "RUNNING", "LastModifiedOn": seconds("2026-11-20T10:59:00Z")}),
    (
        "2026-11-20T12:00:00Z",
        {
            "JobRunState": "TIMEOUT",
            "LastModifiedOn": seconds("2026-11-20T11:58:30Z"),
            "CompletedOn": seconds("2026-11-20T11:58:30Z"),
            "ErrorMessage": "Timed out after 60 minutes",
        },
    ),
)


def test_the_event_in_the_document_is_what_arrives(
    bench: Bench, canned: Canned, monkeypatch: pytest.MonkeyPatch
) -> None:
    glue = Operations("glue", canned)
    monkeypatch.setenv(glue.variable, canned.url)
    clock = ManualClock(datetime.fromisoformat(READS[0][0]))
    settings = {"JOBVIEW_TABLE": bench.table, **monitoring(("glue/job-run",))}
    parts = build_application(settings, clock=Clock(monotonic=lambda: 0.0, sleep=lambda _: None, now=clock.now))
    for at, told in READS:
        clock.advance((datetime.fromisoformat(at) - clock.now()).total_seconds())
        glue.answers = {"GetJobs": {"Jobs": [{"Name": "nightly-load"}]}, "GetJobRuns": {"JobRuns": [RUN | told]}}
        parts.refresher.read_families([FAMILIES["glue/job-run"]], parts.monitored.targets, deadline=1e12)
    assert bench.publish(bench.stream()) == []
    events = [message for message in bench.arrived() if message["detail"]["data"]["number"] == 3]
    assert [event["detail-type"] for event in events] == ["Job State Changed"]
    detail = json.dumps(events[0]["detail"], indent=2).replace(bench.bus, json.loads(SHOWN.text)["source"])
    assert unlike(parsed(SHOWN.text), json.loads(detail.replace(ACCOUNT, "111122223333"))) == []
