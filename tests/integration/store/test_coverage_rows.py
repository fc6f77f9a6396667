"""Coverage rows: one a source, honest about the last complete read."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from jobview.model import Coverage, CoverageStatus, Parent, ReadError, Source, Target

from .conftest import START, refuse

if TYPE_CHECKING:
    from .conftest import Bench, Wire

HOME, AWAY = Target(account="111122223333", region="us-east-1"), Target(account="111122223333", region="eu-west-1")
DENIED = ReadError(
    kind="denied", code="AccessDeniedException", message="nö", operation="ListReferenceImportJobs", retryable=False
)


def source(service: str = "omics", target: Target = HOME, parent: str | None = "ref:1/ü") -> Source:
    return Source(
        service=service,
        type="reference-import",
        target=target,
        parents=() if parent is None else (Parent(type="reference-store", id=parent),),
    )


def complete(of: Source, minutes: int = 0, jobs: int = 3) -> Coverage:
    moment = START + timedelta(minutes=minutes)
    return Coverage(source=of, status=CoverageStatus.COMPLETE, attempted_at=moment, as_of=moment, jobs=jobs)


def denied(of: Source, minutes: int) -> Coverage:
    return Coverage(
        source=of, status=CoverageStatus.DENIED, attempted_at=START + timedelta(minutes=minutes), error=DENIED
    )


def test_rows_come_back_by_service_and_target(bench: "Bench") -> None:
    store = bench.store()
    rows = [
        complete(source(service, target, parent))
        for service in ("omics", "omicsx", "glue", "sesv2")
        for target in (HOME, AWAY)
        for parent in ("1", "2", None)
    ]
    rows.append(Coverage(source=source(parent="never read"), status=CoverageStatus.UNSUPPORTED))
    store.put_coverage(rows)
    rows.sort(key=lambda row: row.source.id)
    many = [f"service-{number}" for number in range(40)]
    for services in (None, ["omics"], ["omics", "glue"], [], ["omics", *many], many):
        for targets in (None, [HOME], [HOME, AWAY], []):
            wanted = [
                row
                for row in rows
                if (services is None or row.source.service in services)
                and (targets is None or row.source.target in targets)
            ]
            assert store.coverage(services, targets) == wanted, (services, targets)
    store.put_coverage([])
    store.forget_sources([])
    assert store.coverage() == rows


def test_a_failed_read_keeps_the_figures_of_the_last_complete_one(bench: "Bench") -> None:
    store = bench.store()
    store.put_coverage([complete(source())])
    store.put_coverage([denied(source(), 5)])
    (row,) = store.coverage()
    assert row == replace(denied(source(), 5), as_of=START, jobs=3)
    store.put_coverage([complete(source(), 10, jobs=4)])
    assert store.coverage() == [complete(source(), 10, jobs=4)], "the error is gone"


def test_a_late_row_does_not_overwrite_a_later_one(bench: "Bench") -> None:
    store = bench.store()
    store.put_coverage([denied(source(), 5)])
    store.put_coverage([complete(source(), 4)])
    (row,) = store.coverage()
    assert row == replace(denied(source(), 5), as_of=START + timedelta(minutes=4), jobs=3)
    store.put_coverage([complete(source(), 3, jobs=9), denied(source(), 2)])
    assert store.coverage() == [row]


def test_sources_that_are_no_more_are_forgotten(bench: "Bench") -> None:
    store = bench.store()
    rows = [complete(source(parent=str(number))) for number in range(12)]
    store.put_coverage(rows)
    store.forget_sources([row.source.id for row in rows[2:]] + ["omics:us-east-1:111122223333:absent"])
    assert store.coverage() == rows[:2]


def test_other_errors_are_raised(bench: "Bench", wire: "Wire") -> None:
    wire.faults["UpdateItem"] = [refuse("AccessDeniedException")] * 3
    with pytest.raises(ClientError, match="AccessDenied"):
        bench.store(wire.client).put_coverage([complete(source())])
