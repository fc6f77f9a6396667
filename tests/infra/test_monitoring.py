import json
from typing import Any

import pytest

from infra.store import INDEXES

FUNCTIONS = {
    "api": "Api",
    "image_sets": "ImageSets",
    "plan": "Plan",
    "refresh": "Refresh",
    "ingest": "Ingest",
    "publish": "Publish",
}


def alarms(stack: Any) -> dict[str, dict[str, Any]]:
    return {
        name.removeprefix("Alarms")[:-8]: each["Properties"]
        for name, each in stack.all("AWS::CloudWatch::Alarm").items()
    }


def numbered(stack: Any, name: str) -> set[str]:
    """``Hints1``, ``Hints2`` … for as many rules as the events of the services take."""
    rules = [rule["Properties"] for rule in stack.all("AWS::Events::Rule").values()]
    on = [
        rule
        for rule in rules
        if "-Hints-" in rule.get("Name", "") and ("EventBusName" in rule) == (name == "Forwarded")
    ]
    assert on
    return {f"{name}{number}" for number in range(1, len(on) + 1)}


def test_the_alarms(stack: Any) -> None:
    rules = ("Deployed", *numbered(stack, "Hints"))
    found = {
        name: (alarm["MetricName"], alarm["Threshold"], alarm["EvaluationPeriods"], alarm["TreatMissingData"])
        for name, alarm in alarms(stack).items()
    }
    assert found == {
        "LaneDeadLetters": ("ApproximateNumberOfMessagesVisible", 0, 1, "notBreaching"),
        "RunDeadLetters": ("ApproximateNumberOfMessagesVisible", 0, 1, "notBreaching"),
        "RefreshErrors": ("RefreshErrors", 0, 3, "notBreaching"),
        "RefreshBehind": ("BehindSeconds", 600, 2, "breaching"),
        "SourcesDenied": ("SourcesDenied", 0, 1, "notBreaching"),
        "UnknownStatus": ("UnknownStatus", 0, 1, "notBreaching"),
        "ApiErrors": ("5xx", 2, 1, "notBreaching"),
        "EventsBehind": ("IteratorAge", 300_000, 2, "notBreaching"),
        "HintDeadLetters": ("ApproximateNumberOfMessagesVisible", 0, 1, "notBreaching"),
        "EventDeadLetters": ("ApproximateNumberOfMessagesVisible", 0, 1, "notBreaching"),
        "HintsBehind": ("ApproximateAgeOfOldestMessage", 900, 2, "notBreaching"),
        "ApiRefusals": ("4xx", 100, 3, "notBreaching"),
        **{f"FunctionThrottles{name}": ("Throttles", 0, 2, "notBreaching") for name in FUNCTIONS.values()},
        **{
            f"TableThrottles{way}{resource[0].upper()}{resource[1:]}": (f"{way}ThrottleEvents", 0, 2, "notBreaching")
            for way in ("Read", "Write")
            for resource in ("table", *INDEXES)
        },
        **{f"RuleThrottles{name}": ("ThrottledRules", 0, 1, "notBreaching") for name in rules},
        **{f"RuleFailures{name}": ("FailedInvocations", 0, 1, "notBreaching") for name in rules},
    }
    assert {alarm["ComparisonOperator"] for alarm in alarms(stack).values()} == {"GreaterThanThreshold"}
    assert all(alarm["AlarmDescription"].startswith("Jobview: ") for alarm in alarms(stack).values())


def test_alarms_look_at_what_the_stack_emits(stack: Any) -> None:
    found = {name: (alarm["Namespace"], alarm["Dimensions"]) for name, alarm in alarms(stack).items()}
    own = ("Jobview", [{"Name": "service", "Value": "jobview-refresh"}])
    assert found["RefreshErrors"] == found["SourcesDenied"] == found["UnknownStatus"] == own
    assert found["RefreshBehind"] == ("Jobview", [{"Name": "service", "Value": "jobview-plan"}])
    for function in ("plan", "refresh"):
        variables = stack.function(function)["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == f"jobview-{function}"
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "Jobview"
    [api] = stack.all("AWS::ApiGatewayV2::Api")
    assert found["ApiErrors"] == ("AWS/ApiGateway", [{"Name": "ApiId", "Value": {"Ref": api}}])
    queues = {
        name: dimensions[0]["Value"]["Fn::GetAtt"][0] for name, (_, dimensions) in found.items() if "Dead" in name
    }
    assert queues["LaneDeadLetters"].startswith("LanesDeadLetters")
    assert queues["RunDeadLetters"].startswith("LanesDeadRuns")
    assert queues["HintDeadLetters"].startswith("HintsDead")
    assert queues["EventDeadLetters"].startswith("EventsDeadEvents")
    [publish] = [
        name
        for name, each in stack.all("AWS::Lambda::Function").items()
        if each["Properties"]["Handler"] == "handlers.publish.handler.handler"
    ]
    assert found["EventsBehind"] == ("AWS/Lambda", [{"Name": "FunctionName", "Value": {"Ref": publish}}])


def test_throttling_is_monitored_by_function_and_by_table_or_index(stack: Any) -> None:
    found = {name: (alarm["Namespace"], alarm["Dimensions"]) for name, alarm in alarms(stack).items()}
    functions = {
        each["Properties"]["Handler"].split(".")[1]: name for name, each in stack.all("AWS::Lambda::Function").items()
    }
    assert functions.keys() == FUNCTIONS.keys()
    for handler, name in FUNCTIONS.items():
        of = {"Name": "FunctionName", "Value": {"Ref": functions[handler]}}
        assert found[f"FunctionThrottles{name}"] == ("AWS/Lambda", [of])
    [(logical, table)] = stack.all("AWS::DynamoDB::Table").items()
    of = {"Name": "TableName", "Value": {"Ref": logical}}
    indexes = [index["IndexName"] for index in table["Properties"]["GlobalSecondaryIndexes"]]
    for way in ("Read", "Write"):
        assert found[f"TableThrottles{way}Table"] == ("AWS/DynamoDB", [of])
        for index in indexes:
            by = {"Name": "GlobalSecondaryIndexName", "Value": index}
            assert found[f"TableThrottles{way}{index[0].upper()}{index[1:]}"] == ("AWS/DynamoDB", [by, of])
    [api] = stack.all("AWS::ApiGatewayV2::Api")
    assert found["ApiRefusals"] == ("AWS/ApiGateway", [{"Name": "ApiId", "Value": {"Ref": api}}])
    [(_, [hints])] = [found["HintsBehind"]]
    assert hints["Value"]["Fn::GetAtt"][0].startswith("HintsQueue")


ELSEWHERE = {"account": "222233334444", "externalId": "ours", "regions": ["us-east-1"]}


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({}, {"Deployed", "Hints"}),
        ({"serviceEvents": False}, {"Deployed"}),
        ({"notifyChat": True, "serviceEvents": False}, {"Deployed", "BadEnds"}),
        ({"targets": [{"regions": ["us-east-1"]}, ELSEWHERE]}, {"Deployed", "Hints", "Forwarded"}),
        ({"targets": [ELSEWHERE], "notifyChat": True}, {"Deployed", "BadEnds", "Forwarded"}),
    ],
    ids=["by default", "no events of services", "messages", "another account", "another account alone"],
)
def test_every_rule_has_an_alarm_on_delayed_and_on_undelivered_events(
    synthesise: Any, document: dict[str, Any], names: set[str]
) -> None:
    stack = synthesise(document)
    names = {one for name in names for one in (numbered(stack, name) if name in {"Hints", "Forwarded"} else {name})}
    wanted = []
    for logical, each in stack.all("AWS::Events::Rule").items():
        rule = each["Properties"]
        # CloudFormation's reference to a rule on another bus is the bus's name and its own: no metric has that.
        assert "Name" in rule or "EventBusName" not in rule
        bus = [{"Name": "EventBusName", "Value": rule["EventBusName"]}] if "EventBusName" in rule else []
        wanted.append([*bus, {"Name": "RuleName", "Value": rule.get("Name", {"Ref": logical})}])
    assert len(wanted) == len(names)
    for kind, metric in (("RuleThrottles", "ThrottledRules"), ("RuleFailures", "FailedInvocations")):
        found = {name: alarm for name, alarm in alarms(stack).items() if name.startswith(kind)}
        assert found.keys() == {f"{kind}{name}" for name in names}
        assert {(alarm["Namespace"], alarm["MetricName"]) for alarm in found.values()} == {("AWS/Events", metric)}
        assert sorted((alarm["Dimensions"] for alarm in found.values()), key=str) == sorted(wanted, key=str)


def test_the_alarms_follow_the_configuration(rich: Any) -> None:
    found = alarms(rich)
    assert (found["RefreshBehind"]["Threshold"], found["RefreshBehind"]["Period"]) == (86400, 21600)
    assert found["RefreshBehind"]["Dimensions"] == [{"Name": "service", "Value": "other-plan"}]
    assert (found["RefreshErrors"]["Period"], found["SourcesDenied"]["Period"]) == (1800, 86400)
    assert found["ApiErrors"]["Period"] == 300
    assert all(alarm["Period"] * alarm["EvaluationPeriods"] <= 86400 for alarm in found.values()), "CloudWatch's most"


def test_every_alarm_notifies_the_topic_when_it_starts_and_ends(stack: Any) -> None:
    [topic] = stack.all("AWS::SNS::Topic")
    for alarm in alarms(stack).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]


def test_the_topic_takes_no_plain_text(stack: Any) -> None:
    [policy] = stack.all("AWS::SNS::TopicPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    denied = [each for each in statements if each["Effect"] == "Deny"]
    assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_cloudwatch_may_publish_to_the_topic(stack: Any) -> None:
    """A policy of its own takes the place of the one that SNS gives a topic, and with it the owner's right."""
    [policy] = stack.all("AWS::SNS::TopicPolicy").values()
    allowed = [each for each in policy["Properties"]["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert [(each["Action"], each["Principal"]) for each in allowed] == [
        ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})
    ]
    assert allowed[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_an_address_is_subscribed_only_when_given(stack: Any, rich: Any) -> None:
    assert not stack.all("AWS::SNS::Subscription")
    [subscription] = [each for name, each in rich.all("AWS::SNS::Subscription").items() if name.startswith("Alarms")]
    assert (subscription["Properties"]["Protocol"], subscription["Properties"]["Endpoint"]) == (
        "email",
        "ops@example.org",
    )


def test_alarms_and_dashboard_can_be_left_out(lean: Any) -> None:
    left = {resource["Type"] for resource in lean.json["Resources"].values()}
    assert not [kind for kind in left if kind.startswith(("AWS::CloudWatch", "AWS::SNS"))]
    assert not {"AlarmTopicArn", "DashboardName"} & lean.json["Outputs"].keys()


def test_one_dashboard_shows_what_the_alarms_watch(stack: Any) -> None:
    [board] = stack.all("AWS::CloudWatch::Dashboard").values()
    body = "".join(
        part if isinstance(part, str) else "x" for part in board["Properties"]["DashboardBody"]["Fn::Join"][1]
    )
    shown = {metric[1] for widget in json.loads(body)["widgets"] for metric in widget["properties"]["metrics"]}
    assert {alarm["MetricName"] for alarm in alarms(stack).values()} <= shown
