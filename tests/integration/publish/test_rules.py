"""Rules on the bus: the one for messages to a person, and the one that docs/events.md shows, put onto the emulator."""

import json
import shlex
from datetime import timedelta
from typing import Any

import aws_cdk as cdk
import boto3
from aws_cdk.assertions import Template
from moto.events.models import EventPattern

from infra.events import BAD_ENDS
from jobview.events.notification import notification
from jobview.model import State
from tests.unit.docs.blocks import ROOT, Block, blocks

from .conftest import Bench, bodies, new_queue

DOCUMENT = ROOT / "docs" / "events.md"


def block(**attributes: str) -> Block:
    [found] = [
        one for one in blocks(DOCUMENT) if attributes.items() <= {**one.attributes, "lang": one.language}.items()
    ]
    return found


SHOWN = json.loads(block(run="event").text)


def test_bad_ends_and_nothing_else_reach_the_function(bench: Bench) -> None:
    events, bus = boto3.client("events"), bench.bus.rpartition("/")[2]
    url, arn = new_queue(f"{bench.table}-bad")
    events.put_rule(Name="bad", EventBusName=bus, EventPattern=json.dumps(BAD_ENDS))
    answer = events.put_targets(Rule="bad", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    assert answer["FailedEntryCount"] == 0
    bench.record(1, State.RUNNING)
    failed = bench.record(1, State.FAILED, reason='no such "file"\nin the bucket')
    partly = bench.record(2, State.PARTIALLY_SUCCEEDED)
    bench.record(3, State.SUCCEEDED)
    bench.record(4, State.FAILED, ended_at=bench.now - timedelta(days=2))
    assert bench.publish(bench.stream()) == []
    came = {message["detail"]["subject"]: message for message in bodies(url)}
    assert came.keys() == {failed.view.id, partly.view.id}
    told = notification(came[failed.view.id]["detail"])
    assert told.text.splitlines()[1].startswith("is FAILED (before: RUNNING) since ")
    assert told.text.splitlines()[3:5] == ['> no such "file"', "> in the bucket"]


def test_the_messages_in_the_document_are_what_the_function_makes() -> None:
    made = notification(SHOWN)
    assert made.text == block(run="message").text
    assert json.loads(made.chat) == json.loads(block(run="chat").text)
    assert f"`{made.subject}`" in DOCUMENT.read_text(encoding="utf-8")


def test_the_rule_in_the_document_brings_what_it_says(bench: Bench) -> None:
    """The commands as they stand but for the names of bus and queue, carried out by boto3."""
    bus = bench.bus.rpartition("/")[2]
    url, arn = new_queue(f"{bus}-glue")
    files = {
        one.attributes["file"]: one.text.replace("arn:aws:sqs:us-east-1:111122223333:glue-failures", arn)
        for one in blocks(DOCUMENT)
        if "file" in one.attributes
    }
    assert arn in files["targets.json"]
    for line in block(run="rule", lang="sh").text.splitlines():
        program, service, operation, *words = shlex.split(line)
        assert (program, service) == ("aws", "events")
        options = dict(zip(words[::2], words[1::2], strict=True))
        given: dict[str, Any] = {
            "".join(part.capitalize() for part in name.removeprefix("--").split("-")): files[
                value.removeprefix("file://")
            ]
            if value.startswith("file://")
            else value
            for name, value in options.items()
        }
        assert given["EventBusName"] == "Jobview"
        given["EventBusName"] = bus
        if "Targets" in given:
            given["Targets"] = json.loads(given["Targets"])
        getattr(boto3.client("events"), operation.replace("-", "_"))(**given)
    glue = {"service": "glue", "type": "job-run"}
    bench.record(1, State.RUNNING, **glue)
    failed = bench.record(1, State.FAILED, **glue)
    bench.record(2, State.FAILED)
    bench.record(3, State.SUCCEEDED, **glue)
    assert bench.publish(bench.stream()) == []
    assert [message["detail"]["id"] for message in bodies(url)] == [f"{failed.view.id}#2"]


def test_the_stack_in_the_document_makes_the_same_rule() -> None:
    scope: dict[str, Any] = {}
    exec(compile(block(run="rule", lang="python").text, str(DOCUMENT), "exec"), scope)  # noqa: S102 (our own document)
    app = cdk.App()
    stack = scope["GlueFailures"](app, "GlueFailures")
    resources = Template.from_stack(stack).to_json()["Resources"].values()
    [rule] = [each["Properties"] for each in resources if each["Type"] == "AWS::Events::Rule"]
    assert rule["EventBusName"] == "Jobview"
    assert rule["EventPattern"] == json.loads(block(file="pattern.json").text)


def test_the_pattern_that_starts_a_repair_leaves_out_the_repair_itself() -> None:
    pattern = EventPattern.load(block(file="repair-pattern.json").text)

    def matches(name: str | None, *, state: str = "FAILED", late: int = 60) -> bool:
        job = None if name is None else {"name": name}
        detail = {"subject": f"glue:{name}", "data": {"state": state, "lateSeconds": late, "job": job}}
        event: Any = {"source": "jobview", "detail-type": "Job State Changed", "detail": detail}
        return bool(pattern.matches_event(event))

    assert matches("nightly-load")
    assert not matches("repair-claims"), "it would start itself again"
    assert not matches("nightly-load", state="SUCCEEDED")
    assert not matches("nightly-load", late=86_400), "an old failure that a new deployment finds"
