"""Every granted action held against the service authorization reference: it exists, and the grant has an effect."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.member import TEMPLATE
from jobview import catalogue
from local.catalogue.authorization import ALTERNATIVES, GLOBAL_KEYS, action, covers, known
from tests.infra.conftest import text

ARNS = {
    "AWS::DynamoDB::Table.Arn": "arn:aws:dynamodb:us-east-1:111122223333:table/{}",
    "AWS::DynamoDB::Table.StreamArn": "arn:aws:dynamodb:us-east-1:111122223333:table/{}/stream/label",
    "AWS::Events::EventBus.Arn": "arn:aws:events:us-east-1:111122223333:event-bus/{}",
    "AWS::Lambda::Function.Arn": "arn:aws:lambda:us-east-1:111122223333:function:{}",
    "AWS::Logs::LogGroup.Arn": "arn:aws:logs:us-east-1:111122223333:log-group:{}:*",
    "AWS::S3::Bucket.Arn": "arn:aws:s3:::{}",
    "AWS::SNS::Topic.Ref": "arn:aws:sns:us-east-1:111122223333:{}",
    "AWS::SQS::Queue.Arn": "arn:aws:sqs:us-east-1:111122223333:{}",
}
"""What CloudFormation answers to ``Fn::GetAtt`` and, by that name, to ``Ref``."""

PSEUDO = {
    "<AWS::Partition>": "aws",
    "<AWS::AccountId>": "111122223333",
    "<AWS::Region>": "us-east-1",
    "<CentralRegion>": "us-east-1",
    "<CentralAccount>": "111122223333",
    "<CentralStackName>": "Jobview",
    "<ImportKeyArns>": "arn:aws:kms:us-east-1:111122223333:key/abc",
}
RETIRED = [each.name for each in catalogue.FAMILIES.values() if each.retired is not None]
ALL = {"families": {"extra": RETIRED}, "importKeyArns": [PSEUDO["<ImportKeyArns>"]]}
MEMBERS = {
    **ALL,
    "notifyEmail": "team@example.org",
    "targets": [
        {"regions": ["us-east-1", "eu-west-1"]},
        {"account": "222233334444", "externalId": "one-of-ours", "regions": ["us-east-1"]},
    ],
}


def filled(document: dict[str, Any], value: Any) -> str:
    """A resource of a statement as the ARN that it becomes."""
    arn = text(value)
    for name, resource in document["Resources"].items():
        for answered, template in ARNS.items():
            kind, attribute = answered.split(".")
            if resource["Type"] == kind:
                told = f"<{name}>" if attribute == "Ref" else f"<{name}.{attribute}>"
                arn = arn.replace(told, template.format(name))
    for reference, known_as in PSEUDO.items():
        arn = arn.replace(reference, known_as)
    assert "<" not in arn, f"not known here: {arn}"
    return arn


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that gives a role a right, with the role's logical id: its own and those attached to it."""
    resources = document["Resources"]
    for name, resource in resources.items():
        if resource["Type"] != "AWS::IAM::Role":
            continue
        properties = resource["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [
            resources[attached["Ref"]]["Properties"]["PolicyDocument"]
            for attached in properties.get("ManagedPolicyArns", [])
        ]
        for other in resources.values():
            if other["Type"] in {"AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"}:
                named = [*other["Properties"].get("Roles", []), other["Properties"].get("RoleName")]
                documents += [other["Properties"]["PolicyDocument"]] * ({"Ref": name} in named)
        for policy in documents:
            for statement in several(policy["Statement"]):
                yield name, statement


def grants(document: dict[str, Any]) -> dict[str, dict[str, set[str]]]:
    """What each holder may do: action → ARNs, all of its statements together."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, statement in statements(document):
        for verb in several(statement["Action"]):
            resources = found.setdefault(name, {}).setdefault(verb, set())
            resources |= {filled(document, resource) for resource in several(statement["Resource"])}
    return found


def problems(document: dict[str, Any]) -> list[str]:
    """What the reference says against the grants of a template."""
    found: list[str] = []
    for name, verbs in grants(document).items():
        for verb, resources in verbs.items():
            if not known(verb):
                found.append(f"{name}: {verb} is no action")
                continue
            told = action(verb)
            if not told.knows_resources:
                found += [f"{name}: {verb} knows no resource, and is granted on {each}" for each in resources - {"*"}]
                continue
            for kind, templates in told.required.items():
                if not any(covers(each, template) for each in resources for template in templates):
                    found.append(f"{name}: {verb} needs a {kind}, and has {sorted(resources)}")
    for name, statement in statements(document):
        # Several actions share a statement, and each only meets the types that it knows.
        types = {template for verb in several(statement["Action"]) if known(verb) for template in action(verb).arns}
        for resource in several(statement["Resource"]):
            arn = filled(document, resource)
            if arn != "*" and not any(covers(arn, template) for template in types):
                found.append(f"{name}: {statement['Action']} knows no resource such as {arn}")
        for verb in several(statement["Action"]):
            keys = {key for tests in statement.get("Condition", {}).values() for key in tests}
            if keys - GLOBAL_KEYS and known(verb):
                found += [f"{name}: {verb} does not know {key}" for key in keys - GLOBAL_KEYS - action(verb).keys]
    return found


def plain() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TEMPLATE.read_text())
    return found


@pytest.mark.parametrize("document", [ALL, MEMBERS], ids=["all families", "other accounts"])
def test_what_the_stack_grants_is_what_iam_asks_for(synthesise: Any, document: dict[str, Any]) -> None:
    assert problems(synthesise(document).json) == []


def test_what_the_role_in_other_accounts_has_is_what_iam_asks_for() -> None:
    assert problems(plain()) == []


def test_every_action_that_a_family_declares_is_held_against_the_reference(synthesise: Any) -> None:
    declared = {call.action for family in catalogue.FAMILIES.values() for call in family.calls}
    declared |= {grant.action for family in catalogue.FAMILIES.values() for grant in family.grants}
    held = {verb for verbs in grants(synthesise(ALL).json).values() for verb in verbs}
    assert declared <= held


def test_the_exceptions_are_all_in_use(synthesise: Any) -> None:
    held = {verb for verbs in grants(synthesise(ALL).json).values() for verb in verbs}
    assert ALTERNATIVES.keys() <= held


@pytest.mark.parametrize(
    ("granted", "template", "meets"),
    [
        ("*", "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", True),
        ("arn:aws:glue:*:1:job/*", "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", True),
        ("arn:aws:glue:*:1:*", "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", True),
        ("arn:aws:glue:*:1:jobs/*", "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", False),
        ("arn:aws:omics:*:1:job/*", "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", False),
        ("arn:aws:m:r:1:datastore/*/imageset/*", "arn:${Partition}:m:${Region}:${Account}:datastore/${D}", False),
        ("arn:aws:m:r:1:datastore/*", "arn:${Partition}:m:${Region}:${Account}:datastore/${D}/imageset/${I}", True),
        ("arn:aws:s3:::*/*-DicomImport-*/*", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", True),
        ("arn:aws:s3:::bucket", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", False),
    ],
)
def test_a_grant_covers_an_arn(granted: str, template: str, meets: bool) -> None:
    assert covers(granted, template) is meets


def test_a_grant_that_has_no_effect_is_found() -> None:
    """The faults that this test was made for: one of two resources, a resource too many, an action of another name."""
    template: dict[str, Any] = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "Policies": [
                        {
                            "PolicyDocument": {
                                "Statement": [
                                    {
                                        "Action": "medical-imaging:GetImageSetMetadata",
                                        "Resource": "arn:aws:medical-imaging:us-east-1:1:datastore/*/imageset/*",
                                    },
                                    {"Action": "batch:ListJobs", "Resource": "arn:aws:batch:us-east-1:1:job-queue/*"},
                                    {"Action": "sesv2:ListImportJobs", "Resource": "*"},
                                    {
                                        "Action": "ses:GetImportJob",
                                        "Resource": [
                                            "arn:aws:ses:us-east-1:1:import-job/*",
                                            "arn:aws:ses:us-east-1:1:template/*",
                                        ],
                                        "Condition": {"StringEquals": {"ses:Region": "us-east-1"}},
                                    },
                                ]
                            }
                        }
                    ]
                },
            }
        }
    }
    found = problems(template)
    for told in (
        "GetImageSetMetadata needs a datastore",
        "batch:ListJobs knows no resource, and is granted on",
        "sesv2:ListImportJobs is no action",
        "ses:GetImportJob knows no resource such as arn:aws:ses:us-east-1:1:template/*",
        "ses:GetImportJob does not know ses:Region",
    ):
        assert [each for each in found if told in each], told
    assert len(found) == 6, "that of Batch is told from both sides"
