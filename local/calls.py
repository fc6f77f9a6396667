"""Calls of the deployed API: signed, over HTTP, as any caller makes them."""

import http.client
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.aws import KEY, REGION

SIGNED_AS = "execute-api"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON. Raises ``ValueError`` where it is none."""
        return json.loads(self.body)


class Caller:
    """Calls an API on loopback by its own name, whether or not this system can resolve ``*.localhost``.

    :param url: where the API answers, such as ``http://abcd1234.execute-api.localhost:4599``
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._host = parts.netloc
        self._port = parts.port or 80

    def get(
        self, target: str, *, headers: Mapping[str, str] | None = None, signed: bool = True, timeout: float = 60.0
    ) -> Answer:
        """GET a path and query, which are sent as they are given.

        :raises OSError: the connection fails or times out
        """
        request = AWSRequest(method="GET", url=self.url + target, headers=dict(headers or {}))
        if signed:
            SigV4Auth(Credentials(KEY, KEY), SIGNED_AS, REGION).add_auth(request)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        try:
            sent = {**dict(request.headers.items()), "Host": self._host}
            connection.request("GET", target, headers=sent)
            answer = connection.getresponse()
            return Answer(
                status=answer.status,
                headers={name.lower(): value for name, value in answer.getheaders()},
                body=answer.read(),
            )
        finally:
            connection.close()


def curl(url: str) -> list[str]:
    """Return the curl command of a signed call."""
    return ["curl", "-sS", "--aws-sigv4", f"aws:amz:{REGION}:{SIGNED_AS}", "--user", f"{KEY}:{KEY}", url]


def curl_works(caller: Caller) -> bool:
    """Tell whether this machine's curl can sign, and reaches the API by its name."""
    if shutil.which("curl") is None:
        return False
    probe = [*curl(f"{caller.url}/v1/families"), "--fail", "--output", "/dev/null"]
    return subprocess.run(probe, capture_output=True, check=False, timeout=60).returncode == 0
