"""Every block of data in the documents is held by a test; how an answer is shown, and compared with the real one."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.unit.docs.blocks import DOCUMENTS, ROOT, Block, blocks
from tests.unit.docs.shown import parsed, unlike

DATA = tuple(block for document in DOCUMENTS for block in blocks(document) if block.language in {"json", "text"})
PICTURE = ""
HELD: Mapping[str, str] = {
    "*.md answer=*": "tests/integration/docs/test_examples.py",
    "docs/adding-a-family.md file=tests/fixtures/*": "tests/integration/docs/test_adding_a_family.py",
    "docs/adding-a-family.md run=questions": "tests/integration/docs/test_adding_a_family.py",
    "docs/adding-a-family.md view=*": "tests/integration/docs/test_adding_a_family.py",
    "docs/api.md policy=*": "tests/unit/docs/test_policies.py",
    "docs/architecture.md draws=*": PICTURE,
    "docs/costs.md run=selectors": "tests/unit/docs/test_costs.py",
    "docs/events.md draws=*": PICTURE,
    "docs/events.md file=pattern.json": "tests/integration/publish/test_rules.py",
    "docs/events.md file=repair-pattern.json": "tests/integration/publish/test_rules.py",
    "docs/events.md file=targets.json": "tests/integration/publish/test_rules.py",
    "docs/events.md run=chat": "tests/integration/publish/test_rules.py",
    "docs/events.md run=event": "tests/integration/publish/test_event_shown.py",
    "docs/events.md run=message": "tests/integration/publish/test_rules.py",
    "docs/operations.md file=families.json": "tests/unit/docs/test_configuration_reference.py",
    "docs/operations.md file=jobview.json": "tests/unit/docs/test_configuration_reference.py",
    "docs/operations.md file=many.json": "tests/unit/docs/test_configuration_reference.py",
    "docs/operations.md file=member-parameters.json": "tests/infra/docs/test_operations_document.py",
    "docs/performance.md run=bench": "tests/unit/docs/test_links_and_names.py",
    "docs/performance.md run=bench-refresh-idle": "tests/unit/docs/test_performance_document.py",
    "docs/performance.md run=bench-refresh": "tests/unit/docs/test_performance_document.py",
    "docs/security.md file=key.json": "tests/infra/test_account_rules.py",
}
"""Document and attribute of a block → the test that holds it against what the product does."""


def held_by(block: Block) -> list[str]:
    """The patterns of ``HELD`` that match a block."""
    document = block.document.relative_to(ROOT)
    names = [f"{document} {name}={value}" for name, value in block.attributes.items()]
    return [pattern for pattern in HELD if any(fnmatchcase(name, pattern) for name in names)]


@pytest.mark.parametrize("block", DATA, ids=str)
def test_every_block_of_data_is_held_by_one_test(block: Block) -> None:
    [pattern] = held_by(block)
    if HELD[pattern]:
        kind, value = pattern.rpartition(" ")[2].split("=")
        text = (ROOT / HELD[pattern]).read_text(encoding="utf-8")
        named = f'"{kind}"' if "*" in value else f'"{value}"'
        assert named in text, f"{HELD[pattern]} does not name {named}"


def test_every_pattern_is_needed() -> None:
    assert {pattern for block in DATA for pattern in held_by(block)} == HELD.keys()


def test_an_answer_has_one_name() -> None:
    names = [block.attributes["answer"] for block in DATA if "answer" in block.attributes]
    assert len(set(names)) == len(names) >= 11


def test_gaps_are_read() -> None:
    text = '{"a": [1, …], …, "b": "x…", "c": {…}, "d": ["…\\"]{"]}'
    assert parsed(text) == {"a": [1, "…"], "…": None, "b": "x…", "c": {"…": None}, "d": ['…"]{']}


@pytest.mark.parametrize("text", ["{", "[1", "{…: 1}", "…", "[…}", '{"a": …}', "]"])
def test_what_is_no_json_but_for_its_gaps_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed(text)


REAL: dict[str, Any] = {"id": "glue:1", "items": [{"n": 1}, {"n": 2}], "total": None, "seconds": 2.0, "more": {"a": 1}}


@pytest.mark.parametrize(
    "shown",
    [
        '{"id": "glue:1", "items": [{"n": 1}, {"n": 2}], "total": null, "seconds": 2.0, "more": {"a": 1}}',
        '{"id": "gl…", "items": [{"n": 1}, …], …, "more": {…}}',
        '{"id": "…", …}',
        '{…, "seconds": 2.0, …}',
    ],
)
def test_what_is_like_the_answer(shown: str) -> None:
    assert unlike(parsed(shown), REAL) == []


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ('{"id": "glue:1"}', "answer: shown are the members"),
        ('{"items": [{"n": 1}, …], "id": "glue:1", …}', "answer: shown are the members"),
        ('{"id": "glue:1", "other": 1, …}', "answer: shown are the members"),
        ('{"id": "glue:2", …}', "answer.id: shown is 'glue:2'"),
        ('{"id": "glue:1…", …}', "answer.id: shown is 'glue:1…'"),
        ('{"items": [{"n": 1}], …}', "answer.items: shown are 1 entries, there are 2"),
        ('{"items": [{"n": 1}, {"n": 2}, …], …}', "answer.items: shown are 2 entries and more, there are 2"),
        ('{"items": [{"n": 1}, {"n": 3}], …}', "answer.items[1].n: shown is 3"),
        ('{"total": "…", …}', "answer.total: shown is '…'"),
        ('{"seconds": 2, …}', "answer.seconds: shown is 2"),
        ('{"more": {"a": 1, …}, …}', "answer.more: nothing is left out"),
        ("[…]", "answer: shown is"),
    ],
)
def test_what_is_unlike_the_answer(shown: str, wrong: str) -> None:
    [said] = unlike(parsed(shown), REAL)
    assert said.startswith(wrong)


def test_members_may_be_left_out_without_a_sign_where_the_block_says_so() -> None:
    assert unlike({"items": [{"n": 1}, {}], "more": {}}, REAL, partly=True) == []
    assert unlike({"items": [{"n": 2}, {}]}, REAL, partly=True) != []
    assert unlike({"items": [{"n": 1}]}, REAL, partly=True) != []
