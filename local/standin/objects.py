"""Where services write their output files."""

from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError


class WriteError(Exception):
    """An output file could not be written; the text says why."""


class ObjectWriter(Protocol):
    """Writes objects named by S3 URIs."""

    def write(self, uri: str, body: bytes, content_type: str) -> None:
        """Write one object. Raises `WriteError`."""
        ...


class S3Writer:
    """Writes through a boto3 S3 client, such as one pointed at the local endpoint."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def write(self, uri: str, body: bytes, content_type: str) -> None:
        """Write one object. Raises `WriteError`, for example when the bucket does not exist."""
        parts = urlsplit(uri, allow_fragments=False)
        try:
            self._client.put_object(
                Bucket=parts.netloc, Key=parts.path.lstrip("/"), Body=body, ContentType=content_type
            )
        except ClientError as problem:
            raise WriteError(str(problem.response["Error"]["Code"])) from problem
        except BotoCoreError as problem:
            raise WriteError(str(problem)) from problem
