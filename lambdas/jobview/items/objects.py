"""Reads S3 objects by byte ranges, so that a large object never fills the memory."""

import re
from dataclasses import dataclass, replace

from jobview.aws.calls import Calls
from jobview.aws.errors import ReadFailure, classify, failure
from jobview.model import ErrorKind, ReadError, Target

_OPERATION = "GetObject"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_URI = re.compile(r"s3://([^/]+)/(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """An object or a folder in S3."""

    bucket: str
    key: str

    @staticmethod
    def parse(uri: str) -> "Location | None":
        """Parse an ``s3://`` URI; ``None`` for anything else."""
        match = _URI.fullmatch(uri)
        return None if match is None else Location(bucket=match.group(1), key=match.group(2))

    @property
    def folder(self) -> "Location":
        """The same location as a folder: its key ends with a slash."""
        return self if self.key.endswith("/") else replace(self, key=f"{self.key}/")

    @property
    def uri(self) -> str:
        """The ``s3://`` URI."""
        return f"s3://{self.bucket}/{self.key}"

    def file(self, name: str) -> "Location":
        """An object in the folder."""
        return replace(self, key=self.folder.key + name)

    def holds(self, other: "Location") -> bool:
        """True where the other location is this folder or in it. A path with ``..`` never is."""
        inside = other.bucket == self.bucket and other.folder.key.startswith(self.folder.key)
        return inside and not {".", ".."} & set(other.key.split("/"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Extract:
    """A part of an object, from an offset on."""

    content: bytes
    size: int
    """The size of the whole object, in bytes."""


def read(calls: Calls, target: Target, place: Location, *, start: int, length: int, deadline: float) -> Extract:
    """Read up to ``length`` bytes from ``start`` on; no bytes where the object ends before.

    Raises
    ------
    ReadFailure
        The object is absent, denied or was truncated in transit, or the call failed otherwise.
    """
    inputs = {"Bucket": place.bucket, "Key": place.key, "Range": f"bytes={start}-{start + length - 1}"}
    try:
        answer = calls.call("s3", target, _OPERATION, inputs, deadline=deadline)
    except ReadFailure as stopped:
        if stopped.error.code == "InvalidRange":
            return Extract(content=b"", size=start)
        raise ReadFailure(_explained(stopped, place)) from stopped
    body = answer.members["Body"]
    try:
        content: bytes = body.read(length)
    except Exception as error:
        raise ReadFailure(classify(error, _OPERATION)) from error
    finally:
        body.close()
    span = _RANGE.fullmatch(str(answer.members.get("ContentRange", "")))
    if span is None and start > 0:
        raise failure(ErrorKind.MALFORMED, "RangeIgnored", f"S3 did not answer with a range of {place.uri}", _OPERATION)
    size = int(span.group(2)) if span is not None else int(answer.members.get("ContentLength", len(content)))
    if len(content) < min(length, size - start):
        raise failure(ErrorKind.CONNECTION, "Truncated", f"{place.uri} was cut short on its way", _OPERATION)
    return Extract(content=content, size=size)


def _explained(stopped: ReadFailure, place: Location) -> ReadError:
    error = stopped.error
    if error.kind == ErrorKind.NOT_FOUND:
        return replace(error, message=f"{place.uri} is absent: {error.message}", retryable=True)
    if error.kind == ErrorKind.DENIED:
        hint = "S3 also gives this answer for an absent object where s3:ListBucket is not allowed"
        return replace(error, message=f"{place.uri} is forbidden: {error.message} ({hint})")
    return replace(error, message=f"{place.uri}: {error.message}")
