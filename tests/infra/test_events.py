"""Events out: the bus, what feeds it, and who is told."""

import json
from typing import Any

from infra.events import BAD_ENDS, MESSAGE, MESSAGE_PATHS, TRANSITIONS
from jobview.events import DETAIL_TYPE, SOURCE


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
        if each["Properties"]["Handler"] == "publish.handler.handler"
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


def test_nobody_is_told_unless_an_address_is_given(stack: Any) -> None:
    assert not [name for name in stack.all("AWS::Events::Rule") if name.startswith("Publishing")]
    assert not [name for name in stack.all("AWS::SNS::Topic") if name.startswith("Publishing")]
    assert "NotificationTopicArn" not in stack.json["Outputs"]


def test_a_person_is_told_of_bad_ends(rich: Any) -> None:
    topic, _ = one(rich, "AWS::SNS::Topic", "Publishing")
    bus, _ = one(rich, "AWS::Events::EventBus", "Events")
    dead, _ = one(rich, "AWS::SQS::Queue", "EventsDeadEvents")
    _, subscription = one(rich, "AWS::SNS::Subscription", "Publishing")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "team@example.org")
    assert subscription["TopicArn"] == {"Ref": topic}
    _, rule = one(rich, "AWS::Events::Rule", "Publishing")
    assert rule["EventBusName"] == {"Ref": bus}
    assert rule["EventPattern"] == BAD_ENDS
    assert rule["Targets"] == [
        {
            "Id": "Notifications",
            "Arn": {"Ref": topic},
            "InputTransformer": {"InputPathsMap": MESSAGE_PATHS, "InputTemplate": MESSAGE},
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": [dead, "Arn"]}},
        }
    ]
    assert rich.json["Outputs"]["NotificationTopicArn"]["Value"] == {"Ref": topic}


def test_only_the_rule_may_send_to_the_topic_and_the_dead_letters(rich: Any) -> None:
    name, _ = one(rich, "AWS::Events::Rule", "Publishing")
    condition = {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [name, "Arn"]}}}
    for kind, start, action in (
        ("AWS::SNS::TopicPolicy", "Publishing", "sns:Publish"),
        ("AWS::SQS::QueuePolicy", "EventsDeadEvents", "sqs:SendMessage"),
    ):
        _, policy = one(rich, kind, start)
        allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
        assert [(each["Action"], each["Principal"], each["Condition"]) for each in allowed] == [
            (action, {"Service": "events.amazonaws.com"}, condition)
        ]
        refused = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert [each["Condition"] for each in refused] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_the_rule_matches_what_is_sent() -> None:
    assert BAD_ENDS["source"] == [SOURCE]
    assert BAD_ENDS["detail-type"] == [DETAIL_TYPE]
