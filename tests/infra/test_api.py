import json
from typing import Any

DOCUMENTED = {
    "/v1/jobs",
    "/v1/jobs/{id}",
    "/v1/jobs/{id}/transitions",
    "/v1/jobs/{id}/items",
    "/v1/links/{id}",
    "/v1/summary",
    "/v1/sources",
    "/v1/families",
    "/v1/services/{service}/jobs",
    "/v1/image-sets/{datastoreId}/{imageSetId}/metadata",
    "/v1/openapi.json",
}


def routes(stack: Any) -> dict[str, dict[str, Any]]:
    return {
        each["Properties"]["RouteKey"]: each["Properties"] for each in stack.all("AWS::ApiGatewayV2::Route").values()
    }


def test_the_routes_are_exactly_those_that_are_documented(stack: Any) -> None:
    assert routes(stack).keys() == {f"GET {path}" for path in DOCUMENTED}


def test_the_openapi_document_has_the_same_routes() -> None:
    from infra.bundle import ROOT

    paths = json.loads((ROOT / "lambdas/handlers/api/openapi.json").read_text())["paths"]
    assert {path if path.startswith("/v1") else f"/v1{path}" for path in paths} == DOCUMENTED


def test_every_route_needs_iam(stack: Any) -> None:
    assert {route["AuthorizationType"] for route in routes(stack).values()} == {"AWS_IAM"}
    [api] = stack.all("AWS::ApiGatewayV2::Api").values()
    assert "CorsConfiguration" not in api["Properties"]
    assert "Target" not in api["Properties"], "a quick-create target would be a route without IAM"


def test_health_data_has_a_function_of_its_own(stack: Any) -> None:
    functions = {
        resource["Properties"]["Handler"].split(".")[1]: name
        for name, resource in stack.all("AWS::Lambda::Function").items()
    }
    integrations = stack.all("AWS::ApiGatewayV2::Integration")
    for key, route in routes(stack).items():
        integration = integrations[route["Target"]["Fn::Join"][1][1]["Ref"]]["Properties"]
        wanted = functions["image_sets" if "/image-sets/" in key else "api"]
        assert integration["IntegrationUri"] == {"Fn::GetAtt": [wanted, "Arn"]}
        assert integration["PayloadFormatVersion"] == "2.0"
        assert integration["IntegrationType"] == "AWS_PROXY"


def test_api_gateway_may_call_a_function_for_its_own_routes_only(stack: Any) -> None:
    permissions = [
        each["Properties"]
        for each in stack.all("AWS::Lambda::Permission").values()
        if each["Properties"]["Principal"] == "apigateway.amazonaws.com"
    ]
    assert len(permissions) == len(DOCUMENTED)
    [api] = stack.all("AWS::ApiGatewayV2::Api")
    for permission in permissions:
        assert permission["Principal"] == "apigateway.amazonaws.com"
        source = permission["SourceArn"]["Fn::Join"][1]
        assert {"Ref": api} in source
        assert source[-1].startswith("/*/*/v1/")


def test_requests_are_throttled_as_configured(stack: Any, rich: Any) -> None:
    for found, expected in ((stack, (50, 100)), (rich, (5, 7))):
        [stage] = found.all("AWS::ApiGatewayV2::Stage").values()
        settings = stage["Properties"]["DefaultRouteSettings"]
        assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == expected


def test_the_access_log_has_caller_and_route_but_no_query_or_path(stack: Any) -> None:
    [stage] = stack.all("AWS::ApiGatewayV2::Stage").values()
    assert stage["Properties"]["StageName"] == "$default"
    assert stage["Properties"]["AutoDeploy"] is True
    settings = stage["Properties"]["AccessLogSettings"]
    [group] = [name for name in stack.all("AWS::Logs::LogGroup") if "AccessLog" in name]
    assert {"Ref": group} in settings["DestinationArn"]["Fn::Join"][1]
    # One entry of the account's resource policies stands for all names that begin so.
    assert stack.all("AWS::Logs::LogGroup")[group]["Properties"]["LogGroupName"] == (
        "/aws/vendedlogs/jobview/Jobview/AccessLog"
    )
    logged = json.loads(settings["Format"])
    assert {"$context.requestId", "$context.routeKey", "$context.status", "$context.identity.userArn"} <= {
        *logged.values()
    }
    for value in logged.values():
        assert value.startswith("$context.")
        assert not value.startswith(("$context.path", "$context.requestOverride", "$context.authorizer"))
        assert "query" not in value.lower()
