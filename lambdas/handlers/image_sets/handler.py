"""Entry point of the image-set function: the only one that may read health data."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from handlers.image_sets.metadata import Metadata
from handlers.image_sets.routes import ALLOWED, add_routes
from jobview.http import gateway
from jobview.settings import require

logger = Logger()


def signing(environment: Mapping[str, str]) -> Config:
    """How links to the bucket are signed: for its region's own host.

    By default boto3 signs for the global host. That host redirects to other regions, which breaks the signature, and
    does not serve opt-in regions. A local AWS has one host for all regions.
    """
    hosts: Literal["auto", "virtual"] = "auto" if environment.get("AWS_ENDPOINT_URL") else "virtual"
    return Config(signature_version="s3v4", s3={"addressing_style": hosts, "us_east_1_regional_endpoint": "regional"})


def build(environment: Mapping[str, str]) -> gateway.Handler:
    """Make the handler for an environment.

    Raises
    ------
    SettingsError
        A variable is missing.
    """
    region = require(environment, "JOBVIEW_DEFAULT_REGION", "the name of a region")
    bucket = require(environment, "JOBVIEW_METADATA_BUCKET", "the name of a bucket")
    waiting = Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        signature_version="v4",
        user_agent_extra="jobview/0.1",
    )
    session = boto3.Session(region_name=region)
    metadata = Metadata(
        session.client("medical-imaging", config=waiting),
        session.client("s3", config=waiting.merge(signing(environment))),
        bucket,
    )
    app = gateway.resolver(logger, ALLOWED)
    add_routes(app, metadata)
    return gateway.logged(app, logger)


@cache
def _handler() -> gateway.Handler:
    return build(os.environ)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway (payload 2.0)."""
    return _handler()(event, context)
