"""Passes image-set metadata from HealthImaging to a caller.

It is health data and never logged. It is stored only if it does not fit a response: encrypted, and for at most a day.
"""

import gzip
import io
import uuid
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol, cast

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from jobview.aws.errors import classify
from jobview.http import gateway, problems
from jobview.http.problems import Problem
from jobview.model import ErrorKind

if TYPE_CHECKING:
    from types_boto3_medical_imaging import HealthImagingClient
    from types_boto3_s3 import S3Client

LINK_SECONDS = 300
"""How many seconds a link to metadata in the bucket is valid."""
_PIECE = 1024 * 1024
_OPERATION = "GetImageSetMetadata"
_ONE_AFTER_ANOTHER = TransferConfig(multipart_chunksize=8 * _PIECE, use_threads=False)


class _Stream(Protocol):
    def read(self, amt: int | None = ...) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """Metadata that fits a response, unchanged."""

    body: bytes
    media_type: str
    encoding: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A presigned link to metadata in the bucket."""

    url: str


class Metadata:
    """Fetches the metadata of image sets.

    Parameters
    ----------
    imaging, s3
        boto3 clients of the home region.
    bucket
        The bucket for metadata that is larger than ``gateway.LARGEST_BODY``.
    """

    def __init__(self, imaging: "HealthImagingClient", s3: "S3Client", bucket: str) -> None:
        self._imaging = imaging
        self._s3 = s3
        self._bucket = bucket

    def fetch(self, datastore: str, image_set: str, version: str | None, *, packed: bool) -> Inline | Link:
        """Get the metadata of one image set.

        Parameters
        ----------
        datastore, image_set
            Their ids.
        version
            The version to read; ``None``: the latest.
        packed
            True where the caller accepts gzip. The bytes are then passed on unchanged.

        Raises
        ------
        Problem
            The image set does not exist, AWS could not be read, or the metadata is too large to be sent unpacked.
        """
        versioned = {} if version is None else {"versionId": version}
        try:
            answer = self._imaging.get_image_set_metadata(datastoreId=datastore, imageSetId=image_set, **versioned)
            stream: _Stream = answer["imageSetMetadataBlob"]
            media_type = answer.get("contentType") or gateway.JSON
            encoding = answer.get("contentEncoding") or None
            head = _read(stream, gateway.LARGEST_BODY + 1)
        except (BotoCoreError, ClientError, OSError) as error:
            raise _problem(error) from error
        if encoding == "gzip" and not packed:
            return Inline(body=_unpack(head), media_type=media_type, encoding=None)
        if len(head) <= gateway.LARGEST_BODY:
            return Inline(body=head, media_type=media_type, encoding=encoding)
        return self._rest(head, stream, media_type, encoding)

    def _rest(self, head: bytes, stream: _Stream, media_type: str, encoding: str | None) -> Link:
        key = f"{uuid.uuid4().hex}{uuid.uuid4().hex}"
        headers = {
            "ContentType": media_type,
            "CacheControl": gateway.NO_STORE,
            "ServerSideEncryption": "AES256",
        }
        if encoding is not None:
            headers["ContentEncoding"] = encoding
        try:
            self._s3.upload_fileobj(
                cast("IO[bytes]", _Chain(head, stream)), self._bucket, key, ExtraArgs=headers, Config=_ONE_AFTER_ANOTHER
            )
        except (BotoCoreError, ClientError) as error:
            raise problems.of_read_error(classify(error, "PutObject"), "s3") from error
        url = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=LINK_SECONDS
        )
        return Link(url=url)


class _Chain(io.RawIOBase):
    """A stream of the bytes that are already read and then the rest."""

    def __init__(self, head: bytes, stream: _Stream) -> None:
        super().__init__()
        self._head = io.BytesIO(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = None if size < 0 else size
        try:
            return self._head.read(wanted) or self._stream.read(wanted)
        except (BotoCoreError, OSError) as error:
            raise _problem(error) from error


def _read(stream: _Stream, most: int) -> bytes:
    """Read up to ``most`` bytes; fewer only at the end of the stream, if its length matches the header."""
    pieces = io.BytesIO()
    while (left := most - pieces.tell()) > 0:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            break
        pieces.write(piece)
    return pieces.getvalue()


def _unpack(packed: bytes) -> bytes:
    """Unpack the gzip bytes, for a caller that does not accept gzip."""
    plain = b""
    if len(packed) <= gateway.LARGEST_BODY:
        try:
            plain = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(gateway.LARGEST_BODY + 1)
        except (OSError, EOFError, zlib.error) as error:
            problem = "HealthImaging's answer is not gzip."
            raise Problem("aws-malformed", problem, members={"retryable": True}) from error
    if max(len(packed), len(plain)) > gateway.LARGEST_BODY:
        raise Problem(
            "not-acceptable",
            f"The metadata is larger than {gateway.LARGEST_BODY} bytes unpacked: send Accept-Encoding: gzip.",
            members={"allowed": ["gzip"]},
        )
    return plain


def _problem(error: Exception) -> Problem:
    failed = classify(error, _OPERATION)
    if failed.kind == ErrorKind.NOT_FOUND:
        return Problem(
            "image-set-not-found",
            f"{_OPERATION}: {failed.message}",
            members={
                "awsCode": failed.code,
                "source": "medical-imaging",
                "operation": _OPERATION,
                "retryable": False,
            },
        )
    if failed.code == "ConflictException":
        return Problem(
            "aws-conflict",
            f"{_OPERATION}: {failed.message}",
            members={
                "awsCode": failed.code,
                "source": "medical-imaging",
                "operation": _OPERATION,
                "retryable": True,
            },
        )
    return problems.of_read_error(failed, "medical-imaging")
