from typing import Any

import pytest


def only(stack: Any, kind: str) -> dict[str, Any]:
    [found] = stack.all(kind).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def queue(stack: Any, name: str) -> tuple[str, dict[str, Any]]:
    [(logical, found)] = [item for item in stack.all("AWS::SQS::Queue").items() if item[0].startswith(name)]
    return logical, found["Properties"]


def logical(stack: Any, handler: str) -> str:
    [name] = [
        name
        for name, each in stack.all("AWS::Lambda::Function").items()
        if each["Properties"]["Handler"].startswith(f"handlers.{handler}.")
    ]
    return str(name)


def test_the_schedule_starts_plan(stack: Any, rich: Any, lean: Any) -> None:
    for each, rate in ((stack, "rate(1 minute)"), (rich, "rate(6 hours)"), (lean, "rate(5 minutes)")):
        found = only(each, "AWS::Scheduler::Schedule")
        assert found["ScheduleExpression"] == rate
        assert found["Target"]["Arn"] == {"Fn::GetAtt": [logical(each, "plan"), "Arn"]}
        assert "State" not in found


def test_a_deployment_that_changed_something_starts_plan(stack: Any, lean: Any) -> None:
    for each in (stack, lean):
        [(name, rule)] = [
            (name, rule["Properties"])
            for name, rule in each.all("AWS::Events::Rule").items()
            if rule["Properties"]["EventPattern"].get("source") == ["aws.cloudformation"]
        ]
        assert rule["EventPattern"] == {
            "source": ["aws.cloudformation"],
            "detail-type": ["CloudFormation Stack Status Change"],
            "detail": {
                "stack-id": [{"Ref": "AWS::StackId"}],
                "status-details": {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]},
            },
        }
        assert "EventBusName" not in rule, "AWS's own events arrive on the default bus"
        plan = {"Fn::GetAtt": [logical(each, "plan"), "Arn"]}
        [target] = rule["Targets"]
        assert (target["Arn"], target["RetryPolicy"]["MaximumRetryAttempts"]) == (plan, 2)
        [permission] = [
            found["Properties"]
            for found in each.all("AWS::Lambda::Permission").values()
            if found["Properties"]["Principal"] == "events.amazonaws.com"
        ]
        assert (permission["Action"], permission["FunctionName"]) == ("lambda:InvokeFunction", plan)
        assert permission["SourceArn"] == {"Fn::GetAtt": [name, "Arn"]}


def test_nothing_of_a_deployment_waits_for_a_function(stack: Any, rich: Any) -> None:
    """A custom resource would: a function that fails would keep the stack from being made, and from being removed."""
    for each in (stack, rich):
        kinds = {resource["Type"] for resource in each.json["Resources"].values()}
        assert not [kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::"))]


def test_a_failed_run_is_a_dead_letter(stack: Any) -> None:
    """Whether Lambda refused the invocation (the schedule's dead letter) or plan failed (the function's)."""
    dead, _ = queue(stack, "LanesDeadRuns")
    arn = {"Fn::GetAtt": [dead, "Arn"]}
    target = only(stack, "AWS::Scheduler::Schedule")["Target"]
    assert target["DeadLetterConfig"] == {"Arn": arn}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 2}
    invoke = only(stack, "AWS::Lambda::EventInvokeConfig")
    assert invoke["FunctionName"] == {"Ref": logical(stack, "plan")}
    assert invoke["DestinationConfig"] == {"OnFailure": {"Destination": arn}}
    assert (invoke["MaximumRetryAttempts"], invoke["MaximumEventAgeInSeconds"]) == (1, 60)


def test_the_scheduler_may_start_plan_and_nothing_else(stack: Any) -> None:
    name = only(stack, "AWS::Scheduler::Schedule")["Target"]["RoleArn"]["Fn::GetAtt"][0]
    role = stack.json["Resources"][name]["Properties"]
    dead, _ = queue(stack, "LanesDeadRuns")
    found = {
        statement["Action"]: statement["Resource"]
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    }
    assert found == {
        "lambda:InvokeFunction": {"Fn::GetAtt": [logical(stack, "plan"), "Arn"]},
        "sqs:SendMessage": {"Fn::GetAtt": [dead, "Arn"]},
    }
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "111122223333",
        "aws:SourceArn": "arn:aws:scheduler:us-east-1:111122223333:schedule-group/default",
    }


def test_the_mapping_hands_over_one_lane_at_a_time(stack: Any, rich: Any) -> None:
    for each, number in ((stack, 4), (rich, 3)):
        [mapping] = [
            found["Properties"]
            for name, found in each.all("AWS::Lambda::EventSourceMapping").items()
            if name.startswith("Refresh")
        ]
        lanes, _ = queue(each, "LanesQueue")
        assert mapping["EventSourceArn"] == {"Fn::GetAtt": [lanes, "Arn"]}
        assert mapping["FunctionName"] == {"Ref": logical(each, "refresh")}
        assert mapping["BatchSize"] == 1
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": number}


@pytest.mark.parametrize("name", ["LanesQueue", "LanesDeadLetters", "LanesDeadRuns"])
def test_queues_are_encrypted_at_rest_and_on_the_way(stack: Any, name: str) -> None:
    found, properties = queue(stack, name)
    assert properties["SqsManagedSseEnabled"] is True
    [policy] = [
        each["Properties"]
        for each in stack.all("AWS::SQS::QueuePolicy").values()
        if each["Properties"]["Queues"] == [{"Ref": found}]
    ]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "sqs:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(("name", "timeout"), [("stack", 50), ("lean", 290), ("rich", 300)])
def test_a_lane_ends_before_its_next_turn_and_is_tried_three_times(
    request: pytest.FixtureRequest, name: str, timeout: int
) -> None:
    stack = request.getfixturevalue(name)
    assert stack.function("refresh")["Timeout"] == timeout
    _, lanes = queue(stack, "LanesQueue")
    dead, kept = queue(stack, "LanesDeadLetters")
    assert lanes["VisibilityTimeout"] == 6 * timeout
    assert lanes["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": [dead, "Arn"]}, "maxReceiveCount": 3}
    assert lanes["MessageRetentionPeriod"] > 3 * lanes["VisibilityTimeout"], "it would expire before its last try"
    assert kept["MessageRetentionPeriod"] == 14 * 86400
