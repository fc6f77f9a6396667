"""Presigned URLs: whoever has one can read what it leads to, so that none is kept, logged or shown by accident."""

import re

_SECRET = re.compile(
    r"[?&;](?:x-amz-signature|x-amz-credential|x-amz-security-token|signature|awsaccesskeyid)=", re.IGNORECASE
)
_URL = re.compile(r"[^\s\"'<>]+")


def redact(text: str) -> str:
    """The text with a remark in place of each presigned URL."""
    if "=" not in text or not _SECRET.search(text):
        return text
    return _URL.sub(lambda match: "[presigned URL removed]" if _SECRET.search(match.group()) else match.group(), text)


def presigned(text: str) -> bool:
    """True for a text with a URL whose query carries a signature or a token."""
    return "=" in text and bool(_SECRET.search(text))
