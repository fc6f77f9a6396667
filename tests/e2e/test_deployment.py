"""What the deployment made, as boto3 sees it, against the template: the deploy's own tick is not trusted."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from boto3 import Session

from local.deploy import STACK

IGNORED = {
    # Attachments without a life of their own; what they allow is asserted on the template in tests/infra.
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::CDK::Metadata",
}


@dataclass(frozen=True, kw_only=True)
class Resource:
    logical: str
    physical: str
    properties: Mapping[str, Any]


@pytest.fixture(scope="module")
def resources(session: Session, template: dict[str, Any]) -> dict[str, list[Resource]]:
    """The template's resources by type, with the names that they were given."""
    made = {
        row["LogicalResourceId"]: row["PhysicalResourceId"]
        for row in session.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    }
    found: dict[str, list[Resource]] = {}
    for logical, resource in template["Resources"].items():
        if resource["Type"] not in IGNORED:
            assert logical in made, f"{logical} is in the template and was not made"
            found.setdefault(resource["Type"], []).append(
                Resource(logical=logical, physical=made[logical], properties=resource.get("Properties", {}))
            )
    return found


def _table(session: Session, resource: Resource) -> None:
    table = session.client("dynamodb").describe_table(TableName=resource.physical)["Table"]
    wanted = resource.properties
    assert table["TableStatus"] == "ACTIVE"
    assert table["KeySchema"] == wanted["KeySchema"]
    assert table["StreamSpecification"]["StreamViewType"] == wanted["StreamSpecification"]["StreamViewType"]
    assert {index["IndexName"]: index["KeySchema"] for index in table["GlobalSecondaryIndexes"]} == {
        index["IndexName"]: index["KeySchema"] for index in wanted["GlobalSecondaryIndexes"]
    }


def _queue(session: Session, resource: Resource) -> None:
    attributes = session.client("sqs").get_queue_attributes(QueueUrl=resource.physical, AttributeNames=["All"])[
        "Attributes"
    ]
    for name in ("VisibilityTimeout", "MessageRetentionPeriod"):
        if name in resource.properties:
            assert attributes[name] == str(resource.properties[name])
    assert ("RedrivePolicy" in attributes) == ("RedrivePolicy" in resource.properties)


def _function(session: Session, resource: Resource) -> None:
    function = session.client("lambda").get_function_configuration(FunctionName=resource.physical)
    wanted = resource.properties
    assert [function[name] for name in ("Handler", "Runtime", "MemorySize", "Timeout")] == [
        wanted[name] for name in ("Handler", "Runtime", "MemorySize", "Timeout")
    ]
    variables = function["Environment"]["Variables"]
    assert set(variables) == set(wanted["Environment"]["Variables"])
    assert "${" not in str(variables)
    assert "Fn::" not in str(variables)
    assert function["CodeSize"] > 1_000_000


def _mapping(session: Session, resource: Resource) -> None:
    mapping = session.client("lambda").get_event_source_mapping(UUID=resource.physical)
    assert mapping["State"] == "Enabled"
    assert mapping["BatchSize"] == resource.properties["BatchSize"]
    assert mapping["FunctionResponseTypes"] == resource.properties["FunctionResponseTypes"]


def _invoke_config(session: Session, resource: Resource) -> None:
    function = resource.physical.split("|")[0]
    config = session.client("lambda").get_function_event_invoke_config(FunctionName=function)
    assert config["MaximumRetryAttempts"] == resource.properties["MaximumRetryAttempts"]


def _schedule(session: Session, resource: Resource) -> None:
    schedule = session.client("scheduler").get_schedule(Name=resource.physical)
    assert schedule["State"] == "ENABLED"
    assert schedule["ScheduleExpression"] == resource.properties["ScheduleExpression"]
    assert schedule["Target"]["Arn"].startswith("arn:aws:lambda:us-east-1:111122223333:function:")


def _api(session: Session, resource: Resource) -> None:
    api = session.client("apigatewayv2").get_api(ApiId=resource.physical)
    assert (api["Name"], api["ProtocolType"]) == (resource.properties["Name"], "HTTP")


def _stage(session: Session, resource: Resource) -> None:
    [api] = session.client("apigatewayv2").get_apis()["Items"]
    stage = session.client("apigatewayv2").get_stage(ApiId=api["ApiId"], StageName="$default")
    # The emulator forgets throttling and the access log: tests/infra assert them on the template.
    assert stage["AutoDeploy"] == resource.properties["AutoDeploy"]


def _role(session: Session, resource: Resource) -> None:
    session.client("iam").get_role(RoleName=resource.physical)
    inline = session.client("iam").list_role_policies(RoleName=resource.physical)["PolicyNames"]
    assert sorted(inline) == sorted(policy["PolicyName"] for policy in resource.properties.get("Policies", []))
    attached = session.client("iam").list_attached_role_policies(RoleName=resource.physical)["AttachedPolicies"]
    assert len(attached) == len(resource.properties.get("ManagedPolicyArns", []))


def _managed_policy(session: Session, resource: Resource) -> None:
    policy = session.client("iam").get_policy(PolicyArn=resource.physical)["Policy"]
    # Three functions read, and the API alone lists items.
    assert policy["AttachmentCount"] == (1 if "Items" in resource.logical else 3)


def _logs(session: Session, resource: Resource) -> None:
    groups = session.client("logs").describe_log_groups(logGroupNamePrefix=resource.physical)["logGroups"]
    [group] = [group for group in groups if group["logGroupName"] == resource.physical]
    assert group["retentionInDays"] == resource.properties["RetentionInDays"]


def _bucket(session: Session, resource: Resource) -> None:
    session.client("s3").head_bucket(Bucket=resource.physical)


def _dashboard(session: Session, resource: Resource) -> None:
    dashboard = session.client("cloudwatch").get_dashboard(DashboardName=resource.physical)
    assert '"widgets"' in dashboard["DashboardBody"]


def _topic(session: Session, resource: Resource) -> None:
    session.client("sns").get_topic_attributes(TopicArn=resource.physical)


def _bus(session: Session, resource: Resource) -> None:
    bus = session.client("events").describe_event_bus(Name=resource.physical)
    assert bus["Name"] == resource.properties["Name"]


def _rule(session: Session, resource: Resource) -> None:
    events = session.client("events")
    name = resource.physical.rpartition("|")[2]
    rule = events.describe_rule(Name=name)
    assert rule["State"] == "ENABLED"
    wanted = resource.properties["EventPattern"]
    found = json.loads(rule["EventPattern"])
    if "stack-id" in wanted.get("detail", {}):
        [stack] = session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        wanted = {**wanted, "detail": {**wanted["detail"], "stack-id": [stack["StackId"]]}}
    assert found == wanted
    [target] = events.list_targets_by_rule(Rule=name)["Targets"]
    [wished] = resource.properties["Targets"]
    assert (target["Id"], target["RetryPolicy"]) == (wished["Id"], wished["RetryPolicy"])
    assert target["Arn"].startswith(("arn:aws:sqs:us-east-1:111122223333:", "arn:aws:lambda:us-east-1:111122223333:"))


def _alarm(session: Session, resource: Resource) -> None:
    [alarm] = session.client("cloudwatch").describe_alarms(AlarmNames=[resource.physical])["MetricAlarms"]
    assert alarm["Threshold"] == resource.properties["Threshold"]
    assert alarm["ComparisonOperator"] == resource.properties["ComparisonOperator"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (
        resource.properties["Namespace"],
        resource.properties["MetricName"],
    )
    assert [each["Name"] for each in alarm["Dimensions"]] == [
        each["Name"] for each in resource.properties["Dimensions"]
    ]
    assert all(isinstance(each["Value"], str) for each in alarm["Dimensions"]), "references have become names"


CHECKS: dict[str, Callable[[Session, Resource], None]] = {
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::DynamoDB::Table": _table,
    "AWS::Events::EventBus": _bus,
    "AWS::Events::Rule": _rule,
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::IAM::Role": _role,
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _logs,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
    "AWS::Scheduler::Schedule": _schedule,
}
"""How each type is monitored; routes and integrations belong together and have a test of their own."""
TOGETHER = {"AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration"}


def test_every_type_of_the_template_is_checked(resources: dict[str, list[Resource]]) -> None:
    assert set(resources) <= set(CHECKS) | TOGETHER


@pytest.mark.parametrize("kind", CHECKS)
def test_what_boto3_sees_is_what_the_template_says(
    session: Session, resources: dict[str, list[Resource]], kind: str
) -> None:
    assert resources[kind]
    for resource in resources[kind]:
        CHECKS[kind](session, resource)


def test_every_route_leads_to_a_function_and_wants_a_signature(
    session: Session, resources: dict[str, list[Resource]]
) -> None:
    gateway = session.client("apigatewayv2")
    [api] = [resource.physical for resource in resources["AWS::ApiGatewayV2::Api"]]
    routes = gateway.get_routes(ApiId=api)["Items"]
    wanted = {resource.properties["RouteKey"] for resource in resources["AWS::ApiGatewayV2::Route"]}
    assert {route["RouteKey"] for route in routes} == wanted
    assert {route["AuthorizationType"] for route in routes} == {"AWS_IAM"}
    integrations = {
        integration["IntegrationId"]: integration["IntegrationUri"]
        for integration in gateway.get_integrations(ApiId=api)["Items"]
    }
    assert len(integrations) == len(resources["AWS::ApiGatewayV2::Integration"])
    functions = [resource.physical for resource in resources["AWS::Lambda::Function"]]
    for route in routes:
        uri = integrations[route["Target"].removeprefix("integrations/")]
        assert any(name in uri for name in functions), route["RouteKey"]
