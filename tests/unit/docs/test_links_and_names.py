"""The documents among themselves: links resolve, named files exist, data is data, nothing private is in them."""

import ast
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bench import answering, fanout, merging, timestamps
from tests.unit.docs.blocks import DOCUMENTS, ROOT, blocks, inline_code, prose

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))

MADE = ("jobview.json",)
"""Files that a reader makes."""
SUFFIXES = (".py", ".md", ".json", ".txt", ".in", ".toml", ".yml")
PLACES = ("", "docs/", "lambdas/", "lambdas/jobview/")


def anchors(document: Path) -> set[str]:
    """The anchors that a renderer makes of the headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def test_the_documents_are_all_there() -> None:
    names = {str(path.relative_to(ROOT)) for path in DOCUMENTS}
    assert names >= {
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        *(f"docs/{name}.md" for name in ("architecture", "api", "operations", "security", "adding-a-family")),
    }
    assert "Apache License" in (ROOT / "LICENSE").read_text()


@each_document
def test_links_resolve(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if re.match(r"[a-z]+://", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), f"{document.name}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{document.name}: {target}"


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached:
            continue
        reached.add(document)
        links = re.findall(r"\]\(([^)#\s]+\.md)", prose(document))
        waiting += [(document.parent / link).resolve() for link in links]
    assert set(DOCUMENTS) <= reached


@each_document
def test_named_files_exist(document: Path) -> None:
    made = {block.attributes["file"] for block in blocks(document) if "file" in block.attributes}
    for name in inline_code(document):
        if not re.fullmatch(r"[\w./-]+", name) or name in MADE or name in made:
            continue
        looks_like_a_file = name.endswith(SUFFIXES) and not name.startswith("/")
        looks_like_a_folder = name.endswith("/") and "/" not in name[:1]
        if (looks_like_a_file or looks_like_a_folder) and name != "job-output-manifest.json":
            assert any((ROOT / place / name).exists() for place in PLACES), f"{document.name}: {name}"


@each_document
def test_blocks_of_data_are_data_and_blocks_of_code_are_code(document: Path) -> None:
    for block in blocks(document):
        assert block.language, f"{block} names no language"
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "python":
            ast.parse(block.text)


@each_document
def test_nothing_private_is_in_the_documents(document: Path) -> None:
    text = document.read_text()
    assert not re.search(r"/(work|tmp|home|root)/", text)
    assert not re.search(r"\b(AKIA|ASIA)[A-Z0-9]{12,}", text)
    assert "index-url" not in text.lower()


def test_the_figures_shown_are_of_the_comparisons_that_there_are() -> None:
    [block] = [block for block in blocks(ROOT / "docs" / "performance.md") if block.attributes.get("run") == "bench"]
    sources = "".join(Path(module.__file__ or "").read_text() for module in (answering, fanout, merging, timestamps))
    rows = re.findall(r"^  (\S.*?)  +[\d.]+ (?:s|ms|µs) ", block.text, re.MULTILINE)
    assert len(rows) == 15
    assert all(f'"{row}"' in sources for row in rows), rows


def test_the_packages_that_the_functions_carry_are_named() -> None:
    lines = (ROOT / "requirements" / "lambda.in").read_text().splitlines()
    packages = {re.split(r"[=<>\[ ]", line)[0] for line in lines if line and not line.startswith("#")}
    assert packages <= inline_code(ROOT / "docs" / "security.md")
