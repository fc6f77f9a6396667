"""Gives a function its families and targets like a deployed one: in a file that a variable names."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.local_aws import ACCOUNT, REGION

USUAL = (
    "athena/query-execution",
    "batch/job",
    "glue/job-run",
    "medical-imaging/dicom-import",
    "omics/reference-import",
    "panorama/package-import",
    "sesv2/export",
    "sesv2/import",
    "stepfunctions/execution",
    "transcribe/transcription-job",
)
"""Families of every shape that the local AWS serves without their declarations. A test that is about no family in
particular monitors these, so that its time does not grow with the catalogue."""


def monitoring(families: Iterable[str] = USUAL, *targets: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a function that reads these families in these targets; without any, in the local AWS's one.

    A target is a row of the file: ``{"accounts": [...], "regions": [...], "role": ..., "externalId": ...}``.
    """
    rows = targets or ({"regions": [REGION]},)
    return written({"families": [*families], "targets": [*rows]})


def written(document: object) -> dict[str, str]:
    """The variables of a function whose file holds this document."""
    file = Path(_folder().name) / f"{uuid4()}.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return {
        "JOBVIEW_CONFIGURATION": str(file),
        "JOBVIEW_ACCOUNT": ACCOUNT,
        "JOBVIEW_PARTITION": "aws",
        "AWS_REGION": REGION,
    }


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="jobview-tests-")
