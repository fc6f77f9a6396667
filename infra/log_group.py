"""Log groups: kept for the configured time, gone with the stack."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.configuration import LOG_DAYS, Configuration

_RETENTION: Final = dict(zip(LOG_DAYS, (days for days in logs.RetentionDays if days.name != "INFINITE"), strict=True))


def log_group(scope: Construct, name: str, configuration: Configuration) -> logs.LogGroup:
    """Return a log group of our own: one that Lambda makes would be kept for ever and outlive the stack."""
    return logs.LogGroup(
        scope,
        name,
        retention=_RETENTION[configuration.retention.logs_days],
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
