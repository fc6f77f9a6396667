"""Refreshing the cache: a schedule that starts plan, and the queue of lanes that starts refresh."""

from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.configuration import Configuration
from infra.functions import Functions
from infra.lanes import Lanes

DEPLOYED: Final[dict[str, Any]] = {"status-details": {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]}}
"""The detail of CloudFormation's event after a deployment that changed something. A deployment without a change sends
no event; a failed one sends another."""


class Refresh(Construct):
    """Scheduler → plan → queue → refresh; a deployment starts the first plan itself."""

    def __init__(
        self, scope: Construct, name: str, *, configuration: Configuration, functions: Functions, lanes: Lanes
    ) -> None:
        super().__init__(scope, name)
        stack = cdk.Stack.of(self)
        role = iam.Role(
            self,
            "ScheduleRole",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": stack.account,
                        "aws:SourceArn": stack.format_arn(
                            service="scheduler", resource="schedule-group", resource_name="default"
                        ),
                    }
                },
            ),
            inline_policies={
                "invoke": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[functions.plan.function_arn]),
                        iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[lanes.dead_runs.queue_arn]),
                    ]
                )
            },
        )
        # A run is retried for one interval: then the next run replaces it.
        patience = max(60, configuration.interval_seconds)
        self.schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            description="Starts Jobview's plan function, which finds the sources to read",
            schedule_expression=configuration.schedule,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=functions.plan.function_arn,
                role_arn=role.role_arn,
                input="{}",
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=patience, maximum_retry_attempts=2
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=lanes.dead_runs.queue_arn),
            ),
        )
        # The schedule reports only invocations that Lambda refused. Lambda itself reports plans that failed.
        functions.plan.configure_async_invoke(
            retry_attempts=1,
            max_event_age=cdk.Duration.seconds(patience),
            on_failure=destinations.SqsDestination(lanes.dead_runs),
        )
        # An event starts the first plan, not a custom resource: so a failed plan does not fail the deployment, and
        # nothing has to answer CloudFormation when the stack is removed.
        self.deployed = events.CfnRule(
            self,
            "Deployed",
            description="Starts Jobview's plan function after a deployment",
            event_pattern={
                "source": ["aws.cloudformation"],
                "detail-type": ["CloudFormation Stack Status Change"],
                "detail": {"stack-id": [stack.stack_id], **DEPLOYED},
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="Plan",
                    arn=functions.plan.function_arn,
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=patience, maximum_retry_attempts=2
                    ),
                )
            ],
        )
        functions.plan.add_permission(
            "Deployed", principal=iam.ServicePrincipal("events.amazonaws.com"), source_arn=self.deployed.attr_arn
        )
        lambda_.EventSourceMapping(
            self,
            "Lanes",
            target=functions.refresh,
            event_source_arn=lanes.queue.queue_arn,
            batch_size=1,  # each lane has its own time limit and its own failure
            report_batch_item_failures=True,
            max_concurrency=configuration.refresh_concurrency,
        )
