"""The fixtures against the models, and what the catalogue makes of them."""

import json
import re
from pathlib import Path

import pytest

from jobview.catalogue import FAMILIES, family
from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import Call
from jobview.collect.paths import find, last_of_arn
from tests.contract.each import EVERY_FAMILY, EVERY_JOB, each_call, each_family
from tests.contract.expectations import expected, known_ids, parents_of, views
from tests.contract.fixtures import (
    ANSWERS,
    FOLDER,
    answers,
    answers_with_items,
    flaws,
    operation_model,
    operation_name,
    parsed,
    untouched,
)
from tests.contract.shapes import service_of

ACCOUNT = "111122223333"
EXPECTED = [(job.family.name, job.kind) for job in EVERY_JOB if not (job.kind == "list" and job.family.lists_ids_only)]
"""Families and the shapes with their states."""
EXPECTATIONS = sorted(FOLDER.glob("*/*.expected.json"))
USED = {(service, call.operation) for each in EVERY_FAMILY for service, call in each.calls_by_service}


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_fixture_is_what_the_model_allows(path: Path) -> None:
    assert flaws(path) == []
    assert parsed(path)


@pytest.mark.parametrize("path", [*ANSWERS, *EXPECTATIONS], ids=lambda path: str(path.relative_to(FOLDER)))
def test_nothing_of_a_draft_is_left_to_decide(path: Path) -> None:
    assert not re.search(r'"decide"|"decide: |<!-- decide: ', path.read_text()), "make family wrote it: who checked it?"


@each_call
def test_every_operation_has_a_fixture(declared: Family, call: Call) -> None:
    if isinstance(call, ItemsCall):
        assert len(answers_with_items(declared.service, call.operation, declared.type)) == 1
    else:
        assert answers(service_of(declared, call), call.operation)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_fixture_is_of_an_operation_that_a_family_uses(path: Path) -> None:
    assert (path.parent.name, operation_name(path)) in USED


@each_family
def test_parents_are_found(declared: Family) -> None:
    found = {}
    for kind in declared.parents:
        (path,) = answers(kind.service or declared.service, kind.call.operation)
        ids = [find(kind.id, one) for one in find(kind.call.items, parsed(path))]
        found[kind.type] = [last_of_arn(one) if kind.arn else one for one in ids]
    assert found == expected(declared.name).get("parents", {})


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("medical-imaging", "GetDICOMImportJob"),
        ("omics", "ListReferenceImportJobs"),
        ("sesv2", "GetImportJob"),
        ("panorama", "DescribePackageImportJob"),
    ],
)
def test_the_fixtures_of_the_seeds_have_every_documented_member(service: str, operation: str) -> None:
    paths = answers(service, operation)
    assert untouched([json.loads(path.read_text()) for path in paths], operation_model(paths[0]).output_shape) == []


@pytest.mark.parametrize(("name", "kind"), EXPECTED)
def test_states_are_as_expected(name: str, kind: str) -> None:
    """Of each job its state, whether that is verified, and what else is written down of it."""
    told = expected(name)[{"list": "listed", "get": "got"}[kind]]
    made = {
        key: {each: view.get(each) for each in {"state", "verified", *told.get(key, ())}}
        for key, view in views(name, kind).items()
    }
    assert made == told


@each_family
def test_the_log_is_where_the_fixtures_say(declared: Family) -> None:
    """The links of the jobs that are written down; each family with logs has one."""
    kinds = {kind: fields for kind, fields in (("list", declared.list_fields), ("get", declared.get_fields)) if fields}
    told = [kind for kind, fields in kinds.items() if fields.logs]
    documented = expected(declared.name).get("logs", {})
    assert bool(documented) is bool(told)
    for kind in told[-1:]:
        shown = {native_id: view["links"]["logs"] for native_id, view in views(declared.name, kind).items()}
        assert {native_id: shown.get(native_id) for native_id in documented} == documented


@each_family
def test_a_got_job_is_one_that_was_listed(declared: Family) -> None:
    """Round trip: what is got under the id of a listed job has the same id."""
    if declared.get is not None and declared.list is not None:
        got, listed = set(views(declared.name, "get")), set(views(declared.name, "list"))
        assert got
        assert got <= listed, (
            f"{declared.get.operation} tells {got - listed}, and {declared.list.operation} has {listed}"
        )


@each_family
def test_ids_of_a_job_and_its_parents_differ(declared: Family) -> None:
    """Else an id in the place of another one would not be seen."""
    path = [parent.id for parent in parents_of(declared)]
    for native_id in known_ids(declared):
        assert len({*path, native_id}) == len(path) + 1


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_expectation_is_of_a_family(path: Path) -> None:
    assert f"{path.parent.name}/{path.name.removesuffix('.expected.json')}" in FAMILIES


def test_a_listed_athena_query_is_an_id_alone() -> None:
    (path,) = answers("athena", "ListQueryExecutions")
    declared = family("athena/query-execution")
    call, fields = declared.listed
    ids = find(call.items, parsed(path))
    assert [find(fields.id, one) for one in ids] == ids != []


def test_a_whole_view_of_a_dicom_import() -> None:
    """The documented response bodies of the operations that the project started from, every mapped fact of them."""
    dicom = views("medical-imaging/dicom-import", "get")["c6a1d220f152e7aab6d8925d995d8b76"]
    store = expected("medical-imaging/dicom-import")["parents"]["datastore"][0]
    assert dicom == {
        "id": f"medical-imaging:us-east-1:{ACCOUNT}:dicom-import:{store}:c6a1d220f152e7aab6d8925d995d8b76",
        "service": "medical-imaging",
        "type": "dicom-import",
        "name": "nightly",
        "parent": {"type": "datastore", "id": store},
        "parents": [{"type": "datastore", "id": store}],
        "account": ACCOUNT,
        "region": "us-east-1",
        "state": "SUCCEEDED",
        "terminal": True,
        "nativeStatus": "COMPLETED",
        "reason": None,
        "verified": False,
        "items": None,
        "progress": None,
        "createdAt": "2025-12-04T08:00:00.000Z",
        "startedAt": None,
        "updatedAt": None,
        "endedAt": "2025-12-04T08:15:00.750Z",
        "durationSeconds": 900.75,
        "changedAt": None,
        "generation": 1,
        "inputs": ["s3://hospital-in/studies/2025-12-04/"],
        "outputs": [f"s3://hospital-out/results/{store}-DicomImport-c6a1d220f152e7aab6d8925d995d8b76/"],
        "failures": None,
        "tags": {},
        "role": f"arn:aws:iam::{ACCOUNT}:role/ImportJobDataAccessRole",
        "links": dicom["links"],
        "observedAt": "2025-12-05T12:00:00.999Z",
        "via": "get",
    }


def test_facts_of_an_omics_reference_import() -> None:
    reference = views("omics/reference-import", "get")["9876543210"]
    assert reference["items"] == {"total": 3, "succeeded": 2, "failed": 1, "skipped": 0, "unit": "sources"}
    assert reference["inputs"] == [f"s3://genomes-in/{name}.fasta" for name in ("GRCh38", "T2T", "broken")]
    assert reference["reason"] == (
        "The file is no FASTA file. 1 of 3 sources failed. "
        "Each source of the job has a status and a message: GET this job's items."
    )
    assert reference["createdAt"] == "2025-12-04T09:00:00.001Z"
    assert reference["endedAt"] == "2025-12-04T09:12:44.512Z"
    assert reference["failures"]["count"] == 1


def test_facts_of_an_sesv2_import() -> None:
    contacts = views("sesv2/import", "get")["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]
    assert contacts["name"] == "newsletter"
    assert contacts["items"] == {"total": 1200, "succeeded": None, "failed": 7, "skipped": None, "unit": "records"}
    assert contacts["inputs"] == ["s3://marketing/contacts/2025-12.csv"]
    assert contacts["outputs"] == []
    assert contacts["failures"]["count"] == 7
    assert contacts["failures"]["uri"] is None


def test_facts_of_a_panorama_package_import() -> None:
    package = views("panorama/package-import", "get")["package-import-1"]
    assert package["name"] == "people_counter"
    assert package["inputs"] == ["s3://cameras-in/packages/people_counter.tar.gz"]
    assert package["outputs"] == ["s3://panorama-out/packages/people_counter/1.0"]
    assert package["tags"] == {"site": "gate-4", "team": "vision"}
    assert (package["createdAt"], package["endedAt"]) == ("2025-12-04T09:00:00.000Z", "2025-12-04T09:05:00.000Z")


def test_facts_of_a_batch_job() -> None:
    array = views("batch/job", "list")["0b6a2b3c-0003"]
    assert array["items"] == {"total": 10, "succeeded": 4, "failed": 1, "skipped": None, "unit": "children"}
    align = views("batch/job", "get")["0b6a2b3c-0001"]
    assert (align["createdAt"], align["endedAt"]) == ("2025-12-04T09:00:00.123Z", "2025-12-04T09:11:00.999Z")
    assert align["tags"] == {"team": "genomics"}
    assert align["role"] == "arn:aws:iam::111122223333:role/BatchJob"
    assert views("batch/job", "get")["0b6a2b3c-0004"]["startedAt"] is None


def test_facts_of_an_athena_query() -> None:
    query = views("athena/query-execution", "get")["a1b2c3d4-5678-90ab-cdef-000000000002"]
    assert query["reason"] == "DIVISION_BY_ZERO: / by zero"
    assert query["parent"] == {"type": "workgroup", "id": "primary"}


def test_facts_of_a_glue_job_run() -> None:
    run = views("glue/job-run", "get")["jr_25a2"]
    assert run["id"] == "glue:us-east-1:111122223333:job-run:nightly~20etl:jr_25a2"
    assert run["links"]["console"].endswith("#/job/nightly%20etl/run/jr_25a2")
    assert run["durationSeconds"] == 3599.75
    assert run["name"] == "nightly etl"


def test_facts_of_a_transcribe_job() -> None:
    call = views("transcribe/transcription-job", "get")["call-1"]
    assert call["outputs"] == [
        f"https://s3.us-east-1.amazonaws.com/transcripts/call-1.{end}" for end in ("json", "vtt")
    ]
    assert call["tags"] == {"team": "support", "empty": ""}
    assert views("transcribe/transcription-job", "get")["call-4"]["outputs"] == []


def test_facts_of_a_stepfunctions_execution() -> None:
    failed = views("stepfunctions/execution", "get")["failed-1"]
    assert failed["reason"] is None, "AWS marks error and cause as sensitive"
    assert "DescribeExecution" in failed["failures"]["how"]


@pytest.mark.parametrize(("name", "kind"), EXPECTED)
def test_no_presigned_url_and_nothing_withheld_is_in_a_view(name: str, kind: str) -> None:
    kept = json.dumps(views(name, kind))
    for text in ("X-Amz-", "not-for-everyone", "SELECT"):
        assert text not in kept


@pytest.mark.parametrize(
    ("name", "answer", "urls"),
    [
        ("sesv2/import", "GetImportJob", 1),
        ("sesv2/export", "GetExportJob", 1),
        ("transcribe/transcription-job", "GetTranscriptionJob-service-bucket", 1),
    ],
)
def test_presigned_paths_find_the_urls_that_items_hand_out(name: str, answer: str, urls: int) -> None:
    declared = family(name)
    assert declared.get is not None
    job = find(declared.get.item, parsed(FOLDER / declared.service / f"{answer}.json"))
    found = [find(path, job) for path in declared.presigned]
    assert len([url for url in found if isinstance(url, str) and "X-Amz-Signature=" in url]) == urls
