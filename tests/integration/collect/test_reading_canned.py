"""Answers that no well-behaved service gives, and identifiers that no well-behaved person gives."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from jobview.aws.errors import ReadFailure
from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.model import Depth, ErrorKind, Observation, Parent, ReadError, Source, State, Target
from jobview.model.jobid import PART_LIMIT, JobKey
from jobview.reader import Got, Reader
from tests.integration.collect.canned import Asked, Canned, Told

TARGET = Target(account="111122223333", region="us-east-1")
SES, OMICS, ATHENA = family("sesv2/import"), family("omics/reference-import"), family("athena/query-execution")
BATCH, GLUE, TRANSCRIBE = family("batch/job"), family("glue/job-run"), family("transcribe/transcription-job")
IMAGING = family("medical-imaging/dicom-import")
STORE = Parent(type="reference-store", id="1234567890")
FOREVER = 1e9


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


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
    """As rest-json tells it in a header, and json in the body."""
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
    plain = replace(SES, list=replace(SES.list, tokens=None, page_size=None))
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
    odd = replace(SES, list=replace(SES.list, items="NextToken"))
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


def test_parents_and_ids_without_a_name_are_told_too(canned: Canned, reader: Reader) -> None:
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


def test_a_family_without_a_get_is_told_whole_by_its_list(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(ses_page(1, None))
    [[job], _] = read(reader, ALONE)
    assert job.depth is Depth.DETAIL
    assert job.authoritative


def test_without_a_get_a_job_is_looked_for_in_the_list_until_it_is_told(canned: Canned, reader: Reader) -> None:
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


STRANGE_IDS = ["a:b", "a/b", "50%", "50%25", "ü€😀", "a b+c", "..", "?x=1#y", "~", "a\nb"]


@pytest.mark.parametrize("native_id", STRANGE_IDS)
def test_any_id_arrives_unchanged(canned: Canned, reader: Reader, native_id: str) -> None:
    canned.answer = answering({"JobId": native_id, "JobStatus": "PROCESSING"})
    key = JobKey.parse(str(key_of(SES, native_id)))
    [answer] = got(reader, SES, key)
    assert answer.observation is not None
    assert answer.observation.view.key == key
    assert answer.observation.view.key.native_id == native_id
    sent = canned.asked[0].path.removeprefix("/v2/email/import-jobs/")
    assert "/" not in sent
    assert unquote(sent) == native_id


@pytest.mark.parametrize("native_id", STRANGE_IDS)
def test_any_parent_and_id_arrive_unchanged_in_a_body(canned: Canned, reader: Reader, native_id: str) -> None:
    canned.answer = answering({"JobRun": {"Id": native_id, "JobName": native_id, "JobRunState": "RUNNING"}})
    [answer] = got(reader, GLUE, key_of(GLUE, native_id, native_id))
    assert answer.error is None
    assert json.loads(canned.asked[0].body) == {"JobName": native_id, "RunId": native_id}


def test_an_id_too_long_to_be_kept_cannot_be_asked_for(canned: Canned, reader: Reader) -> None:
    long = JobKey.parse(str(key_of(SES, "x" * (PART_LIMIT + 1))))
    canned.answer = answering({"JobId": "j", "JobStatus": "PROCESSING"})
    answers = got(reader, SES, long, key_of(SES, "j"))
    assert error_of(answers[0]) == ("invalid", "InexactId")
    assert answers[1].error is None
    assert len(canned.asked) == 1


@pytest.mark.parametrize("answer", [{}, {"CreatedTimestamp": 1}, {"JobId": None}])
def test_an_answer_without_a_job_is_malformed(canned: Canned, reader: Reader, answer: object) -> None:
    canned.answer = answering(answer)
    [told] = got(reader, SES, key_of(SES, "j"))
    assert error_of(told) == ("malformed", "MalformedAnswer")


def test_an_answer_with_another_job_is_malformed(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobId": "other", "JobStatus": "PROCESSING"})
    [told] = got(reader, SES, key_of(SES, "j"))
    assert error_of(told) == ("malformed", "WrongJob")


def test_a_status_without_an_id_is_the_job_s(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobStatus": "FAILED"})
    [told] = got(reader, SES, key_of(SES, "j"))
    assert told.observation is not None
    assert told.observation.view.state is State.FAILED


@pytest.mark.parametrize(
    ("of", "parent", "answer"),
    [(IMAGING, "d" * 32, {"other": 1}), (GLUE, "job", {"other": 1}), (TRANSCRIBE, None, {"TranscriptionJob": None})],
    ids=["required", "optional", "null"],
)
def test_a_missing_job_member_is_malformed(
    canned: Canned, reader: Reader, of: Family, parent: str | None, answer: object
) -> None:
    canned.answer = answering(answer)
    [told] = got(reader, of, key_of(of, "j", parent))
    assert error_of(told) == ("malformed", "MalformedAnswer")


@pytest.mark.parametrize(("message", "kind"), [("Run jr_1 is NOT valid.", "not_found"), ("no such input", "invalid")])
def test_a_code_of_many_meanings_says_no_such_job_by_its_text(
    canned: Canned, reader: Reader, message: str, kind: str
) -> None:
    assert GLUE.get is not None
    of = replace(GLUE, get=replace(GLUE.get, missing={"InvalidInputException": "not valid"}))
    canned.answer = answering(Told(json.dumps({"message": message, "__type": "InvalidInputException"}), status=400))
    [told] = got(reader, of, key_of(GLUE, "jr_1", "job"))
    assert error_of(told) == (kind, "InvalidInputException")


def query(native_id: str, state: str = "SUCCEEDED") -> dict[str, Any]:
    return {"QueryExecutionId": native_id, "Status": {"State": state}, "WorkGroup": "w", "Query": "select secret"}


def test_a_batch_answer_is_matched_by_id(canned: Canned, reader: Reader) -> None:
    canned.answer = answering(
        {
            "QueryExecutions": [query("c", "RUNNING"), query("a")],
            "UnprocessedQueryExecutionIds": [
                {"QueryExecutionId": "b", "ErrorCode": "ThrottlingException", "ErrorMessage": "busy"},
                {"QueryExecutionId": "z"},
            ],
        }
    )
    keys = [key_of(ATHENA, native_id, "w") for native_id in "abcdz"]
    answers = {answer.key.native_id: answer for answer in got(reader, ATHENA, *keys)}
    assert {name: answer.observation and answer.observation.view.state for name, answer in answers.items()} == {
        "a": State.SUCCEEDED,
        "b": None,
        "c": State.RUNNING,
        "d": None,
        "z": None,
    }
    assert error_of(answers["b"]) == ("throttled", "ThrottlingException")
    assert error_of(answers["d"]) == ("not_found", "NotInAnswer")
    assert error_of(answers["z"]) == ("service", "Unknown")
    assert "secret" not in str(answers["a"].native)
    assert len(canned.asked) == 1


def test_batches_are_as_large_as_the_service_allows(canned: Canned, reader: Reader) -> None:
    def answer(asked: Asked) -> Told:
        return Told(
            json.dumps({"QueryExecutions": [query(told) for told in json.loads(asked.body)["QueryExecutionIds"]]})
        )

    canned.answer = answer
    answers = got(reader, ATHENA, *(key_of(ATHENA, f"q{number}", "w") for number in range(120)))
    assert all(answer.error is None for answer in answers)
    assert [len(json.loads(asked.body)["QueryExecutionIds"]) for asked in canned.asked] == [50, 50, 20]


def test_one_bad_id_does_not_spoil_its_batch(canned: Canned, reader: Reader) -> None:
    def answer(asked: Asked) -> Told:
        ids = json.loads(asked.body)["QueryExecutionIds"]
        if "bad" in ids:
            return refusal("InvalidRequestException")
        return Told(json.dumps({"QueryExecutions": [query(told) for told in ids]}))

    canned.answer = answer
    keys = [key_of(ATHENA, native_id, "w") for native_id in ("a", "b", "bad", "c", "d", "e", "f")]
    answers = got(reader, ATHENA, *keys)
    assert [answer.key for answer in answers] == keys
    assert [answer.key.native_id for answer in answers if answer.error] == ["bad"]


def test_a_batch_that_is_denied_is_asked_for_once(canned: Canned, reader: Reader) -> None:
    canned.answer = lambda _: refusal("AccessDeniedException")
    answers = got(reader, ATHENA, *(key_of(ATHENA, f"q{number}", "w") for number in range(120)))
    assert {error_of(answer) for answer in answers} == {("denied", "AccessDeniedException")}
    assert len(answers) == 120
    assert len(canned.asked) == 1


def test_a_code_that_says_no_such_job_is_not_found_for_that_family_alone(canned: Canned, reader: Reader) -> None:
    canned.answer = lambda _: refusal("BadRequestException")
    assert error_of(got(reader, TRANSCRIBE, key_of(TRANSCRIBE, "j"))[0]) == ("not_found", "BadRequestException")
    assert error_of(got(reader, SES, key_of(SES, "j"))[0]) == ("invalid", "BadRequestException")


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
    assert first == {"uri": None, "state": "UNKNOWN", "nativeStatus": "NEW", "reason": None}
    assert second == {"uri": None, "state": "UNKNOWN", "nativeStatus": None, "reason": None}


def test_regions_that_botocore_knows_to_lack_a_service_are_not_asked(canned: Canned, reader: Reader) -> None:
    elsewhere = Target(account="111122223333", region="ap-southeast-3")
    with pytest.raises(ReadFailure) as raised:
        list(reader.parents(OMICS, OMICS.whole(elsewhere), FOREVER))
    assert raised.value.error.code == "RegionNotSupported"
    canned.answer = answering({"stateMachines": []})
    machines = family("stepfunctions/execution")
    for region in ("mars-central-1", "us-east-1"):
        assert list(reader.parents(machines, machines.whole(replace(TARGET, region=region)), FOREVER)) == [[]]
