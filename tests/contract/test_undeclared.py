"""Every operation that looks like a list of jobs is declared, or stands in ``undeclared.tsv`` with a reason."""

from collections import Counter

from jobview.catalogue import FAMILIES
from local.catalogue import models
from local.catalogue.candidates import Kind, candidates, undeclared

ROWS = undeclared()
NAMED = {(row.service, row.operation) for row in ROWS}
DECLARED = {
    (service, call.operation) for family in FAMILIES.values() for service, call in family.calls_by_service
}  # of the tables, so that a declaration that is broken fails its own tests alone


def test_every_operation_that_may_list_jobs_has_a_decision() -> None:
    """A new botocore may bring some. Declare them as families, or give ``undeclared.tsv`` the reason."""
    found = {(service, operation) for service in models.services() for operation in candidates(service)}
    assert len(found) > 500, "the search finds what it is for"
    assert not found - DECLARED - NAMED


def test_no_row_stands_twice_or_out_of_order() -> None:
    names = [(row.service, row.operation) for row in ROWS]
    assert names == sorted(set(names))


def test_no_row_is_of_a_declared_family() -> None:
    assert not NAMED & DECLARED


def test_rows_name_operations_that_exist() -> None:
    wrong = [row for row in ROWS if row.operation not in models.service_model(row.service).operation_names]
    assert wrong == []
    assert [row for row in ROWS if not row.why.strip()] == []


def test_what_belongs_to_another_operation_belongs_to_one_with_a_decision() -> None:
    assert [row for row in ROWS if row.of and row.of not in DECLARED | NAMED] == []


def test_every_kind_is_used() -> None:
    assert Counter(row.kind for row in ROWS).keys() == set(Kind)
