"""Which job an event of a service names."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.catalogue import FAMILIES
from jobview.events.incoming import Hint, RefusedHintError, hint
from jobview.model import State, Target
from jobview.monitored import Monitored

ACCOUNT, REGION = "111122223333", "us-east-1"
WATCH = Monitored(targets=(Target(account=ACCOUNT, region=REGION),), families=tuple(FAMILIES.values()))
HERE = f"{REGION}:{ACCOUNT}"

DETAILS: dict[str, tuple[dict[str, Any], str]] = {
    "athena/query-execution": (
        {
            "versionId": "0",
            "currentState": "SUCCEEDED",
            "previousState": "RUNNING",
            "statementType": "DML",
            "queryExecutionId": "01234567-0123-0123-0123-012345678901",
            "workgroupName": "primary",
            "sequenceNumber": "3",
        },
        f"athena:{HERE}:query-execution:primary:01234567-0123-0123-0123-012345678901",
    ),
    "batch/job": (
        {
            "jobArn": f"arn:aws:batch:us-east-1:{ACCOUNT}:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
            "jobName": "event-test",
            "jobId": "4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
            "jobQueue": f"arn:aws:batch:us-east-1:{ACCOUNT}:job-queue/spot",
            "status": "RUNNABLE",
        },
        f"batch:{HERE}:job:spot:4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
    ),
    "glue/job-run": (
        {"jobName": "nightly etl", "severity": "INFO", "state": "SUCCEEDED", "jobRunId": "jr_abc", "message": "done"},
        f"glue:{HERE}:job-run:nightly~20etl:jr_abc",
    ),
    "medical-imaging/dicom-import": (
        {"imagingVersion": "1.0", "datastoreId": "bbc4", "jobId": "a6a1", "jobName": "t", "jobStatus": "COMPLETED"},
        f"medical-imaging:{HERE}:dicom-import:bbc4:a6a1",
    ),
    "omics/reference-import": (
        {"omicsVersion": "1.0.0", "id": "987", "referenceStoreId": "123", "status": "COMPLETED", "statusMessage": ""},
        f"omics:{HERE}:reference-import:123:987",
    ),
    "stepfunctions/execution": (
        {
            "executionArn": f"arn:aws:states:us-east-1:{ACCOUNT}:execution:order:run-1",
            "stateMachineArn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:order",
            "name": "run-1",
            "status": "FAILED",
            "startDate": 1551225271984,
            "stopDate": 1551225271985,
        },
        f"stepfunctions:{HERE}:execution:order:run-1",
    ),
    "transcribe/transcription-job": (
        {"TranscriptionJobName": "my-job", "TranscriptionJobStatus": "COMPLETED"},
        f"transcribe:{HERE}:transcription-job:my-job",
    ),
}
"""The details that the services document, and the job that each is of."""


def event(name: str, **changes: Any) -> dict[str, Any]:
    declared = FAMILIES[name].events
    assert declared is not None
    return {
        "version": "0",
        "id": "315c1398-40ff-a850-213b-158f73e60175",
        "source": declared.source,
        "detail-type": declared.detail_types[0],
        "account": ACCOUNT,
        "region": REGION,
        "time": "2026-11-20T12:00:00Z",
        "resources": [],
        "detail": DETAILS[name][0],
        **changes,
    }


def test_every_family_with_events_is_here() -> None:
    assert DETAILS.keys() == {name for name, family in FAMILIES.items() if family.events is not None}


@pytest.mark.parametrize("name", DETAILS)
def test_an_event_names_its_job(name: str) -> None:
    declared = FAMILIES[name].events
    assert declared is not None
    for kind in declared.detail_types:
        found = hint(json.dumps(event(name, **{"detail-type": kind})), WATCH)
        assert str(found.key) == DETAILS[name][1]
        assert (found.family.name, found.target) == (name, WATCH.targets[0])
        assert found.happened_at.isoformat() == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize("word", ["COMPLETED", "completed", "Completed"])
def test_the_status_of_an_event_is_known_in_any_case_of_letters(word: str) -> None:
    name = "transcribe/transcription-job"
    at_home = replace(WATCH, home=WATCH.targets[0])
    told = {"TranscriptionJobName": "my-job", "TranscriptionJobStatus": word}
    evidence = hint(json.dumps(event(name, detail=told)), at_home).evidence
    assert evidence is not None
    assert (evidence.view.native_status, evidence.view.state) == ("COMPLETED", State.SUCCEEDED)
    unknown = event(name, detail={**told, "TranscriptionJobStatus": "DONE"})
    assert hint(json.dumps(unknown), at_home).evidence is None


OMICS = "omics/reference-import"
BAD: dict[str, Any] = {
    "another source": event(OMICS, source="aws.omics2"),
    "another type": event(OMICS, **{"detail-type": "Run Status Change"}),
    "another account": event(OMICS, account="999999999999"),
    "another region": event(OMICS, region="eu-west-1"),
    "no detail": event(OMICS, detail=None),
    "a detail of another type": event(OMICS, detail=["id"]),
    "no id": event(OMICS, detail={"referenceStoreId": "1"}),
    "an empty id": event(OMICS, detail={"referenceStoreId": "1", "id": ""}),
    "an id of another type": event(OMICS, detail={"referenceStoreId": "1", "id": 7}),
    "an enormous id": event(OMICS, detail={"referenceStoreId": "1", "id": "x" * 3000}),
    "no parent": event(OMICS, detail={"id": "1"}),
    "an ARN that ends in nothing": event(OMICS, detail={"id": "1", "referenceStoreId": "arn:aws:omics:"}),
    "no time": event(OMICS, time=None),
    "a time that is none": event(OMICS, time="yesterday"),
    "a child of an array job": event("batch/job", detail={**DETAILS["batch/job"][0], "jobId": "4c75:0"}),
    "a node of a parallel job": event("batch/job", detail={**DETAILS["batch/job"][0], "jobId": "4c75#1"}),
    "no id where a function looks": event("batch/job", detail={}),
    "no object": [],
    "a text": "event",
}


@pytest.mark.parametrize("body", [*map(json.dumps, BAD.values()), "", "{", "[" * 100_000], ids=[*BAD, "-", "{", "deep"])
def test_what_is_no_event_of_a_watched_job_is_refused(body: str) -> None:
    with pytest.raises(RefusedHintError):
        hint(body, WATCH)


def test_a_family_that_is_not_enabled_is_refused() -> None:
    monitoring = Monitored(targets=WATCH.targets, families=(FAMILIES["glue/job-run"],))
    with pytest.raises(RefusedHintError, match="no family"):
        hint(json.dumps(event(OMICS)), monitoring)


scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["detail", "id", "jobId", "jobQueue", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    name=st.sampled_from(sorted(DETAILS)),
    member=st.sampled_from(["source", "detail-type", "account", "region", "time", "detail", "id"]),
    scrap=scraps,
)
def test_whatever_stands_in_an_event_it_names_a_job_or_is_refused(name: str, member: str, scrap: Any) -> None:
    try:
        found = hint(json.dumps(event(name, **{member: scrap})), WATCH)
    except RefusedHintError:
        return
    assert isinstance(found, Hint)
    assert found.family in WATCH.families
    assert found.key.exact


@given(text=st.text(max_size=200))
def test_any_text_names_a_job_or_is_refused(text: str) -> None:
    with pytest.raises(RefusedHintError):
        hint(text, WATCH)
