"""Links and parts of jobs, and regions that lack a service, from canned answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from jobview.aws.errors import ReadFailure
from jobview.catalogue import family
from jobview.items.rows import row
from jobview.model import State, Target
from jobview.reader import Reader
from tests.integration.collect.canned import Canned
from tests.integration.collect.reading import (
    FOREVER,
    OMICS,
    TARGET,
    TRANSCRIBE,
    answering,
    got,
    key_of,
)


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


def results(names: Mapping[str, object]) -> dict[str, Any]:
    return {"TranscriptionJob": {"TranscriptionJobName": "j", "TranscriptionJobStatus": "COMPLETED", **names}}


def test_every_link_of_a_result_is_a_row(canned: Canned, reader: Reader) -> None:
    signed = [f"https://s3.amazonaws.com/b/{name}?X-Amz-Signature=0" for name in "abc"]
    canned.answer = answering(
        results({"Transcript": {"TranscriptFileUri": signed[0]}, "Subtitles": {"SubtitleFileUris": signed[1:]}})
    )
    [answer] = got(reader, TRANSCRIBE, key_of(TRANSCRIBE, "j"))
    assert answer.observation is not None
    view = answer.observation.view
    assert (view.outputs, view.gives_links, view.lists_items) == ((), True, None)
    assert "X-Amz" not in json.dumps(answer.native)
    assert reader.links(TRANSCRIBE, view, FOREVER) == [{"of": "outputs", "url": url} for url in signed]
    assert reader.items(TRANSCRIBE, view, FOREVER, limit=2).items == []


def test_a_result_in_the_callers_own_bucket_has_a_uri_and_no_link(canned: Canned, reader: Reader) -> None:
    uri = "https://s3.us-east-1.amazonaws.com/own-bucket/j.json"
    canned.answer = answering(results({"Transcript": {"TranscriptFileUri": uri}}))
    [answer] = got(reader, TRANSCRIBE, key_of(TRANSCRIBE, "j"))
    assert answer.observation is not None
    view = answer.observation.view
    assert (view.outputs, view.gives_links) == ((uri,), None)
    assert reader.links(TRANSCRIBE, view, FOREVER) == []


def test_a_family_that_signs_nothing_is_not_asked_for_links(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"id": "9876543210", "status": "COMPLETED", "sources": [{"status": "COMPLETED"}]})
    [answer] = got(reader, OMICS, key_of(OMICS, "9876543210", "1234567890"))
    assert answer.observation is not None
    assert (answer.observation.view.gives_links, answer.observation.view.lists_items) == (None, True)
    asked = len(canned.asked)
    assert reader.links(OMICS, answer.observation.view, FOREVER) == []
    assert len(canned.asked) == asked


def test_a_job_without_parts_yet_has_no_items(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"id": "9876543210", "status": "SUBMITTED", "sources": None})
    [answer] = got(reader, OMICS, key_of(OMICS, "9876543210", "1234567890"))
    assert answer.observation is not None
    assert reader.items(OMICS, answer.observation.view, FOREVER, limit=2).items == []


def test_parts_with_words_that_nobody_knows_are_rows(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"id": "9876543210", "status": "COMPLETED", "sources": [{"status": "NEW"}, {}]})
    [answer] = got(reader, OMICS, key_of(OMICS, "9876543210", "1234567890"))
    assert answer.observation is not None
    first, second = reader.items(OMICS, answer.observation.view, FOREVER, limit=5).items
    assert first == row(state=State.UNKNOWN, native_status="NEW", reason=None)
    assert second == row(state=State.UNKNOWN, native_status=None, reason=None)


def test_regions_that_botocore_knows_to_lack_a_service_are_not_asked(canned: Canned, reader: Reader) -> None:
    elsewhere = Target(account="111122223333", region="ap-southeast-3")
    with pytest.raises(ReadFailure) as raised:
        list(reader.parents(OMICS, OMICS.whole(elsewhere), FOREVER))
    assert raised.value.error.code == "RegionNotSupported"
    canned.answer = answering({"stateMachines": []})
    machines = family("stepfunctions/execution")
    for region in ("mars-central-1", "us-east-1"):
        assert list(reader.parents(machines, machines.whole(replace(TARGET, region=region)), FOREVER)) == [[]]
