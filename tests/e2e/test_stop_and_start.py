"""How ``make run`` begins and ends; runs last, because it ends what the other tests use."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from local.aws import ROOT
from local.processes import free_port
from tests.e2e.make_run import MakeRun
from tests.e2e.polling import until

SECOND_START_SECONDS = 180


def nothing_left(run: MakeRun) -> None:
    until(lambda: True if not run.processes() else None, seconds=15, what="the end of every process")
    assert run.recorded() == {}


def test_the_first_start_showed_three_calls_and_their_answers(run: MakeRun) -> None:
    calls = [line for line in run.lines if line.startswith("curl -sS --aws-sigv4 aws:amz:us-east-1:execute-api ")]
    assert len(calls) == 3
    place = [number for number, line in enumerate(run.lines) if line.startswith("curl ")]
    assert all(run.lines[number + 1].startswith("  ") for number in place), "a call without an answer"
    assert any("PARTIALLY_SUCCEEDED" in line for line in run.lines)
    assert not [line for line in run.lines if line.startswith("sample jobs of")], run.output


def test_a_second_one_for_the_same_state_says_so(run: MakeRun) -> None:
    other = MakeRun(state=run.state, port=free_port())
    other.start()
    other.wait_for(r"^make run: another local AWS is up with its state in ", seconds=60)
    assert other.interrupt() != 0
    assert run.running


def test_a_port_in_use_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = MakeRun(state=tmp_path / "state", port=port)
        run.start()
        run.wait_for(rf"^make run: port {port} cannot be used .*: choose another with JOBVIEW_PORT$", seconds=60)
        assert run.interrupt() != 0
        nothing_left(run)


@pytest.mark.parametrize("port", ["no", "0", "65536", "-1"])
def test_a_port_that_is_none_says_so(tmp_path: Path, port: str) -> None:
    done = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env={**os.environ, "JOBVIEW_PORT": port, "JOBVIEW_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"make run: JOBVIEW_PORT is '{port}'; allowed: a number from 1 to 65535" in done.stderr


def test_ctrl_c_leaves_no_process_behind(run: MakeRun) -> None:
    assert {"emulator", "front"} <= set(run.recorded())
    assert len(run.processes()) > 3, "the functions' workers are there too"
    run.interrupt()
    nothing_left(run)


def test_a_second_start_deploys_nothing_and_a_crash_is_cleaned_up_after(run: MakeRun) -> None:
    run.start()
    first = run.until_up(seconds=SECOND_START_SECONDS).url
    assert not [line for line in run.lines if line.startswith("cdk ")], "it deployed again"

    run.crash()
    assert run.processes(), "nothing was left, so this test shows nothing"
    run.start()
    assert run.until_up(seconds=SECOND_START_SECONDS).url == first
    assert "ended what an earlier run had left: emulator, front" in run.output
    assert not [line for line in run.lines if line.startswith("cdk ")], "it deployed again"
    run.interrupt()
    nothing_left(run)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_shutdown_or_a_closed_terminal_ends_it_as_well(tmp_path: Path, number: signal.Signals) -> None:
    run = MakeRun(state=tmp_path / "state", port=free_port())
    run.start()
    run.wait_for(r"^cdk synth", seconds=60)
    run.end(number)
    nothing_left(run)
