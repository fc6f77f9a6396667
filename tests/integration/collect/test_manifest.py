"""HealthImaging's output manifest and failed files, in an S3 that moto plays."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from jobview.catalogue import family
from jobview.collect.errors import ReadFailure
from jobview.collect.items import READERS, ItemsPage
from jobview.collect.manifest import MANIFEST_LIMIT
from jobview.collect.ndjson import CHUNK, LINE_LIMIT, SCAN_LIMIT
from jobview.collect.reading import Reader
from jobview.collect.rows import InvalidItemsTokenError
from jobview.jobid import JobKey
from jobview.model import Depth, Items, JobView, Observation, Parent, ReadError, Source, State, Target, Via
from local.standin import Phase, Plan, StandIn
from tests.integration.collect.canned import Asked, Canned, Told

TARGET = Target(account="111122223333", region="us-east-1")
IMAGING = family("medical-imaging/dicom-import")
MANIFEST_READER = READERS["healthimaging-manifest"]
FOREVER = 1e9
STORE, JOB = "d" * 32, "j" * 32
BUCKET = "output"
FOLDER = f"s3://{BUCKET}/night/{STORE}-DicomImport-{JOB}/"
PREFIX = f"night/{STORE}-DicomImport-{JOB}/"
VIEW = JobView(
    key=JobKey(
        service="medical-imaging",
        region="us-east-1",
        account="111122223333",
        type="dicom-import",
        parents=(STORE,),
        native_id=JOB,
    ),
    parent=Parent(type="datastore", id=STORE),
    state=State.SUCCEEDED,
    native_status="COMPLETED",
    observed_at=datetime(2026, 11, 22, tzinfo=UTC),
    via=Via.GET,
    outputs=(FOLDER,),
)
SUMMARY: dict[str, Any] = {
    "jobId": JOB,
    "datastoreId": STORE,
    "outputS3Uri": FOLDER,
    "failureOutputS3Uri": f"{FOLDER}FAILURE/",
    "numberOfScannedFiles": 10,
    "numberOfImportedFiles": 7,
    "numberOfFilesWithCustomerError": 2,
    "numberOfFilesWithServerError": 1,
}
ReaderOf = Callable[..., Reader]
Put = Callable[[str, bytes | str], None]


@pytest.fixture
def reader(moto: str, reader_of: ReaderOf) -> Reader:
    return reader_of(moto)


@pytest.fixture
def put(moto: str) -> Put:
    """Writes an object into an otherwise empty job folder."""
    s3 = boto3.client("s3", endpoint_url=moto, region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    for listed in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=listed["Key"])

    def write(name: str, body: bytes | str) -> None:
        s3.put_object(Bucket=BUCKET, Key=PREFIX + name, Body=body)

    return write


def manifest(**changes: Any) -> str:
    summary = {**SUMMARY, **changes}
    return json.dumps({"jobSummary": {name: value for name, value in summary.items() if value != "absent"}})


def refine(reader: Reader, view: JobView = VIEW) -> Observation:
    return reader.refine(MANIFEST_READER, view, TARGET, FOREVER)


def refused(reader: Reader, view: JobView = VIEW) -> ReadError:
    with pytest.raises(ReadFailure) as raised:
        refine(reader, view)
    return raised.value.error


def items(reader: Reader, *, limit: int = 100, token: str | None = None, view: JobView = VIEW) -> ItemsPage:
    return reader.items(IMAGING, view, FOREVER, limit=limit, token=token)


def every_item(reader: Reader, limit: int) -> list[dict[str, Any]]:
    page = items(reader, limit=limit)
    rows = list(page.items)
    while page.next is not None:
        page = items(reader, limit=limit, token=page.next)
        rows += page.items
    return rows


def failed_file(name: str, message: str = "no DICOM P10") -> str:
    return json.dumps(
        {"inputFile": name, "exception": {"exceptionType": "ValidationException", "message": message}},
        ensure_ascii=False,
    )


def test_a_completed_job_with_failed_files_succeeded_in_part(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    refined = refine(reader)
    assert refined.depth is Depth.ITEMS
    view = refined.view
    assert (view.state, view.verified, view.native_status) == (State.PARTIALLY_SUCCEEDED, True, "COMPLETED")
    assert view.items == Items(unit="files", total=10, succeeded=7, failed=3)
    assert view.failures is not None
    assert (view.failures.count, view.failures.uri) == (3, f"{FOLDER}FAILURE/failure.ndjson")
    assert view.observed_at > VIEW.observed_at


def test_a_completed_job_without_failed_files_succeeded(reader: Reader, put: Put) -> None:
    put(
        "job-output-manifest.json",
        manifest(numberOfImportedFiles=10, numberOfFilesWithCustomerError=0, numberOfFilesWithServerError=0),
    )
    view = refine(reader).view
    assert (view.state, view.verified, view.failures) == (State.SUCCEEDED, True, None)
    assert items(reader) == ItemsPage(items=[], next=None)


def test_another_end_stays_what_it_is(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    assert refine(reader, replace(VIEW, state=State.FAILED)).view.state is State.FAILED


def test_the_output_folder_may_come_without_its_slash(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    assert refine(reader, replace(VIEW, outputs=(FOLDER.rstrip("/"),))).view.verified


def test_a_manifest_with_the_least_members(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", '{"jobSummary": {"numberOfFilesWithCustomerError": 4}}')
    view = refine(reader).view
    assert view.state is State.PARTIALLY_SUCCEEDED
    assert view.items == Items(unit="files", failed=4)
    assert view.failures is not None
    assert view.failures.uri is None


def test_equal_counts_tell_that_none_failed(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", '{"jobSummary": {"numberOfScannedFiles": 4, "numberOfImportedFiles": 4}}')
    assert refine(reader).view.items == Items(unit="files", total=4, succeeded=4, failed=0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "ManifestMalformed"),
        (manifest()[:-20], "ManifestMalformed"),
        ("[]", "ManifestMalformed"),
        ("{}", "ManifestMalformed"),
        ('{"jobSummary": 3}', "ManifestMalformed"),
        ("[" * 200_000, "ManifestMalformed"),
        (b"\xff\xfe\xfd", "ManifestMalformed"),
        (manifest(numberOfFilesWithCustomerError="2"), "ManifestMalformed"),
        (manifest(numberOfScannedFiles=-1), "ManifestMalformed"),
        (manifest(numberOfImportedFiles=1.5), "ManifestMalformed"),
        (manifest(numberOfFilesWithServerError=True), "ManifestMalformed"),
        (manifest(jobId="k" * 32), "WrongManifest"),
        (manifest(datastoreId="e" * 32), "WrongManifest"),
        ('{"jobSummary": {}}', "ManifestWithoutCounts"),
        (manifest(numberOfFilesWithCustomerError=0, numberOfFilesWithServerError="absent"), "ManifestWithoutCounts"),
    ],
)
def test_a_manifest_that_tells_nothing_leaves_the_job_unverified(
    reader: Reader, put: Put, body: bytes | str, code: str
) -> None:
    put("job-output-manifest.json", body)
    error = refused(reader)
    assert (error.kind, error.code, error.operation) == ("malformed", code, "GetObject")


def test_an_absent_manifest_may_come_yet(reader: Reader, put: Put) -> None:
    put("other", "x")
    error = refused(reader)
    assert (error.kind, error.code, error.retryable) == ("not_found", "NoSuchKey", True)
    assert f"{FOLDER}job-output-manifest.json is absent" in error.message


def test_an_absent_bucket_is_told(reader: Reader) -> None:
    error = refused(reader, replace(VIEW, outputs=("s3://no-such-bucket-here/a/",)))
    assert (error.kind, error.code) == ("not_found", "NoSuchBucket")


@pytest.mark.parametrize("outputs", [(), ("https://bucket/key",), ("s3://bucketonly",)])
def test_without_an_output_folder_there_is_nothing_to_read(reader: Reader, outputs: tuple[str, ...]) -> None:
    error = refused(reader, replace(VIEW, outputs=outputs))
    assert (error.kind, error.code) == ("invalid", "NoOutputFolder")


def s3_says(code: str) -> Told:
    return Told(f"<Error><Code>{code}</Code><Message>No</Message></Error>", status=403)


def test_a_forbidden_manifest_says_that_it_may_be_absent(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: s3_says("AccessDenied")
    error = refused(reader_of(canned.url))
    assert (error.kind, error.code, error.retryable) == ("denied", "AccessDenied", False)
    assert "s3:ListBucket" in error.message


def test_another_failure_of_s3_names_the_object(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: s3_says("InvalidObjectState")
    error = refused(reader_of(canned.url))
    assert error.kind == "service"
    assert error.message.startswith(f"{FOLDER}job-output-manifest.json: ")


def hundred_megabytes(asked: Asked) -> Told:
    assert asked.headers["Range"] == f"bytes=0-{MANIFEST_LIMIT - 1}"
    part = b" " * MANIFEST_LIMIT
    return Told(part, status=206, headers={"Content-Range": f"bytes 0-{MANIFEST_LIMIT - 1}/104857600"})


def test_a_manifest_of_100_mb_is_not_read(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = hundred_megabytes
    error = refused(reader_of(canned.url))
    assert (error.kind, error.code, error.retryable) == ("invalid", "ManifestTooLarge", False)
    assert "104857600 bytes" in error.message
    assert len(canned.asked) == 1


def test_of_a_whole_object_in_place_of_a_range_no_more_is_read(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: Told(b" " * (MANIFEST_LIMIT + 1))
    assert refused(reader_of(canned.url)).code == "ManifestTooLarge"


def test_a_manifest_cut_short_on_its_way_is_a_connection_failure(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: Told(manifest(), claims=len(manifest()) + 100)
    assert refused(reader_of(canned.url)).kind == "connection"


def test_a_manifest_that_stops_coming_is_a_timeout(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: Told(manifest(), claims=len(manifest()) + 100, stall=5)
    assert refused(reader_of(canned.url, read_timeout=0.2)).kind == "timeout"


def test_a_range_shorter_than_it_says_is_a_connection_failure(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda _: Told("{}", status=206, headers={"Content-Range": "bytes 0-99/100"})
    error = refused(reader_of(canned.url))
    assert (error.kind, error.code) == ("connection", "Truncated")


def test_failed_files_come_as_rows(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", f"{failed_file('in/ä b.dcm')}\n\n{failed_file('in/2.dcm', 'x' * 5000)}\n")
    page = items(reader)
    assert page.next is None
    first, second = page.items
    assert first == {
        "uri": "in/ä b.dcm",
        "state": "FAILED",
        "nativeStatus": "ValidationException",
        "reason": "no DICOM P10",
    }
    assert len(second["reason"]) == 1024


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_of_failed_files_are_whole_and_in_order(reader: Reader, put: Put, limit: int) -> None:
    names = [f"in/{number}-{'ü€😀' * (number % 9)}.dcm" for number in range(40)]
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", "\n".join(map(failed_file, names)))
    assert [row["uri"] for row in every_item(reader, limit)] == names


def test_lines_torn_by_the_ranges_are_put_together(reader: Reader, put: Put) -> None:
    names = [f"in/{number}.dcm" for number in range(3 * CHUNK // 1000)]
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", "\n".join(failed_file(name, "ü€😀" * 120) for name in names) + "\n")
    rows = every_item(reader, 1000)
    assert [row["uri"] for row in rows] == names
    assert {row["reason"] for row in rows} == {"ü€😀" * 120}


def test_lines_that_cannot_be_read_are_rows_and_not_lost(reader: Reader, put: Put) -> None:
    lines = [
        failed_file("1").encode(),
        b"not json",
        b"[1]",
        b'{"inputFile": "2", "exception": null}',
        b'{"inputFile": "tor\xc3n", "exception": {"exceptionType": 5}}',
        b"x" * (LINE_LIMIT + 1),
        b"{" + b" " * (CHUNK * 2),
        b"[" * 60_000,
        failed_file("last").encode(),
    ]
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", b"\r\n".join(lines))
    for limit in (1, 100):
        rows = every_item(reader, limit)
        assert [row["state"] for row in rows] == ["FAILED"] * len(lines)
        assert [row["uri"] for row in rows] == ["1", None, None, "2", "tor�n", None, None, None, "last"]
        first_bad = len(lines[0]) + 2
        assert rows[1]["reason"] == f"the line at byte {first_bad} is no JSON object"
        assert "is longer than 65536 bytes" in rows[5]["reason"]
        assert "is longer than 65536 bytes" in rows[6]["reason"]


def test_one_page_reads_a_bounded_part_of_a_huge_object(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", b"x" * (SCAN_LIMIT + CHUNK) + b"\n" + failed_file("last").encode())
    first = items(reader)
    assert [row["uri"] for row in first.items] == [None]
    assert first.next == f"{SCAN_LIMIT}s"
    second = items(reader, token=first.next)
    assert [row["uri"] for row in second.items] == ["last"]
    assert second.next is None


def test_the_token_of_a_file_s_end_gives_an_empty_page(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", failed_file("1"))
    assert items(reader, token="999999") == ItemsPage(items=[], next=None)


def test_an_empty_file_of_failed_files_is_an_empty_page(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", "")
    assert items(reader) == ItemsPage(items=[], next=None)


@pytest.mark.parametrize("token", ["", "x", "-1", "1.5", "s", "1" * 16, "١"])
def test_a_token_of_something_else_is_refused(reader: Reader, put: Put, token: str) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", failed_file("1"))
    with pytest.raises(InvalidItemsTokenError):
        items(reader, token=token)


@pytest.mark.parametrize(
    "uri",
    [
        "s3://other/night/FAILURE/",
        f"s3://{BUCKET}/elsewhere/FAILURE/",
        f"s3://{BUCKET}/night/{STORE}-DicomImport-{JOB}-other/FAILURE/",
        f"{FOLDER}../../FAILURE/",
        f"{FOLDER}./FAILURE/",
        f"https://{BUCKET}.s3.amazonaws.com/{PREFIX}FAILURE/",
        "",
        None,
        7,
    ],
)
def test_a_manifest_cannot_lead_out_of_its_job_s_folder(reader: Reader, put: Put, uri: object) -> None:
    put("job-output-manifest.json", manifest(failureOutputS3Uri=uri))
    view = refine(reader).view
    assert view.state is State.PARTIALLY_SUCCEEDED
    assert view.failures is not None
    assert view.failures.uri is None
    with pytest.raises(ReadFailure) as raised:
        items(reader)
    assert raised.value.error.code == "OutsideOutput"


def test_absent_failed_files_are_told(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    with pytest.raises(ReadFailure) as raised:
        items(reader)
    assert raised.value.error.kind == "not_found"


def test_a_server_that_ignores_ranges_is_not_believed(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda asked: Told(manifest() if "manifest" in asked.path else failed_file("1"))
    with pytest.raises(ReadFailure) as raised:
        items(reader_of(canned.url), token="5")
    assert raised.value.error.code == "RangeIgnored"


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize(
    ("plan", "state", "failed"),
    [
        (Plan(outcome=Phase.SUCCEEDED, items=5), State.SUCCEEDED, 0),
        (Plan(outcome=Phase.PARTIAL, items=5, failed_items=2), State.PARTIALLY_SUCCEEDED, 2),
    ],
)
def test_what_the_stand_in_writes(moto: str, reader_of: ReaderOf, plan: Plan, state: State, failed: int) -> None:
    with StandIn(upstream=moto) as standin:
        reader = reader_of(standin.url)
        key, view = completed(standin, reader, plan)
        assert (view.state, view.verified) == (State.SUCCEEDED, False)
        refined = refine(reader, view).view
        assert (refined.state, refined.verified) == (state, True)
        assert refined.items == Items(unit="files", total=5, succeeded=5 - failed, failed=failed)
        assert len(items(reader, view=view).items) == failed
        assert refined.key == key
        listed = replace(view, outputs=())
        assert len(items(reader, view=listed).items) == failed


def test_items_of_a_job_that_was_only_listed_and_is_gone(standin: StandIn, reader_of: ReaderOf) -> None:
    with pytest.raises(ReadFailure) as raised:
        items(reader_of(standin.url), view=replace(VIEW, outputs=()))
    assert raised.value.error.kind == "not_found"


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize(("how", "kind"), [("absent", "not_found"), ("truncated", "malformed")])
def test_a_manifest_that_the_stand_in_spoils(moto: str, reader_of: ReaderOf, how: str, kind: str) -> None:
    with StandIn(upstream=moto) as standin:
        reader = reader_of(standin.url)
        _, view = completed(standin, reader, Plan(manifest=how))
        assert refused(reader, view).kind == kind


def completed(standin: StandIn, reader: Reader, plan: Plan) -> tuple[JobKey, JobView]:
    """A completed import job as a get tells it, found from its data store on."""
    outputs = {"outputS3Uri": f"s3://{BUCKET}/stand-in/"}
    standin.seed("medical-imaging", "dicom-import", plan=plan, age=600, input=outputs)
    [[parent]] = list(reader.parents(IMAGING, TARGET, FOREVER))
    source = Source(service="medical-imaging", type="dicom-import", target=TARGET, parent=parent)
    [[observation]] = list(reader.list_jobs(IMAGING, source, FOREVER))
    [got] = reader.get_jobs(IMAGING, TARGET, [observation.view.key], FOREVER)
    assert got.observation is not None
    return observation.view.key, got.observation.view
