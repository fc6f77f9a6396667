"""A HealthImaging job, its output folder in S3, and what reads them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from jobview.aws.errors import ReadFailure
from jobview.catalogue import family
from jobview.items.readers import READERS
from jobview.items.rows import ItemsPage
from jobview.model import JobView, Observation, Parent, ReadError, State, Target, Via
from jobview.model.jobid import JobKey
from jobview.reader import Reader

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
    parents=(Parent(type="datastore", id=STORE),),
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
