"""The calls in the documents, run as they stand against a server that checks what they sign."""

import contextlib
import http.server
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import botocore.auth
import pycurl
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


CURL = [block for block in BLOCKS if block.attributes.get("run") == "curl"]
LEAST = (8, 9)
"""The curl that signs every documented call as AWS does: 8.3 is the first that sorts parameters (lib/http_aws_sigv4.c,
"canonicalize the query"), 8.9 the first that encodes the path ("url encode the canonical path"), where ids have colons.
"""
SORTED = (7, 76)
"""The curl that signs what needs neither: parameters in order, and no colon in the path."""
CASES = (
    "/v1/summary",
    "/v1/jobs?limit=5&state=RUNNING",
    "/v1/jobs?state=RUNNING&limit=5",
    "/v1/jobs/omics:us-east-1:111122223333:reference-import:1234567890:9876543210",
    "/v1/jobs?terminal=true&nextToken=abc",
    "/v1/jobs/glue:us-east-1:111122223333:job-run:a~2Fb:jr_1/transitions?limit=5",
    "/v1/jobs?updatedAfter=2026-11-20T00%3A00%3A00%2B01%3A00",
)


def plain(target: str) -> bool:
    """True for a target that every curl which can sign at all signs right."""
    path, _, query = target.partition("?")
    return ":" not in path and "%" not in query and query.split("&") == sorted(query.split("&"))


def installed() -> tuple[int, ...]:
    found = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", found)[:2]))


def call(block: Block, server: Heard) -> tuple[str, dict[str, str]]:
    """The URL of a documented call, and its options by their names."""
    variables = environment(server)
    command = re.sub(r"\$(\w+)", lambda found: variables[found[1]], block.text.replace("\\\n", " "))
    program, *words = shlex.split(command)
    assert program == "curl"
    *options, url = words
    return url, dict(zip(options[::2], options[1::2], strict=True))


def libcurl(url: str, options: dict[str, str]) -> None:
    """What curl does of a call's options, by the libcurl that comes with pycurl."""
    assert options.keys() == {"--aws-sigv4", "--user", "-H"}
    with contextlib.closing(pycurl.Curl()) as handle:
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.AWS_SIGV4, options["--aws-sigv4"])
        handle.setopt(pycurl.USERPWD, options["--user"])
        handle.setopt(pycurl.HTTPHEADER, [options["-H"]])
        handle.setopt(pycurl.NOPROXY, "*")
        handle.setopt(pycurl.WRITEFUNCTION, len)
        handle.perform()
        assert handle.getinfo(pycurl.RESPONSE_CODE) == 200


def signed_right(server: Heard, monkeypatch: pytest.MonkeyPatch) -> bool:
    """True if the one request that came is signed as botocore signs it, and carries its session's token."""
    [(path, headers)] = server.requests
    assert headers["x-amz-security-token"] == TOKEN
    return headers["authorization"] == signature(server.url + path, headers, monkeypatch)


def test_the_documents_name_the_least_curl_and_a_newer_one_is_tested() -> None:
    assert tuple(map(int, pycurl.version_info()[1].split(".")[:2])) >= LEAST
    for block in CURL:
        assert "curl 8.9 or newer" in " ".join(block.document.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("block", CURL, ids=str)
def test_the_documented_calls_sort_their_parameters(block: Block, server: Heard) -> None:
    parameters = call(block, server)[0].partition("?")[2].split("&")
    assert parameters == sorted(parameters)


@pytest.mark.parametrize("block", CURL, ids=str)
def test_a_new_curl_signs_the_documented_call(block: Block, server: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    libcurl(*call(block, server))
    assert signed_right(server, monkeypatch)


@pytest.mark.parametrize("target", CASES)
def test_a_new_curl_signs_every_form_of_a_call(target: str, server: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    _, options = call(CURL[0], server)
    libcurl(server.url + target, options)
    assert signed_right(server, monkeypatch)


@pytest.mark.parametrize("block", CURL, ids=str)
def test_this_machines_curl_runs_the_documented_call(
    block: Block, server: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = call(block, server)[0].removeprefix(server.url)
    least = SORTED if plain(target) else LEAST
    if installed() < least:
        pytest.skip(f"curl {'.'.join(map(str, least))} or newer signs this call; here is {installed()}")
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
    assert signed_right(server, monkeypatch)
