"""Three accounts and three regions on one local AWS, and what reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from handlers.api.handler import build
from jobview.aws.clock import Clock
from jobview.bootstrap import build_application
from jobview.catalogue import FAMILIES
from jobview.model import Coverage
from local.standin import ManualClock, Plan, SeededJob, StandIn
from tests.api_gateway import Client, Reply
from tests.local_aws import ACCOUNT, create_table, environment, moto_server
from tests.monitoring import monitoring

MEMBERS = ("222233334444", "333344445555")
ACCOUNTS = (ACCOUNT, *MEMBERS)
REGIONS = ("us-east-1", "us-west-2", "eu-north-1")
"""HealthOmics is in the first two and not in the third; SES is in all."""
EXTERNAL_ID = "between-us"
NAMES = ("sesv2/import", "omics/reference-import", "batch/job", "medical-imaging/dicom-import")


def role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/JobviewMember"


def rows(external_ids: dict[str, str]) -> list[dict[str, Any]]:
    """The targets: the home account, and each other one with its external id."""
    found: list[dict[str, Any]] = [{"regions": [*REGIONS]}]
    template = "arn:{partition}:iam::{account}:role/JobviewMember"
    for account, external_id in external_ids.items():
        found.append({"accounts": [account], "regions": [*REGIONS], "role": template, "externalId": external_id})
    return found


class TickingClock:
    """A monotonic clock that moves when a test moves it, and a little at each reading."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self) -> float:
        self.seconds += 0.0001
        return self.seconds


@dataclass(kw_only=True)
class Accounts:
    """The local AWS with three accounts, and what reads it."""

    aws: StandIn
    clock: ManualClock
    ticking: TickingClock
    settings: dict[str, str]
    upstream: str

    def __post_init__(self) -> None:
        waiting = Clock(monotonic=self.ticking.read, sleep=lambda _: None, now=self.clock.now)
        self.parts = build_application(self.settings, clock=waiting)
        self._client = Client(build(self.settings, clock=waiting).resolve, seconds=29.0)

    def get(self, target: str) -> Reply:
        return self._client.get(target)

    def refresh(self, *names: str) -> dict[str, Coverage]:
        families = [FAMILIES[name] for name in names]
        reads = self.parts.refresher.read_families(families, self.parts.monitored.targets, deadline=1e12)
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
def accounts(upstream: str, external_ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    clock = ManualClock(datetime.now(UTC))  # STS's credentials live by the machine's clock
    trusting = {role(account): EXTERNAL_ID for account in MEMBERS}
    with StandIn(upstream=upstream, account=ACCOUNT, roles=trusting, clock=clock) as aws:
        for name, value in environment(aws.url).items():
            monkeypatch.setenv(name, value)
        settings = {
            "JOBVIEW_TABLE": create_table(boto3.client("dynamodb")),
            **monitoring(NAMES, *rows(external_ids)),
        }
        yield Accounts(aws=aws, clock=clock, ticking=TickingClock(), settings=settings, upstream=upstream)
