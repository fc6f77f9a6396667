"""The message about a job that failed, with reasons that try to be more than a reason."""

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.events.notification import CHAT_CHARACTERS, EMAIL_CHARACTERS, notification
from jobview.events.outgoing import event
from jobview.model import State, Transition, Via

JOB = "glue:us-east-1:111122223333:job-run:nightly-load:jr_7f3a"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = (
    'no such "file" \\ {"version":"2.0"}',
    "first\nsecond\r\nthird\u2028fourth\x85fifth",
    "`code` ends\n```\n*bold* <!channel> @here <@U123> <https://evil.example|AWS console> &lt;!here&gt;\n```",
    "[AWS](https://evil.example) ![x](https://evil.example/x.png) <at>everyone</at>",
    "\x00\x07\x1b[31mred\x7f\x9b",
    "invoice\u202egpj.exe\u2066\u200f",
    "half \ud83d of a character",
    "\nFrom: aws@amazon.com\n\nGET /v1/jobs/other/items\n",
    "x" * 100_000,
    " \n\t\n",
    "",
)


def detail(reason: str | None, *, job: str = JOB, word: str = "TIMEOUT") -> dict[str, Any]:
    transition = Transition(
        job_id=job,
        number=3,
        previous_state=State.RUNNING,
        state=State.FAILED,
        native_status="TIMEOUT",
        reason=None,
        changed_at=AT,
        observed_at=AT,
        via=Via.LIST,
    )
    made = event(transition, None, origin="arn:aws:events:us-east-1:111122223333:event-bus/Jobview")
    made["data"] |= {"nativeStatus": word, "reason": reason}
    return made


texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec=None), max_size=300))


@given(reason=st.none() | texts, word=texts)
def test_a_reason_stays_in_its_place(reason: str | None, word: str) -> None:
    made = notification(detail(reason, word=word))
    assert made.subject == "glue job-run FAILED (111122223333, us-east-1)"
    first, second, said, *quoted, last, end = made.text.split("\n")
    assert (first, end) == (JOB, "")
    assert second == "is FAILED (before: RUNNING) since 2026-11-20T12:00:00.000Z."
    assert said.startswith("AWS says ")
    assert all(line.startswith("> ") for line in quoted)
    assert last == f"The job: GET /v1/jobs/{JOB}"
    inside = chat(made.chat)
    for sent in (made.text, inside):
        assert not {sign for sign in sent if unicodedata.category(sign) in {"Cc", "Cf", "Cs"}} - {"\n"}
        assert len(sent.encode()) < 4 * (EMAIL_CHARACTERS + 1_000)
    # Code from the first back quote to its pair: the status, and the reason's block.
    assert inside.count("```") == (2 if quoted else 0)
    assert not set("<>@&") & set(inside)
    assert len(inside.replace("```", "").split("`")) == 7, "the id, the status and the route are code and nothing else"


def chat(message: str) -> str:
    """The description of a custom notification, which is as AWS's chat service takes it."""
    document = json.loads(message)
    assert (document["version"], document["source"]) == ("1.0", "custom")
    assert document["content"]["textType"] == "client-markdown"
    assert document["content"]["title"] == document["metadata"]["summary"]
    assert document["metadata"]["threadId"] == JOB
    assert document["id"] == f"{JOB}#3"
    return str(document["content"]["description"])


def test_quotes_and_line_breaks_are_shown_as_they_are() -> None:
    made = notification(detail('no such "file"\nin s3://bucket/key'))
    assert '> no such "file"\n> in s3://bucket/key\n' in made.text
    assert '```\nno such "file"\nin s3://bucket/key\n```' in chat(made.chat)


@pytest.mark.parametrize(
    ("view", "line"),
    [
        ({"links": {"items": f"/v1/jobs/{JOB}/items"}}, f"What failed in it: GET /v1/jobs/{JOB}/items"),
        ({"links": {"items": "https://evil.example"}}, f"What failed in it: GET /v1/jobs/{JOB}/items"),
        ({"links": {"items": None}}, f"The job: GET /v1/jobs/{JOB}"),
        ({"links": None}, f"The job: GET /v1/jobs/{JOB}"),
        ("no view", f"The job: GET /v1/jobs/{JOB}"),
        (None, f"The job: GET /v1/jobs/{JOB}"),
    ],
)
def test_the_items_are_named_where_the_job_has_a_link_to_them(view: object, line: str) -> None:
    told = detail("out of memory")
    told["data"]["job"] = view
    made = notification(told)
    assert made.text.splitlines()[-1] == line
    what, _, call = line.partition(": ")
    assert chat(made.chat).splitlines()[-1] == f"{what}: `{call}`"


def test_a_long_reason_is_cut_and_says_so() -> None:
    made = notification(detail("x" * 100_000))
    assert f"> {'x' * EMAIL_CHARACTERS}\u2026 (96,000 more characters)\n" in made.text
    assert f"{'x' * CHAT_CHARACTERS}\u2026 (99,000 more characters)\n```" in chat(made.chat)
    assert len(made.messages.encode()) < 256_000


def test_sns_gets_one_message_for_the_chat_and_one_for_all_others() -> None:
    made = notification(detail("out of memory"))
    assert json.loads(made.messages) == {"default": made.text, "https": made.chat}


def test_a_reason_that_is_missing_is_said_to_be() -> None:
    for reason in (None, "", " \n"):
        made = notification(detail(reason))
        assert "AWS says TIMEOUT, and gives no reason.\n" in made.text
        assert "AWS says `TIMEOUT`, and gives no reason.\n" in chat(made.chat)


def test_the_subject_is_what_sns_takes_however_long_the_names_are() -> None:
    made = notification(detail(None, job=f"{'s' * 60}:us-east-1:111122223333:{'t' * 60}:1"))
    assert len(made.subject) == 100
    assert all(" " <= sign <= "~" for sign in made.subject)


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("subject", None, "subject is null; allowed: a text"),
        ("subject", "a\nb", "a job id is service:region"),
        ("id", 7, "id is 7; allowed: a text"),
        ("data", None, "data is missing"),
        ("data.state", "<!channel>", "'<!channel>' is not a valid State"),
        ("data.previousState", "x", "'x' is not a valid State"),
        ("data.changedAt", "now", "'now'"),
        ("data.reason", 5, "reason is 5; allowed: a text"),
    ],
)
def test_what_is_no_event_of_ours_is_refused(member: str, value: object, problem: str) -> None:
    forged = detail("out of memory")
    place, _, name = member.rpartition(".")
    (forged[place] if place else forged)[name] = value
    with pytest.raises(ValueError, match=re.escape(problem)):
        notification(forged)
