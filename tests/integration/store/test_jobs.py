"""Saving and reading jobs."""

from typing import TYPE_CHECKING

from jobview.model import Failures, Items, Parent, State

if TYPE_CHECKING:
    from .conftest import Bench


def test_a_job_comes_back_as_it_was_saved(bench: "Bench") -> None:
    store = bench.store()
    seen = bench.observe(
        "ü:%/",
        State.PARTIALLY_SUCCEEDED,
        name="Grüße \U0001f9ec",
        parent=Parent(type="reference-store", id="1234567890"),
        reason="3 of 9 failed",
        items=Items(unit="sources", total=9, succeeded=6, failed=3),
        failures=Failures(how="open it", count=3, uri="s3://bucket/manifest"),
        tags={"team": "a"},
        inputs=("s3://in/1", "s3://in/2"),
        verified=True,
        progress=100,
    )
    (saved,) = bench.record(store, seen)
    for consistent in (False, True):
        assert store.get(saved.view.id, consistent=consistent) == saved
        assert store.get_many([saved.view.id, "a:b:c:d:e"], consistent=consistent) == {saved.view.id: saved}
    assert saved.revision == 1


def test_what_is_not_there(bench: "Bench") -> None:
    store = bench.store()
    assert store.get("omics:us-east-1:111122223333:reference-import:1") is None
    assert store.get_many([]) == {}
    assert store.save([]) == []
