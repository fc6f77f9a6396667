"""Finds presigned URLs in texts, so that none is stored, logged or shown by accident: such a URL is a permission.

URLs with a password or a token are treated alike. The parameter names are from the clouds' documentation of signed
links.
"""

import re

SIGNED = (
    *("x-amz-signature", "x-amz-credential", "x-amz-security-token"),  # AWS, Signature Version 4
    *("x-goog-signature", "x-goog-credential", "googleaccessid"),  # Google Cloud Storage
    *("x-oss-signature", "x-oss-credential", "x-oss-security-token", "ossaccesskeyid"),  # Alibaba OSS
    *("awsaccesskeyid", "key-pair-id"),  # AWS, Signature Version 2, and CloudFront
)
"""Parameters that only signed URLs have."""
SECRET = (
    *("signature", "policy"),  # CloudFront, and Signature Version 2 of several clouds
    *("sig", "token", "access_token", "id_token", "refresh_token", "auth_token", "security-token", "sas_token"),
    *("api_key", "apikey", "client_secret", "password", "passwd", "pwd"),
)
"""Parameters that contain a secret in any URL with a query. An S3 URI has no query: there ``?`` is part of a key."""

_BEFORE, _AFTER = r"(?:[?&;#]|\\u0026|%3f|%26)", r"(?:=|\\u003d|%3d)"
"""The characters around a parameter's name: plain, escaped in JSON, or in a URL that is itself a parameter."""
_NO_S3 = r"(?<![^\s\"'<>])(?!s3[an]?://)"


def _parameter(names: tuple[str, ...]) -> str:
    return rf"{_BEFORE}(?:{'|'.join(map(re.escape, names))}){_AFTER}"


_SECRET = re.compile(
    "|".join(
        (
            _parameter(SIGNED),
            rf"{_NO_S3}[^\s\"'<>]*?{_parameter(SECRET)}",
            # user:password@host with any scheme; with http also a token alone before the host
            r"(?<![a-z0-9+.\-])[a-z][a-z0-9+.\-]*://[^\s/?#\"'<>@]*:[^\s/?#\"'<>]*@",
            r"https?://[^\s/?#\"'<>@]+@",
        )
    ),
    re.IGNORECASE,
)
_MAY_BE = re.compile(r"[=@%\\]")
_URL = re.compile(r"[^\s\"'<>]+")


def redact(text: str) -> str:
    """Replace each presigned URL in a text with a remark."""
    if not presigned(text):
        return text
    return _URL.sub(lambda match: "[presigned URL removed]" if _SECRET.search(match.group()) else match.group(), text)


def presigned(text: str) -> bool:
    """True for a text with a URL that contains a signature, a token or a password."""
    return bool(_MAY_BE.search(text)) and bool(_SECRET.search(text))
