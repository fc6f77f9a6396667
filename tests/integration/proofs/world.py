"""What must always hold of what is stored, whatever is killed on the way: histories, counts, the schedule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any

from jobview.model import CadenceKind, State, StoredJob, Transition
from jobview.refresh.lanes import expected
from jobview.store.table import decode
from jobview.store.transitions import decode as decode_transition
from tests.integration.proofs.account import Account, Items, place, state_of
from tests.integration.proofs.executions import Execution

Histories = dict[str, list[Transition]]


@dataclass(kw_only=True)
class World(Account):
    """An account, and what must hold of what is stored of it."""

    seen: Histories = field(default_factory=dict)
    """Histories at the last check: they only grow."""
    scheduled: set[str] = field(default_factory=set)
    """Sources that were on the schedule at the last check: they stay."""

    def restore(self, items: Iterable[dict[str, Any]]) -> None:
        """Make the table's items these, and begin to monitored anew."""
        super().restore(items)
        self.seen, self.scheduled = {}, set()

    def check(self) -> tuple[dict[str, StoredJob], Histories]:
        """What holds at every moment, whatever was killed on the way; the jobs and their histories."""
        items = self.items()
        jobs = {job.view.id: job for job in map(decode, _of(items, "JOB#", "VIEW"))}
        histories: Histories = defaultdict(list)
        for item in sorted(_of(items, "JOB#", "T#"), key=place):
            transition = decode_transition(item)
            histories[transition.job_id].append(transition)
        assert histories.keys() == jobs.keys(), "each job has a history, and no history is without its job"
        for job_id, history in histories.items():
            check_history(jobs[job_id], history)
            before = self.seen.get(job_id, [])
            assert history[: len(before)] == before, "what was recorded stays"
            assert job_id in self.real, "no job is made up"
        assert not self.seen.keys() - histories.keys(), "no job is lost"
        assert _counted(items) == _recounted(jobs.values()), "counts are those of a recount"
        scheduled = {
            item["sk"]["S"]
            for item in _of(items, "COVERAGE#", "")
            if "due" in item or item.get("cadence", {"S": ""})["S"] == CadenceKind.RETIRED
        }
        assert scheduled >= self.scheduled, "no source is forgotten"
        self.seen, self.scheduled = dict(histories), scheduled
        return jobs, dict(histories)

    def check_known(self, execution: Execution) -> None:
        """What holds once every source was read: what is stored of a job is what AWS says."""
        jobs, _ = self.check()
        assert {source.id for source in expected(execution.monitored)} <= self.scheduled
        for job_id, job in jobs.items():
            if job_id not in self.forgotten | self.aged_out:
                assert job.view.state is self.truth(job_id), job_id

    def check_settled(self, execution: Execution) -> Histories:
        """What holds once everything was read: the store says what AWS says."""
        jobs, histories = self.check()
        assert {source.id for source in expected(execution.monitored)} <= self.scheduled
        for job_id in self.real:
            if job_id not in self.forgotten:
                assert job_id.rpartition(":")[0] in self.scheduled, f"the source of {job_id} is not on the schedule"
                assert job_id in jobs, f"{job_id} was never found"
                assert jobs[job_id].view.state is self.truth(job_id), job_id
            elif job_id in jobs:
                assert jobs[job_id].view.state.terminal, f"{job_id} is gone and open"
            if job_id in jobs and job_id not in self.again:
                self._check_life(job_id, histories[job_id])
        assert execution.store.summary(self.wall.now()).counts == _recounted(jobs.values())
        return histories

    def _check_life(self, job_id: str, history: list[Transition]) -> None:
        job, life = self.real[job_id]
        path = [
            State.PENDING,
            State.RUNNING,
            State.CANCELLING,
            state_of(job, life.standing(life.ends + timedelta(days=1)), life.plan),
        ]
        states = [transition.state for transition in history]
        # A job that AWS did not return for a while continues where it was.
        lived = [state for state, _ in groupby(state for state in states if state is not State.DELETED)]
        assert lived == [state for state in path if state in lived], f"{job_id}: {states}"
        assert job_id in self.forgotten or states[-1] is not State.DELETED, f"{job_id} is there: {job}"


def check_history(job: StoredJob, history: list[Transition]) -> None:
    """No gap, no double, each from where the one before came to, and in a generation no way back from an end.

    ``DELETED`` is an inference and no end that counts: whatever is read later replaces it.
    """
    assert [one.number for one in history] == list(range(1, job.transitions + 1))
    assert [one.previous_state for one in history] == [None, *(one.state for one in history[:-1])]
    assert history[-1].state is job.view.state
    assert [history[0].generation, history[-1].generation] == [1, job.view.generation]
    for before, after in pairwise(history):
        assert after.generation - before.generation in {0, 1}
        assert after.generation > before.generation or after.state is not before.state
    for generation in range(1, job.view.generation + 1):
        ends = [
            one.state.terminal for one in history if one.generation == generation and one.state is not State.DELETED
        ]
        assert ends == sorted(ends), f"{job.view.id} went back from its end"


def states(histories: Histories) -> dict[str, list[tuple[int, State, str]]]:
    """Histories without the times at which they were observed."""
    return {
        job_id: [(one.number, one.state, one.native_status) for one in history] for job_id, history in histories.items()
    }


def _of(items: Items, pk: str, sk: str) -> Items:
    return [item for item in items if item["pk"]["S"].startswith(pk) and item["sk"]["S"].startswith(sk)]


def _recounted(jobs: Iterable[StoredJob]) -> dict[tuple[str, str], dict[State, int]]:
    counts: dict[tuple[str, str], dict[State, int]] = {}
    for job in jobs:
        family = counts.setdefault((job.view.key.service, job.view.key.type), {})
        family[job.view.state] = family.get(job.view.state, 0) + 1
    return counts


def _counted(items: Items) -> dict[tuple[str, str], dict[State, int]]:
    sums: defaultdict[tuple[str, str], defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))
    for item in _of(items, "COUNT#", ""):
        service, type_, _ = item["sk"]["S"].split("#")
        for name, value in item.items():
            if name in State.__members__:
                sums[service, type_][State(name)] += int(value["N"])
    found = {family: {state: n for state, n in counts.items() if n} for family, counts in sums.items()}
    return {family: counts for family, counts in found.items() if counts}
