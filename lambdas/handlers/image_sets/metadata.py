"""Image-set metadata on its way from HealthImaging to a caller.

It is health data: never logged, and stored only where it does not fit a response, encrypted and for a day at most.
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
"""How long a link to metadata in the bucket is valid."""
_PIECE = 1024 * 1024
_OPERATION = "GetImageSetMetadata"
_ONE_AFTER_ANOTHER = TransferConfig(multipart_chunksize=8 * _PIECE, use_threads=False)


class _Stream(Protocol):
    def read(self, amt: int | None = ...) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """Metadata that fits a response, as the service sent it."""

    body: bytes
    media_type: str
    encoding: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Metadata that rests in the bucket: a presigned GET of it."""

    url: str


class Metadata:
    """Fetches the metadata of image sets.

    Parameters
    ----------
    imaging, s3
        boto3 clients of the home region.
    bucket
        Where metadata rests that is larger than ``gateway.LARGEST_BODY``.
    """

    def __init__(self, imaging: "HealthImagingClient", s3: "S3Client", bucket: str) -> None:
        self._imaging = imaging
        self._s3 = s3
        self._bucket = bucket

    def fetch(self, datastore: str, image_set: str, version: str | None, *, packed: bool) -> Inline | Link:
        """The metadata of one image set.

        Parameters
        ----------
        datastore, image_set
            Their ids.
        version
            The version to read; ``None``: the latest.
        packed
            True where the caller takes gzip, which is then passed through byte for byte.

        Raises
        ------
        Problem
            There is no such image set, AWS could not be read, or it is too large to be sent unpacked.
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
    """The bytes that were read already, then the rest of the stream."""

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
    """Up to ``most`` bytes; fewer only where the stream has ended, as long as its header said."""
    pieces = io.BytesIO()
    while (left := most - pieces.tell()) > 0:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            break
        pieces.write(piece)
    return pieces.getvalue()


def _unpack(packed: bytes) -> bytes:
    """The gzip bytes unpacked, for a caller that takes no gzip."""
    plain = b""
    if len(packed) <= gateway.LARGEST_BODY:
        try:
            plain = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(gateway.LARGEST_BODY + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Problem("aws-malformed", "HealthImaging's answer is no gzip.", members={"retryable": True}) from error
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
