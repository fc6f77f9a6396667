"""Three accounts and three regions on one local AWS: each job in its place, and one account's refusal its own."""

import json

import pytest

from jobview.aws.clock import Clock
from jobview.aws.sessions import REFUSED_SECONDS
from jobview.bootstrap import build_application
from jobview.catalogue import FAMILIES
from jobview.model import State
from local.standin import Fault, Plan
from tests.integration.accounts.conftest import (
    ACCOUNTS,
    EXTERNAL_ID,
    MEMBERS,
    NAMES,
    REGIONS,
    Accounts,
    role,
    rows,
)
from tests.local_aws import ACCOUNT
from tests.monitoring import monitoring


def test_a_refresh_reads_each_account_and_region_as_itself(accounts: Accounts) -> None:
    jobs = accounts.everywhere()
    coverage = accounts.refresh("sesv2/import")
    assert {source: (row.status.value, row.jobs) for source, row in coverage.items()} == {
        f"sesv2:{region}:{account}:import": ("complete", 1) for account in ACCOUNTS for region in REGIONS
    }
    assert len(set(jobs.values())) == 9
    for (account, region), job_id in jobs.items():
        stored = accounts.parts.store.get(job_id)
        assert stored is not None
        assert (stored.view.key.account, stored.view.key.region) == (account, region)


def test_a_live_read_does_the_same_and_the_filters_choose(accounts: Accounts) -> None:
    jobs = accounts.everywhere()
    answer = accounts.get("/v1/jobs?service=sesv2&maxAge=0")
    assert answer.status == 200
    assert {job["id"] for job in answer.json["jobs"]} == set(jobs.values())
    account = MEMBERS[0]
    told = accounts.get(f"/v1/jobs?service=sesv2&account={account}").json["jobs"]
    assert {job["id"] for job in told} == {jobs[account, region] for region in REGIONS}
    told = accounts.get("/v1/jobs?service=sesv2&region=eu-north-1").json["jobs"]
    assert {job["id"] for job in told} == {jobs[account, "eu-north-1"] for account in ACCOUNTS}
    [one] = accounts.get(f"/v1/jobs?service=sesv2&account={account}&region=us-west-2").json["jobs"]
    assert (one["id"], one["account"], one["region"]) == (jobs[account, "us-west-2"], account, "us-west-2")
    rows = accounts.get(f"/v1/sources?service=sesv2&account={account}&limit=100").json["sources"]
    assert {(row["account"], row["region"]) for row in rows} == {(account, region) for region in REGIONS}
    strange = accounts.get("/v1/jobs?account=999999999999")
    assert (strange.status, strange.json["allowed"]) == (400, list(ACCOUNTS))


def test_one_job_is_got_from_its_own_account(accounts: Accounts) -> None:
    jobs = accounts.everywhere()
    job_id = jobs[MEMBERS[1], "us-west-2"]
    answer = accounts.get(f"/v1/jobs/{job_id}?maxAge=0&include=native")
    assert (answer.status, answer.json["account"], answer.json["state"]) == (200, MEMBERS[1], "RUNNING")
    assert answer.json["native"]["JobId"] == job_id.rpartition(":")[2]
    strange = job_id.replace(MEMBERS[1], MEMBERS[0])
    assert accounts.get(f"/v1/jobs/{strange}?maxAge=0").status == 404


def test_parents_and_services_of_the_emulator_are_the_accounts_own(accounts: Accounts) -> None:
    account = MEMBERS[0]
    job = accounts.seed("omics", "reference-import", account, "us-west-2")
    coverage = accounts.refresh("omics/reference-import", "batch/job")
    source = f"omics:us-west-2:{account}:reference-import:{job.parent}"
    assert coverage[source].jobs == 1
    assert [one for one in coverage if one.endswith(f":{job.parent}")] == [source]
    for one in ACCOUNTS:
        # A region without the service costs its own row.
        assert coverage[f"omics:eu-north-1:{one}:reference-import"].status.value == "unsupported"
        assert coverage[f"omics:us-east-1:{one}:reference-import"].status.value == "complete"
        assert coverage[f"batch:eu-north-1:{one}:job"].status.value == "complete"


@pytest.mark.parametrize("external_ids", [{MEMBERS[0]: EXTERNAL_ID, MEMBERS[1]: "wrong"}])
def test_an_account_that_refuses_the_role_is_a_row_for_each_source(accounts: Accounts) -> None:
    jobs = accounts.everywhere()
    refusing = MEMBERS[1]
    coverage = accounts.refresh("sesv2/import", "omics/reference-import")
    for source, row in coverage.items():
        if row.source.target.account != refusing:
            assert row.status.value in {"complete", "unsupported"}, source
        elif row.status.value != "unsupported":
            assert row.error is not None
            assert (row.status.value, row.error.kind, row.error.operation) == ("denied", "denied", "AssumeRole")
            assert row.error.code == "AccessDenied"
            assert row.error.message.startswith(f"{role(refusing)} cannot be assumed: ")
            assert "wrong" not in row.error.message
    assert sum(row.status.value == "denied" for row in coverage.values()) == 5, "3 of SES, 2 of HealthOmics"
    answer = accounts.get("/v1/jobs?service=sesv2&maxAge=0")
    assert answer.status == 200
    expected = {job_id for (account, _), job_id in jobs.items() if account != refusing}
    assert {job["id"] for job in answer.json["jobs"]} == expected
    [row] = [row for row in answer.json["coverage"]["sources"] if row["source"] == f"sesv2:us-west-2:{refusing}:import"]
    assert (row["status"], row["error"]["operation"], row["asOf"]) == ("denied", "AssumeRole", None)
    problem = accounts.get(f"/v1/jobs/{jobs[refusing, 'us-east-1']}?maxAge=0")
    assert (problem.status, problem.json["type"]) == (502, "urn:jobview:problem:aws-denied")
    assert problem.json["operation"] == "AssumeRole"


def test_a_role_that_is_taken_away_leaves_what_was_seen(accounts: Accounts) -> None:
    """As after the session of an hour; then the trust comes back."""
    jobs = accounts.everywhere()
    accounts.refresh("sesv2/import")
    parts = build_application(
        {**accounts.settings, **monitoring(NAMES, *rows(dict.fromkeys(MEMBERS, "no-longer")))},
        clock=Clock(monotonic=accounts.ticking.read, sleep=lambda _: None, now=accounts.clock.now),
    )
    accounts.clock.advance(10)
    reads = parts.refresher.read_families([FAMILIES["sesv2/import"]], parts.monitored.targets, deadline=1e12)
    assert {read.coverage.status.value for read in reads} == {"complete", "denied"}
    row = next(row for row in parts.store.coverage(services=["sesv2"]) if row.source.target.account == MEMBERS[0])
    assert (row.status.value, row.jobs) == ("denied", 1)
    assert row.as_of is not None
    stored = parts.store.get(jobs[MEMBERS[0], "us-east-1"])
    assert stored is not None
    assert stored.view.state is State.RUNNING


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault(kind="error", code="Throttling", status=400), "throttled", "throttled"),
        (Fault(kind="error", code="ServiceUnavailable", status=503), "failed", "service"),
        (Fault(kind="drop"), "failed", "connection"),
    ],
)
def test_sts_in_trouble_costs_the_other_accounts_alone(
    accounts: Accounts, fault: Fault, status: str, kind: str
) -> None:
    accounts.everywhere()
    accounts.aws.faults.add(fault, service="sts")
    coverage = accounts.refresh("sesv2/import")
    for row in coverage.values():
        if row.source.target.account == ACCOUNT:
            assert row.status.value == "complete"
        else:
            assert row.error is not None
            assert (row.status.value, row.error.kind, row.error.operation) == (status, kind, "AssumeRole")
            assert row.error.retryable
    accounts.aws.faults.clear()
    accounts.ticking.seconds += REFUSED_SECONDS
    assert {row.status.value for row in accounts.refresh("sesv2/import").values()} == {"complete"}


def test_each_role_is_assumed_once_for_all_sources(accounts: Accounts) -> None:
    accounts.everywhere()
    # Passing faults: what is skipped is counted.
    rule = accounts.aws.faults.add(
        Fault(kind="error", code="AccessDenied", status=403), service="sts", skip=len(MEMBERS)
    )
    assert rule
    assert {row.status.value for row in accounts.refresh("sesv2/import").values()} == {"complete"}
    assert {row.status.value for row in accounts.refresh("sesv2/import", "batch/job").values()} == {"complete"}


def test_manifests_are_read_with_the_accounts_own_session(accounts: Accounts) -> None:
    account = MEMBERS[0]
    bucket = f"imports-{account}"
    s3 = accounts.client("s3", account)
    s3.create_bucket(Bucket=bucket)
    job = accounts.seed(
        "medical-imaging",
        "dicom-import",
        account,
        "us-east-1",
        plan=Plan(submitted=0, running=1, manifest="absent", items=3),
        input={"outputS3Uri": f"s3://{bucket}/out/"},
    )
    accounts.clock.advance(60)
    folder = f"out/{job.parent}-DicomImport-{job.id}/"
    summary = {
        "jobId": job.id,
        "datastoreId": job.parent,
        "outputS3Uri": f"s3://{bucket}/{folder}",
        "failureOutputS3Uri": f"s3://{bucket}/{folder}FAILURE/",
        "numberOfScannedFiles": 3,
        "numberOfImportedFiles": 2,
        "numberOfFilesWithCustomerError": 1,
        "numberOfFilesWithServerError": 0,
    }
    failed = {"inputFile": "a.dcm", "exception": {"exceptionType": "ValidationException", "message": "no DICOM"}}
    s3.put_object(Bucket=bucket, Key=f"{folder}job-output-manifest.json", Body=json.dumps({"jobSummary": summary}))
    s3.put_object(Bucket=bucket, Key=f"{folder}FAILURE/failure.ndjson", Body=json.dumps(failed) + "\n")
    home = accounts.client("s3", ACCOUNT)
    with pytest.raises(home.exceptions.ClientError, match=r"\(AccessDenied\)"):
        home.get_object(Bucket=bucket, Key=f"{folder}job-output-manifest.json")
    accounts.refresh("medical-imaging/dicom-import")
    job_id = f"medical-imaging:us-east-1:{account}:dicom-import:{job.parent}:{job.id}"
    answer = accounts.get(f"/v1/jobs/{job_id}").json
    assert (answer["state"], answer["verified"], answer["items"]["failed"]) == ("PARTIALLY_SUCCEEDED", True, 1)
    [row] = accounts.get(f"/v1/jobs/{job_id}/items").json["items"]
    assert (row["state"], row["reason"]) == ("FAILED", "no DICOM")


def test_a_session_is_kept_and_renewed_before_it_expires(accounts: Accounts) -> None:
    def states() -> set[tuple[bool, str]]:
        reads = accounts.refresh("sesv2/import").values()
        return {(row.source.target.account == ACCOUNT, row.status.value) for row in reads}

    all_well, members_denied = {(True, "complete"), (False, "complete")}, {(True, "complete"), (False, "denied")}
    assert states() == all_well
    accounts.aws.faults.add(Fault(kind="error", code="AccessDenied", status=403), service="sts")
    accounts.clock.advance(40 * 60)
    assert states() == all_well, "the session is an hour's"
    accounts.clock.advance(7 * 60)
    assert states() == all_well, "there is time left to renew it"
    accounts.clock.advance(5 * 60)
    accounts.ticking.seconds += REFUSED_SECONDS
    assert states() == members_denied, "it is renewed before it expires"
    accounts.aws.faults.clear()
    accounts.ticking.seconds += REFUSED_SECONDS
    assert states() == all_well
