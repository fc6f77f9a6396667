"""Every command in the documents: run by a test, or checked against the program that it names."""

import re
import shlex
import subprocess
from functools import cache

import boto3
import pytest
from botocore import xform_name

from bench.refresh import __main__ as bench_refresh
from infra.configuration import Configuration, parse
from infra.member import STACK
from jobview.catalogue import FAMILIES, enabled
from jobview.model.jobid import JobKey
from local import erase, smoke
from tests.unit.docs.blocks import DOCUMENTS, ROOT, Block, blocks, inline_code, rows, section

SHELL = tuple(block for document in DOCUMENTS for block in blocks(document) if block.language == "sh")
RUN_ELSEWHERE = {"curl"}
"""Blocks that tests/integration/docs/test_calls.py runs."""
TESTED_TARGETS = {
    "test": ".ci/run",
    "run": "tests/e2e",
    "smoke": "tests/integration/smoke",
    "erase": "tests/integration/store/test_erasure.py",
    "bench": "tests/integration/bench",
    "bench-refresh": "tests/integration/bench",
    "contract": "tests/integration/docs/test_adding_a_family.py",
    "openapi": "tests/unit/api",
    "member": "tests/integration/docs/test_adding_a_family.py",
    "lint": ".ci/run",
    "typecheck": ".ci/run",
    "unit": ".ci/run",
    "infra": ".ci/run",
    "catalogue": "tests/integration/docs/test_adding_a_family.py",
    "family": "tests/integration/docs/test_adding_a_family.py",
    "setup": ".ci/run",
    "audit": "Makefile",
}
"""Target of make → what runs it, or the same."""
HIGH_LEVEL = {("s3", "cp"), ("s3", "rm")}
"""Commands of the AWS CLI that are none of one operation."""


def commands(block: Block) -> list[list[str]]:
    """The commands of a block, as words."""
    joined = block.text.replace("\\\n", " ")
    return [shlex.split(line, comments=True) for line in joined.splitlines() if shlex.split(line, comments=True)]


EVERY = [
    pytest.param(command, id=f"{block} {' '.join(command)}"[:100])
    for block in SHELL
    if block.attributes.get("run") not in RUN_ELSEWHERE
    for command in commands(block)
]


def test_there_are_commands() -> None:
    assert len(EVERY) > 15


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_the_shell_understands_it(block: Block) -> None:
    subprocess.run(["bash", "-n"], input=block.text, text=True, check=True)


@pytest.mark.parametrize("command", EVERY)
def test_a_command_is_one_that_there_is(command: list[str]) -> None:
    match command:
        case ["make", target, *variables]:
            _make(target, variables)
        case ["npx", "cdk", *words]:
            _cdk(words)
        case ["aws", service, operation, *words]:
            _aws(service, operation, words)
        case ["export", assignment]:
            assert assignment.startswith(("PATH=", "AWS_REGION="))
        case ["git", "pull"]:
            pass
        case other:
            raise AssertionError(f"nothing checks {' '.join(other)}")


def _make(target: str, variables: list[str]) -> None:
    subprocess.run(["make", "-n", target, *variables], cwd=ROOT, check=True, capture_output=True)
    for variable in variables:
        name, _, value = variable.partition("=")
        if target == "family":
            assert name in {"SERVICE", "LIST", "GET", "TYPE"}
            continue
        assert name == "ARGS"
        match target:
            case "smoke":
                assert enabled(smoke._options(shlex.split(value)).family or FAMILIES)
            case "erase":
                assert JobKey.parse(erase._options(shlex.split(value)).job)
            case "bench-refresh":
                assert bench_refresh.options(shlex.split(value)).targets
            case _:
                raise AssertionError(f"make {target} takes no ARGS")
    assert target in TESTED_TARGETS, f"no test runs make {target}"
    assert (ROOT / TESTED_TARGETS[target]).exists()


@cache
def _help(verb: str) -> str:
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    done = subprocess.run([cdk, verb, "--help"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def _cdk(words: list[str]) -> None:
    verb, *rest = words
    told = _help(verb)
    options = list(rest)
    if options and not options[0].startswith("-"):
        assert options.pop(0) in {Configuration().stack_name, STACK}
    while options:
        option, value = options.pop(0), options.pop(0)
        assert option == "-c"
        assert re.search(r"--context, -c\b|-c, --context\b", told)
        key, _, _ = value.partition("=")
        assert key == "config" or key.startswith("jobview."), value
        if key.startswith("jobview."):
            document: dict[str, object] = {}
            *around, last = key.split(".")[1:]
            inner = document
            for name in around:
                inner = inner.setdefault(name, {})  # type: ignore[assignment]
            inner[last] = value.partition("=")[2]
            parse(document, catalogue={name: bool(each.retired) for name, each in FAMILIES.items()}, origin="docs")


def _aws(service: str, operation: str, words: list[str]) -> None:
    if (service, operation) in HIGH_LEVEL:
        return
    model = boto3.Session(region_name="us-east-1")._session.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names, f"aws {service} {operation}"
    shape = model.operation_model(names[operation]).input_shape
    assert shape is not None
    members = {xform_name(name, "-"): member for name, member in shape.members.items()}
    given = [word.removeprefix("--") for word in words if word.startswith("--")]
    for option in given:
        positive = option.removeprefix("no-")
        assert option in members or members[positive].type_name == "boolean", f"--{option}"
    required = {xform_name(name, "-") for name in shape.required_members}
    assert required <= set(given)


def test_every_target_of_make_is_in_contributing_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = {
        target
        for line in re.findall(r"^([a-z0-9 -]+):.*##", makefile, re.MULTILINE)
        for target in line.split()
        if target != "help"
    }
    listed = {row[0].strip("`").removeprefix("make ") for row in rows(section(ROOT / "CONTRIBUTING.md", "Set up"))}
    assert listed | {"setup"} == targets


def test_commands_in_the_prose_are_targets_too() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for document in DOCUMENTS:
        for code in inline_code(document):
            if code.startswith("make "):
                target = code.split()[1]
                assert re.search(rf"^(?:[a-z0-9 ]* )?{target}(?: [a-z0-9 ]*)?:", makefile, re.MULTILINE), code
