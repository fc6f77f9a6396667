"""``make smoke ARGS="--record FOLDER"``: what an account answers becomes fixtures that say nothing of whose it is."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest

from jobview.catalogue import FAMILIES, family
from jobview.catalogue.family import Family, ItemsCall
from jobview.collect.paths import find
from jobview.model import Target
from local.catalogue.compiling import compiled
from local.recording import fixtures
from local.recording.anonymous import Anonymous
from local.smoke import main, record
from local.standin import Fault, Plan, StandIn
from local.standin.generic.jobs import outcomes
from tests.contract import fixtures as checked
from tests.contract.shapes import service_model
from tests.integration.families.test_protocols import DECLARED
from tests.local_aws import ACCOUNT, REGION, environment, moto_server

NAME = "mrs-smith"
KNOWN = boto3.Session()
ALONE = {"batch/service-job", "iot/job-execution", "stepfunctions/map-run"}
"""Another family lists their parents, or has them as its jobs. The stand-in plays such families one at a time."""
READ = [
    each
    for each in FAMILIES.values()
    if not each.retired and not each.items_reader and each.list is not None
    if each.name not in ALONE and REGION in (each.regions or KNOWN.get_available_regions(each.service) or [REGION])
]
PRIVATE = re.compile(rf"{ACCOUNT}|{NAME}|decoy", re.IGNORECASE)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture
def playing(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Sequence[Family]], StandIn]]:
    """A stand-in that plays families from their declarations, with decoys in every other member."""
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as running:

        def play(families: Sequence[Family]) -> StandIn:
            standin = running.enter_context(StandIn(upstream=moto, account=ACCOUNT, families=families))
            for name, value in environment(standin.url).items():
                monkeypatch.setenv(name, value)
            return standin

        yield play


@pytest.fixture
def aws(playing: Callable[[Sequence[Family]], StandIn]) -> StandIn:
    return playing(READ)


def seed(aws: StandIn, of: Family) -> None:
    for outcome in sorted(outcomes(of)):
        plan = Plan(
            submitted=0, running=5, stopping=0, outcome=outcome, items=4, message=f"{NAME} is not in the ledger"
        )
        aws.seed(of.service, of.type, age=600, name=f"{NAME}-{outcome}-{{n}}", parent=f"{NAME}-all", plan=plan, count=2)


def answers_of(folder: Path, of: Family) -> tuple[Any, Any]:
    """The list and the get as they were recorded, read by botocore."""
    found = []
    for call in (of.list, of.get):
        [path] = [None] if call is None else folder.glob(f"{of.service}/{call.operation}.*")
        found.append(None if path is None else checked.parsed(path))
    return found[0], found[1]


def test_every_family_that_is_recorded_is_what_its_model_allows_and_names_nobody(
    aws: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in READ:
        seed(aws, each)
    arguments = [part for each in READ for part in ("--family", each.name)]
    assert main([*arguments, "--record", str(tmp_path), "--jobs", "0", "--seconds", "3600"]) == 0
    told = capsys.readouterr().out

    written = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    operations = {
        (service, call.operation)
        for each in READ
        for service, call in each.calls_by_service
        if not isinstance(call, ItemsCall)
    }
    assert {(path.parent.name, path.stem) for path in written} == operations
    for path in written:
        assert f"{path}: written" in told
        assert checked.flaws(path) == []
        assert PRIVATE.findall(path.read_text()) == [], path
    for each in READ:
        listed, got = answers_of(tmp_path, each)
        call, fields = each.listed
        ids = [find(fields.id, record) for record in find(call.items, listed)]
        assert 0 < len(ids) == len(set(ids)) <= fixtures.RECORDS, each.name
        # Some gets do not repeat the id that was asked for (IoT's audits).
        if each.get is not None and each.get_fields is not None and each.get_fields.id is not None:
            item = find(each.get.item, got)
            [got_id, *_] = [find(each.get_fields.id, one) for one in (item if isinstance(item, list) else [item])]
            assert got_id in ids, "the got job is one of those that are listed"


@pytest.mark.parametrize("name", DECLARED)
def test_every_protocol_is_written_as_it_stands_on_the_wire(
    playing: Callable[[Sequence[Family]], StandIn], tmp_path: Path, name: str
) -> None:
    of = compiled(DECLARED[name])
    seed(playing([of]), of)
    _, _, answers = record([of], [Target(account=ACCOUNT, region="us-east-1")], seconds=30)
    said: list[str] = []
    fixtures.write(tmp_path, [of], answers, account=ACCOUNT, overwrite=False, say=said.append)
    in_xml = service_model(of.service).resolved_protocol in ("query", "ec2", "rest-xml")
    written = list(tmp_path.glob("*/*"))
    assert {path.suffix for path in written} == {".xml" if in_xml else ".json"}
    assert [flaw for path in written for flaw in checked.flaws(path)] == []
    assert [path for path in written if PRIVATE.search(path.read_text())] == []
    listed, _ = answers_of(tmp_path, of)
    call, fields = of.listed
    told = {find(fields.status, record) for record in find(call.items, listed)}
    assert told <= set(of.states)
    assert len(told) > 1


def test_a_fixture_that_is_there_stays_unless_it_is_to_be_replaced(
    aws: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = family("transcribe/transcription-job")
    seed(aws, of)
    there = tmp_path / "transcribe" / "ListTranscriptionJobs.json"
    there.parent.mkdir()
    there.write_text("{}")
    arguments = ["--family", of.name, "--record", str(tmp_path)]
    assert main(arguments) == 0
    assert f"{there}: is there already and stays; --overwrite replaces it" in capsys.readouterr().out
    assert there.read_text() == "{}"
    assert main([*arguments, "--overwrite"]) == 0
    assert f"{there}: replaced" in capsys.readouterr().out
    assert json.loads(there.read_text())["TranscriptionJobSummaries"]
    assert main(arguments) == 0
    assert f"{there}: as before" in capsys.readouterr().out


def test_what_did_not_answer_is_said(aws: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="transcribe")
    main(["--family", "transcribe/transcription-job", "--record", str(tmp_path)])
    told = capsys.readouterr().out
    assert "transcribe ListTranscriptionJobs: no answer, so no fixture" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("COMPLETED", "COMPLETED"),
        ("2025-12-04T11:00:00Z", "2025-12-04T11:00:00Z"),
        ("45.0%", "45.0%"),
        ("us-gov-west-1", "us-gov-west-1"),
        ("578c8670-0bf9-628f-c8d3-8f9748f0cdeb", "578c8670-0bf9-628f-c8d3-8f9748f0cdeb"),
        (ACCOUNT, "111122223333"),
        ("210987654321", "444455556666"),
        ("1234567890", "1000000001"),
        ("Mrs Smith", "Name-1"),
        (f"arn:aws:glue:us-east-1:{ACCOUNT}:job/smiths/run", "arn:aws:glue:us-east-1:111122223333:job/name-1/name-2"),
        ("arn:aws:s3:::smiths/2025", "arn:aws:s3:::name-1/name-2"),
        ("s3://smiths/in/", "s3://bucket-1/path-1/"),
        (
            "https://smiths.s3.amazonaws.com/in?X-Amz-Signature=secret",
            "https://example.com/path-1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300&X-Amz-Signature=" + "0" * 64,
        ),
        ("ct-thorax-9", "Name-1"),
        ("clinic-20251204", "Name-1"),
    ],
)
def test_what_is_kept_and_what_is_replaced(text: str, replaced: str) -> None:
    shape = service_model("glue").operation_model("GetJobRuns").output_shape
    assert shape is not None
    anonymous = Anonymous(ACCOUNT, ["COMPLETED"])
    [run] = anonymous.answer(shape, {"JobRuns": [{"TriggerName": text}]})["JobRuns"]
    assert run["TriggerName"] == replaced.replace("Name-", "TriggerName-")


def test_the_same_is_replaced_by_the_same_wherever_it_stands() -> None:
    shape = service_model("glue").operation_model("GetJobRuns").output_shape
    assert shape is not None
    anonymous = Anonymous(ACCOUNT, [])
    [run] = anonymous.answer(
        shape,
        {"JobRuns": [{"JobName": "smiths", "TriggerName": f"arn:aws:glue:us-east-1:{ACCOUNT}:job/smiths"}]},
    )["JobRuns"]
    assert run == {"JobName": "JobName-1", "TriggerName": "arn:aws:glue:us-east-1:111122223333:job/JobName-1"}


def test_what_has_to_be_there_and_is_secret_is_there_without_a_content() -> None:
    shape = service_model("stepfunctions").operation_model("DescribeStateMachine").output_shape
    assert shape is not None
    answer = {"name": "smiths", "definition": '{"Comment": "of Mrs Smith"}', "description": "Mrs Smith"}
    assert Anonymous(ACCOUNT, []).answer(shape, answer) == {"name": "name-1", "definition": ""}
