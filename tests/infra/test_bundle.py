"""What the functions' zip holds: built for real, from the lock file, for this Python and for Lambda's."""

import ast
import json
import marshal
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import aws_cdk as cdk
import pytest

from infra import bundle as module
from infra import runtime
from infra.bundle import PLATFORM_SERVICES, ROOT, Bundle, BundleError, bundle, code
from infra.configuration import Configuration, parse
from jobview import catalogue

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
FAMILIES = (catalogue.family("omics/reference-import"),)
TARGETS = [{"account": "222233334444", "externalId": "between-us", "regions": ["us-east-1"]}]
UNCHECKED_HASH = (1).to_bytes(4, "little")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our code as it is now, even where somebody edits it while the tests run."""
    copied = tmp_path_factory.mktemp("source") / "lambdas"
    shutil.copytree(ROOT / "lambdas", copied, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return copied


@pytest.fixture(scope="module")
def here(source: Path) -> Bundle:
    """The bundle for this machine and this Python."""
    document = {"bundle": {"python": HERE, "platform": "host"}}
    configuration = parse(document, catalogue={}, origin="test")
    beside = runtime.files(
        parse({"account": "111122223333", "targets": TARGETS}, catalogue={}, origin="test"), FAMILIES
    )
    return replace(bundle(configuration, catalogue.clients(), files=beside), source=source)


@pytest.fixture(scope="module")
def built(here: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("built")
    here.build(output)
    return output


@pytest.fixture(scope="module")
def for_lambda(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("lambda")
    replace(bundle(Configuration(), catalogue.clients()), source=source).build(output)
    return output


def run(built: Path, program: str, *arguments: str) -> str:
    """Run a program with nothing but the bundle and the standard library, as Lambda does."""
    prepared = f"import sys; sys.path.insert(0, {str(built)!r})\n{program}"
    command = [sys.executable, "-S", "-c", prepared, *arguments]
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def test_the_root_holds_our_folders_and_the_dependencies(built: Path) -> None:
    names = {path.name for path in built.iterdir()}
    assert {"handlers", "jobview"} <= names
    assert {"boto3", "botocore", "pydantic", "pydantic_core", "aws_lambda_powertools", "jmespath"} <= names
    assert not {"bin", "tests", "aws_cdk", "moto", "infra", "local", ".lock"} & names


def test_our_source_is_whole(built: Path, source: Path) -> None:
    assert "handlers/api/openapi.json" in files(source)
    for name, path in files(source).items():
        build_only = name == "jobview/catalogue/language.py" or name.startswith("jobview/catalogue/services/")
        if build_only:
            assert not (built / name).exists()
        else:
            assert (built / name).read_bytes() == path.read_bytes()
    assert (built / "jobview/catalogue/compiled/glue.json").exists()


def test_every_module_of_the_zip_is_imported_by_a_function(source: Path) -> None:
    """What only the build needs (models of answers, examples, the language of declarations) lies elsewhere."""
    modules = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for name, path in files(source).items()
        if name.endswith(".py") and not name.startswith(("jobview/catalogue/language", "jobview/catalogue/services"))
    }
    waiting = {name for name in modules if name.endswith(".handler")}
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        parents = {name.rsplit(".", depth)[0] for depth in range(1, name.count(".") + 1)}
        for node in ast.walk(ast.parse(modules[name].read_text())):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                parents |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        waiting |= (parents & modules.keys()) - reached
    assert modules.keys() == reached


def test_the_configuration_lies_beside_the_code_and_is_found_there(built: Path) -> None:
    program = "from jobview.settings import read_monitored; import os; print(read_monitored(os.environ))"
    told = {
        "JOBVIEW_CONFIGURATION": "configuration.json",
        "JOBVIEW_ACCOUNT": "111122223333",
        "JOBVIEW_PARTITION": "aws",
        "AWS_REGION": "us-east-1",
    }
    found = run(built, f"import os; os.environ.update({told!r})\n{program}")
    assert "arn:aws:iam::222233334444:role/JobviewMember" in found
    assert "reference-import" in found


def test_every_client_that_is_needed_can_be_made_from_the_pruned_models(built: Path) -> None:
    program = """
import boto3, botocore.session, json, sys
from jobview import catalogue
session = botocore.session.Session()
session.get_component("data_loader").search_paths.append(str(catalogue.SERVICE_MODELS))
session = boto3.Session(botocore_session=session)
made = {}
for service in sys.argv[1:]:
    client = session.client(service)
    made[service] = client.meta.endpoint_url
    for family in catalogue.FAMILIES.values():
        for owner, call in family.calls_by_service:
            if owner == service:
                client.meta.service_model.operation_model(call.operation)
print(json.dumps([boto3.__file__, made]))
"""
    where, made = json.loads(run(built, program, *catalogue.clients(), *PLATFORM_SERVICES))
    assert where.startswith(str(built)), "boto3 of the bundle, not of the machine"
    assert made.keys() == {*catalogue.clients(), *PLATFORM_SERVICES}
    assert made["omics"] == "https://omics.us-east-1.amazonaws.com"


def test_the_other_models_are_gone(built: Path) -> None:
    kept = {path.name for path in (built / "botocore/data").iterdir() if path.is_dir()}
    assert kept == {*PLATFORM_SERVICES, *catalogue.clients()} - {"panorama"}
    top = {path.name for path in (built / "botocore/data").iterdir() if path.is_file()}
    assert {"endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"} <= {
        name.removesuffix(".gz") for name in top
    }
    assert (built / "jobview/service_models/panorama").is_dir()


def test_nothing_is_carried_that_no_function_reads(built: Path) -> None:
    for name in files(built):
        assert not name.endswith((".pyi", "/RECORD", "/INSTALLER", "/direct_url.json", ".lock"))
        assert "examples-1.json" not in name
        assert "/tests/" not in f"/{name}"
    assert sum(path.stat().st_size for path in files(built).values()) < 40e6


def test_metadata_and_licences_stay(built: Path) -> None:
    program = "from importlib.metadata import version; print(version('pydantic'), version('boto3'))"
    locked = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "requirements/lambda.txt").read_text().splitlines()
        if "==" in line and not line.startswith(" ")
    )
    assert run(built, program).split() == [locked["pydantic"], locked["boto3"]]
    assert [name for name in files(built) if "botocore" in name and "LICENSE" in name.upper()]


@pytest.mark.parametrize("handler", ["api", "image_sets", "plan", "refresh"])
def test_every_handler_imports_from_the_bundle_alone(built: Path, handler: str) -> None:
    run(built, f"import handlers.{handler}.handler as found; assert callable(found.handler)")


def test_byte_code_is_trusted_without_a_look_at_the_source(built: Path) -> None:
    found = files(built)
    sources = {name for name in found if name.endswith(".py")}
    tag = sys.implementation.cache_tag
    for name in sources:
        folder, _, stem = name.removesuffix(".py").rpartition("/")
        compiled = found["/".join(filter(None, [folder, "__pycache__", f"{stem}.{tag}.pyc"]))]
        head = compiled.read_bytes()[:8]
        assert head == MAGIC_NUMBER + UNCHECKED_HASH
    assert len([name for name in found if name.endswith(".pyc")]) == len(sources)


def test_byte_code_names_the_path_in_lambda_and_not_ours(built: Path) -> None:
    for name, path in files(built).items():
        if name.endswith(".pyc"):
            folder, stem = Path(name).parent.parent, Path(name).name.split(".")[0]
            assert marshal.loads(path.read_bytes()[16:]).co_filename == f"/var/task/{folder / stem}.py"  # noqa: S302
            assert str(built).encode() not in path.read_bytes()


def test_two_builds_are_equal_bytes(here: Bundle, built: Path, tmp_path: Path) -> None:
    here.build(tmp_path)
    first, second = files(built), files(tmp_path)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name].read_bytes() != second[name].read_bytes()] == []
    times = {path.stat().st_mtime for folder in (built, tmp_path) for path in folder.rglob("*")}
    assert times == {315_532_800.0}
    assert {path.stat().st_mode & 0o777 for path in second.values()} == {0o644}


def test_for_lambda_the_binaries_are_lambdas(for_lambda: Path) -> None:
    [extension] = (for_lambda / "pydantic_core").glob("*.so")
    assert "cpython-313-aarch64-linux-gnu" in extension.name
    assert extension.read_bytes()[18:20] == (183).to_bytes(2, "little"), "EM_AARCH64 of the ELF header"


def test_without_a_python_of_the_target_there_is_no_byte_code_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.py").write_text("x = 1\n")
    nothing = tmp_path / "requirements.txt"
    nothing.write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    other = "3.14" if HERE != "3.14" else "3.12"
    bare = Bundle(source=source, requirements=nothing, python=other, platform=None, services=())
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    output = tmp_path / "output"
    output.mkdir()
    assert bare.compiler is None
    bare.build(output)
    said = f"Jobview: no Python {other} here, so the functions get no byte code: slower starts\n"
    assert capsys.readouterr().err == said
    assert [path.name for path in output.rglob("*.py*")] == ["a.py"]


def test_a_stand_in_for_an_absent_python_is_not_taken(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'not installed' >&2\nexit 127\n")
    shim.chmod(0o755)
    assert not module._is_version(str(shim), "3.13")
    assert module._is_version(sys.executable, HERE)
    assert not module._is_version(sys.executable, "3.9")


@pytest.fixture
def small(tmp_path: Path) -> Bundle:
    source = tmp_path / "lambdas"
    (source / "plan").mkdir(parents=True)
    (source / "plan/handler.py").write_text("x = 1\n")
    requirements = tmp_path / "lambda.txt"
    requirements.write_text("")
    return Bundle(source=source, requirements=requirements, python=HERE, platform=None, services=("s3",))


def test_the_hash_follows_everything_that_decides_the_bytes(small: Bundle, tmp_path: Path) -> None:
    known = small.hash()
    assert replace(small).hash() == known
    changed = [
        replace(small, python="3.14"),
        replace(small, platform="aarch64-manylinux_2_34"),
        replace(small, services=("s3", "sqs")),
        replace(small, files={"configuration.json": "{}"}),
        replace(small, files={"configuration.json": "[]"}),
        replace(small, requirements=copy(small.requirements, tmp_path / "other.txt", "six==1.17.0\n")),
    ]
    assert len({known, *(each.hash() for each in changed)}) == 7
    (small.source / "plan/handler.py").write_text("x = 2\n")
    edited = replace(small).hash()
    (small.source / "plan/handler.py").rename(small.source / "plan/other.py")
    moved = replace(small).hash()
    assert len({known, edited, moved}) == 3


def test_the_hash_ignores_what_is_not_copied(small: Bundle, tmp_path: Path) -> None:
    known = small.hash()
    (small.source / "plan/__pycache__").mkdir()
    (small.source / "plan/__pycache__/handler.pyc").write_bytes(b"x")
    (small.source / ".cache").write_text("x")
    os.utime(small.source / "plan/handler.py", (0, 0))
    assert replace(small).hash() == known
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(small.source, elsewhere)
    assert replace(small, source=elsewhere).hash() == known


def copy(of: Path, to: Path, text: str) -> Path:
    to.write_text(of.read_text() + text)
    return to


def test_packages_without_hashes_are_refused(small: Bundle, tmp_path: Path) -> None:
    small.requirements.write_text("six==1.17.0\n")
    with pytest.raises(BundleError, match=r"(?s)lambda\.txt for Python .* cannot be installed:\n.*six"):
        small.build(tmp_path / "output")


def test_code_that_does_not_compile_is_refused(small: Bundle, tmp_path: Path) -> None:
    (small.source / "plan/handler.py").write_text("def")
    output = tmp_path / "output"
    output.mkdir()
    with pytest.raises(BundleError, match=r"cannot be compiled(.|\n)*handler\.py"):
        small.build(output)


def test_a_bundle_that_cannot_be_built_ends_the_synth_with_its_reason(small: Bundle, tmp_path: Path) -> None:
    small.requirements.write_text("six==1.17.0\n")
    stack = cdk.Stack(cdk.App(outdir=str(tmp_path / "out")), "Stack")
    with pytest.raises(SystemExit, match=r"Jobview: the packages of lambda\.txt"):
        code(small).bind(stack)


def test_a_missing_uv_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BundleError, match="make setup"):
        module._uv()
