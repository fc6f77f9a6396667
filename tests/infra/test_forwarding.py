"""Events of other accounts and regions: the bus that lets them in, and the rules there that send them."""

import json
from typing import Any

import pytest

from infra.inbound import bus_name
from infra.member import TEMPLATE
from jobview import catalogue
from tests.infra.conftest import HOME, text, told_by
from tests.infra.test_events import one

HERE, ELSEWHERE = HOME["account"], ("222233334444", "333344445555")
HOME_ONLY = [{"regions": ["us-east-1"]}]
MEMBERS = [{"account": account, "externalId": "ours", "regions": ["us-east-1", "eu-west-1"]} for account in ELSEWHERE]
PLAIN: dict[str, Any] = json.loads(TEMPLATE.read_text())
BUS = "arn:<AWS::Partition>:events:<CentralRegion>:<CentralAccount>:event-bus/<CentralStackName>-Hints"
AN_HOUR = {"MaximumEventAgeInSeconds": 3600}
OWN = {
    "Fn::Select": [4, {"Fn::Split": ["-", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]}],
}
"""The last part of the id of the stack in the other account."""


def told() -> dict[str, list[str]]:
    """The events of the catalogue's families that AWS has not retired: detail types by source."""
    found: dict[str, set[str]] = {}
    for family in catalogue.FAMILIES.values():
        if family.events is not None and family.retired is None:
            found.setdefault(family.events.source, set()).update(family.events.detail_types)
    return {source: sorted(types) for source, types in found.items()}


def patterns(rules: Any, accounts: list[Any] | None) -> dict[str, list[str]]:
    """Source → detail types of rules, which are of these accounts; ``None``: of whomever the bus lets in."""
    found = [rule["EventPattern"] for rule in rules]
    assert all(pattern.get("account") == accounts for pattern in found)
    return told_by(found)


def listening(stack: Any) -> dict[str, dict[str, Any]]:
    """The rules for events of jobs."""
    found = {name: each["Properties"] for name, each in stack.all("AWS::Events::Rule").items()}
    return {name: rule for name, rule in found.items() if rule["EventPattern"].get("source") != ["aws.cloudformation"]}


def inbound(stack: Any) -> dict[str, dict[str, Any]]:
    """The rules on the bus of what is forwarded."""
    found = {name: each["Properties"] for name, each in stack.all("AWS::Events::Rule").items()}
    return {name: rule for name, rule in found.items() if name.startswith("IngestForwarded")}


def buses(stack: Any) -> list[Any]:
    return [each["Properties"]["Name"] for each in stack.all("AWS::Events::EventBus").values()]


@pytest.mark.parametrize(
    ("document", "accounts"),
    [
        ({"targets": [*HOME_ONLY, *MEMBERS]}, [*ELSEWHERE]),
        ({"targets": MEMBERS}, [*ELSEWHERE]),
        ({"targets": [{"regions": ["us-east-1", "eu-west-1"]}]}, [HERE]),
        ({"targets": [{"regions": ["eu-west-1"]}, *MEMBERS]}, [HERE, *ELSEWHERE]),
    ],
    ids=["members", "members alone", "home elsewhere too", "all elsewhere"],
)
def test_the_bus_lets_in_exactly_the_accounts_with_targets_elsewhere(
    synthesise: Any, document: dict[str, Any], accounts: list[str]
) -> None:
    stack = synthesise(document)
    name, bus = one(stack, "AWS::Events::EventBus", "Inbound")
    assert bus["Name"] == "Jobview-Hints" == bus_name("Jobview")
    policies = stack.all("AWS::Events::EventBusPolicy")
    [policy] = [each["Properties"] for each in policies.values()]
    assert policy["EventBusName"] == {"Ref": name}
    statement = dict(policy["Statement"])
    [(kind, principals)] = statement.pop("Principal").items()
    assert kind == "AWS"
    assert [text(one) for one in (principals if isinstance(principals, list) else [principals])] == [
        f"arn:aws:iam::{account}:root" for account in accounts
    ]
    assert statement == {
        "Action": "events:PutEvents",
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [name, "Arn"]},
        "Sid": "cdk-Forward",
    }
    assert patterns(inbound(stack).values(), None) == told()
    outputs = stack.json["Outputs"]
    assert outputs["HintsBusName"]["Value"] == {"Ref": name}
    assert outputs["HintsBusArn"]["Value"] == {"Fn::GetAtt": [name, "Arn"]}


def test_its_rules_send_to_the_same_queue_as_those_of_the_default_bus(synthesise: Any) -> None:
    stack = synthesise({"targets": [*HOME_ONLY, *MEMBERS]})
    queue, _ = one(stack, "AWS::SQS::Queue", "HintsQueue")
    bus, _ = one(stack, "AWS::Events::EventBus", "Inbound")
    rules = listening(stack)
    forwarded = inbound(stack)
    for name, rule in rules.items():
        [target] = rule["Targets"]
        # Others can write to the bus of forwarded events: its rules wrap what they hand over.
        wrapping = target.pop("InputTransformer", None)
        assert wrapping == ({"InputTemplate": '{"forwarded": <aws.events.event.json>}'} if name in forwarded else None)
        assert target == {"Id": "Hints", "Arn": {"Fn::GetAtt": [queue, "Arn"]}, "RetryPolicy": AN_HOUR}
        assert rule.get("EventBusName") == ({"Ref": bus} if name in forwarded else None)
    here = [rule for name, rule in rules.items() if name not in forwarded]
    assert patterns(here, [HERE]) == told()
    _, policy = one(stack, "AWS::SQS::QueuePolicy", "HintsQueue")
    [allowed] = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    known = "arn:aws:events:us-east-1:111122223333:rule/"
    assert allowed["Condition"] == {
        "ArnLike": {"aws:SourceArn": [f"{known}Jobview-Hints-*", f"{known}Jobview-Hints/Jobview-Hints-*"]}
    }
    assert all(rule["Name"].startswith("Jobview-Hints-") for rule in rules.values())


def test_where_the_home_region_is_not_monitored_only_what_is_forwarded_is_heard(synthesise: Any) -> None:
    stack = synthesise({"targets": [{"regions": ["eu-west-1"]}]})
    assert listening(stack).keys() == inbound(stack).keys() != set()
    assert stack.function("api")["Environment"]["Variables"]["JOBVIEW_SERVICE_EVENTS"] == "true"
    one(stack, "AWS::Lambda::EventSourceMapping", "Ingest")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"targets": HOME_ONLY},
        {"targets": [*HOME_ONLY, *MEMBERS], "serviceEvents": False},
        {"targets": [*HOME_ONLY, *MEMBERS], "families": {"enabled": ["sesv2/import"]}},
    ],
    ids=["by default", "home", "switched off", "no family with events"],
)
def test_there_is_no_such_bus_where_nothing_is_to_come(synthesise: Any, document: dict[str, Any]) -> None:
    stack = synthesise(document)
    assert buses(stack) == ["Jobview"]
    assert not stack.all("AWS::Events::EventBusPolicy")
    assert "HintsBusArn" not in stack.json["Outputs"]


def test_the_bus_is_named_after_the_stack(rich: Any) -> None:
    assert sorted(buses(rich)) == ["Other", "Other-Hints"]
    assert patterns(inbound(rich).values(), None).keys() == {"aws.medical-imaging"}


def there(kind: str) -> list[dict[str, Any]]:
    """Resources of the template for other accounts."""
    return [each for each in PLAIN["Resources"].values() if each["Type"] == kind]


def forwarding_role() -> tuple[str, dict[str, Any]]:
    [(name, found)] = [
        (name, each)
        for name, each in PLAIN["Resources"].items()
        if each["Type"] == "AWS::IAM::Role" and "RoleName" not in each["Properties"]
    ]
    return name, found


def test_every_service_there_is_forwarded_to_that_bus() -> None:
    rules = there("AWS::Events::Rule")
    calls = [rule for rule in rules if rule["Condition"] == "ForwardsStartCalls"]
    own = [rule["Properties"] for rule in rules if rule not in calls]
    assert patterns(own, [{"Ref": "AWS::AccountId"}]) == told()
    assert calls
    role, _ = forwarding_role()
    for rule in rules:
        assert rule["Condition"] in ("Forwards", "ForwardsStartCalls")
        assert "EventBusName" not in rule["Properties"], "services tell on the default bus"
        [target] = rule["Properties"]["Targets"]
        assert text(target["Arn"]) == BUS
        assert target["RoleArn"] == {"Fn::GetAtt": [role, "Arn"]}
        assert target["RetryPolicy"] == AN_HOUR


def test_the_role_of_eventbridge_sends_to_that_bus_and_does_nothing_else() -> None:
    _, role = forwarding_role()
    assert role["Condition"] == "Forwards"
    rights = role["Properties"].keys() - {"Path", "PermissionsBoundary"}
    assert rights == {"AssumeRolePolicyDocument", "Description", "Policies"}, "no managed policy beside its own"
    [policy] = role["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement.keys() == {"Action", "Effect", "Resource"}
    assert (statement["Effect"], statement["Action"]) == ("Allow", "events:PutEvents")
    assert text(statement["Resource"]) == BUS


def test_only_eventbridge_for_the_rules_of_this_stack_may_assume_it() -> None:
    _, role = forwarding_role()
    [statement] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {
                "aws:SourceArn": {
                    "Fn::Join": [
                        "",
                        [
                            "arn:",
                            {"Ref": "AWS::Partition"},
                            ":events:",
                            {"Ref": "AWS::Region"},
                            ":",
                            {"Ref": "AWS::AccountId"},
                            ":rule/Jobview-*-",
                            OWN,
                        ],
                    ]
                }
            },
        },
    }
    for rule in there("AWS::Events::Rule"):
        start, own = rule["Properties"]["Name"]["Fn::Join"][1]
        assert start.startswith("Jobview-")
        assert own == OWN
        assert len(start) + len("0a1b2c3d4e5f") <= 64


CENTRAL = {"Fn::Equals": [{"Ref": "AWS::AccountId"}, {"Ref": "CentralAccount"}]}


def test_the_role_that_is_read_with_is_made_in_one_region_and_not_at_home() -> None:
    chosen = {"Ref": "RoleRegion"}
    assert PLAIN["Conditions"]["MakesRole"] == {
        "Fn::And": [
            {"Fn::Not": [CENTRAL]},
            {"Fn::Or": [{"Fn::Equals": [chosen, ""]}, {"Fn::Equals": [chosen, {"Ref": "AWS::Region"}]}]},
        ]
    }
    [role] = [each for each in there("AWS::IAM::Role") if "RoleName" in each["Properties"]]
    assert role["Condition"] == "MakesRole"
    [output] = PLAIN["Outputs"].values()
    assert output["Condition"] == "MakesRole"


def test_nothing_is_forwarded_where_jobview_listens_itself_or_when_it_is_switched_off() -> None:
    beside = {"Fn::And": [CENTRAL, {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "CentralRegion"}]}]}
    assert PLAIN["Conditions"]["Forwards"] == {
        "Fn::And": [{"Fn::Equals": [{"Ref": "ForwardEvents"}, "true"]}, {"Fn::Not": [beside]}]
    }
    assert PLAIN["Parameters"]["ForwardEvents"]["AllowedValues"] == ["true", "false"]
