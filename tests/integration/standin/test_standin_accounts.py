"""Accounts in the stand-in: each has its own state and access keys, and is reached through trusted roles only."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.standin import Fault, Plan, StandIn
from local.standin.server import client_for
from tests.local_aws import moto_server

HOME, MEMBER = "111122223333", "222233334444"
TRUSTING, OPEN = f"arn:aws:iam::{MEMBER}:role/Trusting", f"arn:aws:iam::{MEMBER}:role/Open"


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture
def standin(upstream: str) -> Iterator[StandIn]:
    with StandIn(upstream=upstream, account=HOME, roles={TRUSTING: "between-us", OPEN: None}) as running:
        yield running


def assume(standin: StandIn, role: str, **more: str) -> dict[str, str]:
    answer = standin.client("sts").assume_role(RoleArn=role, RoleSessionName="test", **more)
    credentials: dict[str, str] = answer["Credentials"]
    return credentials


def ses(standin: StandIn, credentials: dict[str, str]) -> Any:
    return boto3.client(
        "sesv2",
        region_name="us-east-1",
        endpoint_url=standin.url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def test_an_account_has_jobs_of_its_own(standin: StandIn) -> None:
    [here] = standin.seed("sesv2", "import", plan=Plan())
    [there] = standin.seed("sesv2", "import", plan=Plan(), account=MEMBER)
    assert (here.account, there.account) == (HOME, MEMBER)
    listed = standin.client("sesv2").list_import_jobs()["ImportJobs"]
    assert [job["JobId"] for job in listed] == [here.id]
    listed = ses(standin, assume(standin, OPEN)).list_import_jobs()["ImportJobs"]
    assert [job["JobId"] for job in listed] == [there.id]


@pytest.mark.parametrize(
    ("role", "more"),
    [(TRUSTING, {}), (TRUSTING, {"ExternalId": "wrong"}), (f"{OPEN}-not", {"ExternalId": "between-us"})],
)
def test_a_role_is_refused_as_aws_does(standin: StandIn, role: str, more: dict[str, str]) -> None:
    with pytest.raises(ClientError) as raised:
        assume(standin, role, **more)
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert role in raised.value.response["Error"]["Message"]
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_the_right_external_id_is_let_in_and_the_rest_of_sts_goes_on(standin: StandIn) -> None:
    assert assume(standin, TRUSTING, ExternalId="between-us")["AccessKeyId"]
    assert assume(standin, OPEN, ExternalId="whatever")["AccessKeyId"]
    assert standin.client("sts").get_caller_identity()["Account"]


def test_without_a_table_every_role_may_be_assumed(upstream: str) -> None:
    with StandIn(upstream=upstream, account=HOME) as standin:
        [there] = standin.seed("sesv2", "import", plan=Plan(), account=MEMBER)
        credentials = assume(standin, f"{OPEN}-any")
        assert ses(standin, credentials).get_import_job(JobId=there.id)["JobId"] == there.id


def test_an_answer_of_sts_can_be_spoiled(standin: StandIn) -> None:
    standin.faults.add(Fault(kind="truncated"), service="sts", times=1)
    with pytest.raises(Exception, match=r"(?i)pars|no element|syntax|unclosed"):
        assume(standin, OPEN)
    assert assume(standin, OPEN)["AccessKeyId"]


def test_an_emulator_that_is_not_there_is_a_bad_gateway() -> None:
    with StandIn(upstream="http://127.0.0.1:9", account=HOME) as standin, pytest.raises(ClientError) as raised:
        client_for(standin.url, "sts").assume_role(RoleArn=OPEN, RoleSessionName="test")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502
