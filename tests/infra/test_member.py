"""The role in another account, and what the functions may do to use it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from infra.bundle import ROOT
from infra.configuration import Configuration, parse
from infra.member import STACK, TEMPLATE, MemberStack, template
from jobview import catalogue
from tests.infra.conftest import HOME, granted, text
from tests.infra.test_permissions import of_items

WITHOUT_ACCOUNT = [[service, "", ""] for service in ("route53", "s3", "sso")]
"""Services whose ARNs name neither a region nor an account. A statement has the resources of several services."""


def service_region_account(arn: str) -> list[str]:
    return arn.replace("<AWS::Partition>", "aws").split(":")[2:5]


TRACE = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
CATALOGUE = {name: family.retired is not None for name, family in catalogue.FAMILIES.items()}
MEMBERS = {
    "targets": [
        {"regions": ["us-east-1", "eu-west-1"]},
        {"account": "222233334444", "externalId": "one-of-ours", "regions": ["us-east-1", "eu-west-1"]},
        {"account": "333344445555", "externalId": "one-of-ours", "regions": ["us-east-1", "eu-west-1"]},
        {"account": "444455556666", "roleName": "Reader", "externalId": "another", "regions": ["eu-north-1"]},
    ]
}
ROLES = [
    "arn:aws:iam::222233334444:role/JobviewMember",
    "arn:aws:iam::333344445555:role/JobviewMember",
    "arn:aws:iam::444455556666:role/Reader",
]


def configured(document: dict[str, Any]) -> Configuration:
    return parse({**HOME, **document}, catalogue=CATALOGUE, origin="test")


def member(tmp_path: Path, document: dict[str, Any]) -> dict[str, Any]:
    """The template of the member stack for a configuration; cdk-nag's findings fail it."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(tmp_path), context=flags)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    configuration = configured(document)
    MemberStack(app, families=catalogue.enabled(configuration.enabled_families(CATALOGUE)), configuration=configuration)
    app.synth()
    found: dict[str, Any] = json.loads((tmp_path / f"{STACK}.template.json").read_text())
    return found


def role(document: dict[str, Any]) -> dict[str, Any]:
    """The role that Jobview assumes; EventBridge's has no name."""
    roles = [each["Properties"] for each in document["Resources"].values() if each["Type"] == "AWS::IAM::Role"]
    [found] = [each for each in roles if "RoleName" in each]
    assert isinstance(found, dict)
    return found


def policies(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The policies that the role shares; it has none of its own."""
    found = role(document)
    assert "Policies" not in found
    return [document["Resources"][each["Ref"]]["Properties"] for each in found["ManagedPolicyArns"]]


def plain() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TEMPLATE.read_text())
    return found


def declared(names: Any) -> set[str]:
    families = [catalogue.FAMILIES[name] for name in names]
    calls = {call.action for family in families for call in family.calls}
    return calls | {grant.action for family in families for grant in family.grants}


def test_the_plain_template_is_what_make_member_writes() -> None:
    assert TEMPLATE.read_text() == template(), "make member"


def test_the_plain_template_fits_a_stack_set() -> None:
    assert len(TEMPLATE.read_bytes()) < 1_048_576, "the most that is deployed from a bucket"
    document = plain()
    assert "BootstrapVersion" not in document["Parameters"]
    assert "Rules" not in document
    assert "Assets" not in TEMPLATE.read_text()
    assert {each["Type"] for each in document["Resources"].values()} == {
        *("AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::RolePolicy", "AWS::Events::Rule")
    }
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--", str(TEMPLATE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_what_every_installation_has_of_its_own_has_to_be_given() -> None:
    parameters = plain()["Parameters"]
    required = {name for name, parameter in parameters.items() if "Default" not in parameter}
    assert required == {"CentralAccount", "CentralRegion", "ExternalId", "Regions"}
    given = {name: parameter["Default"] for name, parameter in parameters.items() if "Default" in parameter}
    assert given == {
        "CentralStackName": "Jobview",
        "RoleName": "JobviewMember",
        "RolePath": "/",
        "CentralRolePath": "/",
        "PermissionsBoundary": "",
        "RoleRegion": "",
        "ForwardEvents": "true",
        "ForwardStartCalls": "false",
        "ImportKeyArns": "",
    }


def test_it_may_do_what_the_catalogue_declares_and_nothing_else() -> None:
    grants = granted(policies(plain()))
    assert grants.keys() == declared(name for name, retired in CATALOGUE.items() if not retired)
    for action, resources in grants.items():
        assert "*" not in action
        for resource in resources:
            own = "<AWS::AccountId>" in resource or service_region_account(resource) in WITHOUT_ACCOUNT
            assert own or resource == "*", f"{action} on {resource}"
    for resource in plain()["Resources"].values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            assert resource["Condition"] == "MakesRole"


def test_it_has_the_actions_and_the_wildcards_of_the_functions(stack: Any) -> None:
    here, there = stack.grants("refresh"), granted(policies(plain()))
    items = of_items([family for family in catalogue.FAMILIES.values() if family.retired is None])
    everything = {action for action, resources in there.items() if "*" in resources} - items
    assert everything == {action for action, resources in here.items() if "*" in resources} - TRACE


def test_every_call_is_held_to_the_regions_and_every_object_to_the_account() -> None:
    answering = {family.service: [*family.global_regions.values()] for family in catalogue.FAMILIES.values()}
    for policy in policies(plain()):
        for statement in policy["PolicyDocument"]["Statement"]:
            own = [{"Fn::Sub": "${AWS::AccountId}"}]
            if statement["Action"] == "s3:GetObject":
                assert statement["Condition"] == {"StringEquals": {"s3:ResourceAccount": own}}
            else:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                [regions] = {tuple(answering.get(action.partition(":")[0], ())) for action in actions}
                held_to = [*regions] or {"Ref": "Regions"}
                assert statement["Condition"].pop("StringEquals") == {"aws:RequestedRegion": held_to}
                held = {"StringEqualsIfExists": {"aws:ResourceAccount": own}} if statement["Resource"] == "*" else {}
                assert statement["Condition"] == held


def test_it_trusts_the_functions_that_read_and_asks_for_the_external_id() -> None:
    [statement] = role(plain())["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert text(statement["Principal"]["AWS"]) == "arn:<AWS::Partition>:iam::<CentralAccount>:root"
    assert statement["Condition"].keys() == {"StringEquals"}
    condition = statement["Condition"]["StringEquals"]
    assert condition["sts:ExternalId"] == {"Ref": "ExternalId"}
    start = "arn:<AWS::Partition>:iam::<CentralAccount>:role<CentralRolePath><CentralStackName>-<CentralRegion>"
    assert [text(one) for one in condition["aws:PrincipalArn"]] == [
        *(f"{start}-Api", f"{start}-Refresh", f"{start}-Ingest")
    ]


def test_the_functions_roles_have_the_names_that_it_trusts(rich: Any, synthesise: Any) -> None:
    for stack, start in ((rich, "Other-us-east-1"), (synthesise(home={}), "Jobview-<AWS::Region>")):
        names = {
            handler: stack.json["Resources"][stack.function(handler)["Role"]["Fn::GetAtt"][0]]["Properties"].get(
                "RoleName"
            )
            for handler in ("api", "refresh", "ingest", "plan", "image_sets", "publish")
        }
        assert text(names["api"]) == f"{start}-Api"
        assert text(names["refresh"]) == f"{start}-Refresh"
        assert text(names["ingest"]) == f"{start}-Ingest"
        assert names["plan"] is names["image_sets"] is names["publish"] is None


def test_keys_are_used_through_s3_and_only_where_some_are_named() -> None:
    document = plain()
    [policy] = [each for each in document["Resources"].values() if each["Type"] == "AWS::IAM::RolePolicy"]
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "kms:Decrypt"
    assert statement["Resource"] == {"Ref": "ImportKeyArns"}
    assert statement["Condition"] == {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
    condition = document["Conditions"][policy["Condition"]]
    some = {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "ImportKeyArns"}]}, ""]}]}
    assert condition == {"Fn::And": [{"Condition": "MakesRole"}, some]}


def test_the_stack_knows_the_configuration(tmp_path: Path) -> None:
    made = member(tmp_path, {**MEMBERS, "stackName": "Other", "families": {"enabled": ["sesv2/import"]}})
    given = {name: parameter.get("Default") for name, parameter in made["Parameters"].items()}
    assert given == {
        "CentralAccount": "111122223333",
        "CentralRegion": "us-east-1",
        "CentralStackName": "Other",
        "ExternalId": None,  # the accounts differ
        "RoleName": "JobviewMember",  # here they differ too, and it has a default of its own
        "Regions": "eu-north-1,eu-west-1,us-east-1",
        "RoleRegion": "",  # the accounts have no region in common
        "RolePath": "/",
        "CentralRolePath": "/",
        "PermissionsBoundary": "",
        "ForwardEvents": "true",
        "ForwardStartCalls": "false",
        "ImportKeyArns": "",
    }
    assert granted(policies(made)).keys() == declared(["sesv2/import"])


def test_what_all_accounts_share_is_the_default(tmp_path: Path) -> None:
    made = member(tmp_path, {"targets": MEMBERS["targets"][:3]})
    assert made["Parameters"]["ExternalId"]["Default"] == "one-of-ours"
    assert made["Parameters"]["RoleName"]["Default"] == "JobviewMember"


@pytest.mark.parametrize(
    ("changes", "region", "forward"),
    [
        ({}, "us-east-1", "true"),
        ({"region": "ap-south-1"}, "eu-west-1", "true"),
        ({"serviceEvents": False}, "", "false"),
    ],
)
def test_the_role_is_made_in_one_region_that_all_accounts_share(
    tmp_path: Path, changes: dict[str, Any], region: str, forward: str
) -> None:
    given = member(tmp_path, {"targets": MEMBERS["targets"][:3], **changes})["Parameters"]
    assert (given["RoleRegion"]["Default"], given["ForwardEvents"]["Default"]) == (region, forward)


@pytest.mark.parametrize("handler", ["api", "refresh", "ingest"])
def test_the_functions_may_assume_exactly_the_configured_roles(synthesise: Any, handler: str) -> None:
    grants = synthesise(MEMBERS).grants(handler)
    assert grants["sts:AssumeRole"] == ROLES
    others = [one for one in grants["ses:GetImportJob"] if "111122223333" not in one and one != "*"]
    assert all(service_region_account(one) in WITHOUT_ACCOUNT for one in others), others


def test_without_other_accounts_there_is_no_role_to_assume(synthesise: Any) -> None:
    stack = synthesise()
    assert not [handler for handler in ("api", "refresh", "ingest") if "sts:AssumeRole" in stack.grants(handler)]
    members = synthesise(MEMBERS)
    assert not [handler for handler in ("plan", "image_sets", "publish") if "sts:AssumeRole" in members.grants(handler)]


def test_a_home_account_that_is_not_monitored_is_not_read(synthesise: Any) -> None:
    stack = synthesise({"targets": MEMBERS["targets"][1:], "importBuckets": ["s3://imports/out/"]})
    services = {action for action in stack.grants("refresh") if not action.startswith(("dynamodb:", "sqs:", "logs:"))}
    assert services == {"sts:AssumeRole", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def test_the_functions_get_the_targets_and_the_roles(synthesise: Any) -> None:
    stack = synthesise(MEMBERS)
    for handler in ("api", "plan", "refresh", "ingest"):
        monitoring = stack.monitored(handler)
        assert [(target.account, target.region) for target in monitoring.targets] == [
            (account, region)
            for account in ("111122223333", "222233334444", "333344445555")
            for region in ("us-east-1", "eu-west-1")
        ] + [("444455556666", "eu-north-1")]
        assert {account: (one.arn, one.external_id) for account, one in monitoring.roles.items()} == {
            "222233334444": (ROLES[0], "one-of-ours"),
            "333344445555": (ROLES[1], "one-of-ours"),
            "444455556666": (ROLES[2], "another"),
        }
