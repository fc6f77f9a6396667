"""A path and a boundary for every role, a customer's key for everything that is stored, and the key's policy."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.account_rules import KEY_ACTIONS
from tests.infra.conftest import HOME, RICH
from tests.infra.test_member import member, plain
from tests.unit.docs.blocks import ROOT, blocks

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BOUNDARY = "arn:aws:iam::111122223333:policy/boundaries/workload"
RULES = {"kmsKeyArn": KEY, "rolePath": "/jobview/", "permissionsBoundaryArn": BOUNDARY}
FORWARDED = [
    {"regions": ["us-east-1"]},
    {"account": "222233334444", "externalId": "ours", "rolePath": "/readers/", "regions": ["us-east-1"]},
]


@pytest.fixture(scope="module")
def ruled(synthesise: Any) -> Any:
    return synthesise({**RULES, "targets": FORWARDED, "notifyEmail": "team@example.org"})


def test_every_role_has_the_path_and_the_boundary(ruled: Any, stack: Any) -> None:
    roles = ruled.all("AWS::IAM::Role")
    assert len(roles) >= 7
    for name, role in roles.items():
        assert (role["Properties"]["Path"], role["Properties"]["PermissionsBoundary"]) == ("/jobview/", BOUNDARY), name
    for role in stack.all("AWS::IAM::Role").values():
        assert not {"Path", "PermissionsBoundary"} & role["Properties"].keys()


def test_everything_that_is_stored_is_encrypted_with_the_key(ruled: Any) -> None:
    [table] = ruled.all("AWS::DynamoDB::Table").values()
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    [bucket] = ruled.all("AWS::S3::Bucket").values()
    [rule] = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    queues, topics, groups = (
        [each["Properties"] for each in ruled.all(kind).values()]
        for kind in ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Logs::LogGroup")
    )
    assert (len(queues), len(topics)) == (6, 2)
    assert len(groups) >= 7
    assert all(queue["KmsMasterKeyId"] == KEY and "SqsManagedSseEnabled" not in queue for queue in queues)
    assert all(topic["KmsMasterKeyId"] == KEY for topic in topics)
    assert all(group["KmsKeyId"] == KEY for group in groups)


def through(role: dict[str, Any]) -> set[str]:
    """The services through which a role may use the key; that is all it may do with it."""
    policies = {policy["PolicyName"]: policy["PolicyDocument"]["Statement"] for policy in role["Policies"]}
    if "key" not in policies:
        return set()
    [statement] = policies["key"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Allow", [*KEY_ACTIONS], KEY)
    services = statement["Condition"]["StringEquals"]["kms:ViaService"]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": services}}
    return {services} if isinstance(services, str) else {*services}


def test_a_role_may_use_the_key_only_through_the_services_that_it_may_use(ruled: Any) -> None:
    roles = ruled.json["Resources"]
    found = {
        handler: {
            service.removesuffix(".us-east-1.amazonaws.com")
            for service in through(roles[ruled.function(handler)["Role"]["Fn::GetAtt"][0]]["Properties"])
        }
        for handler in ("api", "image_sets", "plan", "refresh", "ingest", "publish")
    }
    assert found["image_sets"] == {"s3"}
    assert found["plan"] == {"dynamodb", "sqs"}
    assert {"dynamodb", "sqs"} <= found["refresh"] & found["ingest"] & found["publish"]
    assert "dynamodb" in found["api"]
    assert "sqs" not in found["api"]
    [schedule] = [role["Properties"] for name, role in ruled.all("AWS::IAM::Role").items() if "ScheduleRole" in name]
    assert through(schedule) == {"sqs.us-east-1.amazonaws.com"}


def test_without_a_key_nobody_may_use_one(stack: Any) -> None:
    text = json.dumps(stack.json["Resources"])
    assert "kms:" not in text
    assert not [name for name in ("KmsMasterKeyId", "KmsKeyId", "SSESpecification") if name in text]


def test_the_documented_policy_of_the_key_lets_in_who_has_to_use_it(ruled: Any) -> None:
    """Services that write to queues, topics and logs by themselves; all others come with the rights of a role."""
    [block] = [each for each in blocks(ROOT / "docs" / "security.md") if each.attributes.get("file") == "key.json"]
    statements = json.loads(block.text)["Statement"]
    allowed: dict[str, set[str]] = {}
    for statement in statements:
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        for kind, names in statement["Principal"].items():
            for name in [names] if isinstance(names, str) else names:
                assert kind in {"AWS", "Service"}
                allowed[name] = (
                    {statement["Action"]} if isinstance(statement["Action"], str) else {*statement["Action"]}
                )
    senders = {
        statement["Principal"]["Service"]
        for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
        for policy in ruled.all(kind).values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and "Service" in statement["Principal"]
    }
    assert {"cloudwatch.amazonaws.com", "events.amazonaws.com"} <= senders
    for sender in senders:
        assert {"kms:Decrypt", "kms:GenerateDataKey"} <= allowed[sender]
    assert {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"} <= allowed["logs.us-east-1.amazonaws.com"]
    assert allowed["arn:aws:iam::111122223333:root"] == {"kms:*"}, "the roles' own policies count"
    assert allowed.keys() == {*senders, "logs.us-east-1.amazonaws.com", "arn:aws:iam::111122223333:root"}


def test_the_template_is_valid_cloudformation(ruled: Any, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(ruled.json))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--ignore-checks", "W3005"]
    linted = subprocess.run([*command, "--", str(file)], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_roles_in_other_accounts_are_assumed_by_their_path(ruled: Any, tmp_path: Path) -> None:
    assert ruled.grants("refresh")["sts:AssumeRole"] == ["arn:aws:iam::222233334444:role/readers/JobviewMember"]
    parameters = member(tmp_path, {**RULES, "targets": FORWARDED})["Parameters"]
    assert (parameters["RolePath"]["Default"], parameters["CentralRolePath"]["Default"]) == ("/readers/", "/jobview/")


def test_both_roles_of_the_member_template_have_path_and_boundary() -> None:
    document = plain()
    roles = [each["Properties"] for each in document["Resources"].values() if each["Type"] == "AWS::IAM::Role"]
    assert len(roles) == 2
    for role in roles:
        assert role["Path"] == {"Ref": "RolePath"}
        [condition, policy, nothing] = role["PermissionsBoundary"]["Fn::If"]
        assert (condition, nothing) == ("HasBoundary", {"Ref": "AWS::NoValue"})
        assert policy["Fn::Join"][1][-2:] == [":policy/", {"Ref": "PermissionsBoundary"}]


def test_the_table_of_a_first_deployment_that_fails_goes_unless_it_is_protected(stack: Any, rich: Any) -> None:
    """What is protected cannot be deleted: trying to would leave the stack as it is."""
    assert RICH["deletionProtection"] is False
    for found, policy in ((stack, "Retain"), (rich, "RetainExceptOnCreate")):
        [table] = found.all("AWS::DynamoDB::Table").values()
        assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == (policy, "Retain")
    assert HOME["region"] in KEY
