"""Example answers for the OpenAPI document, made by the same code that makes the real ones."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jobview import catalogue
from jobview.items.rows import row
from jobview.model import (
    CadenceKind,
    Coverage,
    CoverageStatus,
    Failures,
    Items,
    JobView,
    Parent,
    ReadError,
    Schedule,
    Source,
    State,
    Target,
    Transition,
    Via,
)
from jobview.model.jobid import JobKey
from jobview.monitored import Monitored
from jobview.query import coverage, families

_NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
_TARGET = Target(account="111122223333", region="us-east-1")
_OMICS = catalogue.FAMILIES["omics/reference-import"]
_SES = catalogue.FAMILIES["sesv2/import"]
_PARENT = Parent(type="reference-store", id="1234567890")
_TOKEN = "No_43Qpxs9nQyRzdyw"  # noqa: S105 - a page token is no secret

_IMPORT = JobView(
    key=JobKey(
        service="omics",
        region=_TARGET.region,
        account=_TARGET.account,
        type="reference-import",
        parents=(_PARENT.id,),
        native_id="9876543210",
    ),
    state=State.PARTIALLY_SUCCEEDED,
    native_status="COMPLETED_WITH_FAILURES",
    reason=(
        "1 of 3 sources failed: The file is not a FASTA file. One or more sources could not be imported. "
        f"{_OMICS.failures_how}"
    ),
    observed_at=_NOW,
    via=Via.GET,
    parents=(_PARENT,),
    verified=True,
    items=Items(unit="sources", total=3, succeeded=2, failed=1, skipped=0),
    created_at=_NOW - timedelta(minutes=40),
    ended_at=_NOW - timedelta(minutes=7),
    inputs=("s3://references/hg38.fasta",),
    failures=Failures(count=1, how=_OMICS.failures_how or ""),
    role="arn:aws:iam::111122223333:role/ReferenceImport",
    lists_items=True,
    changed_at=_NOW,
)
_RUNNING = replace(
    _IMPORT,
    state=State.RUNNING,
    native_status="IN_PROGRESS",
    reason=None,
    verified=False,
    items=None,
    lists_items=None,
    ended_at=None,
    failures=None,
)
_ROWS = [
    Coverage(
        source=Source(service="omics", type="reference-import", target=_TARGET, parents=(_PARENT,)),
        status=CoverageStatus.COMPLETE,
        attempted_at=_NOW,
        as_of=_NOW,
        jobs=1,
        schedule=Schedule(
            kind=CadenceKind.ACTIVE,
            seconds=60,
            due=_NOW + timedelta(minutes=1),
            complete_by=_NOW + timedelta(minutes=1),
            full_sync_due=_NOW + timedelta(hours=2),
        ),
    ),
    Coverage(
        source=_SES.whole(_TARGET),
        status=CoverageStatus.THROTTLED,
        attempted_at=_NOW,
        as_of=_NOW - timedelta(minutes=3),
        jobs=12,
        error=ReadError(
            kind="throttled",
            code="TooManyRequestsException",
            message="Too Many Requests",
            operation="ListImportJobs",
            retryable=True,
        ),
        schedule=Schedule(
            kind=CadenceKind.THROTTLED,
            seconds=120,
            due=_NOW - timedelta(seconds=15),
            complete_by=_NOW - timedelta(seconds=15),
            full_sync_due=_NOW + timedelta(hours=5),
        ),
    ),
]


def _counts(view: JobView) -> list[dict[str, Any]]:
    return [{"service": view.key.service, "type": view.key.type, "state": view.state.value, "jobs": 1}]


def _transitions() -> list[dict[str, Any]]:
    made = Transition(
        job_id=_IMPORT.id,
        number=1,
        previous_state=None,
        state=State.RUNNING,
        native_status="IN_PROGRESS",
        reason=None,
        changed_at=_NOW - timedelta(minutes=40),
        observed_at=_NOW - timedelta(minutes=39),
        via=Via.LIST,
    )
    ended = replace(
        made,
        number=2,
        previous_state=State.RUNNING,
        state=_IMPORT.state,
        native_status=_IMPORT.native_status,
        reason=_IMPORT.reason,
        changed_at=_NOW - timedelta(minutes=7),
        observed_at=_NOW - timedelta(minutes=6),
        via=Via.GET,
    )
    return [made.to_dict(), ended.to_dict()]


def answers() -> Mapping[str, Any]:
    """An example of each operation's answer."""
    covered = coverage.to_dict(_ROWS)
    jobs = {"jobs": [_IMPORT.to_dict()], "nextToken": _TOKEN, "coverage": covered}
    monitored = Monitored(targets=(_TARGET,), families=(_OMICS, _SES))
    return {
        "listJobs": jobs,
        "listServiceJobs": jobs,
        "getJob": json.loads(_IMPORT.to_json()),
        "listTransitions": {"transitions": _transitions(), "nextToken": None},
        "listItems": {
            "items": [
                row(
                    uri="s3://references/hg38.fasta",
                    state=State.FAILED,
                    native_status="FAILED",
                    reason="The file is not a FASTA file",
                )
            ],
            "nextToken": None,
            "how": _OMICS.failures_how,
        },
        "listLinks": {
            "links": [
                {
                    "of": "failures",
                    "url": "https://example-bucket.s3.us-east-1.amazonaws.com/failed-records?X-Amz-Signature=…",
                }
            ]
        },
        "getSummary": {
            "counts": [*_counts(_RUNNING), *_counts(_IMPORT)],
            "total": {"RUNNING": 1, "PARTIALLY_SUCCEEDED": 1},
            "oldestRunning": _RUNNING.to_dict(),
            "failedLastDay": {"counts": _counts(_IMPORT), "jobs": [_IMPORT.to_dict()]},
            "coverage": covered,
        },
        "listSources": {"sources": [coverage.to_source(row, _NOW) for row in _ROWS], "nextToken": None},
        "listFamilies": {"families": [families.to_dict(_OMICS, monitored)]},
    }
