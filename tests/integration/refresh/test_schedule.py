"""The schedule over real HTTP: what is due is read and nothing else, by plan and lanes, on the test's clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jobview.catalogue import FAMILIES
from jobview.events.incoming import Hint
from jobview.events.ingesting import Ingester, Outcome
from jobview.model import CadenceKind, Coverage, CoverageStatus, State
from jobview.model.jobid import JobKey
from local.standin import Fault, Phase, Plan
from tests.local_jobview import Local
from tests.monitoring import USUAL

HERE = "us-east-1:123456789012"
SES = f"sesv2:{HERE}:import"
EXPORTS = f"sesv2:{HERE}:export"
OMICS = f"omics:{HERE}:reference-import"
EVERYTHING = {f"{service}:{HERE}:{kind}" for service, _, kind in (name.partition("/") for name in USUAL)}

FEW_CALLS = pytest.mark.parametrize("share", ["0.05"], ids=["few calls"])
"""For a read whose time is to end before its calls do. A call waits for its answer until the read's deadline, by the
machine's clock: with a twentieth of the quota even a read of a few calls leaves a slow machine the time it needs."""


def row(local: Local, source_id: str) -> Coverage:
    return next(each for each in local.parts.store.coverage() if each.source.id == source_id)


def kind(local: Local, source_id: str) -> tuple[CadenceKind, int | None]:
    schedule = row(local, source_id).schedule
    assert schedule is not None
    return schedule.kind, schedule.seconds


def counting(local: Local, service: str, operation: str) -> Callable[[], int]:
    """How often an operation was called since."""
    rule = local.aws.faults.add(Fault(kind="latency", seconds=0.001), service=service, operation=operation)
    return lambda: next(each["seen"] for each in local.aws.faults.to_json() if each["id"] == rule)


def test_a_new_deployment_reads_everything_and_then_what_is_due(local: Local) -> None:
    local.aws.seed("sesv2", "import", plan=Plan(submitted=5, running=600))
    first = local.tick()
    assert first.keys() >= EVERYTHING
    assert kind(local, SES) == (CadenceKind.ACTIVE, 60)
    assert kind(local, EXPORTS) == (CadenceKind.IDLE, 60)
    assert kind(local, OMICS) == (CadenceKind.DISCOVERY, 900)
    assert local.tick() == {}, "nothing is due"
    minute = local.tick(seconds=60)
    assert {SES, EXPORTS} <= minute.keys()
    assert OMICS not in minute
    assert kind(local, EXPORTS) == (CadenceKind.IDLE, 120)
    assert SES in local.tick(seconds=60)
    assert EXPORTS in local.tick(seconds=60)


def test_an_idle_source_backs_off_to_a_quarter_of_an_hour_and_comes_back_with_a_job(local: Local) -> None:
    local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=0))
    for _ in range(70):
        local.tick(seconds=60)
    assert kind(local, SES) == (CadenceKind.IDLE, 900)
    read = [SES in local.tick(seconds=60) for _ in range(30)]
    assert 2 <= sum(read) <= 3
    local.aws.seed("sesv2", "import", plan=Plan(submitted=5, running=1_000))  # longer than the longest interval
    waited = 0
    while SES not in local.tick(seconds=60):
        waited += 1
    assert waited < 15
    assert kind(local, SES) == (CadenceKind.ACTIVE, 60)
    for _ in range(18 - waited):
        local.tick(seconds=60)
    assert kind(local, SES)[0] is CadenceKind.IDLE


def test_what_was_never_used_is_read_every_few_hours_until_its_first_job(local: Local) -> None:
    local.tick()
    for _ in range(30):
        local.tick(seconds=1800)
    assert kind(local, SES) == kind(local, OMICS) == (CadenceKind.DORMANT, 14_400)
    local.aws.seed("sesv2", "import", plan=Plan(submitted=5, running=100_000))
    read = [SES in local.tick(seconds=1800) for _ in range(8)]
    assert True in read, "the first job is found within four hours, also without an event"
    assert kind(local, SES)[0] is CadenceKind.ACTIVE
    schedule = row(local, SES).schedule
    assert schedule is not None
    assert schedule.used


def test_an_event_and_a_live_read_wake_what_was_never_used(local: Local) -> None:
    local.tick()
    for _ in range(4):
        local.tick(seconds=3600)
    assert kind(local, OMICS)[0] is kind(local, SES)[0] is CadenceKind.DORMANT
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=6_000))
    source = f"{OMICS}:{job.parent}"
    ingester(local).take(hint(local, f"{source}:{job.id}"), deadline=1e12)
    assert {OMICS, source} <= local.tick(seconds=1).keys()
    assert kind(local, OMICS) == (CadenceKind.DISCOVERY, 900)
    assert kind(local, source) == (CadenceKind.ACTIVE, 60)
    assert kind(local, SES)[0] is CadenceKind.DORMANT
    local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=6_000))
    families = [each for each in local.parts.monitored.families if each.name == "sesv2/import"]
    local.parts.refresher.read_families(families, local.parts.monitored.targets, deadline=1e12)
    assert kind(local, SES) == (CadenceKind.ACTIVE, 60)


def test_a_list_that_soon_forgets_is_read_as_often_as_an_idle_one(local: Local) -> None:
    forgetful = next(each for each in FAMILIES.values() if not each.keeps_listing and not each.parents)
    monitoring = local.parts.monitored
    object.__setattr__(local.parts, "monitored", type(monitoring)(targets=monitoring.targets, families=(forgetful,)))
    local.tick()
    for _ in range(12):
        local.tick(seconds=900)
    schedules = [each.schedule for each in local.parts.store.coverage(services=[forgetful.service])]
    assert [(each.kind, each.seconds, each.used) for each in schedules if each] == [(CadenceKind.IDLE, 900, False)]


def test_errors_back_off_by_their_kind(local: Local) -> None:
    local.tick()
    local.aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="omics")
    local.aws.faults.add(Fault(kind="error", code="throttled"), service="sesv2")
    local.aws.faults.add(Fault(kind="down"), service="medical-imaging")
    imaging = f"medical-imaging:{HERE}:dicom-import"
    for _ in range(16):
        local.tick(seconds=60)
    assert kind(local, OMICS) == (CadenceKind.DENIED, 1800)
    throttled = kind(local, SES)
    assert throttled[0] is CadenceKind.THROTTLED
    assert (throttled[1] or 0) > 60
    assert kind(local, imaging)[0] is CadenceKind.FAILING
    local.aws.faults.clear()
    for _ in range(16):
        local.tick(seconds=60)
    assert kind(local, imaging)[0] in {CadenceKind.DISCOVERY, CadenceKind.DORMANT}
    assert row(local, OMICS).status is CoverageStatus.DENIED, "not before half an hour is over"
    for _ in range(16):
        local.tick(seconds=60)
    assert row(local, OMICS).status is CoverageStatus.COMPLETE
    assert row(local, SES).status is CoverageStatus.COMPLETE, "a quarter of an hour, and up to half of it at random"


def test_a_parent_that_is_found_is_read_in_the_same_run(local: Local) -> None:
    local.tick()
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=0))
    store = f"{OMICS}:{job.parent}"
    found = None
    for minute in range(16):
        if store in local.tick(seconds=60):
            found = minute
            break
    assert found is not None
    assert local.job(f"{store}:{job.id}").view.state is State.SUCCEEDED


def hint(local: Local, job_id: str) -> Hint:
    key = JobKey.parse(job_id)
    family = next(each for each in local.parts.monitored.families if each.service == key.service)
    return Hint(family=family, target=local.parts.monitored.targets[0], key=key, happened_at=local.clock.now())


def ingester(local: Local) -> Ingester:
    parts = local.parts
    return Ingester(refresher=parts.refresher, store=parts.store, now=local.clock.now)


def test_an_event_of_an_unknown_parent_brings_its_source_and_a_search_for_others(local: Local) -> None:
    local.tick()
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=600))
    local.aws.seed("omics", "reference-import", parent="another", plan=Plan(submitted=0, running=0))
    local.clock.advance(10)
    taken = ingester(local).take(hint(local, f"{OMICS}:{job.parent}:{job.id}"), deadline=1e12)
    assert taken.outcome is Outcome.READ
    read = local.tick()
    assert {OMICS, f"{OMICS}:{job.parent}"} <= read.keys()
    assert sum(name.startswith(f"{OMICS}:") for name in read) == 2, "the other store was found too"


def test_an_event_wakes_an_idle_source(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=0))
    source = f"{OMICS}:{job.parent}"
    for _ in range(70):
        local.tick(seconds=60)
    while source not in local.tick(seconds=60):
        pass
    assert kind(local, source) == (CadenceKind.IDLE, 900)
    [new] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=600))
    assert new.parent == job.parent
    ingester(local).take(hint(local, f"{source}:{new.id}"), deadline=1e12)
    assert source in local.tick(seconds=1)
    assert kind(local, source) == (CadenceKind.ACTIVE, 60)


def test_a_job_that_aws_forgets_before_its_end_is_deleted_with_the_reason(local: Local) -> None:
    [gone] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=6000))
    [done] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=0))
    local.tick()
    local.aws.forget(gone)
    local.aws.forget(done)
    local.tick(seconds=60)
    lost = local.job(f"{OMICS}:{gone.parent}:{gone.id}")
    assert (lost.view.state, lost.view.native_status) == (State.DELETED, "IN_PROGRESS")
    assert "ResourceNotFoundException" in (lost.view.reason or "")
    assert local.states(lost.view.id) == [State.RUNNING, State.DELETED]
    assert local.job(f"{OMICS}:{done.parent}:{done.id}").view.state is State.SUCCEEDED, "it stays until its retention"
    assert kind(local, f"{OMICS}:{gone.parent}")[0] is CadenceKind.IDLE


def test_a_job_that_cannot_be_asked_for_is_not_deleted(local: Local) -> None:
    [gone] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=6000))
    local.tick()
    local.aws.forget(gone)
    local.aws.faults.add(Fault(kind="error", code="throttled"), service="omics", operation="GetReferenceImportJob")
    local.tick(seconds=60)
    assert local.job(f"{OMICS}:{gone.parent}:{gone.id}").view.state is State.RUNNING
    local.aws.faults.clear()
    for _ in range(4):
        local.tick(seconds=60)
    assert local.job(f"{OMICS}:{gone.parent}:{gone.id}").view.state is State.DELETED


def test_a_parent_that_is_gone_ends_its_open_jobs_and_its_source(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=60_000))
    local.tick()
    source = f"{OMICS}:{job.parent}"
    local.aws.state.clear()
    for _ in range(17):
        local.tick(seconds=60)
    assert local.job(f"{source}:{job.id}").view.state is State.DELETED
    assert source not in {each.source.id for each in local.parts.store.coverage()}


def test_a_long_list_is_asked_for_less_once_it_is_known(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=450, age=90_000, spacing=1, plan=Plan(submitted=1, running=1))
    [old] = local.aws.seed("omics", "reference-import", age=80_000, plan=Plan(submitted=0, running=80_100))
    local.tick()
    source = f"{OMICS}:{old.parent}"
    assert row(local, source).schedule is not None
    [new] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=60_000))
    asked = counting(local, "omics", "ListReferenceImportJobs")
    coverage = local.tick(seconds=60)[source]
    assert asked() == 1, "one page instead of five"
    assert coverage.status is CoverageStatus.COMPLETE
    assert coverage.as_of == local.clock.now(), "it tells all that is new"
    assert coverage.jobs == 452
    assert local.job(f"{source}:{new.id}").view.state is State.RUNNING
    local.tick(seconds=60)
    assert local.job(f"{source}:{old.id}").view.state is State.SUCCEEDED, "not on the shorter list, and asked for by id"


def test_a_full_sync_finds_what_shorter_lists_miss(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=250, age=900_000, spacing=1, plan=Plan(submitted=1, running=1))
    local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=60_000))
    local.tick()
    [late] = local.aws.seed("omics", "reference-import", age=800_000, plan=Plan(submitted=0, running=0))
    source = f"{OMICS}:{late.parent}"
    for _ in range(5):
        local.tick(seconds=60)
    assert local.parts.store.get(f"{source}:{late.id}") is None
    local.tick(seconds=6 * 3600)
    assert local.job(f"{source}:{late.id}").view.state is State.SUCCEEDED


def test_a_list_of_open_jobs_alone_is_no_complete_read(local: Local) -> None:
    plan = Plan(submitted=0, running=0, manifest="absent")
    local.aws.seed("medical-imaging", "dicom-import", count=260, age=90_000, spacing=1, plan=plan)
    [open_one] = local.aws.seed("medical-imaging", "dicom-import", plan=Plan(submitted=0, running=600))
    local.tick()
    source = f"medical-imaging:{HERE}:dicom-import:{open_one.parent}"
    synced = row(local, source)
    coverage = local.tick(seconds=60)[source]
    assert coverage.status is CoverageStatus.COMPLETE
    assert coverage.as_of is None
    stored = row(local, source)
    assert (stored.as_of, stored.jobs) == (synced.as_of, 261)
    assert stored.schedule is not None
    assert synced.as_of is not None
    assert stored.schedule.complete_by == synced.as_of + timedelta(hours=1)
    local.clock.advance(600)
    local.tick(seconds=60)
    assert local.job(f"{source}:{open_one.id}").view.state.terminal, "not on the shorter list, and asked for by id"


def test_an_unchanged_list_costs_no_look_into_the_store(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=90, age=90_000, spacing=1, plan=Plan(submitted=1, running=1))
    local.tick()
    asked, compared = counting(local, "omics", "ListReferenceImportJobs"), counting(local, "dynamodb", "BatchGetItem")
    local.tick(seconds=60)
    assert (asked(), compared()) == (1, 0)


@FEW_CALLS
def test_a_lane_with_more_than_it_can_do_carries_on_where_it_stopped(local: Local) -> None:
    local.aws.seed("sesv2", "import", count=1_000, age=90_000, spacing=1, plan=Plan(submitted=0, running=0))
    local.aws.seed("sesv2", "export", count=400, age=90_000, spacing=1, plan=Plan(submitted=0, running=0))
    seen: list[int] = []
    for _ in range(30):
        coverage = local.tick(seconds=60, reading=15)  # one call of each operation, at one every twenty seconds
        if SES in coverage:
            schedule, whole = row(local, SES).schedule, row(local, SES).as_of is not None
            assert schedule is not None
            # Without a cursor it is at its end, or its time was over before the first page.
            seen.append(schedule.cursor.seen if schedule.cursor is not None else 1_000 * whole)
        if row(local, SES).as_of is not None and row(local, EXPORTS).as_of is not None:
            break
    assert seen == sorted(seen), seen
    assert len(set(seen)) > 2, "it took several runs"
    assert row(local, SES).jobs == 1_000
    assert row(local, EXPORTS).jobs == 400
    counts = local.parts.store.summary(local.clock.now()).counts
    assert counts["sesv2", "import"] == {State.SUCCEEDED: 1_000}
    assert counts["sesv2", "export"] == {State.SUCCEEDED: 400}


def test_what_is_not_monitored_any_more_leaves_the_schedule(local: Local) -> None:
    local.tick()
    monitoring = local.parts.monitored
    fewer = type(monitoring)(
        targets=monitoring.targets, families=tuple(f for f in monitoring.families if f.service != "sesv2")
    )
    object.__setattr__(local.parts, "monitored", fewer)
    read = local.tick(seconds=60)
    assert not [name for name in read if name.startswith("sesv2")]
    assert row(local, SES).schedule is None
    assert row(local, SES).status is CoverageStatus.COMPLETE, "what is known of it stays"
    object.__setattr__(local.parts, "monitored", monitoring)
    assert SES in local.tick(seconds=60)


def test_partial_ends_are_seen_within_a_minute_of_their_end(local: Local) -> None:
    [job] = local.aws.seed(
        "omics",
        "reference-import",
        plan=Plan(submitted=10, running=100, outcome=Phase.PARTIAL, items=4, failed_items=1),
    )
    local.tick()
    for _ in range(3):
        local.tick(seconds=60)
    assert local.states(f"{OMICS}:{job.parent}:{job.id}") == [State.PENDING, State.RUNNING, State.PARTIALLY_SUCCEEDED]


@FEW_CALLS
def test_no_source_of_a_lane_is_starved_by_longer_ones_before_it(local: Local) -> None:
    for number in range(20):
        local.aws.seed(
            "omics",
            "reference-import",
            parent=f"long-{number}",
            count=500,
            age=90_000,
            spacing=1,
            plan=Plan(submitted=0, running=0),
        )
    local.tick(reading=20)
    short = [
        local.aws.seed("omics", "reference-import", parent=f"short-{number}", plan=Plan(submitted=0, running=0))[0]
        for number in range(6)
    ]
    local.clock.advance(900)
    unread: list[int] = []
    while not unread or (unread[-1] and len(unread) < 10):
        local.tick(seconds=60, reading=20)  # five calls, at one every four seconds
        rows = {each.source.id: each for each in local.parts.store.coverage()}
        read = [rows.get(f"{OMICS}:{job.parent}") for job in short]
        unread.append(sum(each is None or each.as_of is None for each in read))
    assert unread[-1] == 0, unread
    waiting = [row for row in local.parts.store.coverage(services=["omics"]) if row.as_of is None]
    assert len(waiting) > 10, "the long ones have a hundred pages together"


def test_a_shorter_list_is_no_proof_that_a_job_is_gone(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=450, age=90_000, spacing=1, plan=Plan(submitted=1, running=1))
    [old] = local.aws.seed("omics", "reference-import", age=80_000, plan=Plan(submitted=0, running=800_000))
    local.tick()
    source = f"{OMICS}:{old.parent}"
    local.aws.faults.add(
        Fault(kind="error", code="ResourceNotFoundException"),
        service="omics",
        operation="GetReferenceImportJob",
        times=1,
    )
    local.tick(seconds=60)
    assert local.job(f"{source}:{old.id}").view.state is State.RUNNING
    asked = counting(local, "omics", "ListReferenceImportJobs")
    local.tick(seconds=60)
    assert asked() == 5, "everything is listed, to be sure"
    assert local.job(f"{source}:{old.id}").view.state is State.RUNNING
