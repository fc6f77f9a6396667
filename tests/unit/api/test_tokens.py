import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.http.problems import Problem
from jobview.query import tokens
from jobview.query.tokens import seal, unseal

QUERY = {"route": "jobs", "service": ["glue"], "name": "ä/b"}
CURSOR = "2026-11-22T10:00:00.000Z#glue:us-east-1:111122223333:job-run:nightly:jr_1"


@given(st.text(min_size=1, max_size=400))
def test_a_token_gives_its_cursor_back_and_is_one_word_of_a_url(cursor: str) -> None:
    cursor = cursor.encode("utf-8", "replace").decode()
    token = seal(QUERY, cursor)
    assert unseal(QUERY, token) == cursor
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_same_cursor_gives_the_same_token_whatever_the_order_of_the_filters() -> None:
    assert seal(QUERY, CURSOR) == seal(dict(reversed(QUERY.items())), CURSOR)


def test_a_token_does_not_show_its_cursor() -> None:
    raw = base64.urlsafe_b64decode(seal(QUERY, CURSOR) + "==")
    assert b"glue" not in raw
    assert b"2026" not in raw


@pytest.mark.parametrize("query", [{**QUERY, "service": ["batch"]}, {**QUERY, "route": "sources"}, {}])
def test_a_token_of_another_query_is_refused(query: dict[str, object]) -> None:
    with pytest.raises(Problem) as caught:
        unseal(query, seal(QUERY, CURSOR))
    assert (caught.value.kind, caught.value.status) == ("invalid-token", 400)


@given(st.data())
def test_an_altered_token_is_refused(data: st.DataObject) -> None:
    token = seal(QUERY, CURSOR)
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("ABCxyz012-_").filter(lambda letter: letter != token[place]))
    with pytest.raises(Problem):
        unseal(QUERY, token[:place] + letter + token[place + 1 :])


@given(st.binary(min_size=1, max_size=40))
def test_a_sealed_cursor_that_is_no_text_is_refused(raw: bytes) -> None:
    name = tokens._name(QUERY)
    tag = tokens._tag(name, raw)
    token = base64.urlsafe_b64encode(tag + tokens._mask(name, tag, raw)).rstrip(b"=").decode()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        with pytest.raises(Problem) as caught:
            unseal(QUERY, token)
        assert caught.value.kind == "invalid-token"
    else:
        assert unseal(QUERY, token) == text


@pytest.mark.parametrize("token", ["", "a", "abc", "äöü", "*" * 40, "A" * 16, "A" * 9000, "=" * 30])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Problem) as caught:
        unseal(QUERY, token)
    assert caught.value.members["parameter"] == "nextToken"
