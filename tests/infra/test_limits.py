"""AWS's limits: each is found when a template passes it, and 400 families in 100 accounts and 17 regions pass none."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from infra.bundle import ROOT, bundle, code
from infra.configuration import ConfigurationError, parse
from infra.limits import INLINE_TEMPLATE_BYTES, LIMITS, TEMPLATE_BYTES, characters, check
from infra.member import MemberStack
from infra.policies import MANAGED_POLICY, Rights, pack, size
from infra.regions import partitions
from infra.runtime import FILE, files
from infra.stack import JobviewStack
from jobview.catalogue.family import Events, Family
from jobview.catalogue.operations import GetCall, ListCall
from jobview.catalogue.records import Fields
from jobview.model import State
from local.catalogue.authorization import definitions

HOME = {"account": "111122223333", "region": "us-east-1"}
FAMILIES, SERVICES, ACCOUNTS, REGIONS = 400, 190, 100, 17


def invented() -> Iterator[Family]:
    """Families of real services, with real actions that list and that get, and real resources of these."""
    for service, told in sorted(definitions().items()):
        if not isinstance(told, dict):
            continue
        actions = told["privileges"].items()
        lists = sorted(name for name, row in actions if row["access_level"] == "List" and name.startswith("List"))
        gets = [
            (name, told["resources"][kind]["arn"])
            for name, row in sorted(actions)
            if name.startswith(("Get", "Describe"))
            for kind, needed in row["resource_types"].items()
            if kind and needed["required"]
        ]
        for number, (listing, (getting, arn)) in enumerate(zip(lists, gets, strict=False)):
            yield invented_family(service, f"kind-{number}", listing, getting, arn)


def invented_family(service: str, kind: str, listing: str, getting: str, arn: str) -> Family:
    fields = Fields(id="id", status="status")
    told = (f"{service} {kind} State Change",)
    resource = arn.replace("${Partition}", "{partition}").replace("${Region}", "{region}")
    resource = resource.replace("${Account}", "{account}")
    start, *rest = resource.split("${")
    resource = start + "".join("{id}" + part.partition("}")[2] for part in rest)
    return Family(
        service=service,
        type=kind,
        title=kind,
        list=ListCall(operation=listing, rate=1, action=f"{service}:{listing}", items="items"),
        list_fields=fields,
        get=GetCall(
            operation=getting,
            inputs={"id": "{id}"},
            rate=1,
            action=f"{service}:{getting}",
            resource=resource,
            item="@",
        ),
        get_fields=fields,
        states={"DONE": State.SUCCEEDED},
        events=Events(source=f"aws.{service}", detail_types=told, id="detail.id", status="detail.status"),
    )


def many() -> tuple[Family, ...]:
    """400 families of 190 services, as evenly as these allow."""
    by_service: dict[str, list[Family]] = {}
    for family in invented():
        by_service.setdefault(family.service, []).append(family)
    largest = sorted(by_service.values(), key=len, reverse=True)[:SERVICES]
    turns = [each[turn] for turn in range(len(largest[0])) for each in largest if turn < len(each)]
    return tuple(turns[:FAMILIES])


def scaled(tmp_path: Path, families: tuple[Family, ...], accounts: int) -> dict[str, dict[str, Any]]:
    """The templates of the two stacks of a deployment, checked by cdk-nag, by their names."""
    regions = [region for region, partition in partitions().items() if partition == "aws"][:REGIONS]
    targets = [
        {"account": str(900000000000 + number), "externalId": f"{number}-" + "x" * 36, "regions": regions}
        for number in range(accounts - 1)
    ]
    configuration = parse({**HOME, "targets": [{"regions": regions}, *targets]}, catalogue={}, origin="test")
    app = cdk.App(
        outdir=str(tmp_path / "out"),
        context={**json.loads((ROOT / "cdk.json").read_text())["context"], "aws:cdk:bundling-stacks": []},
    )
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    (tmp_path / "empty").mkdir()
    beside = files(configuration, families)
    assert len(json.loads(beside[FILE])["families"]) == len(families)
    built = replace(bundle(configuration, ("s3",), files=beside), source=tmp_path / "empty")
    JobviewStack(app, configuration=configuration, families=families, code=code(built))
    MemberStack(app, families=families, configuration=configuration)
    return {stack.stack_name: json.loads(Path(stack.template_full_path).read_text()) for stack in app.synth().stacks}


def test_four_hundred_families_in_a_hundred_accounts_and_seventeen_regions_fit(tmp_path: Path) -> None:
    families = many()
    assert len(families) == FAMILIES
    assert len({family.service for family in families}) == SERVICES
    made = scaled(tmp_path, families, ACCOUNTS)
    assert made.keys() == {"Jobview", "JobviewMember"}
    for name, template in made.items():
        assert check(name, template, size=len(json.dumps(template, indent=1))) == []
    granted = {
        name
        for resource in made["Jobview"]["Resources"].values()
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        for name in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert granted == {call.action for family in families for call in family.calls} | {"sts:AssumeRole"}
    attached = {len(each["Properties"].get("ManagedPolicyArns", [])) for each in roles(made["Jobview"])}
    assert 4 < max(attached) <= 10


def roles(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in template["Resources"].values() if each["Type"] == "AWS::IAM::Role"]


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"It": {"Type": kind, "Properties": properties}}}


def statement(letters: int) -> dict[str, Any]:
    return {"Statement": [{"Action": "x" * letters}]}


RULE = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.glue"]}, "Targets": []}}
PAST: dict[str, dict[str, Any]] = {
    "resources of a stack": {"Resources": {f"R{number}": {"Type": "X"} for number in range(501)}},
    "outputs of a stack": {"Outputs": {f"O{number}": {} for number in range(201)}},
    "parameters of a stack": {"Parameters": {f"P{number}": {} for number in range(201)}},
    "managed policies of a role": resource("AWS::IAM::Role", ManagedPolicyArns=[{"Ref": "P"}] * 21),
    "size of a managed policy": resource("AWS::IAM::ManagedPolicy", PolicyDocument=statement(6_200)),
    "size of a role's own policies": {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": statement(6_000)}]}},
            "More": {
                "Type": "AWS::IAM::RolePolicy",
                "Properties": {"RoleName": {"Ref": "Role"}, "PolicyDocument": statement(6_000)},
            },
        }
    },
    "size of a role's trust policy": resource("AWS::IAM::Role", AssumeRolePolicyDocument=statement(4_100)),
    "a role's name": resource("AWS::IAM::Role", RoleName="x" * 65),
    "environment of a function": resource("AWS::Lambda::Function", Environment={"Variables": {"A": "x" * 4_100}}),
    "policy of a queue": resource("AWS::SQS::QueuePolicy", PolicyDocument=statement(8_200)),
    "statements of a queue's policy": resource("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [{}] * 21}),
    "policy of an event bus": resource(
        "AWS::Events::EventBusPolicy",
        Statement={"Principal": {"AWS": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, "x" * 50]]}] * 170}},
    ),
    "event pattern of a rule": resource("AWS::Events::Rule", EventPattern={"account": ["1" * 12] * 140}),
    "rules of an event bus": {"Resources": {f"R{number}": RULE for number in range(301)}},
    "targets of a rule": resource("AWS::Events::Rule", Targets=[{}] * 6),
    "a rule's name": resource("AWS::Events::Rule", Name={"Fn::Join": ["-", [{"Ref": "AWS::Region"}, "x" * 50]]}),
}


@pytest.mark.parametrize("name", [limit.name for limit in LIMITS])
def test_a_template_that_passes_a_limit_is_refused_with_its_name_and_figures(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check("Jobview", PAST[name], size=1)
    [limit] = [limit for limit in LIMITS if limit.name == name]
    [_, line] = str(refused.value).splitlines()
    assert f": {name}: " in line
    assert f"AWS allows {limit.most:,} ({limit.source})" in line
    assert line.endswith(limit.remedy)


def test_a_limit_that_aws_raises_on_request_is_reported_and_not_refused() -> None:
    [asked] = check("Jobview", resource("AWS::IAM::Role", ManagedPolicyArns=[{"Ref": "P"}] * 11), size=1)
    assert asked.startswith("Jobview It: managed policies of a role: 11 policies; AWS allows 10")
    assert asked.endswith("AWS raises it to 20 on request.")


def test_a_template_has_a_size_too() -> None:
    with pytest.raises(ConfigurationError, match=r"template: 1,048,577 bytes; AWS allows 1,048,576"):
        check("Jobview", {}, size=TEMPLATE_BYTES + 1)
    assert check("Jobview", {}, size=TEMPLATE_BYTES) == []
    [told] = check("JobviewMember", {}, size=INLINE_TEMPLATE_BYTES + 1, bucket=False)
    assert told.startswith("JobviewMember: template: 51,201 bytes; AWS allows 51,200 without a bucket")


def test_what_only_the_deployment_knows_counts_at_its_longest() -> None:
    assert characters({"Ref": "AWS::Region"}) == characters("ap-southeast-1")
    assert characters({"Fn::Sub": "arn:${AWS::Partition}:x"}) == characters("arn:ap-southeast-1:x")
    assert characters({"Ref": "Regions"}) > 34 * len('"us-east-1",')
    assert characters(["a", "b"]) == len('["a","b"]')


def test_actions_are_packed_into_policies_that_fit_and_none_is_lost() -> None:
    rights = [
        Rights(of={f"service:List{number}": frozenset({"*"}) for number in range(400)}),
        Rights(of={f"service:Get{number}": frozenset({f"arn:aws:x:*:1:thing-{number}/*"}) for number in range(400)}),
    ]
    packed = pack(rights)
    assert all(size(statements) <= MANAGED_POLICY for statements in packed)
    assert sum(len(each.actions) for statements in packed for each in statements) == 800
    for statements in packed:
        for each in statements:
            assert ("*" in each.resources) == all(name.startswith("service:List") for name in each.actions)
            assert each.resources == frozenset({"*"}) or "*" not in each.resources
    with pytest.raises(ValueError, match="alone takes"):
        pack([Rights(of={"service:Get": frozenset(f"arn:{number:0100}" for number in range(70))})])
