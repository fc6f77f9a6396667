"""Events in: rules from the catalogue, their queue, and the mapping to ingest; of elsewhere, test_forwarding."""

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import Any

from jobview.catalogue import FAMILIES
from tests.infra.conftest import told_by
from tests.infra.test_events import one


def rules(stack: Any) -> dict[str, dict[str, Any]]:
    """Those on the default bus."""
    found = {
        name: each["Properties"] for name, each in stack.all("AWS::Events::Rule").items() if name.startswith("Ingest")
    }
    return {name: rule for name, rule in found.items() if "EventBusName" not in rule}


def patterns(stack: Any) -> dict[str, list[str]]:
    found = [rule["EventPattern"] for rule in rules(stack).values()]
    assert all(pattern["account"] == ["111122223333"] for pattern in found)
    return told_by(found)


def test_the_rules_are_those_of_the_enabled_families(stack: Any, lean: Any, rich: Any) -> None:
    declared: dict[str, list[str]] = defaultdict(list)
    for family in FAMILIES.values():
        if family.events is not None:
            declared[family.events.source] += family.events.detail_types
    assert patterns(stack) == {source: sorted(types) for source, types in declared.items()}
    assert patterns(lean) == {}, "SES sends no events of its jobs"
    assert patterns(rich).keys() == {"aws.medical-imaging"}


def test_they_listen_on_the_default_bus_and_send_to_the_queue(stack: Any) -> None:
    queue, _ = one(stack, "AWS::SQS::Queue", "HintsQueue")
    buses = [each["Properties"].get("EventBusName") for each in stack.all("AWS::Events::Rule").values()]
    assert set(buses) == {None}, "no other bus where all is at home"
    for rule in rules(stack).values():
        [target] = rule["Targets"]
        assert (target["Id"], target["Arn"]) == ("Hints", {"Fn::GetAtt": [queue, "Arn"]})


def test_what_cannot_be_delivered_counts_as_failed_when_it_is_of_no_more_use(stack: Any) -> None:
    _, queue = one(stack, "AWS::SQS::Queue", "HintsQueue")
    for rule in rules(stack).values():
        [target] = rule["Targets"]
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": queue["MessageRetentionPeriod"]}


def test_only_the_rules_may_send(stack: Any, lean: Any) -> None:
    _, policy = one(stack, "AWS::SQS::QueuePolicy", "HintsQueue")
    [allowed] = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert (allowed["Action"], allowed["Principal"]) == ("sqs:SendMessage", {"Service": "events.amazonaws.com"})
    [arn] = allowed["Condition"].pop("ArnLike").pop("aws:SourceArn")
    assert arn == "arn:aws:events:us-east-1:111122223333:rule/Jobview-Hints-*"
    for rule in rules(stack).values():
        assert fnmatchcase(f"arn:aws:events:us-east-1:111122223333:rule/{rule['Name']}", arn)
    _, policy = one(lean, "AWS::SQS::QueuePolicy", "HintsQueue")
    assert [each["Effect"] for each in policy["PolicyDocument"]["Statement"]] == ["Deny"]


def test_the_queue_forgets_soon_and_keeps_what_failed(stack: Any) -> None:
    _, queue = one(stack, "AWS::SQS::Queue", "HintsQueue")
    dead, _ = one(stack, "AWS::SQS::Queue", "HintsDead")
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["VisibilityTimeout"] == 6 * stack.function("ingest")["Timeout"]
    assert queue["MessageRetentionPeriod"] == 3600 > 3 * queue["VisibilityTimeout"]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": [dead, "Arn"]}, "maxReceiveCount": 3}


def test_the_mapping(stack: Any, lean: Any, rich: Any) -> None:
    _, mapping = one(stack, "AWS::Lambda::EventSourceMapping", "Ingest")
    queue, _ = one(stack, "AWS::SQS::Queue", "HintsQueue")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    _, other = one(rich, "AWS::Lambda::EventSourceMapping", "Ingest")
    assert other["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert not [name for name in lean.all("AWS::Lambda::EventSourceMapping") if name.startswith("Ingest")]


def test_it_can_be_switched_off(synthesise: Any, stack: Any) -> None:
    assert stack.function("api")["Environment"]["Variables"]["JOBVIEW_SERVICE_EVENTS"] == "true"
    found = synthesise({"serviceEvents": False})
    assert found.function("api")["Environment"]["Variables"]["JOBVIEW_SERVICE_EVENTS"] == "false"
    assert not rules(found)
    assert not [name for name in found.all("AWS::Lambda::EventSourceMapping") if name.startswith("Ingest")]


def test_ingest_may_do_what_refresh_may(stack: Any) -> None:
    queue, _ = one(stack, "AWS::SQS::Queue", "HintsQueue")
    refresh, ingest = stack.grants("refresh"), stack.grants("ingest")
    own = {action for action in refresh if action.startswith(("sqs:", "logs:"))}
    assert ingest.keys() == refresh.keys()
    assert all(ingest[action] == refresh[action] for action in refresh.keys() - own)
    assert ingest["sqs:ReceiveMessage"] == [f"<{queue}.Arn>"]
