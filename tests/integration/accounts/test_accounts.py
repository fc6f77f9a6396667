"""Three accounts and three regions on one local AWS: each job in its place, and one account's refusal its own."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from api.handler import build
from infra.member import TEMPLATE
from jobview.assembly import assemble
from jobview.catalogue import FAMILIES
from jobview.collect.clock import Clock
from jobview.collect.sessions import REFUSED_SECONDS
from jobview.model import Coverage, State
from local.standin import Fault, ManualClock, Plan, SeededJob, StandIn
from tests.api_gateway import Client, Reply
from tests.local_aws import ACCOUNT, create_table, environment, moto_server

MEMBERS = ("222233334444", "333344445555")
ACCOUNTS = (ACCOUNT, *MEMBERS)
REGIONS = ("us-east-1", "us-west-2", "eu-north-1")
"""HealthOmics is in the first two and not in the third; SES is in all."""
EXTERNAL_ID = "between-us"
NAMES = ("sesv2/import", "omics/reference-import", "batch/job", "medical-imaging/dicom-import")


def role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/JobviewMember"


class Hands:
    """A monotonic clock that only moves when it is told to, and a little at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def look(self) -> float:
        self.seconds += 0.0001
        return self.seconds


@dataclass(kw_only=True)
class Many:
    """The local AWS with three accounts, and what reads it."""

    aws: StandIn
    clock: ManualClock
    hands: Hands
    settings: dict[str, str]
    upstream: str

    def __post_init__(self) -> None:
        waiting = Clock(monotonic=self.hands.look, sleep=lambda _: None, now=self.clock.now)
        self.parts = assemble(self.settings, clock=waiting)
        self._client = Client(build(self.settings, clock=waiting).resolve, seconds=29.0)

    def get(self, target: str) -> Reply:
        return self._client.get(target)

    def refresh(self, *names: str) -> dict[str, Coverage]:
        families = [FAMILIES[name] for name in names]
        reads = self.parts.refresher.read_families(families, self.parts.watch.targets, deadline=1e12)
        return {read.coverage.source.id: read.coverage for read in reads}

    def seed(self, service: str, kind: str, account: str, region: str, **fields: Any) -> SeededJob:
        fields = {"plan": Plan(submitted=0, running=1000), **fields}
        [job] = self.aws.seed(service, kind, account=account, region=region, **fields)
        return job

    def everywhere(self) -> dict[tuple[str, str], str]:
        """One SES import in each account and region: its id."""
        return {
            (account, region): f"sesv2:{region}:{account}:import:{self.seed('sesv2', 'import', account, region).id}"
            for account in ACCOUNTS
            for region in REGIONS
        }

    def client(self, service: str, account: str, region: str = "us-east-1") -> Any:
        """A client with the account's own credentials."""
        if account == ACCOUNT:
            return boto3.client(service, region_name=region)  # type: ignore[call-overload]
        sts = boto3.client("sts")
        told = sts.assume_role(RoleArn=role(account), RoleSessionName="test", ExternalId=EXTERNAL_ID)["Credentials"]
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=region,
            aws_access_key_id=told["AccessKeyId"],
            aws_secret_access_key=told["SecretAccessKey"],
            aws_session_token=told["SessionToken"],
        )


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
        with moto_server() as url:
            yield url


@pytest.fixture
def external_ids() -> dict[str, str]:
    """What is configured for each account."""
    return dict.fromkeys(MEMBERS, EXTERNAL_ID)


@pytest.fixture
def many(upstream: str, external_ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Many]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    clock = ManualClock(datetime.now(UTC))  # STS's credentials live by the machine's clock
    trusting = {role(account): EXTERNAL_ID for account in MEMBERS}
    with StandIn(upstream=upstream, account=ACCOUNT, roles=trusting, clock=clock) as aws:
        for name, value in environment(aws.url).items():
            monkeypatch.setenv(name, value)
        rows: list[dict[str, Any]] = [{"accounts": [ACCOUNT], "regions": REGIONS}]
        rows += [
            {
                "accounts": [account],
                "regions": REGIONS,
                "role": "arn:aws:iam::{account}:role/JobviewMember",
                "externalId": external_id,
            }
            for account, external_id in external_ids.items()
        ]
        settings = {
            "JOBVIEW_TABLE": create_table(boto3.client("dynamodb")),
            "JOBVIEW_FAMILIES": ",".join(NAMES),
            "JOBVIEW_TARGETS": json.dumps(rows),
        }
        yield Many(aws=aws, clock=clock, hands=Hands(), settings=settings, upstream=upstream)


def test_a_refresh_reads_each_account_and_region_as_itself(many: Many) -> None:
    jobs = many.everywhere()
    coverage = many.refresh("sesv2/import")
    assert {source: (row.status.value, row.jobs) for source, row in coverage.items()} == {
        f"sesv2:{region}:{account}:import": ("complete", 1) for account in ACCOUNTS for region in REGIONS
    }
    assert len(set(jobs.values())) == 9
    for (account, region), job_id in jobs.items():
        stored = many.parts.store.get(job_id)
        assert stored is not None
        assert (stored.view.key.account, stored.view.key.region) == (account, region)


def test_a_live_read_does_the_same_and_the_filters_choose(many: Many) -> None:
    jobs = many.everywhere()
    answer = many.get("/v1/jobs?service=sesv2&maxAge=0")
    assert answer.status == 200
    assert {job["id"] for job in answer.json["jobs"]} == set(jobs.values())
    account = MEMBERS[0]
    told = many.get(f"/v1/jobs?service=sesv2&account={account}").json["jobs"]
    assert {job["id"] for job in told} == {jobs[account, region] for region in REGIONS}
    told = many.get("/v1/jobs?service=sesv2&region=eu-north-1").json["jobs"]
    assert {job["id"] for job in told} == {jobs[account, "eu-north-1"] for account in ACCOUNTS}
    [one] = many.get(f"/v1/jobs?service=sesv2&account={account}&region=us-west-2").json["jobs"]
    assert (one["id"], one["account"], one["region"]) == (jobs[account, "us-west-2"], account, "us-west-2")
    rows = many.get(f"/v1/sources?service=sesv2&account={account}&limit=100").json["sources"]
    assert {(row["account"], row["region"]) for row in rows} == {(account, region) for region in REGIONS}
    strange = many.get("/v1/jobs?account=999999999999")
    assert (strange.status, strange.json["allowed"]) == (400, list(ACCOUNTS))


def test_one_job_is_got_from_its_own_account(many: Many) -> None:
    jobs = many.everywhere()
    job_id = jobs[MEMBERS[1], "us-west-2"]
    answer = many.get(f"/v1/jobs/{job_id}?maxAge=0&include=native")
    assert (answer.status, answer.json["account"], answer.json["state"]) == (200, MEMBERS[1], "RUNNING")
    assert answer.json["native"]["JobId"] == job_id.rpartition(":")[2]
    strange = job_id.replace(MEMBERS[1], MEMBERS[0])
    assert many.get(f"/v1/jobs/{strange}?maxAge=0").status == 404


def test_parents_and_services_of_the_emulator_are_the_accounts_own(many: Many) -> None:
    account = MEMBERS[0]
    job = many.seed("omics", "reference-import", account, "us-west-2")
    coverage = many.refresh("omics/reference-import", "batch/job")
    source = f"omics:us-west-2:{account}:reference-import:{job.parent}"
    assert coverage[source].jobs == 1
    assert [one for one in coverage if one.endswith(f":{job.parent}")] == [source]
    for one in ACCOUNTS:
        # A region without the service costs its own row.
        assert coverage[f"omics:eu-north-1:{one}:reference-import"].status.value == "unsupported"
        assert coverage[f"omics:us-east-1:{one}:reference-import"].status.value == "complete"
        assert coverage[f"batch:eu-north-1:{one}:job"].status.value == "complete"


@pytest.mark.parametrize("external_ids", [{MEMBERS[0]: EXTERNAL_ID, MEMBERS[1]: "wrong"}])
def test_an_account_that_refuses_the_role_is_a_row_for_each_source(many: Many) -> None:
    jobs = many.everywhere()
    refusing = MEMBERS[1]
    coverage = many.refresh("sesv2/import", "omics/reference-import")
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
    answer = many.get("/v1/jobs?service=sesv2&maxAge=0")
    assert answer.status == 200
    expected = {job_id for (account, _), job_id in jobs.items() if account != refusing}
    assert {job["id"] for job in answer.json["jobs"]} == expected
    [row] = [row for row in answer.json["coverage"]["sources"] if row["source"] == f"sesv2:us-west-2:{refusing}:import"]
    assert (row["status"], row["error"]["operation"], row["asOf"]) == ("denied", "AssumeRole", None)
    problem = many.get(f"/v1/jobs/{jobs[refusing, 'us-east-1']}?maxAge=0")
    assert (problem.status, problem.json["type"]) == (502, "urn:jobview:problem:aws-denied")
    assert problem.json["operation"] == "AssumeRole"


def test_a_role_that_is_taken_away_leaves_what_was_seen(many: Many) -> None:
    """As after the session of an hour; then the trust comes back."""
    jobs = many.everywhere()
    many.refresh("sesv2/import")
    parts = assemble(
        {**many.settings, "JOBVIEW_TARGETS": many.settings["JOBVIEW_TARGETS"].replace(EXTERNAL_ID, "no-longer")},
        clock=Clock(monotonic=many.hands.look, sleep=lambda _: None, now=many.clock.now),
    )
    many.clock.advance(10)
    reads = parts.refresher.read_families([FAMILIES["sesv2/import"]], parts.watch.targets, deadline=1e12)
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
def test_sts_in_trouble_costs_the_other_accounts_alone(many: Many, fault: Fault, status: str, kind: str) -> None:
    many.everywhere()
    many.aws.faults.add(fault, service="sts")
    coverage = many.refresh("sesv2/import")
    for row in coverage.values():
        if row.source.target.account == ACCOUNT:
            assert row.status.value == "complete"
        else:
            assert row.error is not None
            assert (row.status.value, row.error.kind, row.error.operation) == (status, kind, "AssumeRole")
            assert row.error.retryable
    many.aws.faults.clear()
    many.hands.seconds += REFUSED_SECONDS
    assert {row.status.value for row in many.refresh("sesv2/import").values()} == {"complete"}


def test_each_role_is_assumed_once_for_all_sources(many: Many) -> None:
    many.everywhere()
    # Passing faults: what is skipped is counted.
    rule = many.aws.faults.add(Fault(kind="error", code="AccessDenied", status=403), service="sts", skip=len(MEMBERS))
    assert rule
    assert {row.status.value for row in many.refresh("sesv2/import").values()} == {"complete"}
    assert {row.status.value for row in many.refresh("sesv2/import", "batch/job").values()} == {"complete"}


def test_manifests_are_read_with_the_accounts_own_session(many: Many) -> None:
    account = MEMBERS[0]
    bucket = f"imports-{account}"
    s3 = many.client("s3", account)
    s3.create_bucket(Bucket=bucket)
    job = many.seed(
        "medical-imaging",
        "dicom-import",
        account,
        "us-east-1",
        plan=Plan(submitted=0, running=1, manifest="absent", items=3),
        input={"outputS3Uri": f"s3://{bucket}/out/"},
    )
    many.clock.advance(60)
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
    home = many.client("s3", ACCOUNT)
    with pytest.raises(home.exceptions.ClientError, match=r"\(AccessDenied\)"):
        home.get_object(Bucket=bucket, Key=f"{folder}job-output-manifest.json")
    many.refresh("medical-imaging/dicom-import")
    job_id = f"medical-imaging:us-east-1:{account}:dicom-import:{job.parent}:{job.id}"
    answer = many.get(f"/v1/jobs/{job_id}").json
    assert (answer["state"], answer["verified"], answer["items"]["failed"]) == ("PARTIALLY_SUCCEEDED", True, 1)
    [row] = many.get(f"/v1/jobs/{job_id}/items").json["items"]
    assert (row["state"], row["reason"]) == ("FAILED", "no DICOM")


def test_a_session_is_kept_and_renewed_before_it_expires(many: Many) -> None:
    def states() -> set[tuple[bool, str]]:
        reads = many.refresh("sesv2/import").values()
        return {(row.source.target.account == ACCOUNT, row.status.value) for row in reads}

    all_well, members_denied = {(True, "complete"), (False, "complete")}, {(True, "complete"), (False, "denied")}
    assert states() == all_well
    many.aws.faults.add(Fault(kind="error", code="AccessDenied", status=403), service="sts")
    many.clock.advance(40 * 60)
    assert states() == all_well, "the session is an hour's"
    many.clock.advance(7 * 60)
    assert states() == all_well, "there is time left to renew it"
    many.clock.advance(5 * 60)
    many.hands.seconds += REFUSED_SECONDS
    assert states() == members_denied, "it is renewed before it expires"
    many.aws.faults.clear()
    many.hands.seconds += REFUSED_SECONDS
    assert states() == all_well


def test_the_template_makes_the_role_that_the_configuration_names(many: Many) -> None:
    account = MEMBERS[0]
    given = {
        "CentralAccount": ACCOUNT,
        "CentralRegion": "us-east-1",
        "ExternalId": EXTERNAL_ID,
        "Regions": ",".join(REGIONS),
    }
    many.client("cloudformation", account).create_stack(
        StackName="JobviewMember",
        TemplateBody=TEMPLATE.read_text(),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    )
    made = many.client("iam", account).get_role(RoleName="JobviewMember")["Role"]
    assert made["Arn"] == role(account)
    [trust] = made["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    start = f"arn:aws:iam::{ACCOUNT}:role/Jobview-us-east-1"
    assert trust["Condition"] == {
        "StringEquals": {"sts:ExternalId": EXTERNAL_ID, "aws:PrincipalArn": [f"{start}-Api", f"{start}-Refresh"]}
    }
    told = many.client("iam", account).get_role_policy(RoleName="JobviewMember", PolicyName="reads")
    reads = ast.literal_eval(str(told["PolicyDocument"]))  # moto tells what CloudFormation made as Python's text
    regions = [one["Condition"]["StringEquals"].get("aws:RequestedRegion") for one in reads["Statement"]]
    assert [one for one in regions if one is not None] == [list(REGIONS)] * (len(regions) - 1)
    assert many.client("iam", account).list_role_policies(RoleName="JobviewMember")["PolicyNames"] == ["reads"]
