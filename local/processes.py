"""Programs that the local AWS consists of: started in process groups of their own, ended without a trace.

A program's group holds whatever it starts itself (the emulator's Lambda workers, its Glue scripts), so
ending the group ends all. Each start is written to a file; where a supervisor was killed before it could
end its programs, the next one finds them there and ends them first.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE_SECONDS = 10.0
POLL_SECONDS = 0.05
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens loopback URLs past any proxy that the person's environment names."""


class LocalError(Exception):
    """Why the local AWS cannot go on, in one line for a person."""


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, variable: str) -> None:
    """Make sure that a port can be listened on.

    :raises LocalError: something else listens on it, or it may not be used
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(
                f"port {port} cannot be used ({error.strerror}): choose another with {variable}"
            ) from error


def birth(pid: int) -> str | None:
    """Return when a process began, in this system's words, or None where there is no such process.

    A process id alone may meanwhile be another program's.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        with contextlib.suppress(OSError):
            # The second field is the name in brackets, which may hold spaces; the start is the 22nd field.
            fields = stat.read_text().rpartition(")")[2].split()
            return None if fields[0] == "Z" else fields[19]
        return None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def end_group(pid: int, grace: float = GRACE_SECONDS) -> None:
    """End a process group: its leader politely, so that it can save its state, then all that is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while birth(pid) is not None and time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(POLL_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class Programs:
    """The programs of one local AWS, and the file that remembers them.

    :param record: the file that names what runs, for the supervisor after a crash
    :param logs: the folder that gets one log file a program
    """

    def __init__(self, *, record: Path, logs: Path) -> None:
        self._record = record
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def end_leftovers(self) -> list[str]:
        """End what a supervisor that was killed left behind; return the names of what was still there."""
        left: list[str] = []
        with contextlib.suppress(FileNotFoundError, ValueError):
            for name, (pid, born) in json.loads(self._record.read_text()).items():
                if birth(pid) == born:
                    end_group(pid)
                    left.append(name)
        self._record.unlink(missing_ok=True)
        return left

    def start(self, name: str, command: Sequence[str], *, environ: Mapping[str, str], cwd: Path) -> None:
        """Start one program with its output in ``NAME.log``."""
        with (self._logs / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=dict(environ),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running[name] = process
        self._remember()

    def wait_for(self, name: str, url: str, *, seconds: float = 30.0) -> None:
        """Wait until a program answers a URL with anything but a server error.

        :raises LocalError: it ended, or did not answer in time
        """
        deadline = time.monotonic() + seconds
        while not answers(url):
            self.check()
            if time.monotonic() > deadline:
                raise LocalError(f"{name} does not answer after {seconds:.0f} s: see {self.log(name)}")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Make sure that every program still runs.

        :raises LocalError: one has ended
        """
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                raise LocalError(f"{name} ended with code {code}: see {self.log(name)}")

    def log(self, name: str) -> Path:
        """Return where a program's output goes."""
        return self._logs / f"{name}.log"

    def stop(self) -> None:
        """End every program, the last started first."""
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            end_group(process.pid)
            process.wait()
        self._record.unlink(missing_ok=True)

    def _remember(self) -> None:
        alive = {name: (process.pid, birth(process.pid)) for name, process in self._running.items()}
        self._record.write_text(json.dumps(alive))


def answers(url: str) -> bool:
    """Tell whether a URL is answered with anything but a server error."""
    try:
        with DIRECT.open(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (urllib.error.URLError, OSError):
        return False
