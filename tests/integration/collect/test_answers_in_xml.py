"""What comes with status 200 and is no XML of the operation: a failed read, never a list without jobs."""

from collections.abc import Callable

import pytest

from jobview import catalogue
from jobview.aws.errors import ReadFailure
from jobview.model import Target
from jobview.reader import Reader
from local.catalogue.compiling import compiled
from tests.integration.collect.canned import Canned, Told
from tests.integration.families.test_protocols import IMAGE_EXPORT

TARGET = Target(account="111122223333", region="us-east-1")
FAMILIES = {
    family.service: family
    for family in (
        catalogue.family("rds/export-task"),
        compiled(IMAGE_EXPORT),
        catalogue.family("s3control/job"),
        catalogue.family("cloudfront/invalidation"),
    )
}
EMPTY = {
    "rds": (
        "<DescribeExportTasksResponse><DescribeExportTasksResult><ExportTasks/></DescribeExportTasksResult>"
        "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeExportTasksResponse>"
    ),
    "ec2": "<DescribeExportImageTasksResponse><requestId>1</requestId></DescribeExportImageTasksResponse>",
    "cloudfront": "<InvalidationList/>",
    "s3control": '<ListJobsResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Jobs/></ListJobsResult>',
}
OTHER = [
    "",
    "<html><body>Bad gateway</body></html>",
    "<HTML/>",
    "<Error><Code>SlowDown</Code><Message>Again</Message></Error>",
    "<ListJobsResult><Jobs>",
]


def listed(service: str, canned: Canned, reader_of: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch) -> int:
    account_first = canned.url.replace("http://", "http://local@")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3_CONTROL", account_first)
    family = FAMILIES[service]
    pages = reader_of(canned.url, attempts=1).list_jobs(family, family.whole(TARGET), 1e9)
    return sum(len(page.records) for page in pages)


@pytest.mark.parametrize("service", FAMILIES)
@pytest.mark.parametrize("body", OTHER)
def test_another_answer_is_a_failed_read(
    service: str, body: str, canned: Canned, reader_of: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    canned.answer = lambda _: Told(body, headers={"Content-Type": "text/xml"})
    with pytest.raises(ReadFailure) as raised:
        listed(service, canned, reader_of, monkeypatch)
    assert (raised.value.error.kind, raised.value.error.operation) == (
        "malformed",
        FAMILIES[service].listed[0].operation,
    )


@pytest.mark.parametrize("service", FAMILIES)
def test_an_empty_list_is_one(
    service: str, canned: Canned, reader_of: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    canned.answer = lambda _: Told(EMPTY[service], headers={"Content-Type": "text/xml"})
    assert listed(service, canned, reader_of, monkeypatch) == 0
