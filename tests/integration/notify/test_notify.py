"""The notify function against SNS over HTTP: what each kind of subscriber gets of reasons of any kind."""

import datetime as dt
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from handlers.notify import handler as notify
from tests.local_aws import ACCOUNT, REGION, environment, moto_server
from tests.unit.events.test_notification import HOSTILE, detail


class Context(LambdaContext):
    """Lambda's context of an invocation."""

    def __init__(self) -> None:
        self._function_name = "notify"
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:notify"
        self._aws_request_id = "00000000-0000-0000-0000-000000000000"


def certificate(folder: Path) -> Path:
    """A certificate for this machine with its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chat")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "chat.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(form[0]) + key.private_bytes(*form))
    return file


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """URL of an HTTPS endpoint, as AWS's chat service is one to SNS, and what was posted to it."""
    file, posted = certificate(tmp_path), list[dict[str, Any]]()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))  # SNS is moto's, which posts with requests
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield f"https://127.0.0.1:{server.server_port}", posted
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with moto_server() as url:
        for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        arn = boto3.client("sns").create_topic(Name="notifications")["TopicArn"]
        monkeypatch.setenv("JOBVIEW_TOPIC", arn)
        notify.topic.cache_clear()
        yield arn
        notify.topic.cache_clear()


def test_the_chat_gets_a_custom_notification_and_all_others_plain_text(
    topic: str, chat: tuple[str, list[dict[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    queue = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=chat[0])
    for reason in HOSTILE:
        sent = detail(reason)
        notify.handler({"detail-type": "Job State Changed", "source": "jobview", "detail": sent}, Context())
        [letter] = sqs.receive_message(QueueUrl=queue)["Messages"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter["ReceiptHandle"])
        plain, posted = json.loads(letter["Body"]), chat[1].pop()
        for told in (plain, posted):
            assert told["Subject"] == "glue job-run FAILED (111122223333, us-east-1)"
        assert plain["Message"].startswith(f"{sent['subject']}\nis FAILED (before: RUNNING) since ")
        document = json.loads(posted["Message"])
        assert (document["version"], document["source"]) == ("1.0", "custom")
        assert document["content"]["description"].startswith(f"`{sent['subject']}`\nis *FAILED*")
    assert chat[1] == []
    logged = [vars(record) for record in caplog.records if record.msg == "message sent"]
    assert [record["job"] for record in logged] == [detail(None)["subject"]] * len(HOSTILE)
    assert "evil.example" not in str([vars(record) for record in caplog.records])


def test_a_topic_that_refuses_fails_the_function_so_that_lambda_tries_again(topic: str) -> None:
    boto3.client("sns").delete_topic(TopicArn=topic)
    with pytest.raises(ClientError, match="NotFound"):
        notify.handler({"detail": detail("out of memory")}, Context())
