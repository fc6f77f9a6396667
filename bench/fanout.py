"""Reading many sources of AWS: all at once, as a live read does, or one after another.

The stand-in, in a process of its own, waits before each answer. No way of reading can be faster than the slowest call:
that is the limit that both are held against.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from bench.measuring import Contender, Result, compared, interleaved
from jobview import catalogue
from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM
from jobview.catalogue.family import Family
from jobview.collect.fanout import Task, run_all
from jobview.model import Source, Target
from jobview.reader import Reader
from local.reservations import OwnReservations

LATENCY = 0.1
"""Seconds that the stand-in waits before each answer."""
JOBS = 20
"""Jobs in each source."""
PATIENCE = 60.0
ROOT = Path(__file__).resolve().parent.parent
REGIONS = (
    *("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1"),
    *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
    *("sa-east-1", "us-west-1", "ap-northeast-3", "af-south-1", "eu-south-1", "il-central-1"),
)
"""Regions that have SES: each source is then a lane of its own, which no quota slows down."""


def measure(*, rounds: int, sources: Sequence[int] = (10, 40)) -> list[Result]:
    """Compare both ways for each number of sources."""
    with _standin() as url, patch.dict(os.environ, _environment(url)):
        wanted = [
            (catalogue.family(name), Source(service="sesv2", type=name.split("/")[1], target=target))
            for target in (Target(account="111122223333", region=region) for region in REGIONS)
            for name in ("sesv2/import", "sesv2/export")
        ]
        clients = Clients()
        for _, source in wanted[: max(sources)]:
            clients.client("sesv2", source.target)
        return [_measure(url, clients, wanted[:count], rounds) for count in sources]


def _measure(url: str, clients: Clients, wanted: Sequence[tuple[Family, Source]], rounds: int) -> Result:
    _seed(url, [source for _, source in wanted])
    slowest: list[float] = []

    def reads() -> list[Callable[[], float]]:
        reader = Reader(
            clients, reservations=OwnReservations(SYSTEM)
        )  # a new one has spent nothing of the lanes' quotas
        return [partial(_read, reader, family, source) for family, source in wanted]

    def all_at_once() -> None:
        run_all([Task(run=partial(_begin, read)) for read in reads()], fair=True)

    def one_after_another() -> None:
        slowest.append(max(read() for read in reads()))

    medians = interleaved(
        [
            Contender(name="all at once (what Jobview does)", run=all_at_once),
            Contender(name="one after another", run=one_after_another),
        ],
        rounds=rounds,
        clock=time.perf_counter,
    )
    limit = {"the slowest call: the limit": median(slowest)}
    return Result(
        title=f"2. A live read of {len(wanted)} sources, {LATENCY * 1000:.0f} ms and {JOBS} jobs each",
        what="wall time; ratio to the slowest single call",
        rows=compared({**limit, **medians}),
    )


def _read(reader: Reader, family: Family, source: Source) -> float:
    """List one source; the seconds that it took."""
    begun = time.perf_counter()
    seen = sum(len(page.records) for page in reader.list_jobs(family, source, time.monotonic() + PATIENCE))
    if seen != JOBS:
        raise AssertionError(f"{source.id} has {seen} jobs, not {JOBS}")
    return time.perf_counter() - begun


def _begin(read: Callable[[], float]) -> Iterable[Task]:
    read()
    return ()


def _seed(url: str, sources: Sequence[Source]) -> None:
    _ask(url, "DELETE", "state")
    _ask(url, "DELETE", "faults")
    jobs = [
        {
            "service": source.service,
            "type": source.type,
            "region": source.target.region,
            "count": JOBS,
            "age": 9_000,
        }
        for source in sources
    ]
    _ask(url, "POST", "seed", {"jobs": jobs})
    _ask(url, "PUT", "faults", {"rules": [{"fault": {"kind": "latency", "seconds": LATENCY}}]})


def _ask(url: str, method: str, path: str, document: Mapping[str, object] | None = None) -> None:
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(f"{url}/_standin/{path}", method=method, data=body)  # noqa: S310 - our own process
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=30) as answer:
        answer.read()


def _environment(url: str) -> Mapping[str, str]:
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "*",
    }


@contextmanager
def _standin() -> Iterator[str]:
    """The stand-in in a process of its own, on a free port of loopback; yields its URL."""
    command = [sys.executable, "-m", "local.standin", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "lambdas")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout is not None else ""
            if not said.startswith("stand-in: "):
                raise RuntimeError("the stand-in did not start")
            yield said.removeprefix("stand-in: ").strip()
        finally:
            process.terminate()
