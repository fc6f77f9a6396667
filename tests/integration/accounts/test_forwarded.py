"""Events of other accounts and regions: read there as that account, and forwarded by what the template makes."""

import ast
import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from handlers.ingest import handler as ingest
from infra.functions import READERS
from infra.member import TEMPLATE
from jobview.catalogue import FAMILIES
from jobview.model import State, rfc3339
from local.standin import Fault, SeededJob
from tests.integration.accounts.conftest import EXTERNAL_ID, MEMBERS, REGIONS, Accounts, role
from tests.local_aws import ACCOUNT

HOME_REGION = "us-east-1"
BUS = f"arn:aws:events:{HOME_REGION}:{ACCOUNT}:event-bus/Jobview-Hints"


class Context(LambdaContext):
    """Lambda's context of an invocation."""

    def __init__(self) -> None:
        self._function_name = "ingest"
        self._memory_limit_in_mb = 1024
        self._invoked_function_arn = f"arn:aws:lambda:{HOME_REGION}:{ACCOUNT}:function:ingest"
        self._aws_request_id = "00000000-0000-0000-0000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 120_000


@pytest.fixture
def function(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ingest function as Lambda has it."""
    for name, value in accounts.settings.items():
        monkeypatch.setenv(name, value)
    ingest.ingester.cache_clear()


def event(accounts: Accounts, job: SeededJob, account: str, region: str) -> str:
    """An event as it stands in the queue: after forwarding it names the account and region where it happened."""
    return json.dumps(
        {
            "version": "0",
            "id": "1",
            "source": "aws.omics",
            "detail-type": "Reference Import Job Status Change",
            "account": account,
            "region": region,
            "time": rfc3339(accounts.clock.now()),
            "resources": [],
            "detail": {"omicsVersion": "1.0.0", "id": job.id, "referenceStoreId": job.parent, "status": "COMPLETED"},
        }
    )


def take(*bodies: str) -> list[str]:
    """Invoke the function; the places of the messages that go back to the queue."""
    records = [
        {"messageId": str(place), "body": body, "eventSource": "aws:sqs", "receiptHandle": "r", "attributes": {}}
        for place, body in enumerate(bodies)
    ]
    failures = ingest.handler({"Records": records}, Context())["batchItemFailures"]
    return [str(failure["itemIdentifier"]) for failure in failures]


def named(job: SeededJob, account: str, region: str) -> str:
    return f"omics:{region}:{account}:reference-import:{job.parent}:{job.id}"


@pytest.mark.usefixtures("function")
def test_the_job_of_an_event_is_read_in_the_account_and_region_where_it_happened(accounts: Accounts) -> None:
    places = [(MEMBERS[0], "us-west-2"), (MEMBERS[1], "us-east-1"), (ACCOUNT, "us-west-2")]
    jobs = [accounts.seed("omics", "reference-import", account, region) for account, region in places]
    events = [event(accounts, job, *place) for job, place in zip(jobs, places, strict=True)]
    assert take(*events) == []
    for job, (account, region) in zip(jobs, places, strict=True):
        stored = accounts.parts.store.get(named(job, account, region))
        assert stored is not None
        assert (stored.view.key.account, stored.view.key.region) == (account, region)
        assert stored.view.state is State.RUNNING, "what AWS says, not the event"


@pytest.mark.usefixtures("function")
def test_a_job_is_not_found_in_an_account_that_is_not_its_own(accounts: Accounts) -> None:
    job = accounts.seed("omics", "reference-import", MEMBERS[0], "us-west-2")
    forged = [(MEMBERS[1], "us-west-2"), (ACCOUNT, "us-west-2"), (MEMBERS[0], "us-east-1"), ("999999999999", "x")]
    assert take(*(event(accounts, job, *place) for place in forged)) == []
    assert accounts.parts.store.summary(accounts.clock.now()).counts == {}


@pytest.mark.usefixtures("function")
@pytest.mark.parametrize("external_ids", [{MEMBERS[0]: EXTERNAL_ID, MEMBERS[1]: "wrong"}])
def test_an_account_that_refuses_the_role_holds_up_no_other(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = {account: accounts.seed("omics", "reference-import", account, "us-west-2") for account in MEMBERS}
    assert take(*(event(accounts, jobs[account], account, "us-west-2") for account in reversed(MEMBERS))) == []
    assert accounts.parts.store.get(named(jobs[MEMBERS[0]], MEMBERS[0], "us-west-2")) is not None
    assert accounts.parts.store.get(named(jobs[MEMBERS[1]], MEMBERS[1], "us-west-2")) is None
    outcomes = [vars(record)["outcome"] for record in caplog.records if record.getMessage() == "event taken"]
    assert outcomes == ["unreadable", "read"]


@pytest.mark.usefixtures("function")
def test_an_event_waits_while_the_role_cannot_be_assumed_now(accounts: Accounts) -> None:
    job = accounts.seed("omics", "reference-import", MEMBERS[0], "us-west-2")
    accounts.aws.faults.add(Fault(kind="error", code="ServiceUnavailable", status=503), service="sts")
    assert take(event(accounts, job, MEMBERS[0], "us-west-2")) == ["0"]
    accounts.aws.faults.clear()
    ingest.ingester.cache_clear()
    assert take(event(accounts, job, MEMBERS[0], "us-west-2")) == []
    assert accounts.parts.store.get(named(job, MEMBERS[0], "us-west-2")) is not None


def deploy(accounts: Accounts, account: str, region: str, **changes: str) -> dict[str, str]:
    """Deploy the template as a StackSet does, with the same parameters everywhere; logical id → physical id."""
    given = {
        "CentralAccount": ACCOUNT,
        "CentralRegion": HOME_REGION,
        "ExternalId": EXTERNAL_ID,
        "Regions": ",".join(REGIONS),
        "RoleRegion": HOME_REGION,
        **changes,
    }
    client = accounts.client("cloudformation", account, region)
    name = f"StackSet-JobviewMember-{len(client.describe_stacks()['Stacks'])}"
    client.create_stack(
        StackName=name,
        TemplateBody=TEMPLATE.read_text(),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    )
    resources = client.describe_stack_resources(StackName=name)["StackResources"]
    # moto lists a role's policy without a name, whether it was made or not.
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources if "LogicalResourceId" in each}


def forwarded(accounts: Accounts, account: str, region: str) -> dict[str, list[dict[str, Any]]]:
    """Source → targets of what the rules of a default bus match."""
    client = accounts.client("events", account, region)
    found: dict[str, list[dict[str, Any]]] = {}
    for rule in client.list_rules()["Rules"]:
        pattern = json.loads(rule["EventPattern"])
        assert pattern["account"] == [account]
        targets = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        found |= {source: targets for each in pattern["$or"] for source in each["source"]}
    return found


def kinds(resources: dict[str, str]) -> set[str]:
    """Which parts of the template were made."""
    return {"role" if name.startswith(("Role", "Reads")) else "forwarding" for name in resources}


def test_the_template_makes_the_role_that_the_configuration_names(accounts: Accounts) -> None:
    account = MEMBERS[0]
    assert kinds(deploy(accounts, account, HOME_REGION)) == {"role", "forwarding"}
    made = accounts.client("iam", account).get_role(RoleName="JobviewMember")["Role"]
    assert made["Arn"] == role(account)
    [trust] = made["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    start = f"arn:aws:iam::{ACCOUNT}:role/Jobview-us-east-1"
    assert trust["Condition"] == {
        "StringEquals": {"sts:ExternalId": EXTERNAL_ID, "aws:PrincipalArn": [f"{start}-{name}" for name in READERS]}
    }
    iam = accounts.client("iam", account)
    assert iam.list_role_policies(RoleName="JobviewMember")["PolicyNames"] == []
    # moto makes the managed policies and does not attach them: that the role names them is for tests/infra to show.
    regions: list[object] = []
    for shared in iam.list_policies(Scope="Local")["Policies"]:
        version = iam.get_policy_version(PolicyArn=shared["Arn"], VersionId="v1")["PolicyVersion"]
        reads = ast.literal_eval(str(version["Document"]))  # moto returns it as Python's text
        regions += [one["Condition"]["StringEquals"].get("aws:RequestedRegion") for one in reads["Statement"]]
    of_global_services = [{*declared.global_regions.values()} for declared in FAMILIES.values()]
    regional = [one for one in regions if isinstance(one, list) and {*one} not in of_global_services]
    assert regional == [list(REGIONS)] * len(regional) != []


def test_in_further_regions_it_makes_the_rules_alone(accounts: Accounts) -> None:
    account, region = MEMBERS[1], "us-west-2"
    made = deploy(accounts, account, region)
    assert kinds(made) == {"forwarding"}
    with pytest.raises(ClientError, match="NoSuchEntity"):
        accounts.client("iam", account).get_role(RoleName="JobviewMember")
    [name] = [physical for logical, physical in made.items() if logical.startswith("ForwardingRole")]
    sends = accounts.client("iam", account).get_role(RoleName=name)["Role"]
    [trust] = sends["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    [pattern] = [trust["Condition"]["ArnLike"]["aws:SourceArn"]]
    start, own = pattern.split("*")
    found = forwarded(accounts, account, region)
    assert {"aws.omics", "aws.glue", "aws.batch", "aws.medical-imaging"} <= found.keys()
    for targets in found.values():
        retried = {"MaximumEventAgeInSeconds": 3600}
        assert targets == [{"Id": "Jobview", "Arn": BUS, "RoleArn": sends["Arn"], "RetryPolicy": retried}]
    for rule in accounts.client("events", account, region).list_rules()["Rules"]:
        assert rule["Arn"].startswith(start)
        assert rule["Arn"].endswith(own)
        assert len(own) > 10


def test_the_home_account_forwards_from_its_other_regions(accounts: Accounts) -> None:
    assert kinds(deploy(accounts, ACCOUNT, "eu-north-1", RoleRegion="eu-north-1")) == {"forwarding"}
    assert forwarded(accounts, ACCOUNT, "eu-north-1")["aws.omics"][0]["Arn"] == BUS
    assert deploy(accounts, ACCOUNT, HOME_REGION) == {}, "there the stack itself listens"


def test_events_that_are_switched_off_are_not_forwarded(accounts: Accounts) -> None:
    assert kinds(
        deploy(accounts, MEMBERS[0], "eu-north-1", RoleRegion="", RoleName="Other", ForwardEvents="false")
    ) == {"role"}
    assert forwarded(accounts, MEMBERS[0], "eu-north-1") == {}
