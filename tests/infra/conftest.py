"""Synthesises the stack once per configuration, with the flags of ``cdk.json`` and cdk-nag on, and builds nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from infra.bundle import ROOT, bundle, code
from infra.configuration import parse
from infra.runtime import files
from infra.stack import JobviewStack
from jobview import catalogue
from jobview.monitored import Monitored
from jobview.settings import read_monitored
from tests.monitoring import written

HOME = {"account": "111122223333", "region": "us-east-1"}
RICH = {
    "stackName": "Other",
    "targets": [{"account": "111122223333", "regions": ["us-east-1", "eu-west-1"]}],
    "families": {"enabled": ["sesv2/import", "medical-imaging/dicom-import"], "extra": ["panorama/package-import"]},
    "schedule": "rate(6 hours)",
    "quotaShare": 0.25,
    "cadence": {"activeSeconds": 120, "idleSeconds": 1800, "deniedSeconds": 86400, "fullSyncSeconds": 86400},
    "refreshConcurrency": 3,
    "ingestConcurrency": 5,
    "apiReservedConcurrency": 20,
    "staleAfterSeconds": 86400,
    "retention": {"jobsDays": 30, "transitionsDays": 60, "logsDays": 7},
    "deletionProtection": False,
    "importBuckets": ["s3://imports/out/", "s3://whole"],
    "importKeyArns": ["arn:aws:kms:us-east-1:111122223333:key/abc"],
    "throttling": {"rate": 5, "burst": 7},
    "logLevel": "WARNING",
    "tracing": False,
    "alarmEmail": "ops@example.org",
    "notifyEmail": "team@example.org",
    "notifyChat": True,
    "endpointUrl": "http://localhost:1234",
    "bundle": {"python": "3.11", "architecture": "x86_64", "platform": "host"},
}
"""Everything other than it is by default."""
LEAN = {
    "families": {"enabled": ["sesv2/import"]},
    "schedule": "rate(5 minutes)",
    "importKeyArns": RICH["importKeyArns"],
    "alarms": False,
    "dashboard": False,
}
"""As little as can be."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    template: Template
    json: dict[str, Any]
    tags: dict[str, str]
    files: dict[str, str]
    """What lies beside the functions' code."""

    def monitored(self, handler: str) -> Monitored:
        """What a function reads, as it finds it in its environment and its file."""
        told = {
            name: text(value).replace("<AWS::AccountId>", "111122223333").replace("<AWS::Partition>", "aws")
            for name, value in self.function(handler)["Environment"]["Variables"].items()
            if name.startswith("JOBVIEW_")
        }
        return read_monitored(
            {**told, **written(self.files[told["JOBVIEW_CONFIGURATION"]]), "JOBVIEW_ACCOUNT": told["JOBVIEW_ACCOUNT"]}
        )

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of a CloudFormation type by their logical id."""
        return {name: found for name, found in self.json["Resources"].items() if found["Type"] == kind}

    def function(self, handler: str) -> dict[str, Any]:
        found: dict[str, Any]
        [found] = [
            resource["Properties"]
            for resource in self.all("AWS::Lambda::Function").values()
            if resource["Properties"]["Handler"] == f"handlers.{handler}.handler.handler"
        ]
        return found

    def grants(self, handler: str) -> dict[str, list[str]]:
        """What a function may do: action → the resources, as text; everything that its role has."""
        role = self.function(handler)["Role"]["Fn::GetAtt"][0]
        return granted(self.policies(role))

    def policies(self, role: str) -> list[dict[str, Any]]:
        """The policies of a role: its own and those that it shares; nothing is attached to it from outside."""
        outside = [
            policy
            for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
            for policy in self.all(kind).values()
            if {"Ref": role} in policy["Properties"].get("Roles", [])
        ]
        assert not outside, "a policy that the role does not name"
        properties = self.json["Resources"][role]["Properties"]
        shared = [self.json["Resources"][each["Ref"]]["Properties"] for each in properties.get("ManagedPolicyArns", [])]
        return [*properties["Policies"], *shared]


def told_by(patterns: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Source → detail types of event patterns, each source once."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        assert pattern.keys() <= {"source", "detail-type", "account", "$or"}
        for alternative in pattern.get("$or", [pattern]):
            [source] = alternative["source"]
            assert source not in found
            found[source] = alternative["detail-type"]
    return found


def granted(policies: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in _list(statement["Action"]):
                found.setdefault(action, []).extend(text(resource) for resource in _list(statement["Resource"]))
    return found


def text(value: Any) -> str:
    """An intrinsic function of a template as short text: ``<LogicalId.Arn>/index/newest``."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Sub": str()}:
            return str(value["Fn::Sub"]).replace("${", "<").replace("}", ">")
        case {"Fn::Join": ["", parts]}:
            return "".join(map(text, parts))
    raise AssertionError(f"not expected in a template: {value}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


Synthesise = Callable[..., Stack]


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory) -> Synthesise:
    """Returns the stack of a configuration; cdk-nag's findings fail it."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    empty = tmp_path_factory.mktemp("lambdas")
    made: dict[str, Stack] = {}

    def make(document: Mapping[str, Any] | None = None, *, home: Mapping[str, str] = HOME) -> Stack:
        configuration = parse(
            {**home, **(document or {})},
            catalogue={name: family.retired is not None for name, family in catalogue.FAMILIES.items()},
            origin="test",
        )
        key = configuration.model_dump_json()
        if key not in made:
            out = str(tmp_path_factory.mktemp("cdk"))
            app = cdk.App(outdir=out, context={**flags, "aws:cdk:bundling-stacks": []})
            cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
            retired = {name: family.retired is not None for name, family in catalogue.FAMILIES.items()}
            families = catalogue.enabled(configuration.enabled_families(retired))
            beside = files(configuration, families)
            stack = JobviewStack(
                app,
                configuration=configuration,
                families=families,
                code=code(replace(bundle(configuration, catalogue.clients(), files=beside), source=empty)),
            )
            app.synth()
            document_ = json.loads((Path(out) / f"{stack.stack_name}.template.json").read_text())
            made[key] = Stack(
                template=Template.from_json(document_),
                json=document_,
                tags=dict(stack.tags.tag_values()),
                files=beside,
            )
        return made[key]

    return make


@pytest.fixture(scope="session")
def stack(synthesise: Synthesise) -> Stack:
    """The stack of the default configuration."""
    return synthesise()


@pytest.fixture(scope="session")
def rich(synthesise: Synthesise) -> Stack:
    """The stack of a configuration in which everything is other than by default."""
    return synthesise(RICH)


@pytest.fixture(scope="session")
def lean(synthesise: Synthesise) -> Stack:
    """The stack of one family, refreshed every minute, without alarms and dashboard."""
    return synthesise(LEAN)
