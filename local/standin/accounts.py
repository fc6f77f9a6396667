"""The account of a request: as in AWS, it belongs to the access key that signed the request."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from local.standin.wire import ServiceError

_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")
_ACCESS_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")


class Accounts:
    """The home account, and the accounts that roles were assumed in.

    home
        Where every request is made whose access key is not one of an assumed role.
    roles
        ARN of each role that may be assumed, with the external id that it asks for (`None`: any). Without a table
        every role may be: the emulators look at no trust policy.
    """

    def __init__(self, home: str, roles: Mapping[str, str | None] | None = None) -> None:
        self.home = home
        self._roles = roles
        self._of_key: dict[str, str] = {}

    def of(self, access_key: str) -> str:
        """Return the account of an access key."""
        return self._of_key.get(access_key, self.home)

    def refusal(self, body: bytes) -> ServiceError | None:
        """Return what AWS answers to an AssumeRole that the role's trust policy does not allow."""
        form = parse_qs(body.decode())
        role = form.get("RoleArn", [""])[0]
        if form.get("Action") != ["AssumeRole"] or self._roles is None:
            return None
        wanted = self._roles.get(role)
        if role in self._roles and wanted in (None, *form.get("ExternalId", [])):
            return None
        user = f"arn:aws:sts::{self.home}:assumed-role/standin/standin"
        message = f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}"
        return ServiceError("AccessDenied", message, status=403)

    def note(self, body: bytes, answer: bytes) -> None:
        """Remember the account of the access key that an AssumeRole was answered with."""
        role = _ROLE.fullmatch(parse_qs(body.decode()).get("RoleArn", [""])[0])
        key = _ACCESS_KEY.search(answer)
        if role is not None and key is not None:
            self._of_key[key.group(1).decode()] = role.group(1)
