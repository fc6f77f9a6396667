"""Tries a read before a deployment: reads every family once from AWS, read-only, and prints the result as two tables.

Credentials come from boto3's default chain (``AWS_PROFILE``, environment, SSO …). Jobs are merged in memory by the same
code as in the deployed functions. Nothing is written, except for the fixtures of ``--record``.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM
from jobview.aws.errors import classify
from jobview.catalogue import FAMILIES, enabled
from jobview.catalogue.family import Family
from jobview.model import Coverage, JobView, Source, StoredJob, Target, rfc3339
from jobview.reader import Reader
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from jobview.refresh.source import SourceRead
from jobview.store import Change, Claim, Saved
from local.recording import fixtures
from local.recording.capture import Answers, RecordingClients
from local.reservations import OwnReservations

SECONDS_TO_GET = 10.0
"""The time limit of a get that is made only for the recording."""


class Memory:
    """A ``JobStore`` for one run: jobs in a dictionary, without earlier coverage."""

    def __init__(self) -> None:
        self.jobs: dict[str, StoredJob] = {}

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:  # noqa: ARG002
        """The jobs seen so far."""
        return {job_id: self.jobs[job_id] for job_id in job_ids if job_id in self.jobs}

    def save(self, changes: Sequence[Change]) -> Saved:
        """Store them; nobody else writes, so none is lost."""
        self.jobs.update({change.after.view.id: change.after for change in changes})
        return Saved(written=changes, lost=[])

    def expired(self, view: JobView, now: datetime) -> bool:  # noqa: ARG002
        """Every job that AWS still has is shown."""
        return False

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:  # noqa: ARG002
        """There is no second attempt."""
        return True

    def coverage(
        self,
        services: Collection[str] | None = None,  # noqa: ARG002
        targets: Collection[Target] | None = None,  # noqa: ARG002
    ) -> list[Coverage]:
        """There is no earlier coverage."""
        return []

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """The reads are returned and not stored."""

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:  # noqa: ARG002
        """There are no earlier jobs."""
        return {}

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:  # noqa: ARG002
        """There is no next time."""
        return 0

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:  # noqa: ARG002
        """Nobody else reads."""
        return {}

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """There is nothing to forget."""

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:  # noqa: ARG002
        """There is no next time."""
        return False


def look(
    families: Sequence[Family], targets: Sequence[Target], *, seconds: float, clients: Clients | None = None
) -> tuple[list[SourceRead], list[JobView]]:
    """Read the families in the targets once; return the result of each source, and the jobs, newest first."""
    memory = Memory()

    def now() -> datetime:
        return datetime.now(UTC)

    reader = Reader(clients or Clients(), reservations=OwnReservations(SYSTEM))
    refresher = Refresher(Dependencies(reader=reader, store=memory, now=now))
    begun = time.monotonic()
    reads = refresher.read_families(families, targets, deadline=begun + seconds, detail_deadline=begun + seconds / 2)
    jobs = sorted(memory.jobs.values(), key=lambda job: job.listed_at, reverse=True)
    return reads, [job.view for job in jobs]


def record(
    families: Sequence[Family], targets: Sequence[Target], *, seconds: float
) -> tuple[list[SourceRead], list[JobView], Answers]:
    """Like ``look``, with the answers recorded. If a family's list has everything, one of its jobs is got too."""
    answers = Answers()
    clients = RecordingClients(answers, {service for each in families for service, _ in each.calls_by_service})
    reads, jobs = look(families, targets, seconds=seconds, clients=clients)
    reader = Reader(clients, reservations=OwnReservations(SYSTEM))
    for family in families:
        newest = next(
            (view for view in jobs if (view.key.service, view.key.type) == (family.service, family.type)), None
        )
        if family.get is not None and family.list_tells_all and newest is not None:
            target = Target(account=newest.key.account, region=newest.key.region)
            deadline = time.monotonic() + SECONDS_TO_GET
            for got in reader.get_jobs(family, target, [newest.key], deadline):
                if got.error is not None and family.get is not None:
                    answers.failed[family.service, family.get.operation] = f"{got.error.code}: {got.error.message}"
    return reads, jobs, answers


def main(arguments: Sequence[str] | None = None, *, say: Callable[[str], None] = print) -> int:
    """Run it; return the exit status: 0 where at least one source could be read, else 1."""
    options = _options(arguments)
    try:
        families = enabled(options.family or [name for name, each in FAMILIES.items() if each.retired is None])
    except ValueError as error:
        return _fail(str(error))
    try:
        session = boto3.Session()
        regions = options.region or [session.region_name]
        if None in regions:
            return _fail("no region: give --region or set AWS_REGION")
        account = session.client("sts", region_name=regions[0]).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        why = classify(error, "GetCallerIdentity")
        return _fail(f"AWS does not know you ({why.code}: {why.message}); log in, or set AWS_PROFILE")
    written = "nothing is written" if options.record is None else f"fixtures are written to {options.record}"
    unlisted = [each for each in families if each.list is None]
    families = tuple(each for each in families if each.list is not None)
    say(f"Reading {len(families)} families in {account}, {', '.join(regions)}; {written}.")
    for each in unlisted:
        say(f"{each.name}: not checked, because nothing lists its jobs.")
    if not families:
        return 0
    targets = [Target(account=account, region=region) for region in regions]
    if options.record is None:
        reads, jobs = look(families, targets, seconds=options.seconds)
    else:
        reads, jobs, answers = record(families, targets, seconds=options.seconds)
    say("")
    for line in table(("source", "coverage", "jobs", "why"), [_coverage_row(read.coverage) for read in reads]):
        say(line)
    say("")
    states = Counter(view.state.value for view in jobs)
    summary = ", ".join(f"{count} {state}" for state, count in states.most_common())
    say(f"{len(jobs)} jobs{': ' if summary else ''}{summary}; the newest of them:" if jobs else "No jobs.")
    if jobs:
        rows = [_job_row(view) for view in jobs[: options.jobs]]
        for line in table(("created", "state", "native", "verified", "items", "job"), rows):
            say(line)
    if options.record is not None:
        say("")
        try:
            fixtures.write(options.record, families, answers, account=account, overwrite=options.overwrite, say=say)
        except OSError as error:
            return _fail(f"--record {options.record}: {error.strerror}")
        say("Names, texts, tags, URIs and accounts are replaced. Read the files before you share them.")
    return 0 if any(read.coverage.as_of is not None for read in reads) else 1


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a plain table, columns as wide as their widest cell."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    ruled = [head, ["-" * width for width in widths], *rows]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled]


def _coverage_row(row: Coverage) -> tuple[str, str, str, str]:
    why = "" if row.error is None else f"{row.error.operation or ''} {row.error.code}: {row.error.message}".strip()
    return row.source.id, row.status.value, "" if row.jobs is None else str(row.jobs), _short(why, 90)


def _job_row(view: JobView) -> tuple[str, ...]:
    items = "" if view.items is None else f"{view.items.failed or 0} of {view.items.total or '?'} failed"
    created = rfc3339(view.created_at or view.started_at) or ""
    return created, view.state.value, view.native_status, "yes" if view.verified else "no", items, view.id


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__)
    parser.add_argument("--region", action="append", help="a region to read; may be repeated (default: AWS_REGION)")
    parser.add_argument(
        "--family", action="append", metavar="SERVICE/TYPE", help="a family to read; may be repeated (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=20, help="how many jobs to show (default 20)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to read at the most (default 60)")
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FOLDER",
        help="write one answer of each operation there as a fixture, without names, texts, tags, URIs and accounts",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace fixtures that are in the folder already")
    return parser.parse_args(arguments)


def _fail(message: str) -> int:
    print(f"smoke: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
