"""A family made up for tests of normalising, and how its records are observed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from jobview.catalogue.family import Family, ParentKind
from jobview.catalogue.operations import GetCall, ListCall
from jobview.catalogue.records import Counts, Fields, Parts, When
from jobview.collect.normalise import observe_item
from jobview.model import Depth, JobView, Observation, Parent, State, Target, Via
from jobview.model.jobid import JobKey

NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TARGET = Target(account="111122223333", region="us-east-1")

FIELDS = Fields(
    id="id",
    status="status",
    parent="store",
    name="name",
    created="created",
    started="started",
    updated="updated",
    ended="ended",
    reason="message",
    role="role",
    progress="progress",
    inputs=("input", "sources[].uri"),
    outputs=("output",),
    tags="tags",
    generation="redrives",
    when=tuple(When(State.FAILED, flag, (True,), State.CANCELLED) for flag in ("flags.cancelled", "flags.terminated")),
    counts=Counts(unit="records", total="total", succeeded="good", failed="bad", skipped="skipped"),
)
FAMILY = Family(
    service="omics",
    type="reference-import",
    title="Test",
    parents=(
        ParentKind(
            type="store",
            id="id",
            call=ListCall(operation="ListStores", rate=1, action="omics:ListStores", items="stores"),
        ),
    ),
    list=ListCall(operation="ListJobs", rate=1, action="omics:ListJobs", items="jobs"),
    list_fields=replace(FIELDS, counts=None),
    get=GetCall(operation="GetJob", rate=1, action="omics:GetJob", item="@"),
    get_fields=FIELDS,
    states={
        "QUEUED": State.PENDING,
        "ACTIVE": State.RUNNING,
        "DONE": State.SUCCEEDED,
        "DONE_WITH_FAILURES": State.PARTIALLY_SUCCEEDED,
        "BROKEN": State.FAILED,
        "STOPPED": State.CANCELLED,
        "GONE": State.DELETED,
    },
    failures_how="Look.",
    console="https://console/{region}?store={parent}#{id}",
)


def observe(
    item: Mapping[str, Any],
    *,
    family: Family = FAMILY,
    fields: Fields = FIELDS,
    depth: Depth = Depth.DETAIL,
    parent: Parent | None = None,
    key: JobKey | None = None,
    unreadable: set[str] | None = None,
) -> Observation:
    made = observe_item(
        family,
        TARGET,
        () if parent is None else (parent,),
        item,
        fields,
        depth=depth,
        via=Via.GET,
        observed_at=NOW,
        key=key,
        unreadable=unreadable,
    )
    assert made is not None
    return made


def view(item: Mapping[str, Any], **options: Any) -> JobView:
    return observe({"id": "j", **item}, **options).view


PARTS = replace(
    FIELDS,
    counts=None,
    parts=Parts(
        unit="sources",
        path="sources",
        status="status",
        outcomes={
            "OK": State.SUCCEEDED,
            "BAD": State.FAILED,
            "SKIPPED": State.CANCELLED,
            "WAITING": State.PENDING,
        },
    ),
)
