"""Several writers at once: no transition lost or doubled, counters equal to a recount."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from jobview.model import Depth, Observation, State
from jobview.refresh.recorder import Recorder

from .conftest import START

if TYPE_CHECKING:
    from .conftest import Bench

WRITERS, JOBS, ROUNDS = 5, 8, 8


def observations(bench: "Bench", rng: random.Random) -> list[Observation]:
    """A few of the jobs, at some moment of their lives; two generations, ends that are refined later."""
    found = []
    for number in rng.sample(range(JOBS), 4):
        generation = rng.choice((0, 0, 1)) if number % 2 else 0
        step = rng.randrange(4)
        state = (State.PENDING, State.RUNNING, State.SUCCEEDED, State.SUCCEEDED)[step]
        depth = Depth.ITEMS if step == 3 else Depth.SUMMARY
        if step == 3 and number < 4:
            state = State.PARTIALLY_SUCCEEDED
        found.append(
            bench.observe(
                number,
                state,
                depth=depth,
                counter=generation,
                observed_at=START + timedelta(hours=generation, minutes=step),
                **({"ended_at": START + timedelta(hours=generation, minutes=2)} if state.terminal else {}),
            )
        )
    return found


def test_writers_at_once_lose_and_double_nothing(bench: "Bench") -> None:
    def write(seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311 (repeatable on purpose)
        recorder = Recorder(bench.store(), now=lambda: bench.now)
        for _ in range(ROUNDS):
            recorder.record(observations(bench, rng))

    with ThreadPoolExecutor(max_workers=WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    store = bench.store()
    jobs = store.get_many([bench.observe(number).view.id for number in range(JOBS)], consistent=True)
    assert len(jobs) == JOBS
    for job_id, job in jobs.items():
        history, after = store.transitions(job_id, limit=100)
        assert after is None
        assert [one.number for one in history] == list(range(1, job.transitions + 1))
        assert [one.previous_state for one in history] == [None, *(one.state for one in history[:-1])]
        assert history[-1].state is job.view.state
        generations = [1, *(one.generation for one in history)]
        began = [later > earlier for earlier, later in pairwise(generations)]
        assert all(new or one.state is not one.previous_state for new, one in zip(began, history, strict=True))
    assert store.summary(bench.now).counts == bench.recount()
