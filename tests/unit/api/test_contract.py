import json
import re
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel

from handlers.api.routes import CONTRACT
from jobview.http.problems import KINDS, Problem
from local.openapi import __main__ as command
from local.openapi import document, examples, problems, schemas

DOCUMENT: dict[str, Any] = json.loads(CONTRACT.read_text())
OPERATIONS = {
    operation["operationId"]: (path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
}


def test_the_document_that_is_checked_in_is_the_one_that_the_code_makes() -> None:
    assert CONTRACT.read_text() == document.text(), "run: make openapi"


def test_it_describes_every_route_of_the_design() -> None:
    assert set(DOCUMENT["paths"]) == {
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
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["security"] == [{"aws.sigv4": []}]
    assert DOCUMENT["components"]["securitySchemes"]["aws.sigv4"]["x-amazon-apigateway-authtype"] == "awsSigv4"


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_operation_is_described_whole(operation: str) -> None:
    _, told = OPERATIONS[operation]
    assert told["summary"]
    assert told["tags"]
    assert {"200", "400", "403", "429", "500"} <= set(told["responses"])
    assert "422" not in told["responses"]
    for parameter in told.get("parameters", []):
        assert parameter["description"]
        assert parameter["schema"]["type"]
    for status, response in told["responses"].items():
        assert response["description"]
        if int(status) >= 400:
            assert set(response["content"]) <= {"application/problem+json", "application/json"}
        if status in ("429", "503"):
            assert "Retry-After" in response["headers"]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_example_fits_its_schema(operation: str) -> None:
    _, told = OPERATIONS[operation]
    for response in told["responses"].values():
        for media in response.get("content", {}).values():
            schema = {**media["schema"], "components": DOCUMENT["components"]}
            for example in media.get("examples", {}).values():
                jsonschema_rs.validate(schema, example["value"])


def test_every_answer_has_an_example() -> None:
    without = {
        operation
        for operation, (_, told) in OPERATIONS.items()
        if not told["responses"]["200"]["content"]["application/json"].get("examples")
    }
    assert without == {"getContract"}


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    text = CONTRACT.read_text()
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert referred == set(DOCUMENT["components"]["schemas"])


MODELS: dict[str, type[BaseModel]] = {
    "listJobs": schemas.Jobs,
    "listServiceJobs": schemas.Jobs,
    "getJob": schemas.Job,
    "listTransitions": schemas.Transitions,
    "listItems": schemas.ItemList,
    "listLinks": schemas.LinkList,
    "getSummary": schemas.Summary,
    "listSources": schemas.Sources,
    "listFamilies": schemas.Families,
}


def members(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> None:
    """Every member of the value is in the schema."""
    if "$ref" in schema:
        schema = root[schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null" and value is not None:
            members(choice, value, root)
    if isinstance(value, list):
        for each in value:
            members(schema.get("items", {}), each, root)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"])
        for name, each in value.items():
            members(schema["properties"][name], each, root)


@pytest.mark.parametrize("operation", sorted(MODELS))
def test_answers_have_exactly_the_members_of_their_models(operation: str) -> None:
    schema = MODELS[operation].model_json_schema()
    members(schema, examples.answers()[operation], schema["$defs"])


def test_the_members_of_every_problem_are_described() -> None:
    described = set(problems.Problem.model_json_schema()["properties"])
    assert described >= {"type", "title", "status", "detail", "instance", "parameter", "allowed", "awsCode"}
    documented = {
        kind
        for _, told in OPERATIONS.values()
        for response in told["responses"].values()
        for kind in response.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    # An unknown method belongs to no operation; the other may be any operation's and is in 500's description.
    assert set(KINDS) - documented == {"method-not-allowed", "answer-too-large"}
    assert Problem("internal", "x").status == 500


def test_the_document_is_made_where_it_is_served(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "CONTRACT", tmp_path / "openapi.json")
    assert command.main() == 0
    assert (tmp_path / "openapi.json").read_text() == CONTRACT.read_text()
