"""One job, its history and its items, from the cache and from AWS."""

import json
import logging
from typing import Any

import boto3
import pytest
from pydantic import TypeAdapter

from jobview.catalogue import FAMILIES
from jobview.model import State
from jobview.query.tokens import seal
from local.openapi import schemas
from local.standin import Fault, Plan
from tests.integration.conftest import Deployed
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local
from tests.monitoring import monitoring

PREFIX = f"us-east-1:{ACCOUNT}"


def omics(local: Local, **plan: Any) -> str:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, **plan))
    return f"omics:{PREFIX}:reference-import:{job.parent}:{job.id}"


def ses(local: Local, **plan: Any) -> str:
    [job] = local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=1, **plan))
    return f"sesv2:{PREFIX}:import:{job.id}"


def imaging(local: Local, **plan: Any) -> str:
    [job] = local.aws.seed(
        "medical-imaging",
        "dicom-import",
        plan=Plan(**{"submitted": 0, "running": 1, **plan}),
        input={"outputS3Uri": "s3://dicom/results/", "inputS3Uri": "s3://dicom/input/"},
    )
    return f"medical-imaging:{PREFIX}:dicom-import:{job.parent}:{job.id}"


def test_a_job_is_answered_from_the_cache(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=1000)
    local.refresh("omics/reference-import")
    local.aws.faults.add(Fault(kind="down"))  # nobody asks AWS
    local.aws.faults.clear()
    reply = api.get(f"/v1/jobs/{job_id}")
    assert reply.status == 200
    assert TypeAdapter(schemas.Job).validate_json(reply.body).id == job_id
    assert "native" not in reply.json
    assert reply.headers["cache-control"] == "private, no-cache"
    again = api.get(f"/v1/jobs/{job_id}", if_none_match=reply.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_job_that_is_not_in_the_cache_is_brought_by_max_age(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=5, outcome="partial", failed_items=2)
    local.clock.advance(10)
    told = api.problem(f"/v1/jobs/{job_id}", 404, "job-not-found")
    assert "maxAge=0" in str(told["detail"])
    job = api.get(f"/v1/jobs/{job_id}?maxAge=3600").json
    assert (job["state"], job["verified"], job["items"]["failed"]) == ("PARTIALLY_SUCCEEDED", True, 2)
    assert api.get(f"/v1/jobs/{job_id}").json == job
    assert local.states(job_id) == [State.PARTIALLY_SUCCEEDED]


def test_max_age_asks_aws_only_where_the_cache_is_too_old(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=100)
    local.refresh("omics/reference-import")
    local.clock.advance(50)
    local.aws.faults.add(Fault(kind="error", code="throttled"), service="omics", operation="GetReferenceImportJob")
    assert api.get(f"/v1/jobs/{job_id}?maxAge=60").json["state"] == "RUNNING"
    api.problem(f"/v1/jobs/{job_id}?maxAge=40", 429, "aws-throttled")
    # The source was read again, and the job has not changed: that is as good as asking for it.
    local.refresh("omics/reference-import")
    assert api.get(f"/v1/jobs/{job_id}?maxAge=40").status == 200
    local.aws.faults.clear()
    local.clock.advance(60)
    assert api.get(f"/v1/jobs/{job_id}?maxAge=0").json["state"] == "SUCCEEDED"
    assert local.states(job_id) == [State.RUNNING, State.SUCCEEDED]


def test_a_job_without_a_parent_is_as_fresh_as_its_source(local: Local, api: Deployed) -> None:
    job_id = ses(local)
    local.clock.advance(10)
    local.refresh("sesv2/import")
    local.clock.advance(100)
    local.refresh("sesv2/import")
    local.aws.faults.add(Fault(kind="down"), service="sesv2")
    assert api.get(f"/v1/jobs/{job_id}?maxAge=50").status == 200
    api.problem(f"/v1/jobs/{job_id}?maxAge=0", 503, "aws-unavailable")


def test_the_native_record_is_sent_once_and_never_kept(
    local: Local, api: Deployed, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    job_id = ses(local, outcome="partial", failed_items=3)
    local.clock.advance(10)
    reply = api.get(f"/v1/jobs/{job_id}?include=native")
    assert reply.status == 200
    assert reply.headers["cache-control"] == "no-store"
    assert "etag" not in reply.headers
    native = reply.json["native"]
    assert native["JobStatus"] == "COMPLETED"
    assert native["FailedRecordsCount"] == 3
    assert "ResponseMetadata" not in native
    assert "Signature" not in json.dumps(reply.json)
    assert "native" not in api.get(f"/v1/jobs/{job_id}").json
    view = api.get(f"/v1/jobs/{job_id}").json
    assert view["links"]["items"] is None
    assert view["links"]["data"] == f"/v1/links/{job_id}"
    items = api.get(f"/v1/jobs/{job_id}/items")
    assert items.json["items"] == []
    assert "links.data" in items.json["how"]
    links = api.get(view["links"]["data"])
    [row] = TypeAdapter(schemas.LinkList).validate_json(links.body).links
    assert row.of == "failures"
    assert "Signature" in row.url
    assert links.headers["cache-control"] == "no-store"
    assert "etag" not in links.headers
    link = row.url.partition("?")[2]
    assert len(link) > 20
    table = boto3.client("dynamodb").scan(TableName=local.settings["JOBVIEW_TABLE"])
    logs = capsys.readouterr()
    for kept in (json.dumps(table["Items"]), logs.out, logs.err, caplog.text):
        assert link not in kept
        assert "Signature" not in kept
    [again] = api.get(view["links"]["data"]).json["links"]
    assert again["url"] != row.url, "another request, another link"


def test_items_of_healthomics_are_its_sources(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=5, outcome="partial", items=5, failed_items=2)
    local.clock.advance(10)
    local.refresh("omics/reference-import")
    whole = api.get(f"/v1/jobs/{job_id}/items").json
    assert [item["state"] for item in whole["items"]].count("FAILED") == 2
    first = api.get(f"/v1/jobs/{job_id}/items?limit=3")
    second = api.get(f"/v1/jobs/{job_id}/items{first.headers['link'].partition('>')[0].removeprefix('<')}")
    assert first.json["items"] + second.json["items"] == whole["items"]
    assert second.json["nextToken"] is None


def test_items_of_healthimaging_are_its_failures(local: Local, api: Deployed) -> None:
    job_id = imaging(local, outcome="partial", items=9, failed_items=3)
    local.clock.advance(10)
    local.refresh("medical-imaging/dicom-import")
    assert api.get(f"/v1/jobs/{job_id}").json["state"] == "PARTIALLY_SUCCEEDED"
    reply = api.get(f"/v1/jobs/{job_id}/items?limit=2")
    assert len(reply.json["items"]) == 2
    rest = api.get(f"/v1/jobs/{job_id}/items?limit=2&nextToken={reply.json['nextToken']}").json
    assert len(rest["items"]) == 1
    assert {item["state"] for item in reply.json["items"] + rest["items"]} == {"FAILED"}
    # A token of another job, of another route, or one that leads nowhere.
    other = imaging(local)
    local.clock.advance(10)
    local.refresh("medical-imaging/dicom-import")
    api.problem(f"/v1/jobs/{other}/items?nextToken={reply.json['nextToken']}", 400, "invalid-token")
    api.problem(f"/v1/jobs/{job_id}/transitions?nextToken={reply.json['nextToken']}", 400, "invalid-token")


def test_a_manifest_that_is_not_there_costs_the_items_and_not_the_job(local: Local, api: Deployed) -> None:
    job_id = imaging(local, manifest="absent")
    local.clock.advance(10)
    job = api.get(f"/v1/jobs/{job_id}?maxAge=0").json
    assert (job["state"], job["verified"]) == ("SUCCEEDED", False)
    told = api.problem(f"/v1/jobs/{job_id}/items", 404, "items-not-found")
    assert told["awsCode"] == "NoSuchKey"


def test_a_manifest_that_is_truncated_is_a_problem_of_the_items(local: Local, api: Deployed) -> None:
    job_id = imaging(local, manifest="truncated")
    local.clock.advance(10)
    assert api.get(f"/v1/jobs/{job_id}?maxAge=0").json["verified"] is False
    told = api.problem(f"/v1/jobs/{job_id}/items", 502, "aws-malformed")
    assert told["source"] == job_id


def test_every_link_of_a_view_leads_to_something(local: Local, api: Deployed) -> None:
    going = omics(local, running=1000, items=3)
    lost = imaging(local, outcome="partial", items=9, failed_items=3)
    without = {imaging(local, manifest="absent"), imaging(local, running=1000)}
    whole, some = ses(local), ses(local, outcome="partial", failed_items=2)
    [export] = local.aws.seed("sesv2", "export", plan=Plan(submitted=0, running=1))
    another = omics(local, running=1000)
    local.clock.advance(10)
    families = ("omics/reference-import", "medical-imaging/dicom-import", "sesv2/import", "sesv2/export")
    local.refresh(*families)
    views = {view["id"]: view["links"] for view in api.get("/v1/jobs").json["jobs"]}
    assert len(views) == 8
    led: dict[str, set[str]] = {"items": set(), "data": set()}
    for job_id, links in views.items():
        assert api.get(links["self"]).json["id"] == job_id
        assert api.get(links["transitions"]).json["transitions"]
        for name, member in (("items", "items"), ("data", "links")):
            if links[name] is not None:
                reply = api.get(links[name])
                assert reply.status == 200, links[name]
                assert reply.json[member], links[name]
                led[name].add(job_id)
    assert led["items"] == {going, another, lost}
    assert led["data"] == {some, f"sesv2:{PREFIX}:export:{export.id}"}
    assert not without & led["items"]
    assert whole not in led["data"]


def test_links_of_what_has_none_or_cannot_be_asked(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=5, items=2)
    signed = ses(local, outcome="partial", failed_items=2)
    api.problem(f"/v1/links/{signed}", 404, "job-not-found")
    api.problem("/v1/links/x", 400, "invalid-job-id")
    api.problem(f"/v1/links/{signed}%2Fa", 404, "route-not-found")
    local.clock.advance(10)
    local.refresh("omics/reference-import", "sesv2/import")
    assert api.get(f"/v1/links/{job_id}").json == {"links": []}
    local.aws.faults.add(Fault(kind="error", code="throttled"), service="sesv2", operation="GetImportJob")
    api.problem(f"/v1/links/{signed}", 429, "aws-throttled")
    local.aws.faults.clear()
    local.aws.state.clear()
    told = api.problem(f"/v1/links/{signed}", 404, "job-not-found")
    assert told["awsCode"] == "NotFoundException"
    api.problem(f"/v1/links/{signed}?limit=3", 400, "invalid-parameter")


def test_a_token_that_leads_past_the_items_is_refused(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=5, items=5)
    local.clock.advance(10)
    local.refresh("omics/reference-import")
    token = seal({"route": "items", "job": job_id}, "99")
    api.problem(f"/v1/jobs/{job_id}/items?nextToken={token}", 400, "invalid-token")
    local.aws.state.clear()
    api.problem(f"/v1/jobs/{job_id}/items", 404, "items-not-found")


def test_transitions_are_the_history_oldest_first(local: Local, api: Deployed) -> None:
    job_id = omics(local, running=100)
    local.refresh("omics/reference-import")
    local.clock.advance(200)
    local.refresh("omics/reference-import")
    reply = api.get(f"/v1/jobs/{job_id}/transitions")
    answer = TypeAdapter(schemas.Transitions).validate_json(reply.body)
    assert [change.state.value for change in answer.transitions] == ["RUNNING", "SUCCEEDED"]
    assert [change.number for change in answer.transitions] == [1, 2]
    first = api.get(f"/v1/jobs/{job_id}/transitions?limit=1")
    second = api.get(f"/v1/jobs/{job_id}/transitions{first.headers['link'].partition('>')[0].removeprefix('<')}")
    assert first.json["transitions"] + second.json["transitions"] == reply.json["transitions"]
    assert second.json["nextToken"] is None
    assert api.get(f"/v1/jobs/{job_id}/transitions", if_none_match=reply.headers["etag"]).status == 304


@pytest.mark.parametrize("target", ["/v1/jobs/{}", "/v1/jobs/{}/transitions", "/v1/jobs/{}/items", "/v1/links/{}"])
@pytest.mark.parametrize(
    "job_id",
    [
        "x",
        "a:b:c:d",
        "omics:us-east-1:1:reference-import:",
        "omics:us-east-1:1:reference-import:%C3%A9",
        "omics:us-east-1:1:reference-import:a%25b",
        "omics:us-east-1:1:reference-import:a%20b",
        "omics:us-east-1:1:reference-import:~zz",
        "omics:us-east-1:1:reference-import:~41",
        "omics:us-east-1:1:reference-import:~C3",
        "omics:us-east-1:1:reference-import:" + "a" * 381,
    ],
)
def test_what_is_no_job_id_is_refused(nothing: Deployed, job_id: str, target: str) -> None:
    told = nothing.problem(target.format(job_id), 400, "invalid-job-id")
    assert told["parameter"] == "id"


def test_a_slash_makes_another_route(nothing: Deployed) -> None:
    nothing.problem("/v1/jobs/omics:us-east-1:1:reference-import:a%2Fb", 404, "route-not-found")


@pytest.mark.parametrize(
    ("job_id", "kind"),
    [
        (f"omics:{PREFIX}:reference-import:1234567890:9999999999", "job-not-found"),
        (f"omics:{PREFIX}:reference-import:1234567890", "job-not-found"),
        (f"sesv2:{PREFIX}:import:a:b", "job-not-found"),
        (f"sesv2:{PREFIX}:import:~2F~3A~25~C3~A9", "job-not-found"),
        (f"sesv2:{PREFIX}:elsewhere:x", "not-monitored"),
        (f"s3:{PREFIX}:copy:x", "not-monitored"),
        ("~ED~A0~80:0:0:0:0", "not-monitored"),  # half a character
        (f"sesv2:{PREFIX}:~ED~A0~80:x", "not-monitored"),
        (f"sesv2:{PREFIX}:import:~ED~A0~80", "job-not-found"),
        (f"omics:{PREFIX}:reference-import:~ED~A0~80:1", "job-not-found"),
        (f"batch:{PREFIX}:job:~ED~A0~80:1", "job-not-found"),
        (f"stepfunctions:{PREFIX}:execution:~ED~A0~80:1", "job-not-found"),
        ("omics:us-east-1:999999999999:reference-import:1:2", "not-monitored"),
        (f"omics:eu-west-1:{ACCOUNT}:reference-import:1:2", "not-monitored"),
    ],
)
def test_a_job_that_there_cannot_be_is_not_found(api: Deployed, job_id: str, kind: str) -> None:
    api.problem(f"/v1/jobs/{job_id}", 404, "job-not-found")
    api.problem(f"/v1/jobs/{job_id}?maxAge=0", 404, kind)
    api.problem(f"/v1/jobs/{job_id}?include=native", 404, kind)
    api.problem(f"/v1/jobs/{job_id}/items", 404, "job-not-found")
    api.problem(f"/v1/jobs/{job_id}/transitions", 404, "job-not-found")


def test_a_job_that_aws_has_forgotten_stays_as_it_was(local: Local, api: Deployed) -> None:
    job_id = ses(local)
    local.clock.advance(10)
    local.refresh("sesv2/import")
    local.aws.state.clear()
    told = api.problem(f"/v1/jobs/{job_id}?maxAge=0", 404, "job-not-found")
    assert told["awsCode"] == "NotFoundException"
    assert "leave maxAge out" in str(told["detail"])
    assert api.get(f"/v1/jobs/{job_id}").json["state"] == "SUCCEEDED"


def test_a_job_past_its_retention_is_not_brought_back(local: Local) -> None:
    api = Deployed(local, {"JOBVIEW_RETENTION_DAYS": "1"})
    job_id = ses(local)
    local.clock.advance(5 * 86_400)
    told = api.problem(f"/v1/jobs/{job_id}?maxAge=0", 404, "job-not-found")
    assert "longer ago" in str(told["detail"])


def test_a_retired_service_is_gone_and_its_jobs_stay_readable(local: Local) -> None:
    [job] = local.aws.seed("panorama", "package-import", plan=Plan(submitted=0, running=1))
    job_id = f"panorama:{PREFIX}:package-import:{job.id}"
    local.clock.advance(10)
    enabled = Deployed(local)
    assert enabled.get(f"/v1/jobs/{job_id}?maxAge=0").json["state"] == "SUCCEEDED"
    api = Deployed(local, monitoring(["omics/reference-import"]))
    assert api.get(f"/v1/jobs/{job_id}").json["state"] == "SUCCEEDED"
    assert [found["id"] for found in api.get("/v1/jobs?service=panorama").json["jobs"]] == [job_id]
    for target in (
        f"/v1/jobs/{job_id}?maxAge=0",
        f"/v1/jobs/{job_id}?include=native",
        f"/v1/jobs/{job_id}/items",
        "/v1/jobs?service=panorama&maxAge=0",
        "/v1/services/panorama/jobs?maxAge=600",
    ):
        told = api.problem(target, 410, "retired")
        assert told["retired"] == "2026-05-31"
        assert "2026-05-31" in str(told["detail"])
    # Beside one that can be asked it is a row of coverage.
    mixed = api.get("/v1/jobs?service=panorama,omics&type=package-import,reference-import&maxAge=0")
    assert mixed.status == 200
    assert mixed.json["coverage"]["counts"] == {"complete": 1, "retired": 1}


def test_a_family_that_is_not_enabled_says_so(local: Local) -> None:
    job_id = ses(local)
    local.clock.advance(10)
    local.refresh("sesv2/import")
    api = Deployed(local, monitoring(["omics/reference-import"]))
    assert api.get(f"/v1/jobs/{job_id}").status == 200
    api.problem(f"/v1/jobs/{job_id}?maxAge=0", 404, "not-monitored")
    api.problem(f"/v1/jobs/{job_id}/items", 404, "not-monitored")
    answer = api.get("/v1/jobs?service=sesv2&maxAge=0")
    assert (answer.status, len(answer.json["jobs"])) == (200, 1)
    families = [family for family in FAMILIES.values() if family.service == "sesv2"]
    assert answer.json["coverage"]["counts"] == {"unsupported": len(families)}


@pytest.fixture(scope="module")
def nothing(quiet: Local) -> Deployed:
    return Deployed(quiet)
