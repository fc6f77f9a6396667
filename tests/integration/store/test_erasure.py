"""Erasing one job leaves nothing of it, and everything of all others."""

from datetime import timedelta

import pytest

from jobview.model import State
from jobview.store import StoreBusyError
from jobview.store.table import Table
from local import erase as command
from local.erasing import erase
from tests.integration.store.conftest import Bench, Wire, refuse
from tests.local_aws import environment


def table(bench: Bench, wire: Wire | None = None) -> Table:
    client = bench.client if wire is None else wire.client
    return Table(client=client, name=bench.table, now=lambda: bench.now, sleep=bench.slept.append)


@pytest.mark.parametrize("state", [State.RUNNING, State.FAILED, State.SUCCEEDED])
def test_nothing_is_left_of_the_job_and_the_counts_are_right(bench: Bench, state: State) -> None:
    store = bench.store()
    bench.record(store, bench.observe(1), bench.observe(2))
    bench.now += timedelta(seconds=1)
    [_, kept] = bench.record(store, bench.observe(1, State.PAUSED), bench.observe(2, State.FAILED))
    bench.now += timedelta(seconds=1)
    [job] = bench.record(store, bench.observe(1, state))
    assert store.claim_job(job.view.id, oldest=bench.now).taken
    there = [item for item in bench.items() if item["pk"]["S"] == f"JOB#{job.view.id}"]
    assert erase(table(bench), job.view.id) == len(there) == (6 if state is State.FAILED else 5)
    assert not [item for item in bench.items() if job.view.id in str(item)]
    assert store.get(job.view.id) is None
    assert store.transitions(job.view.id, limit=10) == ([], None)
    assert store.get(kept.view.id) == kept
    assert store.summary(bench.now).counts == bench.recount()
    assert erase(table(bench), job.view.id) == 0
    assert store.summary(bench.now).counts == bench.recount()


def test_a_job_that_is_seen_again_begins_anew(bench: Bench) -> None:
    store = bench.store()
    [job] = bench.record(store, bench.observe(1))
    erase(table(bench), job.view.id)
    [again] = bench.record(store, bench.observe(1, State.SUCCEEDED))
    history, _ = store.transitions(again.view.id, limit=10)
    assert [(one.number, one.previous_state) for one in history] == [(1, None)]
    assert store.summary(bench.now).counts == bench.recount()


def test_a_change_that_comes_between_is_erased_too(bench: Bench, wire: Wire) -> None:
    store = bench.store()
    [job] = bench.record(store, bench.observe(1))

    def overtake(*_: object) -> None:
        bench.record(store, bench.observe(1, State.FAILED))

    wire.faults["TransactWriteItems"] = [overtake]
    assert erase(table(bench, wire), job.view.id) == 4
    assert not [item for item in bench.items() if job.view.id in str(item)]
    assert store.summary(bench.now).counts == bench.recount() == {}


def test_a_table_that_stays_busy_is_reported(bench: Bench, wire: Wire) -> None:
    store = bench.store()
    [job] = bench.record(store, bench.observe(1))
    wire.faults["GetItem"] = [refuse("ProvisionedThroughputExceededException")] * 50
    with pytest.raises(StoreBusyError):
        erase(table(bench, wire), job.view.id)
    assert store.get(job.view.id) == job


def test_the_command_erases_the_named_job(
    bench: Bench, endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    store, said = bench.store(), list[str]()
    [job] = bench.record(store, bench.observe(1))
    assert command.main(["--table", bench.table, "--job", job.view.id], say=said.append) == 0
    assert said == [f"{job.view.id}: 2 items erased"]
    assert store.get(job.view.id) is None
    assert command.main(["--table", bench.table, "--job", "no id"]) == 1
    assert "a job id is" in capsys.readouterr().err
    assert command.main(["--table", "elsewhere", "--job", job.view.id]) == 1
    assert "ResourceNotFoundException" in capsys.readouterr().err
