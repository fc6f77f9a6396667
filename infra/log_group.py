"""Log groups: kept for the configured time, gone with the stack."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.configuration import LOG_DAYS, Configuration

_RETENTION: Final = dict(zip(LOG_DAYS, (days for days in logs.RetentionDays if days.name != "INFINITE"), strict=True))


def log_group(scope: Construct, name: str, configuration: Configuration, *, vended: bool = False) -> logs.LogGroup:
    """Return a log group of our own: one that Lambda makes would be kept for ever and outlive the stack.

    A ``vended`` one is written by an AWS service, which the resource policies of CloudWatch Logs have to let in: ten a
    region, each of 5,120 characters. AWS writes the group's name into one of them, and a deployment fails where they
    are full; names that begin with ``/aws/vendedlogs/`` are let in all together.
    """
    stack = cdk.Stack.of(scope).stack_name
    return logs.LogGroup(
        scope,
        name,
        log_group_name=f"/aws/vendedlogs/jobview/{stack}/{name}" if vended else None,
        retention=_RETENTION[configuration.retention.logs_days],
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
