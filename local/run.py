"""``make run``: a local AWS with Jobview deployed onto it and sample jobs that keep changing, until Ctrl-C.

Variables choose: ``JOBVIEW_PORT`` the loopback port, ``JOBVIEW_STATE`` the folder for state and logs,
``JOBVIEW_FAMILIES`` the families (``local/samples/chosen.py``).
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from jobview.catalogue import FAMILIES
from local.aws import PORT_VARIABLE, ROOT, LocalAws, only_local
from local.calls import Caller
from local.deploy import Deployment, announce, configuration, deploy, deployed
from local.processes import LocalError
from local.samples.chosen import names
from local.samples.emulated import (
    BUCKET,
    AthenaQueries,
    BatchJobs,
    Executions,
    GlueRuns,
    Transcriptions,
)
from local.samples.pace import SampleRunner
from local.samples.played import played
from local.samples.unlisted import ask_for_jobs
from local.showing import show

DEFAULT_PORT = 4599
DEFAULT_STATE = ROOT / ".local" / "aws"
STATE_VARIABLE = "JOBVIEW_STATE"
REFRESH_SECONDS = 600.0
"""How long the first refresh may take, even if the first plan fails and the schedule starts the next one."""
SECONDS_BETWEEN_WORDS = 10.0


def say(text: str) -> None:
    """Show one line."""
    print(text, flush=True)


def port() -> int:
    """Return the port that the person wants.

    :raises LocalError: the variable holds no port
    """
    text = os.environ.get(PORT_VARIABLE) or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise LocalError(f"{PORT_VARIABLE} is {text!r}; allowed: a number from 1 to 65535")
    return int(text)


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    with contextlib.suppress(KeyboardInterrupt), _endable(), only_local():
        try:
            _serve()
        except (LocalError, BotoCoreError, ClientError, OSError) as error:
            sys.stderr.write(f"make run: {error}\n")
            return 1
    return 0


def _serve() -> None:
    aws = LocalAws(state=Path(os.environ.get(STATE_VARIABLE) or DEFAULT_STATE).resolve(), port=port())
    settings = configuration(aws)
    pace: SampleRunner | None = None
    try:
        say(f"starting the local AWS on {aws.endpoint}")
        aws.start(keep=True, say=say)
        kept = _kept(aws, settings)
        # Before the deployment, as in any account: the first plan finds jobs.
        pace = _samples(aws)
        pace.prepare()
        pace.start()
        deployment = kept or deploy(aws, settings, say=say)
        announce(aws)
        caller = Caller(deployment.url)
        _await_refresh(aws, caller)
        ask_for_jobs(
            aws.administer, caller, [FAMILIES[name] for name in sorted(names()) if FAMILIES[name].list is None]
        )
        say("")
        say(f"Jobview is up: {deployment.url}")
        show(caller, say=say)
        say("")
        say(f"Any key pair will do. Logs: {os.path.relpath(aws.state / 'logs')}. Ctrl-C ends everything.")
        while True:
            aws.check()
            time.sleep(1)
    finally:
        say("\nending the local AWS")
        if pace is not None:
            pace.stop()
        aws.stop()


def _kept(aws: LocalAws, settings: dict[str, Any]) -> Deployment | None:
    """Return what an earlier run deployed, its cache emptied; ``None`` and an empty local AWS where it has changed."""
    kept = deployed(aws, settings)
    if kept is not None:
        say("the stack of an earlier run is still right")
        _forget(aws, kept)
        return kept
    aws.stop()
    aws.start(say=say)
    return None


def _forget(aws: LocalAws, deployment: Deployment) -> None:
    """Empty the cache and the samples' bucket: the jobs of an earlier run ended with it."""
    session = aws.session()
    table = session.resource("dynamodb").Table(deployment.table)
    with table.batch_writer() as writer:
        for page in (
            session.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=deployment.table, ProjectionExpression="pk, sk")
        ):
            for row in page["Items"]:
                writer.delete_item(Key={name: value["S"] for name, value in row.items()})
    bucket = session.resource("s3").Bucket(BUCKET)
    if bucket.creation_date is not None:
        bucket.objects.all().delete()


def _samples(aws: LocalAws) -> SampleRunner:
    session = aws.session()
    emulated = (GlueRuns, BatchJobs, AthenaQueries, Executions, Transcriptions)
    return SampleRunner(
        [*(family(session) for family in emulated), *played(aws.administer, session.client("s3"))], say=say
    )


def _await_refresh(aws: LocalAws, caller: Caller) -> None:
    """Wait until the first plan has filled the cache: no source is waiting for its first read.

    :raises LocalError: that took too long, or the API fails
    """
    started = time.monotonic()
    said = started - SECONDS_BETWEEN_WORDS / 2
    while True:
        aws.check()
        answer = caller.get("/v1/jobs?limit=1")
        if answer.status != 200:
            raise LocalError(f"the API answers {answer.status}: {answer.body.decode(errors='replace')[:500]}")
        found = answer.json()
        waiting = found["coverage"]["counts"].get("stale", 0)
        if found["jobs"] and not waiting:
            return
        waited = time.monotonic() - started
        if waited > REFRESH_SECONDS:
            raise LocalError(f"{waiting} sources were not read in {waited:.0f} s: see {aws.state / 'logs'}")
        if time.monotonic() - said > SECONDS_BETWEEN_WORDS:
            said = time.monotonic()
            say(f"waiting for the first refresh ({waited:.0f} s)")
        time.sleep(1)


@contextlib.contextmanager
def _endable() -> Iterator[None]:
    """Let SIGTERM, and a terminal that is closed, end this process as Ctrl-C does.

    SIGINT too has to be asked for: a shell that starts this in the background has it ignored. Under nohup SIGHUP
    stays ignored.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)

    def once(number: int, frame: object) -> None:  # noqa: ARG001 - what Python hands to a handler
        # The terminal and make may both send it: a second signal would interrupt the shutdown.
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, once) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
