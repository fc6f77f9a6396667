"""The table of stored job views, their transitions, and the coverage of every source."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.configuration import Configuration

NEWEST = "newest"
"""The index of all jobs, newest first."""
BY_STATE = "byState"
"""The index of the jobs in one state, newest first."""
PENDING_WORK = "outstanding"
"""The index of work to do, keys only: the sources by their next read, and each source's jobs that have not ended."""


INDEXES: Final = (NEWEST, BY_STATE, PENDING_WORK)


class Store(Construct):
    """A DynamoDB table that outlives the stack: its owner decides when the history is deleted.

    It is encrypted with a key that AWS owns, free of charge, unless another key is configured
    (``infra/account_rules.py``).
    """

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expiresAt",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            # The stream feeds the bus: a transition's row becomes its event.
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            deletion_protection=configuration.deletion_protection,
            # A first deployment that fails should leave nothing. But a protected table cannot be deleted, and the
            # attempt would stop the rollback of the whole stack.
            removal_policy=cdk.RemovalPolicy.RETAIN
            if configuration.deletion_protection
            else cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        for index, shard in ((NEWEST, "listShard"), (BY_STATE, "stateShard")):
            self.table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(shard),
                sort_key=_text("listKey"),
                projection_type=dynamodb.ProjectionType.ALL,
            )

        self.table.add_global_secondary_index(
            index_name=PENDING_WORK,
            partition_key=_text("outstandingOf"),
            sort_key=_text("outstandingKey"),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    @property
    def outstanding_arn(self) -> str:
        """The ARN of the index of work to do."""
        return f"{self.table.table_arn}/index/{PENDING_WORK}"

    @property
    def index_arns(self) -> list[str]:
        """The ARNs of all indexes. A policy has to list them beside the table."""
        return [f"{self.table.table_arn}/index/{index}" for index in INDEXES]


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
