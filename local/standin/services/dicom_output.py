"""The files that HealthImaging leaves in S3 when an import job completes.

Source: HealthImaging developer guide, "Understanding import jobs": `job-output-manifest.json` and the folders
that its summary names, with one JSON object a line.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NDJSON = "application/x-ndjson"


@dataclass(frozen=True, kw_only=True)
class DicomOutput:
    """What one completed job has to report."""

    job_id: str
    datastore_id: str
    input_uri: str
    output_uri: str
    image_set_id: str
    files: int
    failed: int
    message: str

    def objects(self, *, truncated: bool = False) -> Mapping[str, tuple[bytes, str]]:
        """Body and content type of each object by its URI; `truncated` cuts the manifest in the middle."""
        manifest = json.dumps({"jobSummary": self._summary()}, indent=2).encode()
        if truncated:
            manifest = manifest[: len(manifest) // 2]
        names = [f"{self.input_uri.rstrip('/')}/{number:05}.dcm" for number in range(1, self.files + 1)]
        failed, imported = names[: self.failed], names[self.failed :]
        found = {}
        if imported:
            found[f"{self.output_uri}SUCCESS/success.ndjson"] = (_lines(self._successes(imported)), NDJSON)
        if failed:
            found[f"{self.output_uri}FAILURE/failure.ndjson"] = (_lines(self._failures(failed)), NDJSON)
        # Last, so that whoever sees the manifest finds what it names.
        found[f"{self.output_uri}job-output-manifest.json"] = (manifest, "application/json")
        return found

    def _summary(self) -> dict[str, Any]:
        imported = self.files - self.failed
        image_sets = [
            {
                "imageSetId": self.image_set_id,
                "imageSetVersion": 1,
                "isPrimary": True,
                "numberOfMatchedSOPInstances": imported,
            }
        ]
        return {
            "jobId": self.job_id,
            "datastoreId": self.datastore_id,
            "inputS3Uri": self.input_uri,
            "outputS3Uri": self.output_uri,
            "successOutputS3Uri": f"{self.output_uri}SUCCESS/",
            "failureOutputS3Uri": f"{self.output_uri}FAILURE/",
            "warningsOutputS3Uri": f"{self.output_uri}WARNING/",
            "numberOfScannedFiles": self.files,
            "numberOfImportedFiles": imported,
            "numberOfFilesWithCustomerError": self.failed,
            "numberOfFilesWithServerError": 0,
            "numberOfGeneratedImageSets": 1 if imported else 0,
            "imageSetsSummary": image_sets if imported else [],
        }

    def _successes(self, names: Sequence[str]) -> Iterable[dict[str, Any]]:
        response = {"imageSetId": self.image_set_id, "imageSetVersion": 1, "isPrimary": True}
        return ({"inputFile": name, "importResponse": response} for name in names)

    def _failures(self, names: Sequence[str]) -> Iterable[dict[str, Any]]:
        exception = {"exceptionType": "ValidationException", "message": self.message}
        return ({"inputFile": name, "exception": exception} for name in names)


def _lines(records: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()
