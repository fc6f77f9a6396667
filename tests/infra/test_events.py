"""Outgoing events: the bus, its source, and messages to a person."""

import json
from typing import Any

from infra.events import BAD_ENDS, TRANSITIONS
from jobview.events.outgoing import DETAIL_TYPE, SOURCE
from tests.infra.conftest import text


def one(stack: Any, kind: str, start: str = "") -> tuple[str, dict[str, Any]]:
    [(name, found)] = [item for item in stack.all(kind).items() if item[0].startswith(start)]
    return name, found.get("Properties", {})


def mapping(stack: Any) -> dict[str, Any]:
    return one(stack, "AWS::Lambda::EventSourceMapping", "Publishing")[1]


def test_the_bus_is_named_after_the_stack(stack: Any, rich: Any) -> None:
    assert one(stack, "AWS::Events::EventBus", "Events")[1]["Name"] == "Jobview"
    assert one(rich, "AWS::Events::EventBus", "Events")[1]["Name"] == "Other"
    assert not stack.all("AWS::Events::EventBusPolicy"), "nobody outside the account"


def test_the_table_has_a_stream_of_new_images(stack: Any) -> None:
    _, table = one(stack, "AWS::DynamoDB::Table")
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_every_new_transition_and_nothing_else_goes_from_the_stream_to_publish(stack: Any) -> None:
    found = mapping(stack)
    table, _ = one(stack, "AWS::DynamoDB::Table")
    function = [
        name
        for name, each in stack.all("AWS::Lambda::Function").items()
        if each["Properties"]["Handler"] == "handlers.publish.handler.handler"
    ]
    assert found["EventSourceArn"] == {"Fn::GetAtt": [table, "StreamArn"]}
    assert found["FunctionName"] == {"Ref": function[0]}
    assert [json.loads(each["Pattern"]) for each in found["FilterCriteria"]["Filters"]] == [TRANSITIONS]


def test_nothing_is_lost_and_nothing_overtakes(stack: Any) -> None:
    found = mapping(stack)
    dead, _ = one(stack, "AWS::SQS::Queue", "EventsDeadEvents")
    assert found["StartingPosition"] == "TRIM_HORIZON"
    assert found["ParallelizationFactor"] == 1
    assert found["BisectBatchOnFunctionError"] is True
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "MaximumRetryAttempts" not in found, "by age and not by number"
    assert found["MaximumRecordAgeInSeconds"] == 43_200
    assert found["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": [dead, "Arn"]}}}
    assert stack.function("publish")["Timeout"] == 60


def test_publish_may_do_what_it_does_and_nothing_else(stack: Any) -> None:
    table, _ = one(stack, "AWS::DynamoDB::Table")
    bus, _ = one(stack, "AWS::Events::EventBus", "Events")
    dead, _ = one(stack, "AWS::SQS::Queue", "EventsDeadEvents")
    grants = {
        action: resources
        for action, resources in stack.grants("publish").items()
        if not action.startswith(("logs:", "xray:"))
    }
    assert grants == {
        **{
            f"dynamodb:{action}": [f"<{table}.StreamArn>"]
            for action in ("DescribeStream", "GetRecords", "GetShardIterator")
        },
        "dynamodb:ListStreams": ["*"],
        "dynamodb:BatchGetItem": [f"<{table}.Arn>"],
        "events:PutEvents": [f"<{bus}.Arn>"],
        "sqs:SendMessage": [f"<{dead}.Arn>"],
    }


def test_nobody_gets_messages_unless_it_is_configured(stack: Any) -> None:
    assert not [name for name in stack.all("AWS::Events::Rule") if name.startswith("Publishing")]
    assert not [name for name in stack.all("AWS::SNS::Topic") if name.startswith("Notifications")]
    assert not [name for name in stack.all("AWS::Lambda::Function") if "Notify" in name]
    assert "NotificationTopicArn" not in stack.json["Outputs"]


def test_a_person_gets_a_message_about_bad_ends(rich: Any) -> None:
    topic, properties = one(rich, "AWS::SNS::Topic", "Notifications")
    bus, _ = one(rich, "AWS::Events::EventBus", "Events")
    dead, _ = one(rich, "AWS::SQS::Queue", "EventsDeadEvents")
    function, _ = one(rich, "AWS::Lambda::Function", "FunctionsNotify")
    _, subscription = one(rich, "AWS::SNS::Subscription", "Notifications")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "team@example.org")
    assert subscription["TopicArn"] == {"Ref": topic}
    assert text(properties["KmsMasterKeyId"]).endswith(":alias/aws/sns")
    _, rule = one(rich, "AWS::Events::Rule", "Publishing")
    assert rule["EventBusName"] == {"Ref": bus}
    assert rule["EventPattern"] == BAD_ENDS
    assert rule["Targets"] == [
        {
            "Id": "Notify",
            "Arn": {"Fn::GetAtt": [function, "Arn"]},
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": [dead, "Arn"]}},
        }
    ]
    assert rich.function("notify")["Environment"]["Variables"]["JOBVIEW_TOPIC"] == {"Ref": topic}
    assert rich.json["Outputs"]["NotificationTopicArn"]["Value"] == {"Ref": topic}


def test_a_chat_alone_needs_no_address(synthesise: Any) -> None:
    found = synthesise({"families": {"enabled": ["sesv2/import"]}, "notifyChat": True})
    topic, _ = one(found, "AWS::SNS::Topic", "Notifications")
    assert found.json["Outputs"]["NotificationTopicArn"]["Value"] == {"Ref": topic}
    assert found.function("notify")
    assert not found.all("AWS::SNS::Subscription")


def test_a_message_that_comes_to_nothing_goes_to_the_dead_letters(rich: Any) -> None:
    dead, _ = one(rich, "AWS::SQS::Queue", "EventsDeadEvents")
    function, _ = one(rich, "AWS::Lambda::Function", "FunctionsNotify")
    _, tries = one(rich, "AWS::Lambda::EventInvokeConfig", "FunctionsNotify")
    assert tries["FunctionName"] == {"Ref": function}
    assert (tries["MaximumRetryAttempts"], tries["MaximumEventAgeInSeconds"]) == (2, 6 * 3600)
    assert tries["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": [dead, "Arn"]}}}


def test_notify_may_do_what_it_does_and_nothing_else(rich: Any) -> None:
    topic, _ = one(rich, "AWS::SNS::Topic", "Notifications")
    dead, _ = one(rich, "AWS::SQS::Queue", "EventsDeadEvents")
    grants = {name: found for name, found in rich.grants("notify").items() if not name.startswith("logs:")}
    assert grants == {"sns:Publish": [f"<{topic}>"], "sqs:SendMessage": [f"<{dead}.Arn>"]}


def test_only_the_rule_may_call_notify_and_send_to_the_dead_letters(rich: Any) -> None:
    name, _ = one(rich, "AWS::Events::Rule", "Publishing")
    arn = {"Fn::GetAtt": [name, "Arn"]}
    _, permission = one(rich, "AWS::Lambda::Permission", "FunctionsNotify")
    assert (permission["Principal"], permission["SourceArn"]) == ("events.amazonaws.com", arn)
    _, policy = one(rich, "AWS::SQS::QueuePolicy", "EventsDeadEvents")
    allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert [(each["Action"], each["Principal"], each["Condition"]) for each in allowed] == [
        ("sqs:SendMessage", {"Service": "events.amazonaws.com"}, {"ArnEquals": {"aws:SourceArn": arn}})
    ]


def test_nothing_is_sent_in_plain_text_to_topic_and_dead_letters(rich: Any) -> None:
    for kind, start in (("AWS::SNS::TopicPolicy", "Notifications"), ("AWS::SQS::QueuePolicy", "EventsDeadEvents")):
        _, policy = one(rich, kind, start)
        refused = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert [each["Condition"] for each in refused] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_the_rule_matches_what_is_sent() -> None:
    assert BAD_ENDS["source"] == [SOURCE]
    assert BAD_ENDS["detail-type"] == [DETAIL_TYPE]
