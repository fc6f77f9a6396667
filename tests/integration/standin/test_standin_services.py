"""Each service through boto3's own client over HTTP."""

import gzip
import json
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from local.standin import ManualClock, Plan, StandIn
from local.standin.simulation import Phase
from local.standin.validation import violations

PRODUCT_MODELS = Path(__file__).parents[3] / "lambdas" / "jobview" / "service_models"
ROLE = "arn:aws:iam::111122223333:role/ImportRole"


def code(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def conforms(aws: StandIn, service: str, operation: str, output: dict[str, Any]) -> None:
    """The answer keeps every length, range, pattern and enum of its shape."""
    output.pop("ResponseMetadata")
    shape = aws.state.protocols[service].operation(operation).output_shape
    assert shape is not None
    assert list(violations(shape, output)) == []


# HealthImaging


def test_an_import_over_the_wire_goes_through_its_states(aws: StandIn, clock: ManualClock) -> None:
    client = aws.client("medical-imaging")
    store = client.create_datastore(datastoreName="radiology", clientToken="one")["datastoreId"]
    assert client.create_datastore(datastoreName="radiology", clientToken="one")["datastoreId"] == store
    request = {
        "datastoreId": store,
        "dataAccessRoleArn": ROLE,
        "inputS3Uri": "s3://dicom-input/study/",
        "outputS3Uri": "s3://dicom-output/results/",
        "clientToken": "two",
    }
    aws.state.plan("medical-imaging", "dicom-import", Plan(submitted=5, running=20), times=1)
    job = client.start_dicom_import_job(**request)["jobId"]
    assert client.start_dicom_import_job(**request)["jobId"] == job
    found = []
    for seconds in (0, 5, 20):
        clock.advance(seconds)
        [summary] = client.list_dicom_import_jobs(datastoreId=store)["jobSummaries"]
        properties = client.get_dicom_import_job(datastoreId=store, jobId=job)["jobProperties"]
        assert summary.items() <= properties.items()
        found.append(properties["jobStatus"])
    assert found == ["SUBMITTED", "IN_PROGRESS", "COMPLETED"]
    assert properties["outputS3Uri"] == f"s3://dicom-output/results/{store}-DicomImport-{job}/"
    assert properties["endedAt"] == clock.now()
    conforms(aws, "medical-imaging", "ListDatastores", client.list_datastores())
    conforms(aws, "medical-imaging", "ListDICOMImportJobs", client.list_dicom_import_jobs(datastoreId=store))
    conforms(
        aws,
        "medical-imaging",
        "GetDICOMImportJob",
        client.get_dicom_import_job(datastoreId=store, jobId=job),
    )


def test_a_failed_import_says_why(aws: StandIn, clock: ManualClock) -> None:
    [job] = aws.seed("medical-imaging", "dicom-import", plan=Plan(outcome=Phase.FAILED, message="No files"))
    clock.advance(60)
    client = aws.client("medical-imaging")
    [summary] = client.list_dicom_import_jobs(datastoreId=job.parent, jobStatus="FAILED")["jobSummaries"]
    assert (summary["jobStatus"], summary["message"]) == ("FAILED", "No files")
    assert client.list_dicom_import_jobs(datastoreId=job.parent, jobStatus="COMPLETED")["jobSummaries"] == []


def test_image_set_metadata_comes_as_gzip_and_by_version(aws: StandIn) -> None:
    store, image_set = aws.state.medical_imaging().add_image_set(
        "radiology", [{"document": {"v": 1}}, {"document": {"v": "zwei"}}]
    )
    client = aws.client("medical-imaging")

    def read(**version: str) -> Any:
        answer = client.get_image_set_metadata(datastoreId=store, imageSetId=image_set, **version)
        assert (answer["contentType"], answer["contentEncoding"]) == ("application/json", "gzip")
        return json.loads(gzip.decompress(answer["imageSetMetadataBlob"].read()))

    assert read() == {"v": "zwei"}
    assert read(versionId="1") == {"v": 1}
    with pytest.raises(ClientError) as caught:
        read(versionId="3")
    assert code(caught) == ("ResourceNotFoundException", 404)
    described = client.get_image_set(datastoreId=store, imageSetId=image_set)
    assert described["versionId"] == "2"
    conforms(aws, "medical-imaging", "GetImageSet", described)


def test_image_set_metadata_can_be_larger_than_a_lambda_response(aws: StandIn) -> None:
    size = 5_000_000
    store, image_set = aws.state.medical_imaging().add_image_set("radiology", [{"compressedBytes": size}])
    answer = aws.client("medical-imaging").get_image_set_metadata(datastoreId=store, imageSetId=image_set)
    blob = answer["imageSetMetadataBlob"].read()
    assert size <= len(blob) < size * 1.2
    assert json.loads(gzip.decompress(blob))["ImageSetID"] == image_set


# HealthOmics


def test_sources_end_one_by_one(aws: StandIn, clock: ManualClock) -> None:
    client = aws.client("omics")
    store = client.create_reference_store(name="genomes", clientToken="one")["id"]
    assert client.create_reference_store(name="genomes", clientToken="one")["id"] == store
    aws.state.plan("omics", "reference-import", Plan(submitted=0, running=40, outcome=Phase.PARTIAL, failed_items=1))
    sources = [
        {"sourceFile": f"s3://bucket/{number}.fa", "name": f"ref-{number}", "tags": {"n": str(number)}}
        for number in range(4)
    ]
    job = client.start_reference_import_job(referenceStoreId=store, roleArn=ROLE, sources=sources)["id"]
    clock.advance(20)

    def get() -> Any:
        return client.get_reference_import_job(referenceStoreId=store, id=job)

    assert [source["status"] for source in get()["sources"]] == [
        "FINISHED",
        "FINISHED",
        "IN_PROGRESS",
        "NOT_STARTED",
    ]
    clock.advance(20)
    answer = get()
    assert answer["status"] == "COMPLETED_WITH_FAILURES"
    assert answer["completionTime"] == clock.now()
    assert [source["status"] for source in answer["sources"]] == ["FINISHED"] * 3 + ["FAILED"]
    assert answer["sources"][0]["tags"] == {"n": "0"}
    conforms(aws, "omics", "GetReferenceImportJob", answer)
    conforms(aws, "omics", "ListReferenceStores", client.list_reference_stores())
    conforms(aws, "omics", "ListReferenceImportJobs", client.list_reference_import_jobs(referenceStoreId=store))


def test_every_word_of_a_reference_import_can_be_seen(aws: StandIn, clock: ManualClock) -> None:
    for outcome in (Phase.SUCCEEDED, Phase.PARTIAL, Phase.FAILED, Phase.CANCELLED):
        aws.seed("omics", "reference-import", plan=Plan(submitted=1, running=2, stopping=1, outcome=outcome))
    client = aws.client("omics")
    [store] = client.list_reference_stores(filter={"name": "default"})["referenceStores"]
    seen: set[str] = set()
    for _ in range(5):
        jobs = client.list_reference_import_jobs(referenceStoreId=store["id"])["importJobs"]
        seen |= {job["status"] for job in jobs}
        clock.advance(1)
    enum = aws.state.protocols["omics"].model.shape_for("ReferenceImportJobStatus").metadata["enum"]
    assert seen == set(enum)


def test_reference_imports_are_filtered_by_status_and_time(aws: StandIn, clock: ManualClock) -> None:
    aws.seed("omics", "reference-import", count=3, age=3600, spacing=600, plan=Plan(running=2700))
    client = aws.client("omics")
    [store] = client.list_reference_stores()["referenceStores"]

    def count(**wanted: Any) -> int:
        return len(client.list_reference_import_jobs(referenceStoreId=store["id"], filter=wanted)["importJobs"])

    assert count(status="COMPLETED") == 2
    assert count(status="IN_PROGRESS") == 1
    assert count(status="COMPLETED", createdAfter=clock.now()) == 0
    assert count(createdBefore=clock.now()) == 3
    assert client.list_reference_stores(filter={"name": "other"})["referenceStores"] == []


# SES


def test_an_import_with_failed_records_is_called_completed(aws: StandIn, clock: ManualClock) -> None:
    client = aws.client("sesv2")
    aws.state.plan(
        "sesv2",
        "import",
        Plan(submitted=0, running=10, outcome=Phase.PARTIAL, items=1000, failed_items=40),
    )
    job = client.create_import_job(
        ImportDestination={"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}},
        ImportDataSource={"S3Url": "s3://contacts/list.csv", "DataFormat": "CSV"},
    )["JobId"]
    clock.advance(5)
    answer = client.get_import_job(JobId=job)
    assert (answer["JobStatus"], answer["ProcessedRecordsCount"]) == ("PROCESSING", 500)
    assert "FailureInfo" not in answer
    clock.advance(5)
    answer = client.get_import_job(JobId=job)
    assert (answer["JobStatus"], answer["ProcessedRecordsCount"], answer["FailedRecordsCount"]) == (
        "COMPLETED",
        1000,
        40,
    )
    link = answer["FailureInfo"]["FailedRecordsS3Url"]
    assert "X-Amz-Signature=" in link
    assert client.get_import_job(JobId=job)["FailureInfo"]["FailedRecordsS3Url"] != link
    conforms(aws, "sesv2", "GetImportJob", answer)
    listed = client.list_import_jobs(ImportDestinationType="SUPPRESSION_LIST")
    assert [found["JobId"] for found in listed["ImportJobs"]] == [job]
    assert client.list_import_jobs(ImportDestinationType="CONTACT_LIST")["ImportJobs"] == []
    conforms(aws, "sesv2", "ListImportJobs", listed)


def test_an_export_can_be_cancelled_once(aws: StandIn, clock: ManualClock) -> None:
    client = aws.client("sesv2")
    job = client.create_export_job(
        ExportDataSource={
            "MessageInsightsDataSource": {"StartDate": clock.now(), "EndDate": clock.now(), "MaxResults": 10}
        },
        ExportDestination={"DataFormat": "JSON"},
    )["JobId"]
    client.cancel_export_job(JobId=job)
    clock.advance(5)
    answer = client.get_export_job(JobId=job)
    assert (answer["JobStatus"], answer["ExportSourceType"]) == ("CANCELLED", "MESSAGE_INSIGHTS")
    with pytest.raises(ClientError) as caught:
        client.cancel_export_job(JobId=job)
    assert code(caught) == ("BadRequestException", 400)
    assert [j["JobId"] for j in client.list_export_jobs(JobStatus="CANCELLED")["ExportJobs"]] == [job]
    assert client.list_export_jobs(ExportSourceType="METRICS_DATA")["ExportJobs"] == []
    conforms(aws, "sesv2", "ListExportJobs", client.list_export_jobs())


def test_a_finished_export_has_a_new_link_at_every_call(aws: StandIn, clock: ManualClock) -> None:
    [job] = aws.seed("sesv2", "export", plan=Plan(outcome=Phase.PARTIAL, items=100, failed_items=7))
    client = aws.client("sesv2")
    assert "S3Url" not in client.get_export_job(JobId=job.id)["ExportDestination"]
    clock.advance(60)
    answer = client.get_export_job(JobId=job.id)
    assert answer["Statistics"] == {"ProcessedRecordsCount": 100, "ExportedRecordsCount": 93}
    assert "X-Amz-Expires=300" in answer["ExportDestination"]["S3Url"]
    assert client.get_export_job(JobId=job.id)["ExportDestination"] != answer["ExportDestination"]


def test_ses_pages_have_ten_jobs_unless_asked(aws: StandIn) -> None:
    jobs = {job.id for job in aws.seed("sesv2", "import", count=25)}
    client = aws.client("sesv2")
    seen: list[str] = []
    token: dict[str, str] = {}
    sizes = []
    while True:
        answer = client.list_import_jobs(**token)
        sizes.append(len(answer["ImportJobs"]))
        seen += [job["JobId"] for job in answer["ImportJobs"]]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert sizes == [10, 10, 5]
    assert len(seen) == 25
    assert set(seen) == jobs
    for wrong in ({"NextToken": "x"}, {"PageSize": -1}):
        with pytest.raises(ClientError) as caught:
            client.list_import_jobs(**wrong)
        assert code(caught) == ("BadRequestException", 400)


# Panorama


def test_panorama_answers_although_botocore_has_dropped_it(aws: StandIn, clock: ManualClock) -> None:
    client = aws.client("panorama")
    job = client.create_package_import_job(
        ClientToken="one",
        JobType="NODE_PACKAGE_VERSION",
        InputConfig={"PackageVersionInputConfig": {"S3Location": {"BucketName": "b", "ObjectKey": "k"}}},
        OutputConfig={"PackageVersionOutputConfig": {"PackageName": "cam", "PackageVersion": "1.0"}},
        JobTags=[{"ResourceType": "PACKAGE", "Tags": {"a": "b"}}],
    )["JobId"]
    assert client.describe_package_import_job(JobId=job)["Status"] == "PENDING"
    clock.advance(60)
    answer = client.describe_package_import_job(JobId=job)
    assert answer["Status"] == "SUCCEEDED"
    assert answer["LastUpdatedTime"] > answer["CreatedTime"]
    conforms(aws, "panorama", "DescribePackageImportJob", answer)
    aws.seed("panorama", "package-import", count=30, plan=Plan(outcome=Phase.FAILED))
    first = client.list_package_import_jobs(MaxResults=0)
    assert len(first["PackageImportJobs"]) == 25
    second = client.list_package_import_jobs(NextToken=first["NextToken"])
    assert len(second["PackageImportJobs"]) == 6
    conforms(aws, "panorama", "ListPackageImportJobs", second)


def test_the_products_own_model_of_panorama_fits(aws: StandIn, clock: ManualClock) -> None:
    [job] = aws.seed("panorama", "package-import", plan=Plan(outcome=Phase.FAILED, message="no such file"))
    clock.advance(60)
    core = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    core.get_component("data_loader").search_paths.append(str(PRODUCT_MODELS))
    client = boto3.Session(botocore_session=core).client(
        "panorama",  # type: ignore[call-overload]
        endpoint_url=aws.url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    assert [each["JobId"] for each in client.list_package_import_jobs()["PackageImportJobs"]] == [job.id]
    answer = client.describe_package_import_job(JobId=job.id)
    assert (answer["Status"], answer["StatusMessage"]) == ("FAILED", "no such file")
    assert answer["InputConfig"]["PackageVersionInputConfig"]["S3Location"]["ObjectKey"] == "job-0.tar.gz"


# All


def test_state_belongs_to_a_region(aws: StandIn) -> None:
    aws.seed("omics", "reference-import", region="eu-west-1")
    assert aws.client("omics").list_reference_stores()["referenceStores"] == []
    [store] = aws.client("omics", region="eu-west-1").list_reference_stores()["referenceStores"]
    assert store["arn"].startswith("arn:aws:omics:eu-west-1:111122223333:")


def test_ten_thousand_jobs_in_one_source(aws: StandIn) -> None:
    [first, *_] = aws.seed("medical-imaging", "dicom-import", count=10_000, age=86_400, spacing=8)
    pages = aws.client("medical-imaging").get_paginator("list_dicom_import_jobs")
    found = [job for page in pages.paginate(datastoreId=first.parent) for job in page["jobSummaries"]]
    assert len({job["jobId"] for job in found}) == 10_000


@pytest.mark.parametrize(
    ("service", "call", "parameters", "expected"),
    [
        (
            "medical-imaging",
            "get_dicom_import_job",
            {"datastoreId": "0" * 32, "jobId": "1"},
            ("ResourceNotFoundException", 404),
        ),
        (
            "medical-imaging",
            "get_dicom_import_job",
            {"datastoreId": "UPPER", "jobId": "1"},
            ("ValidationException", 400),
        ),
        ("medical-imaging", "list_datastores", {"maxResults": 51}, ("ValidationException", 400)),
        ("medical-imaging", "list_datastores", {"maxResults": "many"}, ("SerializationException", 400)),
        ("medical-imaging", "list_datastores", {"datastoreStatus": "OPEN"}, ("ValidationException", 400)),
        ("omics", "list_reference_stores", {"nextToken": "nonsense"}, ("ValidationException", 400)),
        ("omics", "create_reference_store", {}, ("ValidationException", 400)),
        ("omics", "create_reference_store", {"name": ""}, ("ValidationException", 400)),
        ("omics", "create_reference_store", {"name": "a\x07"}, ("ValidationException", 400)),
        (
            "omics",
            "get_reference_import_job",
            {"referenceStoreId": "1234567890", "id": "1234567890"},
            ("ResourceNotFoundException", 404),
        ),
        ("sesv2", "get_import_job", {"JobId": "none"}, ("NotFoundException", 404)),
        ("sesv2", "get_export_job", {"JobId": "none"}, ("NotFoundException", 404)),
        ("sesv2", "create_import_job", {}, ("BadRequestException", 400)),
        (
            "sesv2",
            "create_import_job",
            {"ImportDestination": {}, "ImportDataSource": {"S3Url": "s3://a/b", "DataFormat": "CSV"}},
            ("BadRequestException", 400),
        ),
        ("sesv2", "list_export_jobs", {"JobStatus": "ERROR"}, ("BadRequestException", 400)),
        ("panorama", "describe_package_import_job", {"JobId": "none"}, ("ValidationException", 400)),
        ("panorama", "list_package_import_jobs", {"MaxResults": 26}, ("ValidationException", 400)),
    ],
)
def test_wrong_calls_get_the_services_own_error(
    aws: StandIn, service: str, call: str, parameters: dict[str, Any], expected: tuple[str, int]
) -> None:
    client = aws.client(service, parameter_validation=False)
    with pytest.raises(ClientError) as caught:
        getattr(client, call)(**parameters)
    assert code(caught) == expected
    assert caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "kind", "outcome"),
    [
        ("medical-imaging", "dicom-import", "cancelled"),
        ("panorama", "package-import", "cancelled"),
        ("panorama", "package-import", "partial"),
        ("omics", "no-kind", "succeeded"),
        ("glue", "job-run", "succeeded"),
    ],
)
def test_a_seed_that_a_service_cannot_play_is_refused(aws: StandIn, service: str, kind: str, outcome: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        aws.seed(service, kind, plan=Plan(outcome=Phase(outcome)))
