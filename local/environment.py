"""Make the environments that Jobview's commands run in: pinned, hashed, once.

``python3 local/environment.py [NAME ...]`` makes what is named (.venv, .venv-emulator, .venv-audit,
node_modules; all but the audit's when nothing is) and leaves alone what is already right: each environment
carries a stamp of the files that it was made from. Only the standard library is needed, and the syntax of
this file is that of Python 3.7, so that an old one can say in one line what is missing.
"""

from __future__ import annotations  # so that old Pythons get as far as main()

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST_TRIED = 14
LOCKED = {".venv": "dev.txt", ".venv-emulator": "emulator.txt", ".venv-audit": "audit.txt"}
STAMP = ".jobview-stamp"


class SetupError(Exception):
    """What is missing and what to do about it, in one line for a person."""


def say(text: str) -> None:
    """Show one line of progress."""
    print("setup: " + text, flush=True)


def digest(*parts: object) -> str:
    """Return the hash of files (by content) and other values (by text)."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else repr(part).encode())
        total.update(b"\0")
    return total.hexdigest()


def succeeds(*command: str) -> bool:
    """Tell whether a command can be run and ends well; its output is not shown."""
    try:
        return subprocess.run(command, env=isolated(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(what: str, *command: str) -> None:
    """Run a step; its output is shown only where it fails.

    :raises SetupError: the command ended with an error
    """
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=str(ROOT),
        env=isolated(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise SetupError(what + " failed (see above); is the package registry reachable?")
    say(f"{what}: done in {time.monotonic() - started:.0f} s")


def isolated() -> dict[str, str]:
    """Return the variables for installing: nothing of the caller's Python, our Node first."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # These are for people who install by hand and would break an install into a virtual environment.
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PIP_USER", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"):
        environ.pop(name, None)
    environ.setdefault("UV_LINK_MODE", "copy")
    environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    environ["PATH"] = os.pathsep.join([str(ROOT / ".venv" / "bin"), environ.get("PATH", os.defpath)])
    return environ


def bare(folder: Path) -> str:
    """Make an empty virtual environment and return its interpreter's path.

    All but .venv are made of .venv's Python: the functions are built for it, and the emulator runs them with its own.
    """
    shutil.rmtree(str(folder), ignore_errors=True)
    if folder.name != ".venv":
        run(f"making {folder.name}", str(ROOT / ".venv" / "bin" / "python"), "-m", "venv", "--without-pip", str(folder))
        return str(folder / "bin" / "python")
    try:
        venv.EnvBuilder(symlinks=True, with_pip=False).create(str(folder))
    except OSError as error:
        raise SetupError(f"cannot make {folder}: {error}") from error
    return str(folder / "bin" / "python")


def install_uv(python: str) -> None:
    """Install uv with its hashes, by the pip that comes with Python or else by one that is installed.

    :raises SetupError: there is neither (Debian ships Python without ensurepip's wheels)
    """
    pinned = (
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        "requirements/bootstrap.txt",
    )
    if succeeds(python, "-m", "ensurepip", "--default-pip"):
        run("installing uv", python, "-m", "pip", *pinned)
    elif succeeds(sys.executable, "-m", "pip", "--python", python, "--version"):
        run("installing uv", sys.executable, "-m", "pip", "--python", python, *pinned)
    else:
        raise SetupError(
            f"{sys.executable} can make no virtual environment with pip: install what it lacks "
            "(Debian, Ubuntu: apt install python3-venv) "
            "or name another Python with `make PYTHON=/path/to/python3`"
        )


def environment(name: str) -> None:
    """Make one virtual environment from its lock file, unless its stamp says that it is right.

    Which Python asks makes no difference to one that is there: ``make clean`` comes before a change of Python.
    """
    folder = ROOT / name
    locked = ROOT / "requirements" / LOCKED[name]
    if name == ".venv":
        wanted = digest(locked, ROOT / "requirements" / "bootstrap.txt")
    else:
        environment(".venv")
        wanted = digest(locked, ROOT / ".venv" / "pyvenv.cfg")
    stamp = folder / STAMP
    # A Python that was since removed leaves an environment that looks right and does not start.
    if stamp.exists() and stamp.read_text() == wanted and succeeds(str(folder / "bin" / "python"), "-c", ""):
        return
    say(f"making {name} from requirements/{LOCKED[name]}")
    python = bare(folder)
    if name == ".venv":
        install_uv(python)
    uv = str(ROOT / ".venv" / "bin" / "uv")
    run(f"installing {name}", uv, "pip", "install", "--quiet", "--require-hashes", "-p", python, "-r", str(locked))
    stamp.write_text(wanted)


def node_modules() -> None:
    """Install the CDK command line from package-lock.json with the Node.js that .venv brings."""
    environment(".venv")
    folder = ROOT / "node_modules"
    stamp = folder / STAMP
    wanted = digest(*(ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")))
    if stamp.exists() and stamp.read_text() == wanted and (folder / ".bin" / "cdk").exists():
        return
    say("installing the CDK command line from package-lock.json")
    run("npm ci", "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the lock that keeps two set-ups (two terminals, two make runs) from working at once."""
    folder = ROOT / ".local"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another set-up is at work, waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def newer_python() -> str | None:
    """Return a Python of PATH that is new enough, the newest first."""
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and succeeds(found, "-c", "import venv"):
            return found
    return None


def main(names: list[str]) -> None:
    """Make everything that is named.

    :raises SetupError: something is missing that a person has to install
    """
    if sys.version_info < OLDEST:
        other = newer_python()
        if other is None:
            have = "{}.{}".format(*sys.version_info[:2])
            need = "{}.{}".format(*OLDEST)
            raise SetupError(
                f"Python {need} or newer is needed and {sys.executable} is {have}: "
                "install one, or name it with `make PYTHON=/path/to/python3`"
            )
        os.execv(other, [other, *sys.argv])  # noqa: S606 - the same script, no shell wanted
    with alone():
        for name in names or [".venv", ".venv-emulator", "node_modules"]:
            if name == "node_modules":
                node_modules()
            elif name in LOCKED:
                environment(name)
            else:
                raise SetupError(f"there is no environment called {name}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as error:
        sys.exit(f"setup: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
