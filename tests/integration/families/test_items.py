"""Every family whose service lists the items of a job: they are read page by page, over the service's own protocol."""

import json
from dataclasses import replace

import pytest

from jobview import catalogue
from jobview.catalogue.family import Family
from jobview.items.rows import ItemsPage
from jobview.model import JobView, State
from jobview.model.jobid import JobKey
from local.standin import Phase, Plan
from local.standin.generic.decoys import DECOY, SECRET
from tests.integration.families.played import FOREVER, Played, played

FAMILIES = [each for each in catalogue.FAMILIES.values() if each.retired is None and each.items_list is not None]
ITEMS, FAILED = 45, 3


def a_job(one: Played) -> JobView:
    """A job that has ended, with more items than a page has."""
    outcome = next(each for each in (Phase.FAILED, Phase.PARTIAL) if each in one.outcomes)
    plan = Plan(submitted=0, running=60, outcome=outcome, items=ITEMS, failed_items=FAILED)
    [seeded] = one.aws.seed(one.family.service, one.family.type, plan=plan, name="with-items")
    one.aws.clock.advance(100)
    [got] = one.reader.get_jobs(one.family, one.target, [one.key(seeded)], FOREVER)
    assert got.observation is not None, got.error
    return got.observation.view


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_items_are_listed_page_by_page(family: Family) -> None:
    assert family.items_list is not None
    with played(family) as one:
        view = a_job(one)
        assert view.lists_items
        found: list[ItemsPage] = []
        while not found or found[-1].next is not None:
            token = found[-1].next if found else None
            found.append(one.reader.items(family, view, FOREVER, limit=20, token=token))
        rows = [row for page in found for row in page.items]
        assert len(found) >= 3
        assert {len(page.items) for page in found[:-1]} <= {20}
        assert len(rows) == len({json.dumps(row) for row in rows}) == ITEMS
        states = [row["state"] for row in rows]
        assert states.count(State.SUCCEEDED) == ITEMS - FAILED
        assert states.count(State.FAILED) == FAILED
        for row in rows:
            assert (row["id"] is None, row["name"] is None) == (
                family.items_list.fields.id is None,
                family.items_list.fields.name is None,
            )
        told = json.dumps(rows)
        assert DECOY not in told
        assert SECRET not in told
        assert "X-Amz-Signature" not in told


def test_children_of_an_array_job_are_jobs_with_ids() -> None:
    """A call lists the children of one status, so that the states come in the order of the model's words."""
    family = catalogue.family("batch/job")
    with played(family) as one:
        [seeded] = one.aws.seed("batch", "job", plan=Plan(submitted=0, running=60, items=9))
        one.aws.clock.advance(40)
        [got] = one.reader.get_jobs(family, one.target, [one.key(seeded)], FOREVER)
        assert got.observation is not None
        view = got.observation.view
        rows = one.reader.items(family, view, FOREVER, limit=100).items
        assert [row["state"] for row in rows] == ["PENDING"] * 2 + ["RUNNING"] + ["SUCCEEDED"] * 6
        for row in rows:
            key = JobKey.parse(row["job"])
            assert (key.parents, key.native_id) == (seeded.parents, row["id"])
            assert row["id"].startswith(f"{seeded.id}:")
        assert one.reader.items(family, replace(view, items=None), FOREVER, limit=100).items == [], "no array job"
