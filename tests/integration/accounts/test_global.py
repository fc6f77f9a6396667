"""Global services: each job once an account, whichever regions are monitored."""

from typing import Any

import pytest

from handlers.refresh.handler import LaneRefresher
from jobview.refresh.cadence import Cadence
from jobview.refresh.lanes import InvalidLaneError, Lane
from jobview.refresh.scheduler import Planner
from tests.integration.accounts.conftest import ACCOUNTS, EXTERNAL_ID, MEMBERS, Accounts
from tests.local_aws import ACCOUNT
from tests.monitoring import monitoring

NAMES = ("cloudfront/invalidation", "sesv2/import")
ANSWERING = "us-east-1"
WITH, WITHOUT = ("us-east-1", "eu-north-1"), ("eu-north-1", "us-west-2")
"""Monitored regions, among them the one that answers, and without it."""
each_choice = pytest.mark.parametrize("regions", [WITH, WITHOUT], ids=["with", "without"])


class Counting:
    """What a lane's metrics would get; nobody reads it here."""

    def add_metric(self, **_: Any) -> None:
        """Not kept."""

    def flush_metrics(self) -> None:
        """Not sent."""


def monitored(accounts: Accounts, regions: tuple[str, ...]) -> Accounts:
    """The same accounts, of which these regions are monitored."""
    template = "arn:{partition}:iam::{account}:role/JobviewMember"
    rows: list[dict[str, Any]] = [{"regions": [*regions]}]
    rows.append({"accounts": [*MEMBERS], "regions": [*regions], "role": template, "externalId": EXTERNAL_ID})
    settings = {**accounts.settings, **monitoring(NAMES, *rows)}
    return Accounts(
        aws=accounts.aws, clock=accounts.clock, ticking=accounts.ticking, settings=settings, upstream=accounts.upstream
    )


def invalidations(accounts: Accounts) -> dict[str, str]:
    """An invalidation in each account: account → id of the job."""
    found = {}
    for account in ACCOUNTS:
        job = accounts.seed("cloudfront", "invalidation", account, ANSWERING)
        found[account] = f"cloudfront:{ANSWERING}:{account}:invalidation:{job.parent}:{job.id}"
    return found


def planner(accounts: Accounts) -> Planner:
    parts = accounts.parts
    return Planner(monitored=parts.monitored, store=parts.store, cadence=Cadence(), now=accounts.clock.now)


INVALIDATIONS = "/v1/jobs?service=cloudfront&type=invalidation"


@each_choice
def test_a_refresh_shows_each_job_once(accounts: Accounts, regions: tuple[str, ...]) -> None:
    jobs = invalidations(accounts)
    here = monitored(accounts, regions)
    coverage = here.refresh(*NAMES)
    told = here.get(INVALIDATIONS).json
    assert sorted(job["id"] for job in told["jobs"]) == sorted(jobs.values())
    assert {(job["account"], job["region"]) for job in told["jobs"]} == {(each, ANSWERING) for each in ACCOUNTS}
    searches = {f"cloudfront:{ANSWERING}:{account}:invalidation" for account in ACCOUNTS}
    sources = searches | {job.rpartition(":")[0] for job in jobs.values()}
    assert {source for source in coverage if source.startswith("cloudfront:")} == sources
    assert {row["source"] for row in told["coverage"]["sources"]} == sources
    assert {row["status"] for row in told["coverage"]["sources"]} == {"complete"}
    regional = {(account, region) for account in ACCOUNTS for region in regions}
    rows = here.get("/v1/sources?service=sesv2&limit=100").json["sources"]
    assert {(row["account"], row["region"]) for row in rows} == regional


@each_choice
def test_a_live_read_does_the_same_and_the_filters_choose(accounts: Accounts, regions: tuple[str, ...]) -> None:
    jobs = invalidations(accounts)
    here = monitored(accounts, regions)
    told = here.get("/v1/jobs?service=cloudfront&maxAge=0").json["jobs"]
    assert sorted(job["id"] for job in told) == sorted(jobs.values())
    told = here.get(f"/v1/jobs?region={ANSWERING}&type=invalidation&maxAge=0").json["jobs"]
    assert sorted(job["id"] for job in told) == sorted(jobs.values())
    [one] = here.get(f"/v1/jobs?region={ANSWERING}&service=cloudfront&account={MEMBERS[0]}").json["jobs"]
    assert one["id"] == jobs[MEMBERS[0]]
    elsewhere = here.get("/v1/jobs?region=eu-north-1&service=cloudfront").json
    assert (elsewhere["jobs"], elsewhere["coverage"]["sources"]) == ([], [])
    refused = here.get("/v1/jobs?region=ap-south-1&service=cloudfront")
    assert (refused.status, refused.json["allowed"]) == (400, list(dict.fromkeys((*regions, ANSWERING))))


@each_choice
def test_one_job_is_asked_for_where_the_service_answers(accounts: Accounts, regions: tuple[str, ...]) -> None:
    job = invalidations(accounts)[MEMBERS[1]]
    here = monitored(accounts, regions)
    told = here.get(f"/v1/jobs/{job}?maxAge=0")
    assert (told.status, told.json["state"], told.json["region"]) == (200, "RUNNING", ANSWERING)
    strange = here.get(f"/v1/jobs/{job.replace(ANSWERING, 'eu-north-1')}?maxAge=0")
    assert (strange.status, strange.json["type"]) == (404, "urn:jobview:problem:not-monitored")
    assert "cloudfront is a global service: its jobs are in us-east-1" in strange.json["detail"]


@each_choice
def test_the_plan_has_one_lane_an_account(accounts: Accounts, regions: tuple[str, ...]) -> None:
    jobs = invalidations(accounts)
    here = monitored(accounts, regions)
    lanes = planner(here).plan().lanes
    assert sorted(lane for lane in lanes if lane.service == "cloudfront") == sorted(
        Lane(service="cloudfront", account=account, region=ANSWERING) for account in ACCOUNTS
    )
    assert len([lane for lane in lanes if lane.service == "sesv2"]) == len(ACCOUNTS) * len(regions)
    refresher = LaneRefresher(
        here.parts.monitored, here.parts.refresher, here.parts.store, now=here.clock.now,
        metrics=Counting(),  # type: ignore[arg-type]
    )  # fmt: skip
    for lane in lanes:
        assert refresher.refresh(lane, holder="test", seconds=60, deadline=1e12)
    assert sorted(job["id"] for job in here.get(INVALIDATIONS).json["jobs"]) == sorted(jobs.values())
    with pytest.raises(InvalidLaneError):
        refresher.refresh(
            Lane(service="cloudfront", account=ACCOUNT, region="eu-north-1"), holder="test", seconds=60, deadline=1e12
        )


def test_what_is_monitored_besides_moves_no_source(accounts: Accounts) -> None:
    """The schedule keeps its global sources when regions come and go, and drops those of an account that goes."""
    invalidations(accounts)
    monitored(accounts, WITH).refresh(*NAMES)
    planner(monitored(accounts, WITH)).plan()
    before = {row.source.id: row for row in accounts.parts.store.coverage(["cloudfront"])}
    assert len(before) == 2 * len(ACCOUNTS)
    planner(monitored(accounts, WITHOUT)).plan()
    after = {row.source.id: row for row in accounts.parts.store.coverage(["cloudfront"])}
    assert {source for source, row in after.items() if row.schedule is not None} == set(before)


def test_the_service_answers_the_same_whichever_region_asks(accounts: Accounts) -> None:
    """As AWS does: what a client in each region would show once more is one and the same job."""
    job = invalidations(accounts)[ACCOUNT].split(":")
    for region in (ANSWERING, "eu-north-1"):
        client = accounts.client("cloudfront", ACCOUNT, region)
        told = client.list_invalidations(DistributionId=job[-2])["InvalidationList"]["Items"]
        assert [each["Id"] for each in told] == [job[-1]]
