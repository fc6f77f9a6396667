"""The body of ``GET /v1/jobs`` with 100 stored jobs: put together from texts, or from data."""

import json

from bench.jobs import view
from bench.measuring import Contender, Result, compared, interleaved
from jobview.model import JobView
from jobview.query.answer import Raw, dumps, spliced

JOBS = 100


def measure(*, rounds: int) -> Result:
    """Compare the three ways."""
    texts = [view(number).to_json() for number in range(JOBS)]

    def data(jobs: list[object]) -> str:
        return dumps({"jobs": jobs, "nextToken": None, "coverage": {}})

    medians = interleaved(
        [
            Contender(
                name="stored texts spliced (what Jobview does)",
                run=lambda: spliced(jobs=Raw.array(texts), nextToken=None, coverage={}),
            ),
            Contender(
                name="each parsed, all encoded again",
                run=lambda: data([json.loads(text) for text in texts]),
            ),
            Contender(
                name="each rebuilt as a JobView",
                run=lambda: data([JobView.from_json(text).to_dict() for text in texts]),
            ),
        ],
        rounds=rounds,
        repeat=20,
    )
    size = sum(map(len, texts)) // 1000
    return Result(
        title=f"1. The body of GET /v1/jobs, {JOBS} jobs, {size} kB",
        what="CPU time for one body; ratio to the first",
        rows=compared(medians),
    )
