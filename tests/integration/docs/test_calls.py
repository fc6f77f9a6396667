"""The calls in the documents, run as they stand against a server that checks what they sign."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.unit.docs.blocks import DOCUMENTS, Block, blocks

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "secret/example+key", "a-session-token"
BLOCKS = tuple(block for document in DOCUMENTS for block in blocks(document))
JOB = {"state": "RUNNING", "nativeStatus": "IN_PROGRESS", "items": None, "id": "omics:us-east-1:1:reference-import:2"}


@dataclass(kw_only=True)
class Heard:
    url: str
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Heard]:
    heard = Heard(url="")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            body = json.dumps({"jobs": [JOB]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    heard.url = f"http://127.0.0.1:{running.server_port}"
    yield heard
    running.shutdown()
    thread.join()
    running.server_close()


def environment(server: Heard) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "JOBVIEW_URL": server.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def signature(url: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The Authorization that botocore would give a request with the same headers at the same time."""
    signed = re.search(r"SignedHeaders=([^,]+)", headers["authorization"])
    assert signed is not None
    moment = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - as botocore has it

    def then(*_: Any, **__: Any) -> datetime:
        return moment

    monkeypatch.setattr(botocore.auth, "get_current_datetime", then)
    given = {
        name: headers[name]
        for name in signed[1].split(";")
        if name not in {"host", "x-amz-date", "x-amz-security-token"}
    }
    request = AWSRequest(method="GET", url=url, headers=given)
    botocore.auth.SigV4Auth(Credentials(KEY, SECRET, TOKEN), "execute-api", "us-east-1").add_auth(request)
    return str(request.headers["Authorization"])


def parts(authorization: str) -> list[str]:
    return re.split(r"[,\s]+", authorization)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.attributes.get("run") == "signing"], ids=str)
def test_python_signs(block: Block, server: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        env=environment(server),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "RUNNING" in done.stdout
    [(path, headers)] = server.requests
    assert headers["x-amz-security-token"] == TOKEN
    assert headers["authorization"] == signature(server.url + path, headers, monkeypatch)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.attributes.get("run") == "curl"], ids=str)
def test_curl_signs(block: Block, server: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    number = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if number < (7, 75):
        pytest.skip("curl 7.75 or newer is needed to sign")
    done = subprocess.run(
        ["bash", "-euc", block.text],
        env=environment(server),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "RUNNING" in done.stdout
    [(path, headers)] = server.requests
    assert headers["x-amz-security-token"] == TOKEN
    # curl writes the parts of the header with other spaces; what counts is that all of them are the same.
    assert parts(headers["authorization"]) == parts(signature(server.url + path, headers, monkeypatch))
    query = path.partition("?")[2].split("&")
    assert query == sorted(query), "curl before 8.9 signs parameters as they stand"
