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

JOB, RUN = (f"arn:aws:glue:us-east-1:{ACCOUNT}:{kind}" for kind in ("job", "run"))
BATCH, GLUE, OMICS = "batch/job", "glue/job-run", "omics/reference-import"
TRANSCRIBE, DATASYNC = "transcribe/transcription-job", "datasync/task-execution"
DETAILS: dict[str, dict[str, Any]] = {
    DATASYNC: {"State": "SUCCESS"},
    BATCH: {"jobId": "4c75", "jobQueue": f"arn:aws:batch:us-east-1:{ACCOUNT}:job-queue/spot", "status": "RUNNABLE"},
    GLUE: {"jobName": "nightly etl", "state": "SUCCEEDED", "jobRunId": "jr_abc"},
    OMICS: {"id": "987", "referenceStoreId": "123", "status": "COMPLETED", "statusMessage": ""},
    TRANSCRIBE: {"TranscriptionJobName": "my-job", "TranscriptionJobStatus": "COMPLETED"},
}
"""What the details have that is read of them; the contract tests have a whole one of every family."""


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
        "detail": DETAILS[name],
        **changes,
    }


@pytest.mark.parametrize("word", ["COMPLETED", "completed", "Completed"])
def test_the_status_of_an_event_is_known_in_any_case_of_letters(word: str) -> None:
    at_home = replace(WATCH, home=WATCH.targets[0])
    told = {"TranscriptionJobName": "my-job", "TranscriptionJobStatus": word}
    evidence = hint(json.dumps(event(TRANSCRIBE, detail=told)), at_home).evidence
    assert evidence is not None
    assert (evidence.view.native_status, evidence.view.state) == ("COMPLETED", State.SUCCEEDED)
    unknown = event(TRANSCRIBE, detail={**told, "TranscriptionJobStatus": "DONE"})
    assert hint(json.dumps(unknown), at_home).evidence is None


def test_a_word_that_does_not_say_the_state_alone_is_no_evidence() -> None:
    """A failed job of Batch may be a cancelled one, as other members show."""
    at_home = replace(WATCH, home=WATCH.targets[0])
    failed, succeeded = (
        hint(json.dumps(event(BATCH, detail={**DETAILS[BATCH], "status": word})), at_home).evidence
        for word in ("FAILED", "SUCCEEDED")
    )
    assert failed is None
    assert succeeded is not None
    assert succeeded.view.state is State.SUCCEEDED


@pytest.mark.parametrize(("whole", "native_id"), [((), "run-1"), (("id",), f"{RUN}/run-1")])
def test_an_arn_is_the_id_as_a_whole_or_by_its_last_part(whole: tuple[str, ...], native_id: str) -> None:
    glue = FAMILIES[GLUE]
    assert glue.events is not None
    declared = replace(glue, events=replace(glue.events, whole=whole))
    told = event(GLUE, detail={"jobName": "etl", "jobRunId": f"{RUN}/run-1"})
    assert hint(json.dumps(told), replace(WATCH, families=(declared,))).key.native_id == native_id


@pytest.mark.parametrize(("whole", "parent"), [((), "etl"), (("job",), f"{JOB}/etl")])
def test_the_same_of_a_parent(whole: tuple[str, ...], parent: str) -> None:
    glue = FAMILIES[GLUE]
    assert glue.events is not None
    declared = replace(glue, events=replace(glue.events, whole=whole))
    told = event(GLUE, detail={"jobName": f"{JOB}/etl", "jobRunId": "run-1"})
    assert hint(json.dumps(told), replace(WATCH, families=(declared,))).key.parents == (parent,)


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
    "a child of an array job": event(BATCH, detail={**DETAILS[BATCH], "jobId": "4c75:0"}),
    "a node of a parallel job": event(BATCH, detail={**DETAILS[BATCH], "jobId": "4c75#1"}),
    "no id where a function looks": event(BATCH, detail={}),
    "an ARN of the task alone": event(DATASYNC, resources=[f"arn:aws:datasync:us-east-1:{ACCOUNT}:task/task-1"]),
    "no ARN": event(DATASYNC, resources=[]),
    "no object": [],
    "a text": "event",
}


@pytest.mark.parametrize("body", [*map(json.dumps, BAD.values()), "", "{", "[" * 100_000], ids=[*BAD, "-", "{", "deep"])
def test_what_is_no_event_of_a_watched_job_is_refused(body: str) -> None:
    with pytest.raises(RefusedHintError):
        hint(body, WATCH)


def test_a_family_that_is_not_enabled_is_refused() -> None:
    monitoring = Monitored(targets=WATCH.targets, families=(FAMILIES[GLUE],))
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
def test_any_event_names_a_job_or_is_refused(name: str, member: str, scrap: Any) -> None:
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
