"""HealthImaging's failed files, in an S3 that moto plays."""

import pytest

from jobview.aws.errors import ReadFailure
from jobview.items.ndjson import CHUNK, LINE_LIMIT, SCAN_LIMIT
from jobview.items.rows import InvalidItemsTokenError, ItemsPage, row
from jobview.model import State
from jobview.reader import Reader
from tests.integration.collect.canned import Canned, Told
from tests.integration.collect.imaging import (
    BUCKET,
    FOLDER,
    JOB,
    PREFIX,
    STORE,
    Put,
    ReaderOf,
    every_item,
    failed_file,
    items,
    manifest,
    refine,
)


@pytest.fixture
def reader(imaging_reader: Reader) -> Reader:
    return imaging_reader


def test_failed_files_come_as_rows(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    put("FAILURE/failure.ndjson", f"{failed_file('in/ä b.dcm')}\n\n{failed_file('in/2.dcm', 'x' * 5000)}\n")
    page = items(reader)
    assert page.next is None
    first, second = page.items
    assert first == row(
        uri="in/ä b.dcm", state=State.FAILED, native_status="ValidationException", reason="no DICOM P10"
    )
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
        assert rows[1]["reason"] == f"the line at byte {first_bad} is not a JSON object"
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


def test_absent_failed_files_are_reported(reader: Reader, put: Put) -> None:
    put("job-output-manifest.json", manifest())
    with pytest.raises(ReadFailure) as raised:
        items(reader)
    assert raised.value.error.kind == "not_found"


def test_a_server_that_ignores_ranges_is_not_believed(canned: Canned, reader_of: ReaderOf) -> None:
    canned.answer = lambda asked: Told(manifest() if "manifest" in asked.path else failed_file("1"))
    with pytest.raises(ReadFailure) as raised:
        items(reader_of(canned.url), token="5")
    assert raised.value.error.code == "RangeIgnored"
