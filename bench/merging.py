"""Merging 100 observations with nothing new: what a refresh does most of the time."""

import json

from bench.jobs import seen_again, stored
from bench.measuring import Contender, Result, compared, interleaved
from jobview.merge import merge
from jobview.model import JobView

JOBS = 100


def measure(*, rounds: int) -> Result:
    """Compare the merge with reading the stored views it needs, whole and as plain JSON."""
    before = [stored(number) for number in range(JOBS)]
    observed = [seen_again(number) for number in range(JOBS)]
    texts = [job.view.to_json() for job in before]
    pairs = list(zip(before, observed, strict=True))
    if any(merge(job, observation).job is not None for job, observation in pairs):
        raise AssertionError("an unchanged job is not to be written")
    medians = interleaved(
        [
            Contender(name="json.loads of the stored views", run=lambda: [json.loads(text) for text in texts]),
            Contender(
                name="merge of stored view and observation",
                run=lambda: [merge(job, observation) for job, observation in pairs],
            ),
            Contender(name="stored views as JobViews", run=lambda: [JobView.from_json(text) for text in texts]),
        ],
        rounds=rounds,
        repeat=5,
    )
    return Result(
        title=f"4. {JOBS} observations of jobs that did not change",
        what="CPU time for all; ratio to the first",
        rows=compared(medians, notes={name: f"{JOBS / taken:,.0f} jobs/s" for name, taken in medians.items()}),
    )
