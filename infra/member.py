"""The stack for other accounts and regions, and the same as a plain template.

In another account it has a role that lets Jobview read jobs, and in each region rules that forward the services' own
events. In the home account's other regions it has the rules alone. ``make member`` writes the template, for example for
a StackSet; ``cdk deploy JobviewMember`` deploys the stack with the configuration's values as defaults.
"""

import json
import tempfile
from pathlib import Path
from typing import Any, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.configuration import MEMBER_ROLE, Configuration
from infra.functions import READERS
from infra.inbound import bus_name
from infra.ingest import RETRIES, patterns, rules
from infra.permissions import Permissions
from infra.policies import managed
from infra.start_calls import DESCRIPTION, call_patterns
from jobview import catalogue
from jobview.catalogue.family import Family

STACK: Final = "JobviewMember"
TEMPLATE: Final = Path(__file__).resolve().with_name("member.template.json")
"""The template for the default configuration. The parameters of an installation have no default."""

_PATH: Final = "/([A-Za-z0-9_+=,.@-]+/)*"
_REGION: Final = "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"


class MemberStack(cdk.Stack):
    """One read-only role, which is global, and the rules of one region with a role for EventBridge.

    The same parameters fit all regions of all accounts: conditions leave out what a place does not need. The account
    needs no CDK bootstrap, because the template is all that is deployed.

    ``configuration`` gives the parameters their defaults. Without it, parameters that differ between installations have
    none.
    """

    def __init__(
        self, scope: Construct, *, families: tuple[Family, ...], configuration: Configuration | None = None
    ) -> None:
        super().__init__(
            scope,
            STACK,
            synthesizer=cdk.BootstraplessSynthesizer(),
            description="Lets Jobview read the asynchronous jobs of this account, and forwards it the services' events",
            analytics_reporting=False,
        )
        chosen = _defaults(configuration)
        self._central = self._parameter(
            "CentralAccount",
            "Account that Jobview is deployed in",
            default=chosen.get("CentralAccount"),
            allowed_pattern="[0-9]{12}",
        )
        self._central_region = self._parameter(
            "CentralRegion",
            "Region that Jobview is deployed in",
            default=chosen.get("CentralRegion"),
            allowed_pattern=_REGION,
        )
        self._central_stack = self._parameter(
            "CentralStackName",
            "Name of Jobview's stack",
            default=chosen.get("CentralStackName", "Jobview"),
            allowed_pattern="[A-Za-z][A-Za-z0-9-]{0,39}",
        )
        self._external_id = self._parameter(
            "ExternalId",
            "The target's externalId in Jobview's configuration",
            default=chosen.get("ExternalId"),
            allowed_pattern="[A-Za-z0-9_+=,.@:/-]{2,1224}",
        )
        self._role_name = self._parameter(
            "RoleName",
            "The target's roleName in Jobview's configuration",
            default=chosen.get("RoleName", MEMBER_ROLE),
            allowed_pattern="[A-Za-z0-9_+=,.@-]{1,64}",
        )
        self._role_path = self._parameter(
            "RolePath",
            "The target's rolePath in Jobview's configuration; EventBridge's role has this path too",
            default=chosen.get("RolePath", "/"),
            allowed_pattern=_PATH,
        )
        self._central_path = self._parameter(
            "CentralRolePath",
            "rolePath in Jobview's configuration: the path of the roles that are trusted",
            default=chosen.get("CentralRolePath", "/"),
            allowed_pattern=_PATH,
        )
        self._boundary = self._parameter(
            "PermissionsBoundary",
            "Name (and path, if any) of the account's managed policy for the roles' permissions boundary; may be empty",
            default="",
            allowed_pattern="([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]*",
        )
        self._regions = self._parameter(
            "Regions",
            "The target's regions in Jobview's configuration, with commas between them",
            default=chosen.get("Regions"),
            type="CommaDelimitedList",
        )
        self._role_region = self._parameter(
            "RoleRegion",
            "The one region in which the stack creates the role, which is global; empty for a stack in one region only",
            default=chosen.get("RoleRegion", ""),
            allowed_pattern=f"({_REGION})?",
        )
        self._keys = self._parameter(
            "ImportKeyArns",
            "ARNs of the KMS keys of buckets with HealthImaging's manifests; may be empty",
            default="",
            type="CommaDelimitedList",
        )
        reads = Permissions(
            families=families,
            # Text with CloudFormation's variables, for Fn::Sub: tokens would make the template three times as long.
            targets=(("${AWS::AccountId}", "*"),),
            home=("${AWS::AccountId}", "*"),
            partition="${AWS::Partition}",
            configuration=Configuration(),
            regions=tuple(self._regions.value_as_list),
        )
        self._read(reads)
        if any(family.events is not None or family.starts is not None for family in families):
            self._forward(families, chosen.get("ForwardEvents", "true"), chosen.get("ForwardStartCalls", "false"))
        bounded = self._condition(
            "HasBoundary",
            cdk.Fn.condition_not(cdk.Fn.condition_equals(self._boundary.value_as_string, "")),
        )
        for each in self.node.find_all():
            if isinstance(each, iam.CfnRole):
                each.path = self._role_path.value_as_string
                each.permissions_boundary = cdk.Fn.condition_if(
                    bounded.logical_id,
                    f"arn:{self.partition}:iam::{self.account}:policy/{self._boundary.value_as_string}",
                    cdk.Aws.NO_VALUE,
                ).to_string()

    def _parameter(self, name: str, description: str, *, default: str | None, **more: Any) -> cdk.CfnParameter:
        return cdk.CfnParameter(self, name, description=description, default=default, **more)

    def _condition(self, name: str, expression: cdk.ICfnConditionExpression) -> cdk.CfnCondition:
        return cdk.CfnCondition(self, name, expression=expression)

    def _read(self, reads: Permissions) -> None:
        """Make the role that Jobview's functions assume, in one region.

        The home account has no such role: the functions read it with their own permissions.
        """
        chosen = self._role_region.value_as_string
        makes = self._condition(
            "MakesRole",
            cdk.Fn.condition_and(
                cdk.Fn.condition_not(cdk.Fn.condition_equals(self.account, self._central.value_as_string)),
                cdk.Fn.condition_or(cdk.Fn.condition_equals(chosen, ""), cdk.Fn.condition_equals(chosen, self.region)),
            ),
        )
        trusted = [
            f"arn:{self.partition}:iam::{self._central.value_as_string}:role{self._central_path.value_as_string}"
            f"{self._central_stack.value_as_string}-{self._central_region.value_as_string}-{function}"
            for function in READERS
        ]
        policies = managed(
            self,
            "Reads",
            (*reads.reads(), *reads.items()),
            description="reads jobs here",
            reasons=reads.wildcards(),
        )
        for policy in policies:
            cast("iam.CfnManagedPolicy", policy.node.default_child).cfn_options.condition = makes
        role = iam.Role(
            self,
            "Role",
            role_name=self._role_name.value_as_string,
            description="Read-only: lets Jobview read asynchronous jobs",
            # The functions' roles may not exist yet, or be replaced later. IAM allows that for a condition on their
            # names, but not for a principal.
            assumed_by=iam.PrincipalWithConditions(
                iam.AccountPrincipal(self._central.value_as_string),
                {"StringEquals": {"sts:ExternalId": self._external_id.value_as_string, "aws:PrincipalArn": trusted}},
            ),
            managed_policies=[*policies],
        )
        _only_if(makes, role)
        self._decrypt(role, makes)
        cdk.CfnOutput(self, "RoleArn", value=role.role_arn, condition=makes)

    def _decrypt(self, role: iam.Role, makes: cdk.CfnCondition) -> None:
        """Let the role use the buckets' keys, if there are any, through S3 only."""
        statement = iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=self._keys.value_as_list,
            conditions={"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
        )
        policy = iam.CfnRolePolicy(
            self,
            "Keys",
            policy_name="keys",
            role_name=role.role_name,
            policy_document=iam.PolicyDocument(statements=[statement]),
        )
        some = cdk.Fn.condition_not(cdk.Fn.condition_equals(cdk.Fn.join("", self._keys.value_as_list), ""))
        policy.cfn_options.condition = self._condition(
            "HasKeys", cdk.Fn.condition_and(cast("cdk.ICfnConditionExpression", makes), some)
        )

    def _forward(self, families: tuple[Family, ...], default: str, default_calls: str) -> None:
        """Make the rules whose target is Jobview's bus. Jobview's own stack has the rules of its account and region."""
        forward = self._parameter(
            "ForwardEvents",
            "Whether the services' own events are forwarded to Jobview: serviceEvents in its configuration",
            default=default,
            allowed_values=["true", "false"],
        )
        forwards = self._condition(
            "Forwards",
            cdk.Fn.condition_and(
                cdk.Fn.condition_equals(forward.value_as_string, "true"),
                cdk.Fn.condition_not(
                    cdk.Fn.condition_and(
                        cdk.Fn.condition_equals(self.account, self._central.value_as_string),
                        cdk.Fn.condition_equals(self.region, self._central_region.value_as_string),
                    )
                ),
            ),
        )
        bus = (
            f"arn:{self.partition}:events:{self._central_region.value_as_string}:{self._central.value_as_string}"
            f":event-bus/{bus_name(self._central_stack.value_as_string)}"
        )
        # The last part of the stack's own id makes the names unique, so that two such stacks fit in one region. The
        # names are known before the rules exist, because the rules need the role and the role's policy names the rules.
        own = cdk.Fn.select(4, cdk.Fn.split("-", cdk.Fn.select(2, cdk.Fn.split("/", self.stack_id))))
        names = f"Jobview-{{number}}-{own}"
        role = iam.Role(
            self,
            "ForwardingRole",  # without a name: role names are global, and each region has this role
            description="Lets EventBridge forward the services' own events to Jobview",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": self.account},
                    "ArnLike": {
                        "aws:SourceArn": f"arn:{self.partition}:events:{self.region}:{self.account}:rule/"
                        + names.replace("{number}", "*")
                    },
                },
            ),
            inline_policies={
                "forward": iam.PolicyDocument(
                    statements=[iam.PolicyStatement(actions=["events:PutEvents"], resources=[bus])]
                )
            },
        )
        _only_if(forwards, role)
        target = events.CfnRule.TargetProperty(id="Jobview", arn=bus, role_arn=role.role_arn, retry_policy=RETRIES)
        for rule in rules(
            Construct(self, "Forward"), patterns(families, account=self.account), target=target, names=names
        ):
            rule.cfn_options.condition = forwards
        calls = self._parameter(
            "ForwardStartCalls",
            "Whether calls that start jobs are forwarded too, from CloudTrail: startCalls in Jobview's configuration",
            default=default_calls,
            allowed_values=["true", "false"],
        )
        both = self._condition(
            "ForwardsStartCalls",
            cdk.Fn.condition_and(
                cast("cdk.ICfnConditionExpression", forwards), cdk.Fn.condition_equals(calls.value_as_string, "true")
            ),
        )
        for rule in rules(
            Construct(self, "ForwardCalls"),
            call_patterns(families, account=self.account),
            target=target,
            names=names.replace("{number}", "Calls-{number}"),
            description=DESCRIPTION,
        ):
            rule.cfn_options.condition = both


def _only_if(condition: cdk.CfnCondition, role: iam.Role) -> None:
    cast("iam.CfnRole", role.node.default_child).cfn_options.condition = condition


def _defaults(configuration: Configuration | None) -> dict[str, str]:
    """Return a configuration's values for the parameters, where all accounts have the same value."""
    if configuration is None:
        return {}
    members = configuration.members
    several: dict[str, set[str | None]] = {
        "CentralAccount": {configuration.account},
        "CentralRegion": {configuration.region},
        "CentralStackName": {configuration.stack_name},
        "ExternalId": {member.external_id for member in members},
        "RolePath": {member.role_path or "/" for member in members},
        "CentralRolePath": {configuration.role_path},
        "RoleName": {member.role_name or MEMBER_ROLE for member in members},
        "Regions": {",".join(sorted({region for member in members for region in member.regions}))},
        "RoleRegion": {_role_region(configuration)},
        "ForwardEvents": {"true" if configuration.service_events else "false"},
        "ForwardStartCalls": {"true" if configuration.start_calls else "false"},
    }
    return {
        name: str(next(iter(values))) for name, values in several.items() if len(values) == 1 and None not in values
    }


def _role_region(configuration: Configuration) -> str:
    """Return a region that all accounts have in common, preferably the home region.

    It is empty where there is none, and where no event is forwarded: then each account needs one deployment only.
    """
    shared = set.intersection(*(set(member.regions) for member in configuration.members))
    if not configuration.service_events or not shared:
        return ""
    return configuration.region if configuration.region in shared else min(shared)


def template() -> str:
    """Return the plain template as JSON text, with every family that AWS has not retired."""
    families = tuple(family for family in catalogue.FAMILIES.values() if family.retired is None)
    with tempfile.TemporaryDirectory() as folder:
        flags = json.loads((Path(__file__).resolve().parent.parent / "cdk.json").read_text(encoding="utf-8"))
        app = cdk.App(outdir=folder, context=flags["context"], analytics_reporting=False)
        MemberStack(app, families=families)
        app.synth()
        made = json.loads((Path(folder) / f"{STACK}.template.json").read_text(encoding="utf-8"))
    return json.dumps(made, indent=1) + "\n"


if __name__ == "__main__":
    TEMPLATE.write_text(template(), encoding="utf-8")
