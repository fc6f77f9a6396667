"""What each function may do: exactly this, and nothing on ``*`` that could be narrower."""

import ast
import re
from collections.abc import Iterable
from typing import Any

import aws_cdk as cdk
import pytest

from infra.bundle import ROOT
from infra.configuration import Configuration
from infra.permissions import TABLE_ACTIONS, permissions
from jobview import catalogue
from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import ListCall
from local.catalogue import authorization

LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
TRACE = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
ALL = {"families": {"extra": [name for name, family in catalogue.FAMILIES.items() if family.retired]}}


def declared(families: Any) -> set[str]:
    calls = {call.action for family in families for call in family.calls}
    return calls | {grant.action for family in families for grant in family.grants}


def names(stack: Any, kind: str, start: str) -> str:
    [found] = [name for name in stack.all(kind) if name.startswith(start)]
    return str(found)


def test_api_reads_jobs_and_keeps_the_table(synthesise: Any) -> None:
    grants = synthesise(ALL).grants("api")
    assert grants.keys() == {*TABLE_ACTIONS, *LOG, *TRACE, *declared(catalogue.FAMILIES.values())}


def of_items(families: Iterable[Family]) -> set[str]:
    """The actions that list the items of jobs, and that no other call of the families has."""
    lists = {call.action for family in families for call in family.calls if isinstance(call, ItemsCall)}
    return lists - {call.action for family in families for call in family.calls if not isinstance(call, ItemsCall)}


def test_refresh_does_the_same_and_consumes_its_queue(synthesise: Any) -> None:
    stack = synthesise(ALL)
    api, refresh = stack.grants("api"), stack.grants("refresh")
    items = of_items(catalogue.FAMILIES.values())
    assert items
    assert api.keys() - refresh.keys() == items, "only the API is asked for items"
    api = {action: resources for action, resources in api.items() if action not in items}
    queue = f"<{names(stack, 'AWS::SQS::Queue', 'LanesQueue')}.Arn>"
    consuming = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    assert refresh.keys() - api.keys() == consuming
    assert [refresh[action] for action in sorted(consuming)] == [[queue]] * 3
    assert {action: refresh[action] for action in api if action not in LOG} == {
        action: resources for action, resources in api.items() if action not in LOG
    }


def test_plan_keeps_the_schedule_and_sends(stack: Any) -> None:
    grants = stack.grants("plan")
    schedule = {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"}
    assert grants.keys() == {"sqs:SendMessage", *schedule, *LOG, *TRACE}
    table = f"<{names(stack, 'AWS::DynamoDB::Table', 'Store')}.Arn>"
    assert sorted(grants["dynamodb:Query"]) == [table, f"{table}/index/outstanding"]
    assert all(grants[action] == [table] for action in schedule - {"dynamodb:Query"})
    assert sorted(grants["sqs:SendMessage"]) == [
        f"<{names(stack, 'AWS::SQS::Queue', 'LanesDeadRuns')}.Arn>",
        f"<{names(stack, 'AWS::SQS::Queue', 'LanesQueue')}.Arn>",
    ]


def test_image_sets_alone_reads_health_data(stack: Any) -> None:
    grants = stack.grants("image_sets")
    objects = {"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"}
    assert grants.keys() == {"medical-imaging:GetImageSetMetadata", *objects, *LOG, *TRACE}
    assert grants["medical-imaging:GetImageSetMetadata"] == [
        "arn:aws:medical-imaging:us-east-1:111122223333:datastore/*",
        "arn:aws:medical-imaging:us-east-1:111122223333:datastore/*/imageset/*",
    ]
    bucket = names(stack, "AWS::S3::Bucket", "Metadata")
    assert all(grants[action] == [f"<{bucket}.Arn>/*"] for action in objects)
    for other in ("api", "plan", "refresh"):
        assert not [action for action in stack.grants(other) if "ImageSet" in action]
        assert not [each for found in stack.grants(other).values() for each in found if bucket in each]


@pytest.mark.parametrize("handler", ["api", "refresh"])
def test_the_table_and_its_indexes_are_named(stack: Any, handler: str) -> None:
    table = f"<{names(stack, 'AWS::DynamoDB::Table', 'Store')}.Arn>"
    grants = stack.grants(handler)
    assert sorted(grants["dynamodb:Query"]) == [
        table,
        *(f"{table}/index/{index}" for index in ("byState", "newest", "outstanding")),
    ]
    for action in {*TABLE_ACTIONS} - {"dynamodb:Query"}:
        assert grants[action] == [table]


def test_the_table_actions_are_those_that_the_store_uses() -> None:
    used: set[str] = set()
    for path in (ROOT / "lambdas").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                chain = ast.unparse(node.func)
                if node.func.attr == "get_paginator" and "client" in chain and "store" in path.parts:
                    used.add(ast.literal_eval(node.args[0]))
                elif re.fullmatch(r"(\w+\.)*(table\.client)\.\w+", chain):
                    used.add(node.func.attr)
            if "store" in path.parts and isinstance(node, ast.Dict):
                inside = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
                used |= {f"{key.lower()}_item" for key in inside & {"Put", "Update", "Delete", "ConditionCheck"}}
    used -= {"get_paginator", "transact_write_items"}
    found = {"dynamodb:" + "".join(word.title() for word in name.split("_")) for name in used}
    assert found == {*TABLE_ACTIONS}


@pytest.mark.parametrize("handler", ["api", "image_sets", "plan", "refresh"])
def test_a_function_writes_to_its_own_log_only(stack: Any, handler: str) -> None:
    group = stack.function(handler)["LoggingConfig"]["LogGroup"]["Ref"]
    for action in LOG:
        assert stack.grants(handler)[action] == [f"<{group}.Arn>"]


@pytest.mark.parametrize("handler", ["api", "image_sets", "plan", "refresh", "ingest", "publish"])
def test_on_everything_stands_only_what_lists_or_knows_no_resource(synthesise: Any, handler: str) -> None:
    """What opens a job's data is granted on the resources that the authorization reference has for it."""
    grants = synthesise(ALL).grants(handler)
    lists = {
        call.action
        for family in catalogue.FAMILIES.values()
        for call in family.calls
        if isinstance(call, ListCall) and not isinstance(call, ItemsCall)
    }
    everything = {name for name, resources in grants.items() if "*" in resources}
    assert not {name for name in everything - lists if authorization.action(name).knows_resources}
    assert not [name for name in grants if "*" in name]


def test_every_get_is_on_its_own_resources(stack: Any) -> None:
    grants = stack.grants("api")
    enabled = [family for family in catalogue.FAMILIES.values() if family.get and family.retired is None]
    gets = {
        family.get.action
        for family in enabled
        if family.get and (family.list is None or family.get.operation != family.list.operation)
    }
    assert gets
    assert not [name for name in gets if authorization.action(name).knows_resources and "*" in grants[name]]


def reads(families: list[Family]) -> dict[str, list[str]]:
    """What reading these families takes, without the rest of a stack."""
    stack = cdk.Stack(None, "Alone", env=cdk.Environment(account="111122223333", region="us-east-1"))
    configuration = Configuration()
    found: dict[str, list[str]] = {}
    allowed = permissions(stack, configuration, tuple(families))
    for rights in (*allowed.reads(), *allowed.items()):
        found |= {name: sorted(resources) for name, resources in rights.of.items()}
    return found


@pytest.mark.parametrize("name", catalogue.FAMILIES)
def test_a_family_that_is_off_takes_its_permissions_along(name: str) -> None:
    gone = catalogue.FAMILIES[name]
    rest = [family for family in catalogue.FAMILIES.values() if family is not gone]
    alike = [each for each in rest if declared([each]) == declared([gone])]
    assert alike or declared([gone]) - declared(rest), "a family with nothing of its own"
    assert reads([gone]).keys() == declared([gone])
    assert reads(rest).keys() == declared(rest)


def test_what_is_off_is_not_in_the_stack(lean: Any, rich: Any) -> None:
    for stack, names_ in (
        (lean, ["sesv2/import"]),
        (rich, ["sesv2/import", "medical-imaging/dicom-import", "panorama/package-import"]),
    ):
        wanted = declared([catalogue.FAMILIES[name] for name in names_])
        for handler in ("api", "refresh"):
            assert set(stack.grants(handler)) & declared(catalogue.FAMILIES.values()) == wanted


def test_every_target_is_granted_and_no_other(rich: Any) -> None:
    found = statement(rich, "medical-imaging:GetDICOMImportJob")
    assert found["Resource"] == [
        "arn:aws:medical-imaging:*:111122223333:datastore/*",
        "arn:aws:ses:*:111122223333:import-job/*",
    ]
    for action in declared([catalogue.FAMILIES[name] for name in ("sesv2/import", "medical-imaging/dicom-import")]):
        if not action.startswith("s3:"):
            condition = statement(rich, action)["Condition"]
            assert condition["StringEquals"] == {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}
            if statement(rich, action)["Resource"] == "*":
                assert condition["StringEqualsIfExists"] == {"aws:ResourceAccount": ["111122223333"]}
    assert rich.grants("image_sets")["medical-imaging:GetImageSetMetadata"] == [
        "arn:aws:medical-imaging:us-east-1:111122223333:datastore/*",
        "arn:aws:medical-imaging:us-east-1:111122223333:datastore/*/imageset/*",
    ]


def statement(stack: Any, name: str) -> dict[str, Any]:
    role = stack.function("refresh")["Role"]["Fn::GetAtt"][0]
    [found] = [
        each
        for policy in stack.policies(role)
        for each in policy["PolicyDocument"]["Statement"]
        if name in (each["Action"], *each["Action"])
    ]
    assert isinstance(found, dict)
    return found


def test_manifests_are_read_in_the_accounts_own_buckets_by_default(stack: Any) -> None:
    found = statement(stack, "s3:GetObject")
    assert found["Resource"] == "arn:aws:s3:::*/*-DicomImport-*/*"
    assert found["Condition"] == {"StringEquals": {"s3:ResourceAccount": ["111122223333"]}}


def test_manifests_are_read_in_the_configured_buckets_only(rich: Any) -> None:
    found = statement(rich, "s3:GetObject")
    assert found["Resource"] == ["arn:aws:s3:::imports/out/*-DicomImport-*/*", "arn:aws:s3:::whole/*-DicomImport-*/*"]
    assert "Condition" not in found
    decrypt = statement(rich, "kms:Decrypt")
    assert decrypt["Resource"] == "arn:aws:kms:us-east-1:111122223333:key/abc"
    assert decrypt["Condition"] == {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}


def test_without_manifests_there_is_no_key_to_use(lean: Any) -> None:
    assert not [action for action in lean.grants("refresh") if action.startswith(("kms:", "s3:"))]
