"""Page tokens: opaque, URL-safe, bound to the query that they continue.

A token is ``base64url(tag ‖ cursor XOR keystream)``. The tag is a digest of the query and the cursor. The keystream is
derived from the tag and the query. So a token that was altered, invented or taken from another query does not verify,
and no client starts to read or build tokens. A token is not a secret and gives no permission: every page is authorised
again. Anyone who reads this code can make a token, so each route checks its cursor.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from jobview.http import problems

_TAG = 12
_PURPOSE = b"jobview token 1"
"""Changes when the meaning of a cursor changes, so that older tokens are refused."""
_LONGEST = 4096


def seal(query: Mapping[str, object], cursor: str) -> str:
    """The token that continues ``query`` (route and filters, JSON values) after ``cursor``."""
    name = _name(query)
    raw = cursor.encode()
    tag = _tag(name, raw)
    return base64.urlsafe_b64encode(tag + _mask(name, tag, raw)).rstrip(b"=").decode()


def unseal(query: Mapping[str, object], token: str) -> str:
    """The cursor in a token.

    Raises
    ------
    Problem
        ``invalid-token``: not a token, or a token of another query.
    """
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise problems.invalid_token("is not a token") from None
    if not _TAG < len(raw) <= _LONGEST:
        raise problems.invalid_token("is not a token")
    name, tag = _name(query), raw[:_TAG]
    cursor = _mask(name, tag, raw[_TAG:])
    if not hmac.compare_digest(tag, _tag(name, cursor)):
        raise problems.invalid_token("is damaged or belongs to another query")
    try:
        return cursor.decode()
    except UnicodeDecodeError:
        raise problems.invalid_token("is damaged or belongs to another query") from None


def _name(query: Mapping[str, object]) -> bytes:
    return json.dumps(query, sort_keys=True, separators=(",", ":")).encode()


def _tag(name: bytes, cursor: bytes) -> bytes:
    length = len(name).to_bytes(4, "big")
    return hashlib.blake2b(length + name + cursor, digest_size=_TAG, key=_PURPOSE).digest()


def _mask(name: bytes, tag: bytes, text: bytes) -> bytes:
    stream = hashlib.shake_256(_PURPOSE + tag + name).digest(len(text))
    return bytes(left ^ right for left, right in zip(text, stream, strict=True))
