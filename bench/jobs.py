"""Jobs to measure with: as many as asked for, all different, each with every kind of member."""

from datetime import UTC, datetime, timedelta

from jobview.merge import merge
from jobview.model import Depth, Failures, Items, JobView, Observation, Parent, State, StoredJob, Via
from jobview.model.jobid import JobKey

START = datetime(2026, 11, 20, tzinfo=UTC)


def view(number: int, *, observed_at: datetime = START) -> JobView:
    """The view of an import that lost one of its five sources."""
    begun = START + timedelta(seconds=number)
    return JobView(
        key=JobKey(
            service="omics",
            region="us-east-1",
            account="111122223333",
            type="reference-import",
            parents=("1234567890",),
            native_id=f"{number:010d}",
        ),
        state=State.PARTIALLY_SUCCEEDED,
        native_status="COMPLETED_WITH_FAILURES",
        observed_at=observed_at,
        via=Via.LIST,
        parents=(Parent(type="reference-store", id="1234567890"),),
        reason="1 of 5 sources failed.",
        verified=True,
        items=Items(unit="sources", total=5, succeeded=4, failed=1, skipped=0),
        created_at=begun,
        ended_at=begun + timedelta(minutes=12),
        inputs=tuple(f"s3://genomes/batch-{number}/reference-{one}.fasta" for one in range(5)),
        failures=Failures(count=1, how="Each source of the job has a status and a message: GET this job's items."),
        role="arn:aws:iam::111122223333:role/OmicsImport",
    )


def stored(number: int) -> StoredJob:
    """The same as the store holds it."""
    job = merge(None, Observation(view=view(number), depth=Depth.DETAIL)).job
    if job is None:
        raise AssertionError("a new job is always written")
    return job


def seen_again(number: int) -> Observation:
    """The same job, read again five minutes later and unchanged."""
    return Observation(view=view(number, observed_at=START + timedelta(minutes=5)), depth=Depth.SUMMARY)
