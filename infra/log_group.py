"""Log groups with the configured retention. They are deleted with the stack."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.configuration import LOG_DAYS, Configuration

_RETENTION: Final = dict(zip(LOG_DAYS, (days for days in logs.RetentionDays if days.name != "INFINITE"), strict=True))


def log_group(scope: Construct, name: str, configuration: Configuration, *, vended: bool = False) -> logs.LogGroup:
    """Return a log group. Lambda would otherwise create one that never expires and outlives the stack.

    An AWS service writes to a ``vended`` one, which needs a resource policy of CloudWatch Logs. AWS adds the group's
    name to such a policy, and a deployment fails where all ten policies of the region are full. One entry covers all
    names that begin with ``/aws/vendedlogs/``.
    """
    stack = cdk.Stack.of(scope).stack_name
    return logs.LogGroup(
        scope,
        name,
        log_group_name=f"/aws/vendedlogs/jobview/{stack}/{name}" if vended else None,
        retention=_RETENTION[configuration.retention.logs_days],
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
