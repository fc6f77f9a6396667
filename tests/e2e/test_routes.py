"""Every route through API Gateway, as a caller sees it."""

import gzip
import json
import urllib.request
from typing import Any
from urllib.parse import quote

import pytest

from jobview import catalogue
from local.aws import ROOT, LocalAws
from local.calls import Answer, Caller
from local.samples.chosen import names
from tests.e2e.polling import until

FAMILIES = set(names())
CONTRACT: dict[str, Any] = json.loads((ROOT / "lambdas" / "handlers" / "api" / "openapi.json").read_text())


def ok(answer: Answer) -> Any:
    assert answer.status == 200, answer.body[:1000]
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def problem(answer: Answer, status: int) -> Any:
    assert answer.status == status, answer.body[:1000]
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    return found


def pages(api: Caller, target: str, member: str) -> list[Any]:
    """Follow ``Link: rel=next`` to the end."""
    found: list[Any] = []
    path, _, query = target.partition("?")
    while True:
        answer = api.get(f"{path}?{query}")
        found += ok(answer)[member]
        if "link" not in answer.headers:
            assert answer.json().get("nextToken") is None
            return found
        link, _, relation = answer.headers["link"].partition(">")
        assert relation == '; rel="next"'
        query = link.removeprefix("<?")


@pytest.fixture(scope="module")
def partial(api: Caller) -> dict[str, Any]:
    """A sample job that AWS calls COMPLETED and that has lost files."""
    query = "service=medical-imaging&state=PARTIALLY_SUCCEEDED&limit=1"
    found: dict[str, Any] = ok(api.get(f"/v1/jobs?{query}"))["jobs"][0]
    return found


def test_the_list_has_jobs_of_every_family(api: Caller) -> None:
    jobs = pages(api, "/v1/jobs?limit=40", "jobs")
    assert {f"{job['service']}/{job['type']}" for job in jobs} == FAMILIES
    ids = [job["id"] for job in jobs]
    assert len(ids) == len(set(ids)), "a job on two pages"
    # Glue and Step Functions give a job's start, not its creation. Textract gives neither.
    moments = [moment for job in jobs if (moment := job["createdAt"] or job["startedAt"])]
    assert moments == sorted(moments, reverse=True)


def test_every_state_that_the_samples_reach_is_there(api: Caller) -> None:
    wanted = {"RUNNING", "SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED"}

    def states() -> set[str] | None:
        found = {job["state"] for job in pages(api, "/v1/jobs?limit=200", "jobs")}
        return found if found >= wanted else None

    # Between two refreshes all jobs that were running may have ended.
    assert "UNKNOWN" not in until(states, seconds=150, every=3, what=f"jobs in {sorted(wanted)}")


def test_filters_narrow_the_list(api: Caller) -> None:
    failed = pages(api, "/v1/jobs?service=omics,sesv2&state=FAILED&terminal=true&limit=10", "jobs")
    assert failed
    assert {(job["state"], job["terminal"]) for job in failed} == {("FAILED", True)}
    assert {job["service"] for job in failed} == {"omics", "sesv2"}


def test_one_job(api: Caller, partial: dict[str, Any]) -> None:
    found = ok(api.get(f"/v1/jobs/{partial['id']}"))
    assert (found["nativeStatus"], found["state"], found["verified"]) == ("COMPLETED", "PARTIALLY_SUCCEEDED", True)
    assert found["items"]["failed"] > 0
    assert "native" not in found
    native = ok(api.get(f"/v1/jobs/{partial['id']}?include=native"))["native"]
    assert native["jobStatus"] == "COMPLETED"


def test_a_job_id_may_be_escaped(api: Caller, partial: dict[str, Any]) -> None:
    assert ok(api.get(f"/v1/jobs/{quote(partial['id'], safe='')}"))["id"] == partial["id"]


def test_history(api: Caller, partial: dict[str, Any]) -> None:
    history = ok(api.get(f"/v1/jobs/{partial['id']}/transitions"))["transitions"]
    assert [row["number"] for row in history] == list(range(1, len(history) + 1))
    assert history[-1]["state"] == "PARTIALLY_SUCCEEDED"


def test_items_name_what_failed(api: Caller, partial: dict[str, Any]) -> None:
    items = pages(api, f"/v1/jobs/{partial['id']}/items?limit=25", "items")
    failed = [item for item in items if item["state"] == "FAILED"]
    assert len(failed) == partial["items"]["failed"]
    assert all(item["uri"].startswith("s3://") and item["reason"] for item in failed)


def test_summary_counts_every_family(api: Caller) -> None:
    summary = ok(api.get("/v1/summary"))
    assert {f"{row['service']}/{row['type']}" for row in summary["counts"]} == FAMILIES
    assert summary["failedLastDay"]["jobs"]


def test_sources_tell_when_each_was_read(api: Caller) -> None:
    def complete() -> list[Any] | None:
        found = pages(api, "/v1/sources?limit=7", "sources")
        return found if {row["status"] for row in found} == {"complete"} else None

    # A refresh that met another test's faults may still be on its way; the next one is right again.
    sources = until(complete, seconds=150, every=3, what="a complete read of every source")
    assert {f"{row['service']}/{row['type']}" for row in sources} == FAMILIES
    assert all(row["asOf"] for row in sources)


def test_families_are_the_catalogue(api: Caller) -> None:
    families = {family["family"]: family for family in ok(api.get("/v1/families"))["families"]}
    assert set(families) == set(catalogue.FAMILIES)
    assert {name for name, family in families.items() if family["enabled"]} == FAMILIES
    assert families["panorama/package-import"]["retired"] == "2026-05-31"


def test_jobs_of_one_service(api: Caller) -> None:
    jobs = ok(api.get("/v1/services/glue/jobs?limit=5"))["jobs"]
    assert {job["service"] for job in jobs} == {"glue"}


def test_the_contract_is_served_as_it_is(api: Caller) -> None:
    assert ok(api.get("/v1/openapi.json")) == CONTRACT


@pytest.mark.parametrize("path", CONTRACT["paths"])
def test_nothing_is_answered_without_a_signature(api: Caller, path: str) -> None:
    target = path.replace("{id}", "a:b:c:d:e").replace("{service}", "omics")
    target = target.replace("{datastoreId}", "0" * 32).replace("{imageSetId}", "1" * 32)
    assert api.get(target, signed=False).status == 403


def test_an_entity_tag_spares_the_answer(api: Caller, partial: dict[str, Any]) -> None:
    for target in (f"/v1/jobs/{partial['id']}", "/v1/jobs?service=medical-imaging&state=FAILED&limit=1"):

        def unchanged(target: str = target) -> Answer | None:
            first = api.get(target)
            again = api.get(target, headers={"If-None-Match": first.headers["etag"]})
            # The samples go on meanwhile: a changed answer is asked for once more.
            return again if again.status == 304 else None

        answer = until(unchanged, seconds=20, what=f"a 304 for {target}")
        assert answer.body == b""
        assert "etag" in answer.headers


def test_a_large_answer_is_compressed_for_who_takes_it(api: Caller) -> None:
    plain = api.get("/v1/openapi.json")
    packed = api.get("/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


@pytest.mark.parametrize(
    ("target", "parameter"),
    [
        ("/v1/jobs?state=BROKEN", "state"),
        ("/v1/jobs?colour=red", "colour"),
        ("/v1/jobs?limit=0", "limit"),
        ("/v1/jobs?limit=1000000", "limit"),
        ("/v1/jobs?createdAfter=yesterday", "createdAfter"),
        ("/v1/jobs?nextToken=forged", "nextToken"),
        ("/v1/services/s3/jobs", "service"),
        ("/v1/jobs/no-job-id", "id"),
    ],
)
def test_a_wrong_parameter_is_named(api: Caller, target: str, parameter: str) -> None:
    assert problem(api.get(target), 400)["parameter"] == parameter


def test_a_token_of_another_query_is_refused(api: Caller) -> None:
    token = ok(api.get("/v1/jobs?limit=1"))["nextToken"]
    assert problem(api.get(f"/v1/jobs?limit=1&state=FAILED&nextToken={token}"), 400)["parameter"] == "nextToken"


def test_a_job_that_is_not_there(api: Caller) -> None:
    target = "/v1/jobs/omics:us-east-1:111122223333:reference-import:1234567890:9876543210"
    problem(api.get(target), 404)
    problem(api.get(f"{target}?maxAge=0"), 404)


def test_image_set_metadata_is_passed_through(api: Caller, aws: LocalAws) -> None:
    large = 6_000_000
    document = {"Patient": {"DICOM": {"PatientName": "Doe^Jane"}}}
    made = aws.administer(
        "POST",
        "image-sets",
        {"datastore": "e2e", "versions": [{"document": document}, {"compressedBytes": large}]},
    )
    target = f"/v1/image-sets/{made['datastoreId']}/{made['imageSetId']}/metadata"
    gzipped = {"Accept-Encoding": "gzip"}

    small = api.get(f"{target}?version=1", headers=gzipped)
    assert (small.status, small.headers["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(small.body)) == document
    assert ok(api.get(f"{target}?version=1")) == document

    elsewhere = api.get(target, headers=gzipped)
    assert elsewhere.status == 303
    assert elsewhere.headers["cache-control"] == "no-store"
    with urllib.request.urlopen(elsewhere.headers["location"]) as answer:  # noqa: S310 - loopback
        body = answer.read()
        assert answer.headers["content-encoding"] == "gzip"
    assert len(body) >= large
    gzip.decompress(body)

    problem(api.get(f"{target}?version=9"), 404)
