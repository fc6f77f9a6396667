"""The endpoint's own paths, and the server as a program."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import ROOT
from local.standin import ManualClock, StandIn


def fetch(url: str, data: bytes | None = None) -> bytes:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, data=data, timeout=30) as answer:
        return bytes(answer.read())


def admin(aws: StandIn, method: str, path: str, document: Any = None) -> tuple[int, Any]:
    with closing(http.client.HTTPConnection("127.0.0.1", aws.port, timeout=10)) as connection:
        body = None if document is None else json.dumps(document)
        connection.request(method, f"/_standin/{path}", body=body)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


# Its own paths


def test_the_endpoint_is_administered_over_http(aws: StandIn) -> None:
    status, health = admin(aws, "GET", "health")
    assert (status, health["status"], health["account"]) == (200, "running", "111122223333")
    status, made = admin(
        aws,
        "POST",
        "seed",
        {
            "jobs": [
                {
                    "service": "omics",
                    "type": "reference-import",
                    "parent": "genomes",
                    "count": 2,
                    "plan": {"running": 5, "outcome": "partial", "items": 3, "failedItems": 1},
                },
                {"service": "sesv2", "type": "import", "region": "eu-west-1", "age": 3600},
            ]
        },
    )
    assert status == 200
    assert [job["service"] for job in made["jobs"]] == ["omics", "omics", "sesv2"]
    now = admin(aws, "GET", "clock")[1]["now"]
    assert admin(aws, "POST", "clock", {"advance": 60})[1]["now"] > now
    job = made["jobs"][0]
    assert (
        aws.client("omics").get_reference_import_job(referenceStoreId=job["parent"], id=job["id"])["status"]
        == "COMPLETED_WITH_FAILURES"
    )
    status, image_set = admin(aws, "POST", "image-sets", {"datastore": "r", "versions": [{"document": {}}]})
    assert status == 200
    assert len(image_set["imageSetId"]) == 32
    plan = {"service": "sesv2", "type": "export", "plan": {"outcome": "failed"}, "times": 1}
    assert admin(aws, "PUT", "plans", plan)[0] == 200
    assert admin(aws, "DELETE", "plans") == (200, {})
    assert admin(aws, "DELETE", "state") == (200, {})
    assert aws.client("omics").list_reference_stores()["referenceStores"] == []


def test_faults_are_switched_over_http(aws: StandIn) -> None:
    client = aws.client("omics")
    rule = {"service": "omics", "times": 1, "fault": {"kind": "error", "code": "throttled"}}
    assert admin(aws, "PUT", "faults", {"rules": [rule]})[0] == 200
    with pytest.raises(ClientError):
        client.list_reference_stores()
    client.list_reference_stores()
    [counted] = admin(aws, "GET", "faults")[1]["rules"]
    assert (counted["seen"], counted["applied"]) == (2, 1)
    added = admin(aws, "POST", "faults", {"fault": {"kind": "down"}})[1]["id"]
    with pytest.raises(ClientError):
        client.list_reference_stores()
    assert len(admin(aws, "DELETE", f"faults/{added}")[1]["rules"]) == 1
    assert admin(aws, "DELETE", "faults") == (200, {"rules": []})


@pytest.mark.parametrize(
    ("method", "path", "document", "status"),
    [
        ("GET", "nothing", None, 404),
        ("POST", "seed", {"service": "glue", "type": "job-run"}, 400),
        ("POST", "seed", {"service": "omics", "type": "reference-import", "count": 0}, 400),
        ("POST", "seed", {"service": "omics", "type": "reference-import", "size": 1}, 400),
        ("POST", "seed", {"service": "omics", "type": "reference-import", "plan": {"x": 1}}, 400),
        ("POST", "seed", [], 400),
        ("PUT", "faults", {}, 400),
        ("DELETE", "faults/77", None, 400),
        ("PUT", "plans", {"service": "omics", "type": "no-kind", "plan": {}}, 400),
        ("PUT", "plans", {"service": "glue", "type": "run", "plan": {}}, 400),
        (
            "PUT",
            "plans",
            {"service": "medical-imaging", "type": "dicom-import", "plan": {"outcome": "cancelled"}},
            400,
        ),
        ("POST", "image-sets", {"versions": []}, 400),
        ("POST", "image-sets", {"versions": [{"size": 3}]}, 400),
        ("POST", "clock", {"advance": -1}, 400),
    ],
)
def test_wrong_administration_is_refused(aws: StandIn, method: str, path: str, document: Any, status: int) -> None:
    answer = admin(aws, method, path, document)
    assert answer[0] == status
    assert answer[1]["message"]


# The server


def test_it_stops_at_once_although_clients_keep_their_connections(clock: ManualClock) -> None:
    with StandIn(clock=clock) as aws:
        client = aws.client("omics")
        client.list_reference_stores()
        port = aws.port
    with StandIn(clock=clock, port=port) as again:
        assert again.port == port
        client.list_reference_stores()


def test_a_length_that_is_no_number_is_a_bad_request(aws: StandIn) -> None:
    with socket.create_connection(("127.0.0.1", aws.port), timeout=10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_a_client_that_leaves_in_the_middle_does_no_harm(aws: StandIn) -> None:
    with socket.create_connection(("127.0.0.1", aws.port), timeout=10) as connection:
        connection.sendall(
            b"POST /referencestores HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
            b"Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/omics/aws4_request\r\n\r\n{"
        )
    assert aws.client("omics").list_reference_stores()["referenceStores"] == []


def test_it_runs_as_a_program_until_it_is_stopped() -> None:
    command = [sys.executable, "-m", "local.standin", "--port", "0", "--account", "444455556666"]
    environ = {**os.environ, "PYTHONPATH": "lambdas"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().removeprefix("stand-in: ").strip()
        assert json.loads(fetch(f"{url}/_standin/health"))["account"] == "444455556666"
        taken = [*command[:4], url.rpartition(":")[2]]
        second = subprocess.run(taken, capture_output=True, text=True, check=False, timeout=30, cwd=ROOT, env=environ)
        assert second.returncode == 1
        assert second.stderr.startswith("cannot serve on 127.0.0.1:")
        assert len(second.stderr.splitlines()) == 1
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=10) == 0
