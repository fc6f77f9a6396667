"""Ids of jobs: every one is a path segment, and leads back to what it was made of."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobview.model.jobid import PART_LIMIT, InvalidJobIdError, JobKey

SEGMENT = re.compile(r"[A-Za-z0-9\-._~:]+")
PLAIN = "abcXYZ019-._"

anything = st.text(st.characters(), min_size=1, max_size=60)
"""Any text at all, lone surrogates too: names are the callers' own."""
short = st.text(st.characters(), min_size=1, max_size=PART_LIMIT // 12)
"""Text that fits, whatever its escapes (12 characters for one of four bytes)."""


def key(native_id: str, *parents: str) -> JobKey:
    return JobKey(
        service="omics",
        region="us-east-1",
        account="111122223333",
        type="reference-import",
        parents=parents,
        native_id=native_id,
    )


def test_an_id_is_its_parts_with_colons() -> None:
    assert str(key("9876543210", "1234567890")) == "omics:us-east-1:111122223333:reference-import:1234567890:9876543210"
    assert str(key("9876543210")) == "omics:us-east-1:111122223333:reference-import:9876543210"


@pytest.mark.parametrize(
    ("native_id", "escaped"),
    [
        (PLAIN, PLAIN),
        ("a:b", "a~3Ab"),
        ("a/b", "a~2Fb"),
        ("100%", "100~25"),
        ("a~b", "a~7Eb"),
        ("a b", "a~20b"),
        ("ä", "~C3~A4"),
        ("😀", "~F0~9F~98~80"),
        (".", "~2E"),
        ("..", "~2E~2E"),
        ("...", "..."),
        ("..a", "..a"),
        ("\ud800", "~ED~A0~80"),
        ("~h00000000000000000000000000000000", "~7Eh00000000000000000000000000000000"),
    ],
)
def test_anything_else_is_escaped(native_id: str, escaped: str) -> None:
    text = str(key(native_id))
    assert text.endswith(":" + escaped)
    assert JobKey.parse(text).native_id == native_id


@given(native_id=short, parents=st.lists(short, max_size=3))
@example(native_id=":", parents=["/", "%"])
def test_a_key_is_read_back_exactly(native_id: str, parents: list[str]) -> None:
    made = key(native_id, *parents)
    text = str(made)
    assert SEGMENT.fullmatch(text)
    read = JobKey.parse(text)
    assert (read.service, read.region, read.account, read.type) == (made.service, made.region, made.account, made.type)
    assert read.parents == tuple(parents)
    assert read.native_id == native_id
    assert str(read) == text
    assert read == made
    assert hash(read) == hash(made)
    assert made.exact
    assert read.exact


@given(one=anything, other=anything)
def test_different_jobs_have_different_ids(one: str, other: str) -> None:
    assert (str(key(one)) == str(key(other))) is (one == other)


@given(text=st.text(st.characters(), min_size=1, max_size=3000))
@example(text="a" * PART_LIMIT)
@example(text="a" * (PART_LIMIT + 1))
@example(text="ä" * PART_LIMIT)
@example(text="a" * (PART_LIMIT - 35) + "ä" * 100)
@example(text="a" * (PART_LIMIT - 36) + "ä" * 100)
def test_an_id_stays_short_and_is_read_back_as_itself(text: str) -> None:
    made = key(text, text)
    written = str(made)
    assert len(written) <= 1000
    assert SEGMENT.fullmatch(written)
    read = JobKey.parse(written)
    assert str(read) == written
    assert read == made
    assert made.exact
    assert read.cut is made.cut
    assert read.exact is not read.cut
    assert read.exact is (read.native_id == text)
    assert read.completed((text,), text).exact


def test_long_parts_that_differ_at_the_end_alone_differ() -> None:
    assert str(key("a" * 5000 + "b")) != str(key("a" * 5000 + "c"))
    assert key("a" * 5000).cut


def test_a_digest_is_completed_with_what_it_stands_for_and_nothing_else() -> None:
    made = key("ä" * 80, "b")
    read = JobKey.parse(str(made))
    assert not read.exact
    whole = read.completed(["b"], "ä" * 80)
    assert (whole.exact, whole.parents, whole.native_id, str(whole)) == (True, ("b",), "ä" * 80, str(made))
    with pytest.raises(InvalidJobIdError, match="belong to"):
        read.completed(["b"], "ä" * 81)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import", "a job id is service:"),
        ("omics:us-east-1::reference-import:1", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:1:", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:a b", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:a/b", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:1\n", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:ä", "a job id is service:"),
        ("omics:us-east-1:111122223333:reference-import:.", "a part is ., which is written ~2E"),
        ("omics:us-east-1:111122223333:reference-import:..:1", "a part is .., which is written ~2E~2E"),
        ("omics:us-east-1:111122223333:reference-import:.~2E", "an escape for a plain character"),
        ("omics:us-east-1:111122223333:reference-import:~2E~2E~2E", "an escape for a plain character"),
        ("omics:us-east-1:111122223333:reference-import:~2f", "'~2f' is no ~XX escape"),
        ("omics:us-east-1:111122223333:reference-import:a~", "'~' is no ~XX escape"),
        ("omics:us-east-1:111122223333:reference-import:~zz", "'~zz' is no ~XX escape"),
        ("omics:us-east-1:111122223333:reference-import:~C3", "the escapes of a part are not UTF-8"),
        ("omics:us-east-1:111122223333:reference-import:~41", "an escape for a plain character, or is too long"),
        (
            f"omics:us-east-1:111122223333:reference-import:{'a' * 381}",
            "an escape for a plain character, or is too long",
        ),
        ("omics:us-east-1:111122223333:reference-import:a~h" + "0" * 32, "is no ~XX escape"),
        ("omics:us-east-1:111122223333:reference-import:" + "~" * 346 + "~h" + "0" * 32, "is no ~XX escape"),
    ],
)
def test_what_is_no_id_is_refused_with_a_reason(text: str, wrong: str) -> None:
    with pytest.raises(InvalidJobIdError, match=re.escape(wrong)):
        JobKey.parse(text)


@given(text=st.text(st.sampled_from("ab:~0F2Ehé-."), max_size=60))
def test_parsing_never_fails_otherwise(text: str) -> None:
    """What parses is written again as it was; anything else is an ``InvalidJobIdError``."""
    try:
        read = JobKey.parse(text)
    except InvalidJobIdError:
        return
    again = JobKey(
        service=read.service,
        region=read.region,
        account=read.account,
        type=read.type,
        parents=read.parents,
        native_id=read.native_id,
    )
    assert str(again) == text


@pytest.mark.parametrize("parts", [("",), ("omics", ""), ("omics", "us-east-1", "", "x")])
def test_an_empty_part_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(InvalidJobIdError, match="empty"):
        JobKey.join(*parts)


def test_a_key_is_no_text() -> None:
    assert key("1") != str(key("1"))
    assert len({key("1"), JobKey.parse(str(key("1"))), key("2")}) == 2
