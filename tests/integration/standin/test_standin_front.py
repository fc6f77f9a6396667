"""The endpoint: what is answered here, and what goes to the emulator behind it."""

import http.client
import io
import json
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from moto.server import ThreadedMotoServer

from local.standin import Fault, ManualClock, Plan, StandIn
from local.standin.signature import scope_of
from local.standin.simulation import Phase
from local.standin.wire import Request


def fetch(url: str, data: bytes | None = None) -> bytes:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, data=data, timeout=30) as answer:
        return bytes(answer.read())


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def front(moto: str, clock: ManualClock) -> Iterator[StandIn]:
    fetch(f"{moto}/moto-api/reset", data=b"")
    with StandIn(clock=clock, upstream=moto) as standin:
        yield standin


class _Recorder(BaseHTTPRequestHandler):
    """Answers every request with what it got, chunked."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        seen = json.dumps(
            {
                "method": self.command,
                "target": self.requestline.split(" ")[1],
                "headers": self.headers.items(),
                "body": body.decode("latin-1"),
            }
        ).encode()
        self.send_response(203, "Seen")
        self.send_header("X-Twice", "1")
        self.send_header("X-Twice", "2")
        if self.command == "HEAD":
            self.send_header("Content-Length", "12345")
            self.end_headers()
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (seen[:10], seen[10:]):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_PUT = do_POST = do_HEAD = _answer  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def recorder() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Recorder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


# Pass-through


@pytest.mark.parametrize("chunked", [False, True])
def test_requests_pass_through_as_they_came(recorder: str, chunked: bool) -> None:
    target = "//bucket/a%2Fb%20c/%C3%BC?x=%2B&y&presigned=a/b"
    sent = b"body \x00 of bytes"
    with (
        StandIn(upstream=recorder) as aws,
        closing(http.client.HTTPConnection("127.0.0.1", aws.port)) as client,
    ):
        for _ in range(2):
            client.request(
                "PUT",
                target,
                body=iter([sent[:3], sent[3:]]) if chunked else sent,
                headers={"Host": "api.example.com:81", "X-Custom": "ü"},
                encode_chunked=chunked,
            )
            answer = client.getresponse()
            assert (answer.status, answer.reason) == (203, "Seen")
            assert answer.headers.get_all("X-Twice") == ["1", "2"]
            seen = json.loads(answer.read())
            assert (seen["method"], seen["target"]) == ("PUT", target)
            assert seen["body"] == sent.decode("latin-1")
            headers = dict(seen["headers"])
            assert headers["Host"] == "api.example.com:81"
            assert headers["X-Custom"] == "ü"


def test_a_head_request_keeps_its_length_and_its_connection(recorder: str) -> None:
    with (
        StandIn(upstream=recorder) as aws,
        closing(http.client.HTTPConnection("127.0.0.1", aws.port)) as client,
    ):
        for _ in range(2):
            client.request("HEAD", "/bucket/key")
            answer = client.getresponse()
            assert (answer.status, answer.headers["Content-Length"], answer.read()) == (203, "12345", b"")


def test_large_objects_go_both_ways(front: StandIn) -> None:
    s3 = front.client("s3")
    s3.create_bucket(Bucket="big")
    content = bytes(range(256)) * 80_000
    s3.put_object(Bucket="big", Key="a b/ü%.bin", Body=io.BytesIO(content))
    assert s3.get_object(Bucket="big", Key="a b/ü%.bin")["Body"].read() == content
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "big", "Key": "a b/ü%.bin"})
    assert link.startswith(front.url)
    assert fetch(link) == content


def test_other_services_and_the_rest_of_ses_are_the_emulators(front: StandIn) -> None:
    assert front.client("glue").get_jobs()["Jobs"] == []
    assert front.client("stepfunctions").list_state_machines()["stateMachines"] == []
    front.client("sesv2").create_contact_list(ContactListName="people")
    assert front.client("sesv2").list_import_jobs()["ImportJobs"] == []
    assert front.client("sesv2").list_contact_lists()["ContactLists"][0]["ContactListName"] == "people"


def test_without_an_upstream_the_rest_is_not_found(aws: StandIn) -> None:
    with pytest.raises(ClientError) as caught:
        aws.client("glue").get_jobs()
    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"


def test_an_upstream_that_is_gone_is_a_bad_gateway(clock: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with StandIn(clock=clock, upstream=f"http://127.0.0.1:{port}") as aws:
        with pytest.raises(ClientError) as caught:
            aws.client("glue").get_jobs()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502
        assert aws.client("omics").list_reference_stores()["referenceStores"] == []


def test_an_upstream_must_be_http() -> None:
    with pytest.raises(ValueError, match="http"):
        StandIn(upstream="https://example.com")


@pytest.mark.parametrize(
    ("service", "call", "parameters", "operation"),
    [
        ("glue", "get_jobs", {}, "GetJobs"),
        ("transcribe", "list_transcription_jobs", {}, "ListTranscriptionJobs"),
        ("batch", "list_jobs", {"jobQueue": "q"}, "ListJobs"),
        ("stepfunctions", "list_state_machines", {}, "ListStateMachines"),
        ("s3", "get_object", {"Bucket": "b", "Key": "k/l"}, "GetObject"),
        ("s3", "list_objects_v2", {"Bucket": "b"}, "ListObjectsV2"),
        ("sts", "get_caller_identity", {}, None),
    ],
)
def test_services_behind_it_can_fail_too(
    front: StandIn, service: str, call: str, parameters: dict[str, Any], operation: str | None
) -> None:
    front.faults.add(
        Fault(kind="error", code="Weird", message="<so>", status=418), service=service, operation=operation
    )
    with pytest.raises(ClientError) as caught:
        getattr(front.client(service), call)(**parameters)
    assert caught.value.response["Error"]["Code"] == "Weird"
    assert caught.value.response["Error"]["Message"] == "<so>"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418
    front.faults.clear()
    front.faults.add(Fault(kind="drop"), service=service)
    with pytest.raises(ConnectionClosedError):
        getattr(front.client(service), call)(**parameters)


@pytest.mark.parametrize(("kind", "found"), [("truncated", False), ("malformed", False), ("latency", True)])
def test_answers_from_behind_it_can_be_spoilt(front: StandIn, kind: str, found: bool) -> None:
    front.faults.add(Fault(kind=kind), service="stepfunctions")
    assert ("stateMachines" in front.client("stepfunctions").list_state_machines()) is found


def test_an_upstream_that_stops_in_the_middle_ends_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def half() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        thread = threading.Thread(target=half)
        thread.start()
        with (
            StandIn(upstream=f"http://127.0.0.1:{port}") as aws,
            closing(http.client.HTTPConnection("127.0.0.1", aws.port, timeout=10)) as client,
        ):
            client.request("GET", "/")
            with pytest.raises(http.client.IncompleteRead):
                client.getresponse().read()
        thread.join()


def test_unsigned_requests_are_never_made_to_fail(recorder: str) -> None:
    with StandIn(upstream=recorder) as aws:
        aws.faults.add(Fault(kind="down"))
        assert json.loads(fetch(f"{aws.url}/_aws/execute-api/abc"))["target"] == "/_aws/execute-api/abc"


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        (
            {"authorization": "AWS4-HMAC-SHA256 Credential=A/B/20260101/eu-west-1/ses/aws4_request, X=1"},
            (),
            ("eu-west-1", "sesv2"),
        ),
        ({}, (("X-Amz-Credential", "A/20260101/us-east-1/s3/aws4_request"),), ("us-east-1", "s3")),
        ({"authorization": "Bearer abc"}, (), None),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=A/aws4_request"}, (), None),
        ({}, (), None),
    ],
)
def test_the_scope_of_a_request(headers: Any, query: Any, expected: Any) -> None:
    scope = scope_of(Request(method="GET", path="/", headers=headers, query=query))
    assert (scope and (scope.region, scope.service)) == expected


# HealthImaging's output in S3


def test_a_completed_import_leaves_its_manifest(front: StandIn, clock: ManualClock) -> None:
    s3 = front.client("s3")
    s3.create_bucket(Bucket="dicom-output")
    [job] = front.seed("medical-imaging", "dicom-import", plan=Plan(outcome=Phase.PARTIAL, items=9, failed_items=4))
    client = front.client("medical-imaging")

    def properties() -> Any:
        return client.get_dicom_import_job(datastoreId=job.parent, jobId=job.id)["jobProperties"]

    folder = properties()["outputS3Uri"].removeprefix("s3://dicom-output/")
    assert "Contents" not in s3.list_objects_v2(Bucket="dicom-output")
    clock.advance(60)
    assert properties()["jobStatus"] == "COMPLETED"

    def read(key: str) -> Any:
        return s3.get_object(Bucket="dicom-output", Key=key)["Body"].read()

    summary = json.loads(read(f"{folder}job-output-manifest.json"))["jobSummary"]
    assert summary["numberOfScannedFiles"] == 9
    assert summary["numberOfImportedFiles"] == 5
    assert summary["numberOfFilesWithCustomerError"] == 4
    assert summary["failureOutputS3Uri"] == properties()["outputS3Uri"] + "FAILURE/"
    failures = [json.loads(line) for line in read(f"{folder}FAILURE/failure.ndjson").splitlines()]
    assert len(failures) == 4
    assert set(failures[0]) == {"inputFile", "exception"}
    assert set(failures[0]["exception"]) == {"exceptionType", "message"}
    assert len(read(f"{folder}SUCCESS/success.ndjson").splitlines()) == 5
    [image_set] = summary["imageSetsSummary"]
    blob = client.get_image_set_metadata(datastoreId=job.parent, imageSetId=image_set["imageSetId"])
    assert blob["contentEncoding"] == "gzip"


@pytest.mark.parametrize(("manifest", "objects"), [("absent", 0), ("truncated", 2)])
def test_a_manifest_can_be_absent_or_truncated(front: StandIn, clock: ManualClock, manifest: str, objects: int) -> None:
    s3 = front.client("s3")
    s3.create_bucket(Bucket="dicom-output")
    [job] = front.seed("medical-imaging", "dicom-import", plan=Plan(manifest=manifest))
    clock.advance(60)
    [summary] = front.client("medical-imaging").list_dicom_import_jobs(datastoreId=job.parent)["jobSummaries"]
    assert summary["jobStatus"] == "COMPLETED"
    found = s3.list_objects_v2(Bucket="dicom-output").get("Contents", [])
    assert len(found) == objects
    for each in found:
        if each["Key"].endswith(".json"):
            with pytest.raises(ValueError, match=r".+"):
                json.loads(s3.get_object(Bucket="dicom-output", Key=each["Key"])["Body"].read())


def test_an_import_whose_bucket_is_missing_fails(front: StandIn, clock: ManualClock) -> None:
    [job] = front.seed("medical-imaging", "dicom-import")
    clock.advance(60)
    [summary] = front.client("medical-imaging").list_dicom_import_jobs(datastoreId=job.parent)["jobSummaries"]
    assert summary["jobStatus"] == "FAILED"
    assert "NoSuchBucket" in summary["message"]
