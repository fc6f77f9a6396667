"""Lists that no well-behaved service gives."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from jobview.aws.errors import ReadFailure
from jobview.model import Depth, ErrorKind, Parent, State
from jobview.reader import Reader
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.collect.reading import (
    ATHENA,
    BATCH,
    FOREVER,
    GLUE,
    IMAGING,
    OMICS,
    SES,
    STORE,
    TARGET,
    answering,
    error_of,
    got,
    key_of,
    read,
    refusal,
    ses_page,
    source,
)


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


def test_a_circle_of_page_tokens_is_left(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(*(ses_page(number, "ABA"[number % 3]) for number in range(3)), ses_page(9, "C"))
    jobs, error = read(reader, SES)
    assert error is not None
    assert error.code == "RepeatedPageToken"
    assert [job.view.key.native_id for job in jobs] == ["j0", "j1", "j2"]
    assert len(canned.asked) == 3


@pytest.mark.parametrize("end", [None, ""])
def test_empty_pages_in_between_are_read_over(canned: Canned, reader: Reader, end: str | None) -> None:
    canned.answer = answering(
        ses_page(1, "A"), {"ImportJobs": [], "NextToken": "B"}, {"NextToken": "C"}, ses_page(2, end)
    )
    jobs, error = read(reader, SES)
    assert (len(jobs), error) == (2, None)
    assert [json.loads(asked.body).get("NextToken") for asked in canned.asked] == [None, "A", "B", "C"]


def test_a_list_without_tokens_or_paginator_has_one_page(canned: Canned, reader: Reader) -> None:
    plain = replace(SES, list=replace(SES.listed[0], tokens=None, page_size=None))
    canned.answer = answering(ses_page(1, "A"))
    jobs, error = read(reader, plain)
    assert (len(jobs), error) == (1, None)
    assert [asked.body for asked in canned.asked] == [b"{}"]


def test_the_largest_page_is_asked_for(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"importJobs": []})
    read(reader, OMICS, STORE)
    assert canned.asked[0].path == "/referencestore/1234567890/importjobs?maxResults=100"


def test_an_answer_without_what_its_model_promises_is_malformed(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"nextToken": None, "somethingElse": 1})
    [_, error] = read(reader, IMAGING, Parent(type="datastore", id="d" * 32))
    assert error is not None
    assert (error.kind, error.code) == ("malformed", "MalformedAnswer")
    assert "jobSummaries" in error.message


def test_items_that_are_no_list_are_malformed(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"ImportJobs": {"JobId": "j"}})
    assert read(reader, SES)[1] is not None
    odd = replace(SES, list=replace(SES.listed[0], items="NextToken"))
    canned.answer = answering({"NextToken": "A"})
    error = read(reader, odd)[1]
    assert error is not None
    assert error.kind == ErrorKind.MALFORMED


def test_records_without_an_id_do_not_hide_the_others_nor_themselves(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"ImportJobs": [{"JobStatus": "FAILED"}, {"JobId": "j", "JobStatus": "FAILED"}, {}]})
    jobs, error = read(reader, SES)
    assert [job.view.key.native_id for job in jobs] == ["j"]
    assert error is not None
    assert (error.kind, error.code) == ("malformed", "MissingId")
    assert error.message.startswith("2 ")


def test_parents_and_ids_without_a_name_are_reported_too(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"Jobs": [{"Name": "a"}, {"Role": "r"}, {"Name": ""}, {"Name": "\ud800"}]})
    with pytest.raises(ReadFailure, match="3 listed records have no id"):
        list(reader.parents(GLUE, GLUE.whole(TARGET), FOREVER))
    canned.answer = answering({"QueryExecutionIds": ["q", ""]})
    with pytest.raises(ReadFailure, match="1 listed records have no id"):
        list(reader.list_ids(ATHENA, source(ATHENA, Parent(type="workgroup", id="w")), FOREVER))


def test_a_record_without_any_optional_member_is_a_job(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"ImportJobs": [{"JobId": "j", "JobStatus": None, "CreatedTimestamp": None}]})
    [[job], error] = read(reader, SES)
    assert error is None
    assert (job.view.state, job.view.native_status, job.view.created_at) == (State.UNKNOWN, "", None)


def test_a_list_per_status_asks_for_every_status(canned: Canned, reader: Reader) -> None:
    def answer(asked: Asked) -> Told:
        status = json.loads(asked.body)["jobStatus"]
        return Told(json.dumps({"jobSummaryList": [{"jobId": status, "jobName": "n", "status": status}]}))

    canned.answer = answer
    [jobs, error] = read(reader, BATCH, Parent(type="job-queue", id="q"))
    assert error is None
    assert {job.view.native_status for job in jobs} == set(BATCH.states)


ALONE = replace(SES, get=None, get_fields=None)


def test_a_family_without_a_get_is_read_from_its_list_alone(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(ses_page(1, None))
    [[job], _] = read(reader, ALONE)
    assert job.depth is Depth.DETAIL
    assert job.authoritative


def test_without_a_get_a_job_is_searched_in_the_list_until_it_is_found(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(ses_page(1, "a"), ses_page(2, "b"), ses_page(3, None))
    first, second = got(reader, ALONE, key_of(ALONE, "j2"), key_of(ALONE, "j1"))
    assert len(canned.asked) == 2, "the third page is not needed"
    for answer, native_id in ((first, "j1"), (second, "j2")):
        assert answer.observation is not None
        assert answer.observation.view.key == answer.key == key_of(ALONE, native_id)
        assert (answer.observation.depth, answer.observation.authoritative) == (Depth.DETAIL, True)
        assert answer.native == {"JobId": native_id, "JobStatus": "PROCESSING"}


def test_without_a_get_a_job_that_the_whole_list_does_not_tell_is_missing(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(ses_page(1, "a"), ses_page(2, None))
    known, gone = got(reader, ALONE, key_of(ALONE, "j2"), key_of(ALONE, "j9"))
    assert known.error is None
    assert error_of(gone) == ("not_found", "NotListed")
    canned.answer = answering(ses_page(1, "a"), refusal("AccessDeniedException", 403))
    known, unknown = got(reader, ALONE, key_of(ALONE, "j1"), key_of(ALONE, "j9"))
    assert known.error is None
    assert error_of(unknown)[0] == "denied"
