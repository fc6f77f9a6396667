"""The HTTP API: each route is declared by name, and each needs an IAM permission."""

import json
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from infra.bundle import ROOT
from infra.configuration import Configuration
from infra.functions import Functions
from infra.log_group import log_group

CONTRACT: Final = ROOT / "lambdas" / "handlers" / "api" / "openapi.json"
"""The OpenAPI document, which is generated from the functions' own routes. It is the only list of routes."""
IMAGE_SETS: Final = "image sets"
"""The tag of the routes with a function of their own: only that function may read health data."""


def routes() -> dict[str, str]:
    """Return the tag of each route, by its path."""
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {path: methods["get"]["tags"][0] for path, methods in paths.items()}


ACCESS_LOG: Final = {
    "time": "$context.requestTime",
    "requestId": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "integrationMilliseconds": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
    "caller": "$context.identity.userArn",
    "account": "$context.identity.accountId",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
}
"""The caller, the route and the outcome. The log has the route's pattern instead of the path, and no query: paths and
queries contain names and ids of jobs and image sets."""


class Api(Construct):
    """An HTTP API with one stage at the root."""

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration, functions: Functions) -> None:
        super().__init__(scope, name)
        self.http_api = gateway.HttpApi(
            self,
            "HttpApi",
            api_name=cdk.Stack.of(self).stack_name,
            description="One view of every asynchronous AWS job",
            create_default_stage=False,
            default_authorizer=authorizers.HttpIamAuthorizer(),
        )
        jobs = integrations.HttpLambdaIntegration("Jobs", functions.api)
        image_sets = integrations.HttpLambdaIntegration("ImageSets", functions.image_sets)
        for path, tag in routes().items():
            self.http_api.add_routes(
                path=path,
                methods=[gateway.HttpMethod.GET],
                integration=image_sets if tag == IMAGE_SETS else jobs,
            )
        stage = gateway.HttpStage(
            self,
            "Stage",
            http_api=self.http_api,
            stage_name="$default",
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(
                rate_limit=configuration.throttling.rate, burst_limit=configuration.throttling.burst
            ),
        )
        log = log_group(self, "AccessLog", configuration, vended=True)
        # HttpStage accepts access log settings only as an object of its own class; the CloudFormation resource accepts
        # plain ones.
        resource = cast("gateway.CfnStage", stage.node.default_child)
        resource.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=cdk.Stack.of(self).format_arn(
                service="logs",
                resource="log-group",
                resource_name=log.log_group_name,
                arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
            ),
            format=json.dumps(ACCESS_LOG),
        )

    @property
    def url(self) -> str:
        """The API's URL, without a slash at the end."""
        return self.http_api.api_endpoint
