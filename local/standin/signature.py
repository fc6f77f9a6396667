"""What a signed request says of itself: its Signature Version 4 credential scope. Nothing is verified."""

import re
from dataclasses import dataclass

from local.standin.wire import Request

_CREDENTIAL = re.compile(r"Credential=([^,\s]+)")

CLIENT_NAMES = {
    "ses": "sesv2",
    "states": "stepfunctions",
    "monitoring": "cloudwatch",
}
"""boto3's client name where it is not the signing name."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Access key, region and signing name of a request."""

    access_key: str
    region: str
    signing_name: str

    @property
    def service(self) -> str:
        """The service by boto3's client name."""
        return CLIENT_NAMES.get(self.signing_name, self.signing_name)


def scope_of(request: Request) -> Scope | None:
    """Return the scope of a request signed by header or query (presigned), or `None` if it is not signed."""
    credential = next((value for key, value in request.query if key == "X-Amz-Credential"), None)
    if credential is None:
        found = _CREDENTIAL.search(request.headers.get("authorization", ""))
        credential = found.group(1) if found else None
    if credential is None:
        return None
    # The access key may hold slashes, the four parts after it may not.
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or parts[4] != "aws4_request":
        return None
    return Scope(access_key=parts[0], region=parts[2], signing_name=parts[3])
