"""Start calls to the end: messages as EventBridge sends them, the ingest function, and the schedule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from jobview.catalogue.family import FORWARDED, START_CALL
from jobview.model import CadenceKind, Coverage, State
from local.standin import Plan
from tests.integration.ingest.test_ingest import _function, event, take
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

__all__ = ["_function"]

SES = f"sesv2:{REGION}:{ACCOUNT}:import"
PANORAMA = f"panorama:{REGION}:{ACCOUNT}:package-import"


def call(local: Local, name: str = "CreateImportJob", **detail: Any) -> str:
    told = {"eventSource": "ses.amazonaws.com", "eventName": name, "requestParameters": {}, **detail}
    return event(local, START_CALL, told, source="aws.ses")


def row(local: Local, source_id: str = SES) -> Coverage:
    return next(each for each in local.parts.store.coverage() if each.source.id == source_id)


def kind(local: Local) -> CadenceKind | None:
    schedule = row(local).schedule
    return None if schedule is None else schedule.kind


def dormant(local: Local) -> None:
    """Make the source dormant. The function's clock is this machine's: the stand-in's must not be behind it."""
    local.clock.advance(max(0.0, (datetime.now(UTC) - local.clock.now()).total_seconds()))
    local.tick()
    for _ in range(5):
        local.tick(seconds=3600)
    assert kind(local) is CadenceKind.DORMANT
    assert SES not in local.tick(seconds=60)


def test_a_start_call_has_its_source_read_at_once(local: Local) -> None:
    dormant(local)
    [job] = local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=6_000))
    assert take(call(local)) == []
    assert SES in local.tick(seconds=1)
    assert local.job(f"{SES}:{job.id}").view.state is State.RUNNING
    assert kind(local) is CadenceKind.ACTIVE


def test_a_forwarded_one_does_the_same(local: Local) -> None:
    dormant(local)
    assert take(f'{{"{FORWARDED}": {call(local)}}}') == []
    assert SES in local.tick(seconds=1)


@pytest.mark.parametrize("detail", [{"errorCode": "AccessDenied"}, {"eventSource": "glue.amazonaws.com"}])
def test_failed_calls_and_those_of_others_wake_nothing(local: Local, detail: dict[str, Any]) -> None:
    dormant(local)
    assert take(call(local, **detail), call(local, "DeleteContact"), "no JSON") == []
    assert SES not in local.tick(seconds=1)
    assert kind(local) is CadenceKind.DORMANT
