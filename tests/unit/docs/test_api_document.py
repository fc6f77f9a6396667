"""docs/api.md against the OpenAPI document and the code, both ways."""

import ast
import json
import re
from typing import Any

import pytest

from handlers.api.edge import LONGEST_DETAIL, LONGEST_READ
from handlers.api.parameters import JOBS_LIMIT, LONGEST_AGE
from handlers.api.routes import CONTRACT
from jobview.http import problems
from jobview.http.gateway import COMPRESS_FROM, LARGEST_BODY
from jobview.model import CoverageStatus, State
from jobview.query.coverage import ROWS
from tests.unit.docs.blocks import ROOT, rows, section

DOCUMENT = ROOT / "docs" / "api.md"
OPENAPI: dict[str, Any] = json.loads(CONTRACT.read_text())
PATHS: dict[str, Any] = {path: methods["get"] for path, methods in OPENAPI["paths"].items()}

each_path = pytest.mark.parametrize("path", sorted(PATHS))


def told(path: str, what: str) -> list[str]:
    """What stands in the line ``**Statuses**: …`` of a route."""
    found = re.search(rf"^\*\*{what}\*\*: ((?:.+\n)+)", section(DOCUMENT, f"GET {path}"), re.MULTILINE)
    assert found is not None, f"{path} says nothing of {what}"
    return re.findall(r"`([^`]+)`", found[1])


def words(cells: list[list[str]], column: int = 0) -> list[str]:
    return [word for row in cells for word in re.findall(r"`([^`]+)`", row[column])]


def test_every_route_has_its_heading_and_no_other_has_one() -> None:
    headings = re.findall(r"^### GET (\S+)$", DOCUMENT.read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(PATHS)
    assert all(set(methods) == {"get"} for methods in OPENAPI["paths"].values())


@each_path
def test_parameters_of_a_route(path: str) -> None:
    assert told(path, "Parameters") == [parameter["name"] for parameter in PATHS[path].get("parameters", [])]


@each_path
def test_statuses_of_a_route(path: str) -> None:
    assert told(path, "Statuses") == list(PATHS[path]["responses"])


@each_path
def test_problems_of_a_route(path: str) -> None:
    kinds = {
        kind
        for response in PATHS[path]["responses"].values()
        for kind in response.get("content", {}).get(problems.MEDIA_TYPE, {}).get("examples", {})
    }
    listed = told(path, "Problems")
    assert len(set(listed)) == len(listed)
    assert set(listed) == kinds


def test_the_table_of_parameters() -> None:
    table = {row[0].strip("`"): row for row in rows(section(DOCUMENT, "Parameters"))}
    places: dict[str, set[str]] = {}
    for operation in PATHS.values():
        for parameter in operation.get("parameters", []):
            places.setdefault(parameter["name"], set()).add(parameter["in"])
    assert {name: set(row[1].split(", ")) for name, row in table.items()} == places
    assert f"1 to {JOBS_LIMIT}" in table["limit"][2]
    assert f"0 to {LONGEST_AGE}" in table["maxAge"][2]


def test_the_table_of_problems() -> None:
    table = {row[0].strip("`"): int(row[1]) for row in rows(section(DOCUMENT, "Problems"))}
    assert table == {kind: int(status) for kind, (status, _) in problems.KINDS.items()}
    documented = OPENAPI["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert {problems.URN + kind for kind in table} == set(documented)


def test_the_members_of_a_problem_are_named() -> None:
    text = section(DOCUMENT, "Problems")
    for member in OPENAPI["components"]["schemas"]["Problem"]["properties"]:
        assert f'"{member}"' in text or f"`{member}`" in text, member


def test_every_member_that_the_code_gives_a_problem_is_named() -> None:
    text = section(DOCUMENT, "Problems")
    given = {
        str(key.value)
        for path in (ROOT / "lambdas").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "members" and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(given) >= 8
    assert all(f"`{name}`" in text for name in given), given


def test_the_members_of_the_job_view() -> None:
    listed = words(rows(section(DOCUMENT, "The job view")))
    assert sorted(listed) == sorted(OPENAPI["components"]["schemas"]["JobWithNative"]["properties"])


def test_the_states() -> None:
    table = {row[0].strip("`"): row[1] for row in rows(section(DOCUMENT, "States"))}
    assert table == {state.value: "yes" if state.terminal else "no" for state in State}


def test_the_coverage() -> None:
    text = section(DOCUMENT, "Coverage")
    assert words(rows(text)) == [status.value for status in CoverageStatus]
    for schema in ("Coverage", "Source", "AwsError"):
        for member in OPENAPI["components"]["schemas"][schema]["properties"]:
            assert f'"{member}"' in text, f"{schema} {member}"
    assert f"At most {ROWS} rows" in text


def test_members_of_the_other_answers_are_named() -> None:
    for path, schemas in {
        "/v1/jobs": ("Jobs",),
        "/v1/jobs/{id}/transitions": ("Transitions", "Transition"),
        "/v1/jobs/{id}/items": ("ItemList", "Item"),
        "/v1/links/{id}": ("LinkList", "Link"),
        "/v1/summary": ("Summary", "Count", "FailedLastDay"),
        "/v1/sources": ("Sources",),
        "/v1/families": ("Family",),
    }.items():
        text = section(DOCUMENT, f"GET {path}")
        for schema in schemas:
            for member in OPENAPI["components"]["schemas"][schema]["properties"]:
                assert f'"{member}"' in text or f"`{member}`" in text, f"{path}: {schema}.{member}"


def test_figures_are_those_of_the_code() -> None:
    freshness = " ".join(section(DOCUMENT, "How fresh an answer is").split())
    assert f"up to {LONGEST_READ:.0f} seconds" in freshness
    assert f"first {LONGEST_DETAIL:.0f} also" in freshness
    assert f"{COMPRESS_FROM:,} bytes" in section(DOCUMENT, "Entity tags")
    assert f"{LARGEST_BODY:,} bytes" in section(DOCUMENT, "GET /v1/image-sets/{datastoreId}/{imageSetId}/metadata")
