"""The operations that list the items of jobs, against botocore's models, and the rows that their fixtures come to."""

from typing import Any

import pytest

from jobview import catalogue
from jobview.catalogue.family import Family, ItemsCall
from jobview.collect.paths import find
from jobview.items.listed import LEAST_PAGE, row_of
from jobview.model import State
from jobview.model.jobid import JobKey
from local.catalogue.authorization import action
from tests.contract.each import EVERY_FAMILY, placeholders
from tests.contract.expectations import NOW, TARGET, expected, filled, parents_of
from tests.contract.fixtures import answers_with_items, parsed
from tests.contract.odd_records import at, inside, odd, ordinary, put
from tests.contract.shapes import input_members, read_of_items, resolve, shape_of_items, tree
from tests.contract.test_declarations import fits
from tests.contract.test_operations import refused_by_the_model
from tests.contract.test_secrets import is_sensitive

WITH_ITEMS = [(each, each.items_list) for each in EVERY_FAMILY if each.items_list is not None]
each_with_items = pytest.mark.parametrize(
    ("declared", "call"), WITH_ITEMS, ids=[f"{family.name}-{call.operation}" for family, call in WITH_ITEMS]
)


def key_of(declared: Family, native_id: str = "a-job") -> JobKey:
    parents = tuple(parent.id for parent in parents_of(declared))
    return JobKey(
        service=declared.service, region=TARGET.region, account=TARGET.account, type=declared.type, parents=parents,
        native_id=native_id,
    )  # fmt: skip


def rows(declared: Family, call: ItemsCall) -> list[dict[str, Any]]:
    """The rows of the fixture's items, as the API shows them."""
    (path,) = answers_with_items(declared.service, call.operation, declared.type)
    items = find(call.items, parsed(path))
    return [row_of(declared, call, key_of(declared), item, NOW, set()) for item in items]


@each_with_items
def test_paths_exist_with_a_fitting_type(declared: Family, call: ItemsCall) -> None:
    found = {each.name: each.found for each in read_of_items(declared, call)}
    assert "status" in found
    for name in ("id", "status", "name", "created", "started", "ended", "reason"):
        path = getattr(call.fields, name)
        if path is not None:
            told = resolve(path, shape_of_items(declared, call))
            assert fits(name, told, call.fields) or (name == "id" and told.kind in {"integer", "long"}), name
    assert {found[name].kind for name in ("group", "uri") if name in found} <= {"string"}


@each_with_items
def test_every_word_has_a_state_and_there_are_two_ends(declared: Family, call: ItemsCall) -> None:
    status = resolve(str(call.fields.status), shape_of_items(declared, call))
    enum = getattr(status.shape, "enum", None)
    assert not enum or sorted(call.states) == sorted(enum)
    mapped = {*call.states.values(), *(rule.then for rule in call.fields.when)}
    assert {State.SUCCEEDED, State.FAILED} <= mapped
    assert State.DELETED not in mapped
    for rule in call.fields.when:
        assert rule.state in call.states.values(), "no word has the state that the rule is about"


@each_with_items
def test_nothing_sensitive_is_shown(declared: Family, call: ItemsCall) -> None:
    shape = shape_of_items(declared, call)
    for each in read_of_items(declared, call):
        assert not is_sensitive(each.path, shape), each.path


@each_with_items
def test_the_call_names_the_job(declared: Family, call: ItemsCall) -> None:
    assert "id" in placeholders(call.inputs)
    if call.page_size is not None:
        least = input_members(declared, call)[call.page_size[0]].metadata.get("min", 1)
        assert least <= LEAST_PAGE
    if call.resource == "*" and action(call.action).knows_resources:
        assert call.action == declared.first_call.action, "it could be narrower"


@each_with_items
def test_rows_are_as_expected(declared: Family, call: ItemsCall) -> None:
    """Of each item its state, and what else is written down of it."""
    told = expected(declared.name)["items"]
    made = [{name: row[name] for name in {"state", *one}} for row, one in zip(rows(declared, call), told, strict=True)]
    assert made == told
    assert len({row["state"] for row in made}) > 1, "the fixture shows more than one state"


@each_with_items
def test_items_that_are_jobs_are_jobs_of_a_family(declared: Family, call: ItemsCall) -> None:
    if call.job is None:
        return
    of = catalogue.family(f"{declared.service}/{call.job}")
    assert len(of.parents) - len(declared.parents) in {0, 1}
    assert of.get is not None
    for row in rows(declared, call):
        key = JobKey.parse(row["job"])
        if len(of.parents) == len(declared.parents):
            given = filled(of, of.get, key.native_id)
            assert not refused_by_the_model(of, of.get, given), given


@each_with_items
def test_one_odd_value_costs_one_value(declared: Family, call: ItemsCall) -> None:
    shape = shape_of_items(declared, call)
    record = ordinary(shape, tree(each.path for each in read_of_items(declared, call)))
    plain = row_of(declared, call, key_of(declared), record, NOW, set())
    for steps, inner in inside(shape, record):
        for value in odd(inner, at(record, steps)) if steps else ():
            lost: set[str] = set()
            row = row_of(declared, call, key_of(declared), put(record, steps, value), NOW, lost)
            assert row.keys() == plain.keys()
            assert State(row["state"])
            assert "X-Amz-Signature" not in str(row)
