"""``make run`` as a person starts it: a command in a terminal, its lines, Ctrl-C."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from local.aws import ROOT, LocalAws
from local.calls import Caller

UP = r"^Jobview is up: (\S+)$"


class MakeRun:
    """One ``make run`` with a port and a state folder of its own."""

    def __init__(self, *, state: Path, port: int) -> None:
        self.state = state
        self.port = port
        self.aws = LocalAws(state=state, port=port)
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        assert self._process is None
        self.lines = []
        # A session of its own is what a terminal gives: Ctrl-C reaches make and what it runs, and nothing else.
        self._process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env={**os.environ, "JOBVIEW_PORT": str(self.port), "JOBVIEW_STATE": str(self.state)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str, *, seconds: float) -> re.Match[str]:
        """Wait for a line; fails at once where the command ends without it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = not self.running
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            assert not ended, f"make run ended: {self.output}"
            time.sleep(0.2)
        raise AssertionError(f"no line {pattern!r} in {seconds:.0f} s: {self.output}")

    def until_up(self, *, seconds: float) -> Caller:
        """Wait until the API can be called, and all that is shown of it has been shown."""
        url = self.wait_for(UP, seconds=seconds)[1]
        self.wait_for("Ctrl-C ends everything", seconds=60)
        return Caller(url)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code of the command."""
        return self.end(signal.SIGINT)

    def crash(self) -> None:
        """End the supervisor as a crash does: it cannot end what it started."""
        self.end(signal.SIGKILL)

    def recorded(self) -> dict[str, int]:
        """The programs that a supervisor has started and not yet ended: name → process group."""
        try:
            return {name: pid for name, (pid, _) in json.loads((self.state / "processes.json").read_text()).items()}
        except FileNotFoundError:
            return {}

    def processes(self) -> list[int]:
        """Every process that this command or its programs started and that is there still.

        They all inherited the variable that names the state folder.
        """
        mark = f"JOBVIEW_STATE={self.state}".encode()
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in environ.read_bytes().split(b"\0"):
                    found.append(int(environ.parent.name))
        return found

    def end(self, number: int) -> int:
        """Send a signal to the command and to what runs in its terminal; return the exit code."""
        assert self._process is not None
        assert self._reader is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        code = self._process.wait(timeout=60)
        self._reader.join(timeout=10)
        self._process = None
        return code

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
