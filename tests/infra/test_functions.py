import json
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from infra.bundle import ROOT
from jobview.bootstrap import retention
from jobview.refresh.cadence import Cadence
from jobview.settings import cadence, quota_share

EVERY = ["api", "image_sets", "plan", "refresh", "ingest", "publish"]


def test_there_are_these_and_one_more_where_somebody_gets_messages(stack: Any, rich: Any) -> None:
    for found, handlers in ((stack, EVERY), (rich, [*EVERY, "notify"])):
        there = [each["Properties"]["Handler"] for each in found.all("AWS::Lambda::Function").values()]
        assert sorted(there) == sorted(f"handlers.{handler}.handler.handler" for handler in handlers)
    assert (rich.function("notify")["MemorySize"], rich.function("notify")["Timeout"]) == (512, 30)
    own = {name for name in rich.function("notify")["Environment"]["Variables"] if name.startswith("JOBVIEW_")}
    assert own == {"JOBVIEW_TOPIC"}
    assert "def handler(" in (ROOT / "lambdas" / "handlers" / "notify" / "handler.py").read_text()


@pytest.mark.parametrize("handler", EVERY)
def test_a_function_runs_what_its_folder_holds(stack: Any, handler: str) -> None:
    found = stack.function(handler)
    assert found["Runtime"] == "python3.13"
    assert found["Architectures"] == ["arm64"]
    assert found["TracingConfig"] == {"Mode": "Active"}
    assert "ReservedConcurrentExecutions" not in found
    assert "def handler(" in (ROOT / "lambdas" / "handlers" / handler / "handler.py").read_text()


def test_only_the_api_has_executions_of_its_own_and_only_where_configured(rich: Any) -> None:
    reserved = {handler: rich.function(handler).get("ReservedConcurrentExecutions") for handler in EVERY}
    assert reserved == {**dict.fromkeys(EVERY), "api": 20}


def test_a_new_accounts_ten_executions_leave_the_api_some(stack: Any) -> None:
    """Plan and publish take one each: a schedule that starts one, a stream of one shard."""
    mappings = [each["Properties"] for each in stack.all("AWS::Lambda::EventSourceMapping").values()]
    bounded = [found["ScalingConfig"]["MaximumConcurrency"] for found in mappings if "ScalingConfig" in found]
    assert len(bounded) == 2
    assert max(bounded) <= 4
    assert sum(bounded) + 2 <= 8


def test_all_share_one_asset(stack: Any) -> None:
    assert len({json.dumps(stack.function(handler)["Code"]) for handler in EVERY}) == 1


def test_sizes_and_times(stack: Any) -> None:
    assert {
        handler: (stack.function(handler)["MemorySize"], stack.function(handler)["Timeout"]) for handler in EVERY
    } == {
        "api": (1769, 29),
        "image_sets": (1024, 29),
        "plan": (512, 50),
        "refresh": (1769, 50),
        "ingest": (1024, 120),
        "publish": (512, 60),
    }


def test_the_environment_is_what_the_settings_read(stack: Any) -> None:
    everyone = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}
    keeping = {"JOBVIEW_RETENTION_DAYS", "JOBVIEW_TRANSITION_RETENTION_DAYS"}
    storing = {
        "JOBVIEW_CONFIGURATION",
        "JOBVIEW_ACCOUNT",
        "JOBVIEW_PARTITION",
        "JOBVIEW_CADENCE",
        "JOBVIEW_QUOTA_SHARE",
        "JOBVIEW_TABLE",
    } | keeping
    assert {handler: stack.function(handler)["Environment"]["Variables"].keys() - everyone for handler in EVERY} == {
        "api": storing | {"JOBVIEW_STALE_AFTER_SECONDS", "JOBVIEW_SERVICE_EVENTS"},
        "image_sets": {"JOBVIEW_METADATA_BUCKET", "JOBVIEW_DEFAULT_REGION"},
        "plan": storing | {"JOBVIEW_QUEUE_URL"},
        "refresh": storing,
        "ingest": storing,
        "publish": {"JOBVIEW_TABLE", "JOBVIEW_EVENT_BUS", "JOBVIEW_DEAD_EVENTS_URL"},
    }
    for handler in EVERY:
        assert everyone <= stack.function(handler)["Environment"]["Variables"].keys()


def test_the_environment_follows_the_configuration(rich: Any) -> None:
    found = rich.function("api")["Environment"]["Variables"]
    assert json.loads(rich.files[found["JOBVIEW_CONFIGURATION"]]) == {
        "families": ["medical-imaging/dicom-import", "panorama/package-import", "sesv2/import"],
        "targets": [{"regions": ["us-east-1", "eu-west-1"]}],
    }
    assert [(each.account, each.region) for each in rich.monitored("api").targets] == [
        ("111122223333", "us-east-1"),
        ("111122223333", "eu-west-1"),
    ]
    assert (found["JOBVIEW_RETENTION_DAYS"], found["JOBVIEW_TRANSITION_RETENTION_DAYS"]) == ("30", "60")
    assert (found["JOBVIEW_STALE_AFTER_SECONDS"], found["POWERTOOLS_LOG_LEVEL"]) == ("86400", "WARNING")
    assert found["POWERTOOLS_SERVICE_NAME"] == "other-api"
    assert quota_share(found) == 0.25
    assert cadence(found) == Cadence(
        active=timedelta(minutes=2), idle=timedelta(minutes=30), denied=timedelta(days=1), full_sync=timedelta(days=1)
    )


def test_every_cadence_may_be_configured_and_is_by_default_what_the_code_has(stack: Any) -> None:
    told = stack.function("refresh")["Environment"]["Variables"]
    assert json.loads(told["JOBVIEW_CADENCE"]).keys() == {member.name for member in fields(Cadence)}
    assert cadence(told) == Cadence()
    assert quota_share(told) == quota_share({}) == 0.5


def test_history_is_kept_as_long_as_jobs_are_and_for_ever_where_that_is_asked_for(stack: Any, synthesise: Any) -> None:
    told = stack.function("refresh")["Environment"]["Variables"]
    assert (told["JOBVIEW_RETENTION_DAYS"], told["JOBVIEW_TRANSITION_RETENTION_DAYS"]) == ("400", "400")
    ever = synthesise({"families": {"enabled": ["sesv2/import"]}, "retention": {"transitionsDays": None}})
    assert retention(ever.function("refresh")["Environment"]["Variables"]).transition_days is None


def test_another_aws_is_found_only_when_configured(stack: Any, rich: Any) -> None:
    local = {"AWS_ENDPOINT_URL", "AWS_DISABLE_HOST_PREFIX_INJECTION"}
    for handler in EVERY:
        assert not local & stack.function(handler)["Environment"]["Variables"].keys()
        found = rich.function(handler)
        assert found["Environment"]["Variables"]["AWS_ENDPOINT_URL"] == "http://localhost:1234"
        assert found["Environment"]["Variables"]["AWS_DISABLE_HOST_PREFIX_INJECTION"] == "true"
        assert (found["Runtime"], found["Architectures"]) == ("python3.11", ["x86_64"])


def test_tracing_can_be_switched_off(rich: Any) -> None:
    for handler in EVERY:
        assert rich.function(handler).get("TracingConfig", {"Mode": "PassThrough"}) == {"Mode": "PassThrough"}
        assert not [action for action in rich.grants(handler) if action.startswith("xray:")]
