"""Erase one job from a deployment's table: its view, its history, its place in the counts.

Credentials come from boto3's ordinary chain; they need dynamodb:GetItem, Query, DeleteItem and UpdateItem on the table.
Delete the job in its service first, or Jobview stores it anew when it lists it again.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from jobview.model.jobid import InvalidJobIdError, JobKey
from jobview.store import StoreBusyError
from jobview.store.table import Table
from local.erasing import erase


def main(arguments: Sequence[str] | None = None, *, say: Callable[[str], None] = print) -> int:
    """Erase the job; returns the exit status: 0 also where there was nothing to erase."""
    options = _options(arguments)
    try:
        job = str(JobKey.parse(options.job))
        table = Table(
            client=boto3.client("dynamodb"), name=options.table, now=lambda: datetime.now(UTC), sleep=time.sleep
        )
        erased = erase(table, job)
    except (InvalidJobIdError, StoreBusyError, BotoCoreError, ClientError) as error:
        print(f"erase: {error}", file=sys.stderr)
        return 1
    say(f"{job}: {erased} items erased")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make erase", description=__doc__)
    parser.add_argument("--table", required=True, help="the stack's output TableName")
    parser.add_argument("--job", required=True, help="the job's id, as the API has it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
