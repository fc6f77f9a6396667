"""What the tests of canned answers share: families, keys, answers, and what a reader makes of them."""

import json
from collections.abc import Callable
from typing import Any

from jobview.aws.errors import ReadFailure
from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.model import Observation, Parent, ReadError, Source, Target
from jobview.model.jobid import JobKey
from jobview.reader import Got, Reader
from tests.integration.collect.canned import Asked, Told

TARGET = Target(account="111122223333", region="us-east-1")
SES, OMICS, ATHENA = family("sesv2/import"), family("omics/reference-import"), family("athena/query-execution")
BATCH, GLUE, TRANSCRIBE = family("batch/job"), family("glue/job-run"), family("transcribe/transcription-job")
IMAGING = family("medical-imaging/dicom-import")
STORE = Parent(type="reference-store", id="1234567890")
FOREVER = 1e9


def key_of(of: Family, native_id: str, parent: str | None = None) -> JobKey:
    return JobKey(
        service=of.service,
        region=TARGET.region,
        account=TARGET.account,
        type=of.type,
        parents=() if parent is None else (parent,),
        native_id=native_id,
    )


def answering(*answers: object) -> Callable[[Asked], Told]:
    """Each answer once, the last for ever."""
    left = [answer if isinstance(answer, Told) else Told(json.dumps(answer)) for answer in answers]
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def refusal(code: str, status: int = 400) -> Told:
    """As in rest-json's header, and in json's body."""
    return Told(json.dumps({"message": "no", "__type": code}), status=status, headers={"x-amzn-ErrorType": code})


def source(of: Family, parent: Parent | None = None) -> Source:
    return Source(service=of.service, type=of.type, target=TARGET, parents=() if parent is None else (parent,))


def read(reader: Reader, of: Family, parent: Parent | None = None) -> tuple[list[Observation], ReadError | None]:
    jobs: list[Observation] = []
    try:
        for page in reader.list_jobs(of, source(of, parent), FOREVER):
            jobs += page.records
    except ReadFailure as stopped:
        return jobs, stopped.error
    return jobs, None


def got(reader: Reader, of: Family, *keys: JobKey) -> list[Got]:
    return list(reader.get_jobs(of, TARGET, keys, FOREVER))


def error_of(answer: Got) -> tuple[str, str]:
    assert answer.error is not None
    return answer.error.kind, answer.error.code


def ses_page(number: int, token: str | None) -> dict[str, Any]:
    return {"ImportJobs": [{"JobId": f"j{number}", "JobStatus": "PROCESSING"}], "NextToken": token}
