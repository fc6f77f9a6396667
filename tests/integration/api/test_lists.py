"""Lists, the summary, sources and families, over real HTTP: the stand-in and moto behind one endpoint."""

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import TypeAdapter

from handlers.api import edge
from handlers.api.routes import CONTRACT
from jobview.catalogue import FAMILIES
from jobview.query import coverage, lists
from local.openapi import schemas
from local.standin import Fault, Phase, Plan
from tests.integration.conftest import Deployed
from tests.local_jobview import Local
from tests.monitoring import USUAL, monitoring

OMICS = "omics/reference-import"
SES = "sesv2/import"


def seed(local: Local, count: int = 5) -> None:
    local.aws.seed("omics", "reference-import", count=count, age=100, spacing=10, plan=Plan(running=10_000))
    local.aws.seed("sesv2", "import", name="contacts", plan=Plan(submitted=0, running=1, outcome=Phase.PARTIAL))
    local.clock.advance(10)
    local.refresh(OMICS, SES)


@pytest.fixture(scope="module")
def seeded(quiet: Local) -> Deployed:
    seed(quiet)
    return Deployed(quiet)


@pytest.fixture(scope="module")
def empty(quiet: Local) -> Deployed:
    return Deployed(quiet)


def ids(answer: Any) -> list[str]:
    return [job["id"] for job in answer["jobs"]]


def test_jobs_come_newest_first_with_their_coverage(local: Local, api: Deployed) -> None:
    seed(local)
    reply = api.get("/v1/jobs")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    answer = TypeAdapter(schemas.Jobs).validate_json(reply.body)
    created = [job.created_at for job in answer.jobs if job.created_at]
    assert len(created) == 6
    assert created == sorted(created, reverse=True)
    assert answer.next_token is None
    assert "link" not in reply.headers
    # Every family that is monitored has a row, read or not.
    assert answer.coverage.counts == {"complete": 3, "stale": len(USUAL) - 2}
    assert {row.type for row in answer.coverage.sources} == {FAMILIES[name].type for name in USUAL}


def test_the_stored_views_are_sent_as_they_are(local: Local, api: Deployed) -> None:
    seed(local)
    text = api.get("/v1/jobs").body.decode()
    for job_id in ids(json.loads(text)):
        assert local.job(job_id).view.to_json() in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("service=omics", 5),
        ("service=sesv2", 1),
        ("service=omics&service=sesv2", 6),
        ("service=omics,sesv2", 6),
        ("service=glue", 0),
        ("service=sesv2&type=import", 1),
        ("state=RUNNING", 5),
        ("state=PARTIALLY_SUCCEEDED,FAILED", 1),
        ("terminal=true", 1),
        ("terminal=false", 5),
        ("terminal=true&state=RUNNING", 0),
        ("account=123456789012&region=us-east-1", 6),
        ("parent=nowhere", 0),
        ("name=nobody%20%2F%20%C3%A9", 0),
        ("createdAfter=2000-01-01T00:00:00Z", 6),
        ("createdBefore=2000-01-01T00:00:00Z", 0),
        ("updatedAfter=2000-01-01T00:00:00Z&updatedBefore=2100-01-01T00:00:00%2B01:00", 6),
        ("service=omics&type=import", 0),
    ],
)
def test_filters(seeded: Deployed, query: str, count: int) -> None:
    assert len(seeded.get(f"/v1/jobs?{query}").json["jobs"]) == count


def test_a_parent_finds_its_jobs_and_its_coverage(local: Local, api: Deployed) -> None:
    seed(local)
    [row] = {job["parent"]["id"] for job in api.get("/v1/jobs?service=omics").json["jobs"]}
    answer = api.get(f"/v1/jobs?parent={row}").json
    assert len(answer["jobs"]) == 5
    assert {source["service"] for source in answer["coverage"]["sources"] if source["parent"]} == {"omics"}
    # A family without parents has no job under one.
    assert "sesv2" not in {source["service"] for source in answer["coverage"]["sources"]}


def test_a_service_has_a_route_of_its_own(local: Local, api: Deployed) -> None:
    seed(local)
    assert ids(api.get("/v1/services/omics/jobs").json) == ids(api.get("/v1/jobs?service=omics").json)
    assert len(api.get("/v1/services/sesv2/jobs?state=RUNNING").json["jobs"]) == 0
    told = api.problem("/v1/services/s3/jobs", 400, "invalid-parameter")
    assert told["parameter"] == "service"
    assert "omics" in told["allowed"]  # type: ignore[operator]
    api.problem("/v1/services/omics/jobs?service=glue", 400, "invalid-parameter")


def test_pages_follow_one_another_and_survive_new_jobs(local: Local, api: Deployed) -> None:
    seed(local)
    whole = ids(api.get("/v1/jobs?service=omics").json)
    first = api.get("/v1/jobs?limit=2&service=omics&maxAge=100000")
    link, _, relation = first.headers["link"].partition(";")
    assert relation.strip() == 'rel="next"'
    assert link.startswith("<?")
    assert "maxAge" not in link
    local.aws.seed("omics", "reference-import", count=2)
    local.refresh(OMICS)
    second = api.get(f"/v1/jobs{link.strip('<>')}")
    third = api.get(f"/v1/jobs?service=omics&limit=500&nextToken={second.json['nextToken']}")
    assert ids(first.json) + ids(second.json) + ids(third.json) == whole
    assert third.json["nextToken"] is None


def test_a_link_that_no_header_can_carry_is_left_out(
    local: Local, api: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(local)
    monkeypatch.setattr(edge, "LONGEST_LINK", 10)
    reply = api.get("/v1/jobs?limit=1")
    assert "link" not in reply.headers
    assert reply.json["nextToken"]


@pytest.mark.parametrize("other", ["", "service=glue", "service=omics&state=RUNNING", "service=omics&parent=1"])
def test_a_token_of_another_query_is_refused(seeded: Deployed, other: str) -> None:
    api = seeded
    token = api.get("/v1/jobs?limit=1&service=omics").json["nextToken"]
    told = api.problem(f"/v1/jobs?{other}&nextToken={token}", 400, "invalid-token")
    assert told["parameter"] == "nextToken"
    api.problem(f"/v1/sources?service=omics&nextToken={token}", 400, "invalid-token")
    # Another limit, another order of the same filters: the same query.
    assert api.get(f"/v1/services/omics/jobs?nextToken={token}&limit=7").status == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=501", "limit"),
        ("limit=1000000000000000000000", "limit"),
        ("limit=1&limit=1", "limit"),
        ("status=FAILED", "status"),
        ("state=failed", "state"),
        ("state=DONE", "state"),
        ("service=s3", "service"),
        ("type=", "type"),
        ("account=1234", "account"),
        ("account=999999999999", "account"),
        ("region=mars-north-1", "region"),
        ("region=eu-west-1", "region"),
        ("terminal=1", "terminal"),
        ("createdAfter=yesterday", "createdAfter"),
        ("createdAfter=2026-11-22T10:00:00+01:00", "createdAfter"),
        ("maxAge=-1", "maxAge"),
        ("maxAge=soon", "maxAge"),
        ("nextToken=%2A", "nextToken"),
        ("nextToken=", "nextToken"),
        ("name=", "name"),
        ("filter=x", "filter"),
        ("%00=x", "\x00"),
    ],
)
def test_wrong_parameters_are_refused(empty: Deployed, query: str, parameter: str) -> None:
    told = empty.problem(f"/v1/jobs?{query}", 400, "invalid-parameter")
    assert told["parameter"] == parameter
    assert told["allowed"]


@pytest.mark.parametrize(
    "path", ["summary", "families", "openapi.json", "sources", "jobs/a:b:c:d:e", "jobs/a:b:c:d:e/items"]
)
def test_no_route_takes_an_unknown_parameter(empty: Deployed, path: str) -> None:
    assert empty.problem(f"/v1/{path}?verbose=1", 400, "invalid-parameter")["parameter"] == "verbose"


@pytest.mark.parametrize("path", ["jobs", "summary", "families", "openapi.json"])
def test_an_answer_that_did_not_change_is_not_sent_again(seeded: Deployed, path: str) -> None:
    api = seeded
    first = api.get(f"/v1/{path}")
    again = api.get(f"/v1/{path}", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_the_entity_tag_follows_jobs_and_statuses_and_not_the_times_of_reads(local: Local, api: Deployed) -> None:
    seed(local)
    first = api.get("/v1/jobs").headers["etag"]
    local.clock.advance(60)
    local.refresh(OMICS, SES)
    assert api.get("/v1/jobs").headers["etag"] == first
    local.clock.advance(900 + 601)  # from the search for parents on, the last of the next reads
    stale = api.get("/v1/jobs")
    assert stale.json["coverage"]["counts"]["stale"] == len(USUAL) + 1
    assert stale.headers["etag"] != first
    assert api.get("/v1/jobs?limit=2").headers["etag"] != first


def test_a_large_answer_is_packed_where_that_is_accepted(local: Local, api: Deployed) -> None:
    seed(local)
    plain = api.get("/v1/jobs")
    packed = api.get("/v1/jobs", accept_encoding="gzip, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_a_page_is_cut_to_what_a_response_can_carry(
    local: Local, api: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(local)
    whole = ids(api.get("/v1/jobs").json)
    two = sum(len(local.job(job_id).view.to_json()) for job_id in whole[:2])
    for most, expected in ((two + 10, 2), (10, 1)):
        monkeypatch.setattr(lists, "PAGE_BYTES", most)
        first = api.get("/v1/jobs").json
        assert ids(first) == whole[:expected]
        following = api.get(f"/v1/jobs?nextToken={first['nextToken']}").json
        assert ids(following)[0] == whole[expected]
    summary = api.get("/v1/summary").json
    assert (len(summary["failedLastDay"]["counts"]), summary["failedLastDay"]["jobs"]) == (1, [])


def test_of_many_sources_those_that_could_not_be_read_are_shown(
    local: Local, api: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(local)
    monkeypatch.setattr(coverage, "ROWS", 8)
    told = api.get("/v1/jobs").json["coverage"]
    assert sum(told["counts"].values()) == len(USUAL) + 1
    assert told["omitted"] == len(USUAL) + 1 - 8
    assert {row["status"] for row in told["sources"]} == {"stale"}


def test_the_summary_counts_and_names_the_oldest_and_the_failed(local: Local, api: Deployed) -> None:
    seed(local)
    reply = api.get("/v1/summary")
    answer = TypeAdapter(schemas.Summary).validate_json(reply.body)
    assert answer.total == {"RUNNING": 5, "PARTIALLY_SUCCEEDED": 1}
    assert {(row.service, row.state.value, row.jobs) for row in answer.counts} == {
        ("omics", "RUNNING", 5),
        ("sesv2", "PARTIALLY_SUCCEEDED", 1),
    }
    assert answer.oldest_running is not None
    assert answer.oldest_running.id == ids(api.get("/v1/jobs?service=omics").json)[-1]
    [failed] = answer.failed_last_day.jobs
    assert failed.service == "sesv2"
    assert [row.jobs for row in answer.failed_last_day.counts] == [1]
    assert answer.coverage.counts["complete"] == 3


def test_the_summary_of_nothing(api: Deployed) -> None:
    answer = TypeAdapter(schemas.Summary).validate_json(api.get("/v1/summary").body)
    assert (answer.counts, answer.total, answer.oldest_running, answer.failed_last_day.jobs) == ([], {}, None, [])
    assert answer.coverage.as_of is None


def test_sources_are_listed_in_pages(local: Local, api: Deployed) -> None:
    seed(local)
    answer = TypeAdapter(schemas.Sources).validate_json(api.get("/v1/sources").body)
    assert len(answer.sources) == len(USUAL) + 1
    names: list[str] = []
    query = "limit=4"
    while True:
        reply = api.get(f"/v1/sources?{query}")
        names += [row["source"] for row in reply.json["sources"]]
        if reply.json["nextToken"] is None:
            break
        query = reply.headers["link"].partition(">")[0].removeprefix("<?")
    assert names == [row.source for row in answer.sources]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("service=omics&type=reference-import", 2),
        ("service=sesv2&type=import", 1),
        ("status=complete", 3),
        ("status=stale,denied", len(USUAL) - 2),
        ("account=123456789012&region=us-east-1", len(USUAL) + 1),
    ],
)
def test_sources_are_filtered(seeded: Deployed, query: str, count: int) -> None:
    assert len(seeded.get(f"/v1/sources?{query}").json["sources"]) == count


def test_families_show_the_catalogue(local: Local) -> None:
    api = Deployed(local, monitoring(["omics/reference-import", "glue/job-run"]))
    answer = TypeAdapter(schemas.Families).validate_json(api.get("/v1/families").body)
    assert [family.family for family in answer.families] == list(FAMILIES)
    by_name = {family.family: family for family in answer.families}
    assert {name for name, family in by_name.items() if family.enabled} == {"omics/reference-import", "glue/job-run"}
    panorama = by_name["panorama/package-import"]
    assert panorama.retired is not None
    assert panorama.retired.isoformat() == "2026-05-31"
    assert by_name["sesv2/import"].events is None
    assert {family.changes for family in answer.families} == {"polled"}, "nobody listens here"
    assert by_name["sesv2/import"].items is None
    with_links = {name for name, family in by_name.items() if family.links}
    assert {"sesv2/import", "sesv2/export", "transcribe/transcription-job"} <= with_links
    assert with_links == {declared.name for declared in FAMILIES.values() if declared.presigned}
    assert by_name["omics/reference-import"].items == "sources"
    assert by_name["medical-imaging/dicom-import"].items == "healthimaging-manifest"
    assert by_name["glue/job-run"].items is None
    assert "s3:GetObject" in by_name["medical-imaging/dicom-import"].actions
    assert "lists ids" in by_name["athena/query-execution"].how


def test_families_say_which_follow_events_and_which_are_polled(local: Local) -> None:
    enabled = {**monitoring(["omics/reference-import", "sesv2/import"]), "JOBVIEW_SERVICE_EVENTS": "true"}
    answer = TypeAdapter(schemas.Families).validate_json(Deployed(local, enabled).get("/v1/families").body)
    changes = {family.family: family.changes for family in answer.families}
    assert changes.pop("omics/reference-import") == "events"
    assert set(changes.values()) == {"polled"}, "SES sends none, the others are not enabled"


def test_what_is_asked_for_and_not_monitored_has_a_row(local: Local) -> None:
    api = Deployed(local, monitoring(["omics/reference-import"]))
    types = "package-import,job-run,reference-import"
    rows = api.get(f"/v1/jobs?service=panorama,glue,omics&type={types}").json["coverage"]["sources"]
    told = {row["service"]: (row["status"], row["error"] and row["error"]["code"]) for row in rows}
    assert told == {
        "panorama": ("retired", "Retired"),
        "glue": ("unsupported", "NotEnabled"),
        "omics": ("stale", None),
    }
    assert "2026-05-31" in next(row["error"]["message"] for row in rows if row["service"] == "panorama")
    # Nobody asked for them here.
    assert api.get("/v1/jobs").json["coverage"]["counts"] == {"stale": 1}


def test_the_contract_is_served_as_it_is(api: Deployed) -> None:
    reply = api.get("/v1/openapi.json")
    assert reply.body == CONTRACT.read_bytes()
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("region", ["eusc-de-east-1", "us-gov-west-1", "cn-northwest-1"])
def test_every_partitions_regions_can_be_asked_for(local: Local, region: str) -> None:
    api = Deployed(local, monitoring(FAMILIES, {"accounts": ["123456789012"], "regions": [region]}))
    assert {row["region"] for row in api.get(f"/v1/sources?region={region}").json["sources"]} == {region}


def test_an_account_and_a_region_must_belong_together(local: Local) -> None:
    targets = [
        {"accounts": ["123456789012"], "regions": ["us-east-1"]},
        {"accounts": ["210987654321"], "regions": ["eu-west-1"]},
    ]
    api = Deployed(local, monitoring(["glue/job-run", "sesv2/import"], *targets))
    told = api.problem("/v1/jobs?account=210987654321&region=us-east-1", 400, "invalid-parameter")
    assert (told["parameter"], told["allowed"]) == ("region", ["eu-west-1"])
    rows = api.get("/v1/jobs?account=210987654321").json["coverage"]["sources"]
    assert {row["region"] for row in rows} == {"eu-west-1"}


@pytest.mark.parametrize(
    "fault",
    [Fault(kind="error", code="ProvisionedThroughputExceededException", status=400), Fault(kind="drop")],
)
def test_a_busy_table_is_a_problem_that_says_when_to_come_back(local: Local, api: Deployed, fault: Fault) -> None:
    local.aws.faults.add(fault, service="dynamodb")
    reply = api.get("/v1/jobs")
    assert (reply.status, reply.json["type"]) == (503, "urn:jobview:problem:busy")
    assert reply.headers["retry-after"] == "10"


def test_a_name_with_a_comma_is_one_name(local: Local, api: Deployed) -> None:
    seed(local)
    reply = api.get(f"/v1/jobs?name={quote('a,b')}")
    assert (reply.status, reply.json["jobs"]) == (200, [])
