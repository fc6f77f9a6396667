"""Answers for one job that no well-behaved service gives, and identifiers that no well-behaved person gives."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from jobview.catalogue.family import Family
from jobview.model import State
from jobview.model.jobid import PART_LIMIT, JobKey
from jobview.reader import Reader
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.collect.reading import (
    ATHENA,
    GLUE,
    IMAGING,
    SES,
    TRANSCRIBE,
    answering,
    error_of,
    got,
    key_of,
    refusal,
)


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


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
