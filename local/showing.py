"""What ``make run`` shows of the API: a few calls that it makes, and their answers in short."""

import json
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.calls import Caller, curl, curl_works
from local.processes import LocalError

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A call worth making, and what is worth showing of its answer."""

    question: str
    target: str
    shorten: Callable[[Any], list[str]]


def examples(caller: Caller) -> list[Example]:
    """Return three calls; the last is about a job that AWS calls COMPLETED and that lost files."""
    query = "state=PARTIALLY_SUCCEEDED&service=medical-imaging&limit=1"
    partial = caller.get(f"/v1/jobs?{query}").json()["jobs"]
    last = Example(question="Which services can be read?", target="/v1/families", shorten=_families)
    if partial:
        last = Example(
            question=f"AWS calls this job {partial[0]['nativeStatus']}. Which files did it lose?",
            target=f"/v1/jobs/{partial[0]['id']}/items?limit=3",
            shorten=_items,
        )
    return [
        Example(question="What is running, and what failed?", target="/v1/summary", shorten=_summary),
        Example(question="Which jobs are the newest, and in which state?", target="/v1/jobs?limit=5", shorten=_jobs),
        last,
    ]


def show(caller: Caller, *, say: Say) -> None:
    """Make the example calls and show each with its answer.

    They are made with curl, as they are shown, where this machine's curl can; else with Python.

    :raises LocalError: one is not answered with 200
    """
    by_curl = curl_works(caller)
    if not by_curl:
        say(
            "(made with Python: curl makes these calls from 7.75 on here, where any signature will do; from 8.9 at AWS)"
        )
    for example in examples(caller):
        command = curl(caller.url + example.target)
        answer = _run(command) if by_curl else caller.get(example.target).body
        say("")
        say(f"# {example.question}")
        say(shlex.join(command))
        try:
            lines = example.shorten(json.loads(answer))
        except (ValueError, KeyError, TypeError) as error:
            raise LocalError(f"{example.target} was answered {answer[:500]!r}") from error
        for line in lines:
            say(f"  {line}")


def _run(command: list[str]) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    if done.returncode:
        raise LocalError(f"curl failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _summary(answer: Any) -> list[str]:
    states: dict[str, list[str]] = {}
    for row in answer["counts"]:
        states.setdefault(f"{row['service']}/{row['type']}", []).append(f"{row['jobs']} {row['state']}")
    return [f"{family:<30} {', '.join(counts)}" for family, counts in states.items()]


def _jobs(answer: Any) -> list[str]:
    rows = [
        f"{job['state']:<20} {job['nativeStatus']:<24} {_counted(job['items']):<24} {job['id']}"
        for job in answer["jobs"]
    ]
    counts = ", ".join(f"{number} {status}" for status, number in answer["coverage"]["counts"].items())
    return [*rows, f"coverage: {counts} as of {answer['coverage']['asOf']}"]


def _counted(items: Any) -> str:
    if items is None or items["failed"] is None:
        return "-"
    return f"{items['failed']} of {items['total']} {items['unit']} failed"


def _items(answer: Any) -> list[str]:
    return [f"{item['state']:<10} {item['uri']}  {item['reason']}" for item in answer["items"]]


def _families(answer: Any) -> list[str]:
    return [f"{family['family']:<30} {family['title']}" for family in answer["families"]]
