"""The deployment against its own OpenAPI document: schemathesis makes the requests, right ones and wrong ones."""

import json
from typing import Any

import pytest
import requests
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, settings
from requests.auth import AuthBase
from schemathesis.generation import GenerationMode

from local.aws import ACCOUNT, KEY, REGION, ROOT, LocalAws
from local.calls import SIGNED_AS
from local.deploy import Deployment


def document() -> dict[str, Any]:
    """The document as it is checked in (``test_routes`` finds it served as it is), with what a schema cannot say.

    Which accounts and regions are monitored is this deployment's choice; page tokens are the API's own to make. Both
    are right by their schema and wrong all the same, which ``test_routes`` tests. The signature is API Gateway's to
    check, here and in AWS, before any code of ours.
    """
    found: dict[str, Any] = json.loads((ROOT / "lambdas" / "handlers" / "api" / "openapi.json").read_text())
    found.pop("security", None)
    found.get("components", {}).pop("securitySchemes", None)
    for path in found["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
            operation["parameters"] = [
                _narrowed(parameter)
                for parameter in operation.get("parameters", ())
                if parameter["name"] != "nextToken"
            ]
    return found


def _narrowed(parameter: dict[str, Any]) -> dict[str, Any]:
    only = {"account": ACCOUNT, "region": REGION}.get(parameter["name"])
    if only is None:
        return parameter
    narrow = {"type": "array", "items": {"type": "string", "enum": [only]}, "minItems": 1}
    return {**parameter, "schema": narrow, "examples": {}, "example": [only]}


schema = schemathesis.openapi.from_dict(
    document(),
    config=schemathesis.Config.from_dict(
        {"generation": {"mode": "all"}, "phases": {"coverage": {"unexpected-methods": []}}}
    ),
)


class Signed(AuthBase):
    """Signs a request as the API's callers do."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        copy = AWSRequest(method=request.method, url=request.url)
        SigV4Auth(Credentials(KEY, KEY), SIGNED_AS, REGION).add_auth(copy)
        request.headers.update(dict(copy.headers.items()))
        return request


@pytest.fixture(scope="session")
def base_url(aws: LocalAws, deployment: Deployment) -> str:
    """The API by its path: whatever makes requests here need not resolve ``*.localhost``."""
    return f"{aws.endpoint}/_aws/execute-api/{deployment.outputs['ApiId']}/$default"


@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_deployment_keeps_its_contract(case: schemathesis.Case[Any], base_url: str) -> None:
    case.call_and_validate(base_url=base_url, auth=Signed())


def test_right_and_wrong_requests_are_made() -> None:
    assert schema.config.generation.modes == [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
