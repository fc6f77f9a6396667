"""Entry point of the publish function. It turns the stream's records, each a transition, into events on the bus."""

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from jobview.bootstrap import open_store
from jobview.events.publishing import Publisher
from jobview.settings import require

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="jobview/0.1",
)

logger = Logger()


@cache
def publisher() -> Publisher:
    """The publisher of this execution environment."""
    return Publisher(
        events=boto3.client("events", config=_CONFIG),
        bus=require(os.environ, "JOBVIEW_EVENT_BUS", "the ARN of the bus"),
        sqs=boto3.client("sqs", config=_CONFIG),
        dead_letters=require(os.environ, "JOBVIEW_DEAD_EVENTS_URL", "the URL of the queue of dead letters"),
        store=open_store(os.environ),
        sleep=time.sleep,
    )


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:  # noqa: ARG001
    """Publish a batch. Lambda sends the records again from the returned sequence number on."""
    came = publisher().publish(event["Records"])
    if came.dead:
        logger.error("transitions not publishable", dead=came.dead)
    if came.resume is None:
        logger.info("transitions published", published=came.published)
        return {"batchItemFailures": []}
    logger.warning("transitions wait", published=came.published, resume=came.resume, error=came.error)
    return {"batchItemFailures": [{"itemIdentifier": came.resume}]}
