"""Reading sources into the store, over real HTTP: the stand-in and moto behind one endpoint."""

import boto3
import pytest

from jobview.model import Coverage, CoverageStatus, Depth, Parent, Source, State, Via
from jobview.model.jobid import JobKey
from local.standin import Fault, Plan
from tests.local_jobview import Local

OMICS = "omics:us-east-1:123456789012:reference-import"
IMAGING = "medical-imaging:us-east-1:123456789012:dicom-import"
SES = "sesv2:us-east-1:123456789012:import"


def seed_imaging(local: Local, **plan: object) -> str:
    [job] = local.aws.seed(
        "medical-imaging",
        "dicom-import",
        plan=Plan(submitted=1, running=10, **plan),  # type: ignore[arg-type]
        input={"outputS3Uri": "s3://dicom/results/", "inputS3Uri": "s3://dicom/input/"},
    )
    return f"{IMAGING}:{job.parent}:{job.id}"


def test_a_job_is_followed_from_submission_to_its_end(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=5, running=60))
    job_id = f"{OMICS}:{job.parent}:{job.id}"
    seen = []
    for seconds in (0, 10, 10, 60, 10):
        local.clock.advance(seconds)
        coverage = local.refresh("omics/reference-import")
        assert {row.status for row in coverage.values()} == {CoverageStatus.COMPLETE}
        stored = local.job(job_id)
        seen.append((stored.view.state, stored.revision))
    assert [state for state, _ in seen] == [
        State.PENDING,
        State.RUNNING,
        State.RUNNING,
        State.SUCCEEDED,
        State.SUCCEEDED,
    ]
    # Nothing changed, nothing written.
    assert seen[1][1] == seen[2][1]
    assert seen[3][1] == seen[4][1]
    assert local.states(job_id) == [State.PENDING, State.RUNNING, State.SUCCEEDED]


def test_an_unchanged_job_is_not_got_again(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=3, plan=Plan(submitted=0, running=1000))
    local.refresh("omics/reference-import")
    # From here on every get would fail and show.
    local.aws.faults.add(Fault(kind="error"), service="omics", operation="GetReferenceImportJob")
    coverage = local.refresh("omics/reference-import")
    assert [row.error for row in coverage.values()] == [None, None]


def test_completed_with_failed_files_is_partly_succeeded_and_verified(local: Local) -> None:
    job_id = seed_imaging(local, outcome="partial", items=9, failed_items=3)
    local.clock.advance(20)
    local.refresh("medical-imaging/dicom-import")
    stored = local.job(job_id)
    view = stored.view
    assert (view.native_status, view.state, view.verified) == ("COMPLETED", State.PARTIALLY_SUCCEEDED, True)
    assert view.items is not None
    assert (view.items.total, view.items.succeeded, view.items.failed) == (9, 6, 3)
    assert view.failures is not None
    assert view.failures.count == 3
    # The status was written before the manifest was read.
    assert local.states(job_id) == [State.SUCCEEDED, State.PARTIALLY_SUCCEEDED]


@pytest.mark.parametrize("manifest", ["absent", "truncated"])
def test_a_manifest_that_cannot_be_read_hides_nothing_and_is_tried_ever_more_seldom(
    local: Local, manifest: str
) -> None:
    job_id = seed_imaging(local, manifest=manifest)
    local.clock.advance(20)
    row = local.refresh("medical-imaging/dicom-import")
    source = next(coverage for coverage in row.values() if coverage.source.parent is not None)
    assert source.status is CoverageStatus.COMPLETE
    assert source.error is not None
    stored = local.job(job_id)
    assert (stored.view.state, stored.view.verified) == (State.SUCCEEDED, False)
    assert stored.items_attempts == 1
    local.clock.advance(30)
    assert not [row.error for row in local.refresh("medical-imaging/dicom-import").values() if row.error]
    for _ in range(20):
        local.clock.advance(24 * 3600)
        local.refresh("medical-imaging/dicom-import")
    stored = local.job(job_id)
    assert stored.items_attempts == 8


def test_a_manifest_that_appears_later_is_read(local: Local) -> None:
    job_id = seed_imaging(local, outcome="partial")
    local.clock.advance(20)
    local.aws.faults.add(Fault(kind="error", code="AccessDenied", status=403), service="s3", operation=None)
    local.refresh("medical-imaging/dicom-import")
    local.aws.faults.clear()
    local.clock.advance(61)
    local.refresh("medical-imaging/dicom-import")
    stored = local.job(job_id)
    assert (stored.view.state, stored.depth) == (State.PARTIALLY_SUCCEEDED, Depth.ITEMS)


def test_ids_only_families_get_what_is_new_or_not_ended(local: Local) -> None:
    athena = boto3.client("athena")
    started = [
        athena.start_query_execution(
            QueryString="SELECT 1", ResultConfiguration={"OutputLocation": "s3://dicom/athena/"}
        )["QueryExecutionId"]
        for _ in range(3)
    ]
    coverage = local.refresh("athena/query-execution")
    assert [row.error for row in coverage.values()] == [None, None]
    ids = [f"athena:us-east-1:123456789012:query-execution:primary:{native}" for native in started]
    stored = local.parts.store.get_many(ids)
    assert set(stored) == set(ids)
    assert {job.view.via for job in stored.values()} == {Via.GET}
    if all(job.view.state.terminal for job in stored.values()):
        local.aws.faults.add(Fault(kind="error"), service="athena", operation="BatchGetQueryExecution")
        coverage = local.refresh("athena/query-execution")
        assert [row.error for row in coverage.values()] == [None, None]


def test_one_service_that_is_down_costs_its_own_rows_alone(local: Local) -> None:
    local.aws.seed("omics", "reference-import")
    local.aws.seed("sesv2", "import")
    local.refresh("omics/reference-import", "sesv2/import")
    local.aws.faults.add(Fault(kind="down"), service="omics")
    local.clock.advance(60)
    coverage = local.refresh("omics/reference-import", "sesv2/import")
    assert coverage[SES].status is CoverageStatus.COMPLETE
    assert coverage[SES].jobs == 1
    broken = [row for name, row in coverage.items() if name.startswith(OMICS)]
    # The discovery failed; the store known from before was tried all the same, and failed too.
    assert [row.status for row in broken] == [CoverageStatus.FAILED] * 2
    stored = local.parts.store.coverage(services=["omics"])
    assert all(row.as_of is not None and row.error is not None for row in stored)


def test_denied_and_throttled_say_so(local: Local) -> None:
    local.aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="omics")
    local.aws.faults.add(Fault(kind="error", code="throttled"), service="sesv2")
    coverage = local.refresh("omics/reference-import", "sesv2/import")
    assert coverage[OMICS].status is CoverageStatus.DENIED
    assert coverage[SES].status is CoverageStatus.THROTTLED
    error = coverage[SES].error
    assert error is not None
    assert error.code == "TooManyRequestsException"


def test_a_parent_that_is_gone_takes_its_coverage_along(local: Local) -> None:
    here = local.parts.monitored.targets[0]
    gone = Source(
        service="omics",
        type="reference-import",
        target=here,
        parents=(Parent(type="reference-store", id="1234567890"),),
    )
    local.parts.store.put_coverage([Coverage(source=gone, status=CoverageStatus.COMPLETE)])
    assert gone.id in {row.source.id for row in local.parts.store.coverage()}
    local.refresh("omics/reference-import")
    assert {row.source.id for row in local.parts.store.coverage()} == {OMICS}


def test_an_unknown_status_is_unknown_and_counted_not_an_error(local: Local) -> None:
    [job] = local.aws.seed("sesv2", "import")
    local.aws.faults.add(Fault(kind="unknown-status", value="HIBERNATING"), service="sesv2")
    reads = local.parts.refresher.read_families(
        [family for family in local.parts.monitored.families if family.name == "sesv2/import"],
        local.parts.monitored.targets,
        deadline=1e12,
    )
    assert [read.coverage.status for read in reads] == [CoverageStatus.COMPLETE]
    assert reads[0].unknown >= 1
    stored = local.job(f"{SES}:{job.id}")
    assert (stored.view.state, stored.view.native_status) == (State.UNKNOWN, "HIBERNATING")


def test_details_that_come_too_late_for_a_live_read_are_no_error(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import")
    coverage = local.refresh("omics/reference-import", detail_deadline=0.0)
    assert [row.error for row in coverage.values()] == [None, None]
    stored = local.job(f"{OMICS}:{job.parent}:{job.id}")
    assert stored.depth is Depth.SUMMARY


def test_a_deadline_leaves_sources_stale(local: Local) -> None:
    local.aws.seed("sesv2", "import")
    coverage = local.refresh("sesv2/import", deadline=0.0)
    assert coverage[SES].status is CoverageStatus.STALE
    error = coverage[SES].error
    assert error is not None
    assert error.kind == "deadline"


def test_thousands_of_jobs_of_one_source_are_all_recorded(local: Local) -> None:
    local.aws.seed("omics", "reference-import", count=3_000, age=90_000, spacing=1, plan=Plan(submitted=1, running=1))
    coverage = local.refresh("omics/reference-import", detail_deadline=0.0)
    assert sorted(row.jobs or 0 for row in coverage.values()) == [1, 3_000]
    counts = local.parts.store.summary(local.clock.now()).counts
    assert counts["omics", "reference-import"] == {State.SUCCEEDED: 3_000}


def test_one_job_read_by_id(local: Local) -> None:
    job_id = seed_imaging(local, outcome="partial", items=4, failed_items=2)
    local.clock.advance(20)
    family = next(each for each in local.parts.monitored.families if each.service == "medical-imaging")
    target = local.parts.monitored.targets[0]
    read = local.parts.refresher.read_job(family, target, JobKey.parse(job_id), deadline=1e12)
    assert read.error is None
    assert read.stored is not None
    assert read.stored.view.state is State.PARTIALLY_SUCCEEDED
    assert read.native is not None
    assert read.native["jobStatus"] == "COMPLETED"
    gone = local.parts.refresher.read_job(family, target, JobKey.parse(job_id[:-1] + "z"), deadline=1e12)
    assert gone.stored is None
    assert gone.error is not None
    assert gone.error.kind == "not_found"


def test_a_list_that_returns_everything_is_enough(local: Local) -> None:
    glue = boto3.client("glue")
    glue.create_job(
        Name="nightly",
        Role="arn:aws:iam::123456789012:role/glue",
        Command={"Name": "glueetl", "ScriptLocation": "s3://dicom/job.py"},
    )
    run = glue.start_job_run(JobName="nightly")["JobRunId"]
    local.aws.faults.add(Fault(kind="error"), service="glue", operation="GetJobRun")
    coverage = local.refresh("glue/job-run")
    assert [row.error for row in coverage.values()] == [None, None]
    assert local.job(f"glue:us-east-1:123456789012:job-run:nightly:{run}").depth is Depth.DETAIL
