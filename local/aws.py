"""The AWS of a laptop: the emulator and the stand-in for what it lacks, behind one endpoint on loopback.

The stand-in is the front: it answers what the emulator does not serve and passes everything else on. The
emulator listens on a port of its own that nobody needs to know: it believes that its port is the front's,
so that every URL that it makes (queues, APIs) leads to the front, and so does every call of the Lambda
functions that it runs.
"""

import fcntl
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import botocore.session
from boto3 import Session
from botocore.config import Config

from local import emulated, endpoints
from local.processes import DIRECT, LocalError, Programs, free_port, require_free

if TYPE_CHECKING:
    from typing import IO

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT = "111122223333"
REGION = "us-east-1"
KEY = "local"
"""Access key and secret key; nothing on loopback checks them."""
PORT_VARIABLE = "JOBVIEW_PORT"
MODELS = ROOT / "lambdas" / "jobview" / "service_models"


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the person's own AWS (profiles, keys, endpoints …) and proxies."""
    kept = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
    kept["AWS_CONFIG_FILE"] = kept["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    kept["AWS_EC2_METADATA_DISABLED"] = "true"
    kept["NO_PROXY"] = kept["no_proxy"] = "localhost,.localhost,127.0.0.1"
    return kept


class _LocalCore(botocore.session.Session):
    """A session whose clients know one endpoint, so that none of them can reach the real AWS."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(profile=None)
        self._endpoint = endpoint

    def create_client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return a client for the endpoint."""
        url = endpoints.endpoint(self._endpoint, service_name)
        return super().create_client(service_name, *args, **{**kwargs, "endpoint_url": url})


class LocalAws:
    """One local AWS, up between ``start`` and ``stop``; also a context manager.

    :param state: the folder for everything that it writes
    :param port: the loopback port of the endpoint
    """

    def __init__(self, *, state: Path, port: int) -> None:
        self.state = state
        self.port = port
        self.endpoint = f"http://localhost:{port}"
        self._programs = Programs(record=state / "processes.json", logs=state / "logs")
        self._lock: IO[str] | None = None

    def start(self, *, keep: bool = False, say: Callable[[str], None] = print) -> None:
        """Bring it up; ``keep`` keeps what an earlier run deployed.

        :raises LocalError: the port is in use, another one is up with the same state, or a program does not
            start
        """
        self.state.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            if left := self._programs.end_leftovers():
                say(f"ended what an earlier run had left: {', '.join(left)}")
            require_free(self.port, PORT_VARIABLE)
            self._clear(keep=keep)
            inner = f"http://127.0.0.1:{self._start_emulator()}"
            self._start_front(inner)
            self._programs.wait_for("emulator", f"{inner}/_ministack/health")
            self._programs.wait_for("front", f"http://127.0.0.1:{self.port}/_standin/health")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every program; what was deployed is kept in the state folder."""
        if self._lock is None:
            return  # whatever is up with this state is another's
        self._programs.stop()
        self._lock.close()
        self._lock = None

    def check(self) -> None:
        """Make sure that every program still runs.

        :raises LocalError: one has ended
        """
        self._programs.check()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def environ(self) -> dict[str, str]:
        """Return the environment for programs that use this AWS."""
        binaries = [str(Path(sys.executable).parent), str(ROOT / "node_modules" / ".bin")]
        return {
            **clean(os.environ),
            "PATH": os.pathsep.join([*binaries, os.environ.get("PATH", os.defpath)]),
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **endpoints.variables(self.endpoint),
        }

    def session(self) -> Session:
        """Return a boto3 session for this AWS, which knows the services that boto3 has dropped too."""
        core = _LocalCore(self.endpoint)
        core.get_component("data_loader").search_paths.append(str(MODELS))
        core.set_default_client_config(Config(proxies={}, inject_host_prefix=False))
        return Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION, botocore_session=core)

    def administer(self, method: str, path: str, document: Mapping[str, Any]) -> Any:
        """Call one of the stand-in's own paths (``local.standin.admin`` lists them) and return its answer.

        :raises OSError: the stand-in does not answer, or refuses (an ``urllib.error.HTTPError``)
        """
        request = urllib.request.Request(  # noqa: S310 - our own loopback URL
            f"{self.endpoint}/_standin/{path}",
            data=json.dumps(document).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with DIRECT.open(request, timeout=30) as answer:
            return json.load(answer)

    def _take_lock(self) -> None:
        lock = (self.state / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise LocalError(f"another local AWS is up with its state in {self.state}: end it first") from error
        self._lock = lock

    def _clear(self, *, keep: bool) -> None:
        for folder in ("logs", "temporary", *(() if keep else ("emulator", "objects"))):
            shutil.rmtree(self.state / folder, ignore_errors=True)
        for folder in ("logs", "temporary", "emulator", "objects"):
            (self.state / folder).mkdir(exist_ok=True)
        for service in emulated.SERVICES:
            (self.state / "emulator" / f"{service}.json").unlink(missing_ok=True)

    def _start_emulator(self) -> int:
        """Start the emulator and return its port."""
        port = free_port()
        python = ROOT / ".venv-emulator" / "bin" / "python"
        if not python.exists():
            raise LocalError("there is no .venv-emulator: make setup")
        self._programs.start(
            "emulator",
            [
                *(str(python), "-m", "hypercorn", "ministack.app:app", "--workers", "0"),
                *("--bind", f"127.0.0.1:{port}", "--keep-alive", "75"),
            ],
            environ={
                **self.environ(),
                "GATEWAY_PORT": str(self.port),
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "MINISTACK_REGION": REGION,
                "PERSIST_STATE": "1",
                "STATE_DIR": str(self.state / "emulator"),
                "S3_PERSIST": "1",
                "S3_DATA_DIR": str(self.state / "objects"),
                "TMPDIR": str(self.state / "temporary"),
            },
            cwd=self.state,
        )
        return port

    def _start_front(self, upstream: str) -> None:
        self._programs.start(
            "front",
            [
                *(sys.executable, "-m", "local.standin", "--port", str(self.port)),
                *("--upstream", upstream, "--models", str(MODELS)),
            ],
            environ={**self.environ(), "PYTHONPATH": str(ROOT / "lambdas")},
            cwd=ROOT,
        )


@contextmanager
def only_local() -> Iterator[None]:
    """Keep the person's own AWS out of this process too, so that nothing here can reach it by mistake."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(clean(before))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
