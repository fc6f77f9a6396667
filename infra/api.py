"""The HTTP API: every route named, every route behind IAM."""

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
"""Generated from the functions' own routes, and so the one list of them: each is declared here and granted by IAM."""
IMAGE_SETS: Final = "image sets"
"""The tag of the routes that have a function of their own, so that health data is granted apart."""


def routes() -> dict[str, str]:
    """Path of each route → its tag."""
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
"""Who asked for which route, and what came of it. The route's pattern stands for the path, and the query is left
out: they hold ids of jobs and of image sets, and names."""


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
        # The stage takes its settings as an object of a class of its own only; the resource takes plain ones.
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
        """Where the API answers, without a slash at the end."""
        return self.http_api.api_endpoint
