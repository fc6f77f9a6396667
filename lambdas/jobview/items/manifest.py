"""HealthImaging's output manifest: the real result of a DICOM import job that AWS calls COMPLETED.

The job's output folder has ``job-output-manifest.json`` with a ``jobSummary`` of counts and folders. The failure
folder's ``failure.ndjson`` has one failed file on each line (AWS HealthImaging developer guide, "Understanding import
jobs").
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from jobview.aws.calls import Calls
from jobview.aws.errors import ReadFailure, failure
from jobview.aws.unreadable import Unreadable
from jobview.collect.outcome import reason_of, state_of
from jobview.collect.paths import find
from jobview.items import objects
from jobview.items.ndjson import LINE_LIMIT, Line, read_lines
from jobview.items.objects import Location
from jobview.items.rows import ItemsPage, row
from jobview.model import Depth, ErrorKind, Failures, Items, JobView, Observation, State, Target, Via

MANIFEST = "job-output-manifest.json"
MANIFEST_LIMIT = 5 * 1024 * 1024
"""The largest manifest, in bytes. A job of 5,000 files, HealthImaging's maximum, writes far less."""
MOST_FILES = 10**12
"""The largest plausible count."""
FAILED_FILES = "failure.ndjson"
_OPERATION = "GetObject"


class HealthImagingManifest:
    """Reads the manifest and the failed files of a DICOM import job; an ``items.ItemsReader``."""

    def refine(
        self, view: JobView, calls: Calls, target: Target, deadline: float, unreadable: Unreadable
    ) -> Observation:
        """See ``items.ItemsReader.refine``."""
        folder = _output_folder(view)
        summary = _summary(view, folder, calls, target, deadline)
        lost: list[str] = []
        items = _counts(summary, lost)
        unreadable.add(_OPERATION, lost)
        called_whole = view.state in {State.SUCCEEDED, State.PARTIALLY_SUCCEEDED}
        word = State.SUCCEEDED if called_whole else view.state
        state = state_of(word, items)
        failures = None
        if items.failed:
            failed_files = _failed_files(summary, folder)
            failures = Failures(
                count=items.failed,
                uri=None if failed_files is None else failed_files.uri,
                how="Each line of the object names a file that was not imported and says why; GET this job's items.",
            )
        return Observation(
            depth=Depth.ITEMS,
            view=replace(
                view,
                state=state,
                reason=reason_of(state, word, items, view.reason, None if failures is None else failures.how),
                verified=True,
                items=items,
                lists_items=True,
                failures=failures,
                observed_at=_milliseconds(calls),
                via=Via.GET,
            ),
        )

    def items(
        self, view: JobView, calls: Calls, target: Target, deadline: float, *, limit: int, token: str | None
    ) -> ItemsPage:
        """See ``items.ItemsReader.items``."""
        folder = _output_folder(view)
        summary = _summary(view, folder, calls, target, deadline)
        if not _counts(summary, []).failed:
            return ItemsPage(items=[], next=None)
        failed_files = _failed_files(summary, folder)
        if failed_files is None:
            raise _malformed(
                "OutsideOutput", f"the manifest names no failure folder inside the job's output folder {folder.uri}"
            )
        lines, following = read_lines(calls, target, failed_files, limit=limit, token=token, deadline=deadline)
        return ItemsPage(items=[_row(line) for line in lines], next=following)


def _milliseconds(calls: Calls) -> datetime:
    now = calls.clock.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _output_folder(view: JobView) -> Location:
    place = Location.parse(view.outputs[0]) if view.outputs else None
    if place is None:
        raise failure(
            ErrorKind.INVALID, "NoOutputFolder", "the job's output folder in S3 is not known; get the job first"
        )
    return place.folder


def _summary(view: JobView, folder: Location, calls: Calls, target: Target, deadline: float) -> Mapping[str, Any]:
    """The manifest's ``jobSummary``, checked to be this job's."""
    place = folder.file(MANIFEST)
    extract = objects.read(calls, target, place, start=0, length=MANIFEST_LIMIT, deadline=deadline)
    if extract.size > MANIFEST_LIMIT:
        raise failure(
            ErrorKind.INVALID,
            "ManifestTooLarge",
            f"{place.uri} has {extract.size} bytes; no more than {MANIFEST_LIMIT} are read",
            _OPERATION,
        )
    try:
        manifest = json.loads(extract.content)
    except (ValueError, RecursionError) as error:
        raise _malformed("ManifestMalformed", f"{place.uri} is not JSON, or is truncated: {error}") from error
    summary = manifest.get("jobSummary") if isinstance(manifest, dict) else None
    if not isinstance(summary, dict):
        raise _malformed("ManifestMalformed", f"{place.uri} has no jobSummary")
    for member, own in (("jobId", view.key.native_id), ("datastoreId", view.parent and view.parent.id)):
        if own and summary.get(member, own) != own:
            raise _malformed("WrongManifest", f"{place.uri} is the manifest of another job: its {member} differs")
    return summary


def _counts(summary: Mapping[str, Any], unreadable: list[str]) -> Items:
    """Read the counts. Each is optional, but the number of failed files must follow from the others.

    The paths of counts that are not numbers are added to ``unreadable``.
    """
    scanned = _count(summary, "numberOfScannedFiles", unreadable)
    imported = _count(summary, "numberOfImportedFiles", unreadable)
    before = len(unreadable)
    errors = [_count(summary, f"numberOfFilesWith{blame}Error", unreadable) for blame in ("Customer", "Server")]
    failed = sum(count for count in errors if count is not None)
    left = None if scanned is None or imported is None else max(0, scanned - imported)
    if len(unreadable) > before:
        if left is None:
            raise _malformed("ManifestWithoutCounts", f"{unreadable[-1]} of the manifest is not a count")
        failed = left
    elif failed == 0 and None in errors and left != 0:
        raise _malformed("ManifestWithoutCounts", "the manifest does not say how many files failed")
    return Items(unit="files", total=scanned, succeeded=imported, failed=failed)


def _count(summary: Mapping[str, Any], member: str, unreadable: list[str]) -> int | None:
    value = summary.get(member)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_FILES:
        unreadable.append(f"jobSummary.{member}")
        return None
    return value


def _failed_files(summary: Mapping[str, Any], folder: Location) -> Location | None:
    """The list of failed files, if the manifest names a folder for it inside the job's own output folder."""
    named = summary.get("failureOutputS3Uri")
    place = Location.parse(named) if isinstance(named, str) else None
    return None if place is None or not folder.holds(place) else place.folder.file(FAILED_FILES)


def _row(line: Line) -> dict[str, Any]:
    """The row of one line of the failed files. A line that cannot be read is a failed file too."""
    parsed: Any = None
    if line.raw is None:
        problem = f"the line at byte {line.offset} is longer than {LINE_LIMIT} bytes and was not read"
    else:
        problem = f"the line at byte {line.offset} is not a JSON object"
        with suppress(ValueError, RecursionError):
            parsed = json.loads(line.raw.decode("utf-8", "replace"))
    if not isinstance(parsed, dict):
        return row(uri=None, state=State.FAILED, native_status=None, reason=problem)
    exception = parsed.get("exception")
    return row(
        uri=parsed.get("inputFile"),
        state=State.FAILED,
        native_status=find("exceptionType", exception),
        reason=find("message", exception),
    )


def _malformed(code: str, message: str) -> ReadFailure:
    return failure(ErrorKind.MALFORMED, code, message, _OPERATION)
