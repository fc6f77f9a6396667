"""``make smoke`` against the local AWS: the ordinary credential chain, read-only, two tables."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from jobview.catalogue import FAMILIES
from local.smoke import main
from local.standin import Fault, Phase, Plan, StandIn
from tests.local_aws import ACCOUNT, emulator, environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulator")) as url:
        yield url


@pytest.fixture
def aws(upstream: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with StandIn(upstream=upstream, account=ACCOUNT) as standin:
        for name, value in environment(standin.url).items():
            monkeypatch.setenv(name, value)
        yield standin


def test_every_family_is_read_and_shown(aws: StandIn) -> None:
    boto3.client("s3").create_bucket(Bucket="dicom-output")
    aws.seed("omics", "reference-import", age=100, plan=Plan(outcome=Phase.PARTIAL, items=5, failed_items=2))
    aws.seed("sesv2", "import", age=100)
    aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="medical-imaging")
    command = [sys.executable, "-m", "local.smoke", "--jobs", "5"]
    run = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "lambdas"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    families = [family for family in FAMILIES.values() if family.retired is None and family.list is not None]
    assert "textract/document-analysis: not checked, because nothing lists its jobs." in run.stdout
    assert f"Reading {len(families)} families in {ACCOUNT}, us-east-1; nothing is written." in run.stdout
    rows = {line.split()[0]: line.split() for line in run.stdout.splitlines() if line.strip()}
    assert rows[f"sesv2:us-east-1:{ACCOUNT}:import"][1:3] == ["complete", "1"]
    assert rows[f"medical-imaging:us-east-1:{ACCOUNT}:dicom-import"][1:] == [
        "denied",
        "ListDatastores",
        "AccessDeniedException:",
        "Made",
        "to",
        "fail",
        "by",
        "the",
        "stand-in",
    ]
    assert "COMPLETED_WITH_FAILURES  yes       2 of 5 failed" in run.stdout
    assert "panorama" not in run.stdout


def test_chosen_families_only(aws: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    aws.seed("panorama", "package-import")
    assert main(["--family", "panorama/package-import"]) == 0
    told = capsys.readouterr().out
    assert "Reading 1 families" in told
    assert "1 jobs: 1 PENDING" in told


def test_a_family_without_a_list_is_not_checked_and_no_error(aws: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    rule = aws.faults.add(Fault(kind="down"), service="textract")
    assert main(["--family", "textract/document-analysis"]) == 0
    told = capsys.readouterr().out
    assert "textract/document-analysis: not checked, because nothing lists its jobs." in told
    assert "Reading 0 families" in told
    assert [each["seen"] for each in aws.faults.to_json() if each["id"] == rule] == [0]


def test_nothing_that_could_be_read_is_an_error(aws: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    aws.faults.add(Fault(kind="down"), service="sesv2")
    assert main(["--family", "sesv2/import", "--seconds", "5"]) == 1
    assert "No jobs." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "missing", "told"),
    [
        (["--family", "omics/none"], [], "'omics/none' is not a family; allowed: service/type, such as"),
        ([], ["AWS_REGION", "AWS_DEFAULT_REGION"], "no region: give --region or set AWS_REGION"),
        ([], ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "AWS does not know you (NoCredentialsError"),
    ],
)
def test_what_is_missing_is_one_clear_line(
    aws: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    missing: list[str],
    told: str,
) -> None:
    assert aws.url
    for name in missing:
        monkeypatch.delenv(name)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"smoke: {told}")
    assert captured.err.count("\n") == 1
