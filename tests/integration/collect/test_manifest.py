"""HealthImaging's output manifest, in an S3 that moto plays."""

from dataclasses import replace

import pytest

from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import Unreadable
from jobview.items.manifest import MANIFEST_LIMIT
from jobview.items.rows import ItemsPage
from jobview.model import Depth, Items, JobView, Source, State
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from local.standin import Phase, Plan, StandIn
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.collect.imaging import (
    BUCKET,
    FOLDER,
    FOREVER,
    IMAGING,
    MANIFEST_READER,
    TARGET,
    VIEW,
    Put,
    ReaderOf,
    items,
    manifest,
    refine,
    refused,
)


@pytest.fixture
def reader(imaging_reader: Reader) -> Reader:
    return imaging_reader


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


def test_a_completed_job_of_which_every_file_failed_has_failed(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest(numberOfScannedFiles=3, numberOfImportedFiles=0))
    view = refine(reader).view
    assert (view.state, view.native_status, view.verified) == (State.FAILED, "COMPLETED", True)
    assert view.reason == (
        "3 of 3 files failed. Each line of the object names a file that was not imported and says why; GET this job's "
        "items."
    )


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


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("numberOfScannedFiles", -1, (None, 7, 3)),
        ("numberOfImportedFiles", 1.5, (10, None, 3)),
        ("numberOfImportedFiles", 10**30, (10, None, 3)),
        # How many failed follows from the others.
        ("numberOfFilesWithCustomerError", "2", (10, 7, 3)),
        ("numberOfFilesWithServerError", True, (10, 7, 3)),
    ],
)
def test_a_count_that_is_none_costs_that_count(
    reader: Reader, put: Put, member: str, value: object, expected: tuple[int | None, int | None, int]
) -> None:
    put("job-output-manifest.json", manifest(**{member: value}))
    unreadable = Unreadable()
    made = reader.refine(MANIFEST_READER, VIEW, TARGET, FOREVER, unreadable=unreadable).view
    assert made.state is State.PARTIALLY_SUCCEEDED
    assert made.items is not None
    assert (made.items.total, made.items.succeeded, made.items.failed) == expected
    assert [warning.path for warning in unreadable.values] == [f"jobSummary.{member}"]


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
        (manifest(jobId="k" * 32), "WrongManifest"),
        (manifest(datastoreId="e" * 32), "WrongManifest"),
        ('{"jobSummary": {}}', "ManifestWithoutCounts"),
        (manifest(numberOfFilesWithCustomerError=0, numberOfFilesWithServerError="absent"), "ManifestWithoutCounts"),
    ],
)
def test_a_manifest_without_counts_leaves_the_job_unverified(
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


def test_an_absent_bucket_is_reported(reader: Reader) -> None:
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
    assert (error.kind, error.retryable) == ("invalid", False)
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
    """A completed import job from a get, found through its data store."""
    outputs = {"outputS3Uri": f"s3://{BUCKET}/stand-in/"}
    standin.seed("medical-imaging", "dicom-import", plan=plan, age=600, input=outputs)
    [[parent]] = list(reader.parents(IMAGING, IMAGING.whole(TARGET), FOREVER))
    source = Source(service="medical-imaging", type="dicom-import", target=TARGET, parents=(parent,))
    [[observation]] = [page.records for page in reader.list_jobs(IMAGING, source, FOREVER)]
    [got] = reader.get_jobs(IMAGING, TARGET, [observation.view.key], FOREVER)
    assert got.observation is not None
    return observation.view.key, got.observation.view
