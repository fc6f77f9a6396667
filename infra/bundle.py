"""The functions' code: one asset for all functions, built without docker. Equal input gives equal bytes.

uv installs the wheels from the hashed lock file, for the platform and Python of the functions and not of this machine.
Files that no function reads are left out, above all botocore's models of the 400 services without a family.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from infra.configuration import Configuration

ROOT: Final = Path(__file__).resolve().parent.parent
PLATFORM_SERVICES: Final = ("dynamodb", "events", "medical-imaging", "s3", "sns", "sqs", "sts")
"""The services that the functions call themselves, with any catalogue."""

_IN_LAMBDA: Final = "/var/task"
_EPOCH: Final = 315_532_800  # 1980-01-01, the earliest time that a zip file can express
_JUNK_FOLDERS: Final = ("bin", "boto3/examples", "**/tests", "**/__pycache__")
_JUNK_FILES: Final = frozenset({".lock", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
_JUNK_ENDINGS: Final = (".pyi", ".pyc", "examples-1.json", "examples-1.json.gz")


_BUILD_ONLY: Final = frozenset({"jobview/catalogue/language.py", "jobview/catalogue/services"})
"""Only ``make catalogue`` reads these; no function does."""


class BundleError(Exception):
    """The functions' code cannot be built here; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The contents of the asset."""

    source: Path
    """The folder of our own code. It becomes the root of the zip."""
    requirements: Path
    """The lock file with hashes."""
    python: str
    """The Python version of the functions' runtime, such as ``3.13``."""
    platform: str | None
    """The wheels' platform, by uv's name for it; ``None``: this machine's."""
    services: tuple[str, ...]
    """The services whose botocore models are included, by boto3's names."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Further files: the text of each, by its path in the asset."""

    @cached_property
    def compiler(self) -> Path | None:
        """A Python interpreter of the functions' version, which makes their byte code; ``None`` where there is none."""
        return _interpreter(self.python)

    def hash(self) -> str:
        """Return a hash of everything that the asset is built from.

        The CDK does not build the asset again while this hash stays the same.
        """
        digest = hashlib.sha256()
        parts: list[str] = [self.python, self.platform or sys.platform + os.uname().machine, *self.services]
        parts.append("compiled" if self.compiler else "source only")
        for part in parts:
            digest.update(part.encode() + b"\0")
        for path in (self.requirements, Path(__file__)):
            digest.update(path.read_bytes())
        for path in _sources(self.source):
            digest.update(f"\0{path.relative_to(self.source).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        for name, text in sorted(self.files.items()):
            digest.update(f"\0{name}\0".encode())
            digest.update(hashlib.sha256(text.encode()).digest())
        return digest.hexdigest()

    def build(self, output: Path) -> None:
        """Fill an empty folder with the asset. Raises ``BundleError``."""
        self._install(output)
        self._prune(output)
        for path in _sources(self.source):
            copy = output / path.relative_to(self.source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        for name, text in self.files.items():
            (output / name).write_text(text, encoding="utf-8")
        self._compile(output)
        for path in sorted(output.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (_EPOCH, _EPOCH))

    def _install(self, output: Path) -> None:
        """Unpack the locked wheels."""
        command = [
            _uv(),
            "pip",
            "install",
            "--quiet",
            "--color",
            "never",
            "--link-mode",
            "copy",
            "--python",
            sys.executable,
        ]
        command += ["--require-hashes", "--only-binary", ":all:", "--python-version", self.python]
        if self.platform is not None:
            command += ["--python-platform", self.platform]
        command += ["--target", str(output), "--requirements", str(self.requirements)]
        _run(command, f"the packages of {self.requirements.name} for Python {self.python} cannot be installed")

    def _prune(self, output: Path) -> None:
        """Remove the files that no function reads. Licences stay, and the metadata for ``importlib.metadata``."""
        for package in ("botocore", "boto3"):
            for folder in _folders(output / package / "data"):
                if folder.name not in self.services:
                    shutil.rmtree(folder)
        for pattern in _JUNK_FOLDERS:
            for folder in list(output.glob(pattern)):
                shutil.rmtree(folder, ignore_errors=True)  # its parent may be removed already
        for path in [path for path in output.rglob("*") if path.is_file()]:
            if path.name in _JUNK_FILES or path.name.endswith(_JUNK_ENDINGS):
                path.unlink()

    def _compile(self, output: Path) -> None:
        """Add byte code that Python loads without checking the source. It more than halves a cold start."""
        if self.compiler is None:
            print(
                f"Jobview: no Python {self.python} here, so the functions get no byte code: slower starts",
                file=sys.stderr,
            )
            return
        command = [
            str(self.compiler),
            "-I",
            "-m",
            "compileall",
            "-q",
            "-j",
            "1",
            "-s",
            str(output),
            "-p",
            _IN_LAMBDA,
        ]
        command += ["--invalidation-mode", "unchecked-hash", str(output)]
        _run(command, "the functions' code cannot be compiled", PYTHONHASHSEED="0")


@jsii.implements(cdk.ILocalBundling)
class _Local:
    """Lets the CDK build a bundle on this machine."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        """Build into the CDK's folder. It never returns ``False``: the CDK would then try docker."""
        try:
            self._bundle.build(Path(output_dir))
        except BundleError as error:
            # jsii would show an exception below two stack traces; an exit shows the message alone.
            sys.exit(f"Jobview: {error}")
        return True


def bundle(
    configuration: Configuration, services: Iterable[str], *, files: Mapping[str, str] = MappingProxyType({})
) -> Bundle:
    """Return the bundle of a configuration.

    ``services`` are boto3's names of the catalogue's services. ``files`` are further files: text by path.
    """
    source = ROOT / "lambdas"
    own_models = {folder.name for folder in _folders(source / "jobview" / "service_models")}
    return Bundle(
        source=source,
        requirements=ROOT / "requirements" / "lambda.txt",
        python=configuration.bundle.python,
        platform=configuration.bundle.python_platform,
        services=tuple(sorted({*PLATFORM_SERVICES, *services} - own_models)),
        files=files,
    )


def code(built: Bundle) -> lambda_.Code:
    """Return the bundle as the CDK's type for a function's code."""
    return lambda_.Code.from_asset(
        str(built.source),
        asset_hash=built.hash(),
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        bundling=cdk.BundlingOptions(image=cdk.DockerImage.from_registry("unused"), local=_Local(built)),
    )


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def _sources(folder: Path) -> list[Path]:
    """Return the files that ``build`` copies from a folder."""
    inside = ((path, path.relative_to(folder).parts) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path, parts in inside if not any(map(_ignored, parts)) and not _build_only(parts))


def _build_only(parts: Sequence[str]) -> bool:
    return any("/".join(parts[:end]) in _BUILD_ONLY for end in range(1, len(parts) + 1))


def _ignored(name: str) -> bool:
    return name == "__pycache__" or name.startswith(".")


def _uv() -> str:
    """Return the path of uv: beside this interpreter, else on the machine's ``PATH``."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise BundleError("uv, which installs the functions' packages, is not found; `make setup` brings it")
    return found


def _interpreter(version: str) -> Path | None:
    """Return a CPython of a version, or ``None``; nothing is downloaded."""
    candidates = [sys.executable, shutil.which(f"python{version}")]
    for candidate in candidates:
        if candidate is not None and _is_version(candidate, version):
            return Path(candidate)
    found = _execute([_uv(), "python", "find", "--quiet", "--no-project", "--no-python-downloads", version])
    path = found.stdout.strip()
    return Path(path) if path and _is_version(path, version) else None


def _is_version(interpreter: str, version: str) -> bool:
    """Return whether a command runs a released CPython of a version. A version manager's placeholder does not."""
    program = "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.version_info[3])"
    answer = _execute([interpreter, "-I", "-c", program])
    return answer.stdout.split() == ["cpython", *version.split("."), "final"]


def _run(command: Sequence[str], problem: str, **environment: str) -> None:
    done = _execute(command, **environment)
    if done.returncode:
        raise BundleError(f"{problem}:\n{(done.stderr or done.stdout).strip()}")


def _execute(command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (a fixed list of arguments; no shell)
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
