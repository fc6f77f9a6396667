"""Image-set metadata on its way through, over real HTTP: the stand-in plays HealthImaging, moto S3."""

import gzip
import json
import logging
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from handlers.image_sets import handler as module
from handlers.image_sets.handler import build
from jobview.http import gateway
from local.standin import Fault, ManualClock, StandIn
from tests.api_gateway import Client, Reply
from tests.local_aws import environment

BUCKET = "metadata"
PATIENT = "DOE^JANE"


class Deployed:
    def __init__(self, aws: StandIn, bucket: str) -> None:
        self.aws = aws
        self.bucket = bucket
        self.s3 = boto3.client("s3")
        handle = build({"JOBVIEW_DEFAULT_REGION": "us-east-1", "JOBVIEW_METADATA_BUCKET": bucket})
        self._client = Client(handle)

    def image_set(self, *versions: dict[str, Any]) -> str:
        """An image set with these versions; its path."""
        body = json.dumps({"datastore": "scans", "versions": list(versions)}).encode()
        request = urllib.request.Request(f"{self.aws.url}/_standin/image-sets", body, method="POST")  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            made = json.load(answer)
        return f"/v1/image-sets/{made['datastoreId']}/{made['imageSetId']}/metadata"

    def get(self, target: str, **headers: str) -> Reply:
        return self._client.get(target, **headers)

    def kept(self) -> list[str]:
        """The keys in the bucket."""
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]


@pytest.fixture
def deployed(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with StandIn(upstream=moto, clock=ManualClock()) as aws:
        for name, value in environment(aws.url).items():
            monkeypatch.setenv(name, value)
        bucket = f"{BUCKET}-{uuid.uuid4().hex[:8]}"
        boto3.client("s3").create_bucket(Bucket=bucket)
        yield Deployed(aws, bucket)


def document(name: str = PATIENT) -> dict[str, Any]:
    return {"document": {"SchemaVersion": "1.1", "Patient": {"DICOM": {"PatientName": name}}}}


def test_gzip_is_passed_through_byte_for_byte(deployed: Deployed) -> None:
    path = deployed.image_set(document())
    _, _, _, datastore, image_set, _ = path.split("/")
    sent = deployed.aws.client("medical-imaging").get_image_set_metadata(datastoreId=datastore, imageSetId=image_set)
    body = sent["imageSetMetadataBlob"].read()
    for accepted in ({}, {"accept_encoding": "gzip"}, {"accept_encoding": "*"}):
        reply = deployed.get(path, **accepted)
        assert reply.status == 200
        assert reply.body == body
        assert reply.headers["content-encoding"] == "gzip"
        assert reply.headers["content-type"] == sent["contentType"]
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
    assert json.loads(gzip.decompress(body))["Patient"]["DICOM"]["PatientName"] == PATIENT


def test_who_takes_no_gzip_gets_it_unpacked(deployed: Deployed) -> None:
    reply = deployed.get(deployed.image_set(document()), accept_encoding="identity")
    assert reply.status == 200
    assert "content-encoding" not in reply.headers
    assert reply.json["Patient"]["DICOM"]["PatientName"] == PATIENT


def test_the_version_is_honoured(deployed: Deployed) -> None:
    path = deployed.image_set(document("FIRST"), document("SECOND"))

    def name(query: str) -> str:
        found = json.loads(gzip.decompress(deployed.get(path + query).body))
        return str(found["Patient"]["DICOM"]["PatientName"])

    assert (name("?version=1"), name("?version=2"), name("")) == ("FIRST", "SECOND", "SECOND")
    missing = deployed.get(path + "?version=3")
    assert (missing.status, missing.json["type"]) == (404, "urn:jobview:problem:image-set-not-found")
    assert missing.json["awsCode"] == "ResourceNotFoundException"


def test_what_is_too_large_rests_in_the_bucket_for_a_short_lived_link(
    deployed: Deployed, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = deployed.image_set({"compressedBytes": gateway.LARGEST_BODY + 10_000})
    _, _, _, datastore, image_set, _ = path.split("/")
    reply = deployed.get(path, accept_encoding="gzip")
    assert (reply.status, reply.body) == (303, b"")
    assert reply.headers["cache-control"] == "no-store"
    link = reply.headers["location"]
    assert "X-Amz-Expires=300" in link
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    [key] = deployed.kept()
    assert datastore not in key
    assert image_set not in key
    assert len(key) == 64
    kept = deployed.s3.head_object(Bucket=deployed.bucket, Key=key)
    assert kept["ContentEncoding"] == "gzip"
    assert kept["CacheControl"] == "no-store"
    assert kept["ServerSideEncryption"] == "AES256"
    sent = deployed.aws.client("medical-imaging").get_image_set_metadata(datastoreId=datastore, imageSetId=image_set)
    assert kept["ContentType"] == sent["contentType"]
    with urllib.request.urlopen(link) as answer:  # noqa: S310
        assert answer.read() == sent["imageSetMetadataBlob"].read()
    # Another request, another key.
    deployed.get(path)
    assert len(deployed.kept()) == 2
    logs = capsys.readouterr()
    for text in (logs.out, logs.err):
        assert "X-Amz-Signature" not in text
        assert key not in text
        assert image_set not in text
    ours = "".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert "X-Amz-Signature" not in ours


def test_nothing_of_the_metadata_is_logged_or_kept(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    assert deployed.get(deployed.image_set(document())).status == 200
    logs = capsys.readouterr()
    assert PATIENT not in logs.out + logs.err
    assert deployed.kept() == []


def test_the_largest_that_fits_a_response_is_sent(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deployed.image_set(document())
    size = len(deployed.get(path).body)
    monkeypatch.setattr(gateway, "LARGEST_BODY", size)
    assert deployed.get(path).status == 200
    monkeypatch.setattr(gateway, "LARGEST_BODY", size - 1)
    assert deployed.get(path).status == 303


def test_too_large_to_be_unpacked_is_not_acceptable(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deployed.image_set({"document": {"x": "y" * 5000}})
    monkeypatch.setattr(gateway, "LARGEST_BODY", 4000)
    for encoding in ("identity", "gzip;q=0"):
        reply = deployed.get(path, accept_encoding=encoding)
        assert (reply.status, reply.json["type"]) == (406, "urn:jobview:problem:not-acceptable")
        assert reply.json["allowed"] == ["gzip"]
    monkeypatch.setattr(gateway, "LARGEST_BODY", 20)
    assert deployed.get(path, accept_encoding="identity").status == 406
    assert deployed.kept() == []


@pytest.mark.parametrize(
    ("target", "parameter"),
    [
        ("/v1/image-sets/x/12345678901234567890123456789012/metadata", "datastoreId"),
        ("/v1/image-sets/12345678901234567890123456789012/ABC/metadata", "imageSetId"),
        (
            "/v1/image-sets/12345678901234567890123456789012/1234567890123456789012345678901%C3%A9/metadata",
            "imageSetId",
        ),
        ("/v1/image-sets/{0}/{0}/metadata?version=latest", "version"),
        ("/v1/image-sets/{0}/{0}/metadata?version=-1", "version"),
        ("/v1/image-sets/{0}/{0}/metadata?version=", "version"),
        ("/v1/image-sets/{0}/{0}/metadata?version=1&version=2", "version"),
        ("/v1/image-sets/{0}/{0}/metadata?version=%D9%A1", "version"),
        ("/v1/image-sets/{0}/{0}/metadata?versionId=1", "versionId"),
    ],
)
def test_wrong_ids_and_versions_are_refused(deployed: Deployed, target: str, parameter: str) -> None:
    reply = deployed.get(target.format("12345678901234567890123456789012"))
    assert (reply.status, reply.json["parameter"]) == (400, parameter)
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault(kind="error", code="AccessDeniedException", status=403), 502, "aws-denied"),
        (Fault(kind="error", code="ThrottlingException", status=429), 429, "aws-throttled"),
        (Fault(kind="error", code="ConflictException", status=409), 409, "aws-conflict"),
        (Fault(kind="error", code="ValidationException", status=400), 400, "aws-rejected"),
        (Fault(kind="error", code="ExpiredTokenException", status=403), 502, "aws-expired"),
        (Fault(kind="error", code="ResourceNotFoundException", status=404), 404, "image-set-not-found"),
        (Fault(kind="down"), 503, "aws-unavailable"),
        (Fault(kind="drop"), 503, "aws-unavailable"),
        (Fault(kind="cut"), 503, "aws-unavailable"),
    ],
)
def test_what_aws_refuses_is_a_problem(deployed: Deployed, fault: Fault, status: int, kind: str) -> None:
    path = deployed.image_set(document())
    deployed.aws.faults.add(fault, service="medical-imaging", operation="GetImageSetMetadata")
    reply = deployed.get(path)
    assert (reply.status, reply.json["type"]) == (status, f"urn:jobview:problem:{kind}")
    assert reply.json["operation"] == "GetImageSetMetadata"
    assert reply.json["awsCode"]
    assert isinstance(reply.json["retryable"], bool)
    assert ("retry-after" in reply.headers) == (status in (429, 503))
    assert PATIENT not in reply.body.decode()


def test_large_metadata_that_breaks_off_leaves_nothing_in_the_bucket(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "LARGEST_BODY", 1000)
    path = deployed.image_set({"compressedBytes": 20_000_000})
    deployed.aws.faults.add(Fault(kind="cut"), service="medical-imaging", operation="GetImageSetMetadata")
    reply = deployed.get(path)
    assert (reply.status, reply.json["type"]) == (503, "urn:jobview:problem:aws-unavailable")
    assert reply.json["operation"] == "GetImageSetMetadata"
    assert deployed.kept() == []
    assert "Uploads" not in deployed.s3.list_multipart_uploads(Bucket=deployed.bucket)


def test_a_bucket_that_refuses_is_a_problem(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LARGEST_BODY", 10)
    path = deployed.image_set(document())
    deployed.s3.delete_bucket(Bucket=deployed.bucket)
    reply = deployed.get(path)
    assert (reply.status, reply.json["type"]) == (503, "urn:jobview:problem:aws-unavailable")
    assert (reply.json["awsCode"], reply.json["operation"]) == ("NoSuchBucket", "PutObject")


def test_the_entry_point_reads_its_environment(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.api_gateway import Context, event

    monkeypatch.setenv("JOBVIEW_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("JOBVIEW_METADATA_BUCKET", deployed.bucket)
    module._handler.cache_clear()
    answer = module.handler(event(deployed.image_set(document())), Context())  # type: ignore[arg-type]
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    module._handler.cache_clear()
