"""The role that lets Jobview read an account that is not its own: a stack, and the same as a plain template.

``make member`` writes the template, which fits a StackSet; ``cdk deploy JobviewMember`` deploys the stack with the
configuration's own values as defaults.
"""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.configuration import MEMBER_ROLE, Configuration
from infra.functions import READERS
from infra.permissions import Permissions, acknowledge
from jobview import catalogue
from jobview.catalogue.declaration import Family

STACK: Final = "JobviewMember"
TEMPLATE: Final = Path(__file__).resolve().with_name("member.template.json")
"""Of the default configuration, without its values."""

_KEYS: Final = "ImportKeyArns"


class MemberStack(cdk.Stack):
    """One read-only role. It needs no bootstrapped account: nothing but the template is deployed.

    ``configuration`` gives the parameters their defaults; without it those that every installation has its own values
    for have none.
    """

    def __init__(
        self, scope: Construct, *, families: tuple[Family, ...], configuration: Configuration | None = None
    ) -> None:
        super().__init__(
            scope,
            STACK,
            synthesizer=cdk.BootstraplessSynthesizer(),
            description="Lets Jobview in another account read the asynchronous jobs of this one",
            analytics_reporting=False,
        )
        chosen = _defaults(configuration)
        central = self._parameter(
            "CentralAccount",
            "Account that Jobview is deployed in",
            default=chosen.get("CentralAccount"),
            allowed_pattern="[0-9]{12}",
        )
        central_region = self._parameter(
            "CentralRegion",
            "Region that Jobview is deployed in",
            default=chosen.get("CentralRegion"),
            allowed_pattern="[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}",
        )
        central_stack = self._parameter(
            "CentralStackName",
            "Name of Jobview's stack",
            default=chosen.get("CentralStackName", "Jobview"),
            allowed_pattern="[A-Za-z][A-Za-z0-9-]{0,39}",
        )
        external_id = self._parameter(
            "ExternalId",
            "The target's externalId in Jobview's configuration",
            default=chosen.get("ExternalId"),
            allowed_pattern="[A-Za-z0-9_+=,.@:/-]{2,1224}",
        )
        role_name = self._parameter(
            "RoleName",
            "The target's roleName in Jobview's configuration",
            default=chosen.get("RoleName", MEMBER_ROLE),
            allowed_pattern="[A-Za-z0-9_+=,.@-]{1,64}",
        )
        regions = self._parameter(
            "Regions",
            "The target's regions in Jobview's configuration, with commas between them",
            default=chosen.get("Regions"),
            type="CommaDelimitedList",
        )
        keys = self._parameter(
            _KEYS,
            "ARNs of KMS keys that buckets with HealthImaging's manifests are encrypted with; may be empty",
            default="",
            type="CommaDelimitedList",
        )
        reads = Permissions(
            families=families,
            targets=((self.account, "*"),),
            home=(self.account, "*"),
            partition=self.partition,
            configuration=Configuration(),
            regions=tuple(regions.value_as_list),
        )
        trusted = [
            f"arn:{self.partition}:iam::{central.value_as_string}:role/"
            f"{central_stack.value_as_string}-{central_region.value_as_string}-{function}"
            for function in READERS
        ]
        role = iam.Role(
            self,
            "Role",
            role_name=role_name.value_as_string,
            description="Read-only: what Jobview needs to read asynchronous jobs",
            # IAM refuses a principal that is not there yet, and forgets one that is made anew; names it does not.
            assumed_by=iam.PrincipalWithConditions(
                iam.AccountPrincipal(central.value_as_string),
                {"StringEquals": {"sts:ExternalId": external_id.value_as_string, "aws:PrincipalArn": trusted}},
            ),
            inline_policies={"reads": reads.reads()},
        )
        acknowledge(role, reads.wildcards())
        self._decrypt(role, keys)
        cdk.CfnOutput(self, "RoleArn", value=role.role_arn)

    def _parameter(self, name: str, description: str, *, default: str | None, **more: Any) -> cdk.CfnParameter:
        return cdk.CfnParameter(self, name, description=description, default=default, **more)

    def _decrypt(self, role: iam.Role, keys: cdk.CfnParameter) -> None:
        """Let the role use the buckets' keys, through S3 only, where there are any."""
        statement = iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=keys.value_as_list,
            conditions={"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
        )
        policy = iam.CfnRolePolicy(
            self,
            "Keys",
            policy_name="keys",
            role_name=role.role_name,
            policy_document=iam.PolicyDocument(statements=[statement]),
        )
        some = cdk.Fn.condition_not(cdk.Fn.condition_equals(cdk.Fn.join("", keys.value_as_list), ""))
        policy.cfn_options.condition = cdk.CfnCondition(self, "HasKeys", expression=some)


def _defaults(configuration: Configuration | None) -> dict[str, str]:
    """Return the parameters' values that a configuration gives, where it gives the same for every account."""
    if configuration is None:
        return {}
    members = configuration.members
    several: dict[str, set[str | None]] = {
        "CentralAccount": {configuration.account},
        "CentralRegion": {configuration.region},
        "CentralStackName": {configuration.stack_name},
        "ExternalId": {member.external_id for member in members},
        "RoleName": {member.role_name or MEMBER_ROLE for member in members},
        "Regions": {",".join(sorted({region for member in members for region in member.regions}))},
    }
    return {
        name: str(next(iter(values))) for name, values in several.items() if len(values) == 1 and None not in values
    }


def template() -> str:
    """Return the plain template as JSON text: every family that AWS has not retired."""
    families = tuple(family for family in catalogue.FAMILIES.values() if family.retired is None)
    with tempfile.TemporaryDirectory() as folder:
        flags = json.loads((Path(__file__).resolve().parent.parent / "cdk.json").read_text(encoding="utf-8"))
        app = cdk.App(outdir=folder, context=flags["context"], analytics_reporting=False)
        MemberStack(app, families=families)
        app.synth()
        made = json.loads((Path(folder) / f"{STACK}.template.json").read_text(encoding="utf-8"))
    return json.dumps(made, indent=2) + "\n"


if __name__ == "__main__":
    TEMPLATE.write_text(template(), encoding="utf-8")
