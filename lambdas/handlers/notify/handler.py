"""Entry point of the notify function. It turns the event of a job that failed into a message on the topic."""

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from jobview.events.notification import notification
from jobview.settings import require

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="jobview/0.1",
)

logger = Logger()


@cache
def topic() -> tuple["SNSClient", str]:
    """The SNS client and the topic's ARN."""
    return boto3.client("sns", config=_CONFIG), require(os.environ, "JOBVIEW_TOPIC", "the ARN of the topic")


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Send the message about one event. After an error Lambda retries; in the end the event is a dead letter.

    The job's reason is not logged: not everyone who reads logs may read it.
    """
    message = notification(event["detail"])
    sns, arn = topic()
    sns.publish(TopicArn=arn, Subject=message.subject, Message=message.messages, MessageStructure="json")
    logger.info("message sent", job=event["detail"]["subject"])
