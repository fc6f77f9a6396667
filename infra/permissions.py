"""What each function may do, derived from the operations that the enabled families declare.

Nothing that a family declares is granted by hand, so that a family that is switched off takes its permissions
along.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from infra.configuration import Configuration
from infra.metadata_bucket import MetadataBucket
from infra.runtime import member_role
from infra.store import Store
from jobview.catalogue.declaration import Family

TABLE_ACTIONS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""A transaction needs the actions of the items that it holds."""

INDEX_ACTIONS: Final = ("dynamodb:Query",)

NO_RESOURCE: Final = "*"
_ANY_BUCKET: Final = "arn:{partition}:s3:::*/"
_DATASTORE: Final = "arn:{partition}:medical-imaging:{region}:{account}:datastore/{parent}"
_IMAGE_SET: Final = f"{_DATASTORE}/imageset/{{id}}"
_UNKNOWN = re.compile(r"\{(?:parent|id)\}")


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """The policies of one deployment."""

    families: tuple[Family, ...]
    """Those that are enabled."""
    targets: tuple[tuple[str, str], ...]
    """Account and region of each target in the account that the policies are for; tokens where they are known at the
    deployment only."""
    home: tuple[str, str]
    """Account and region of the stack."""
    partition: str
    configuration: Configuration
    regions: tuple[str, ...] = ()
    """What reading is held to, where it is not just the targets' regions."""
    roles: tuple[str, ...] = ()
    """ARNs of the roles in other accounts."""

    def reads(self) -> iam.PolicyDocument:
        """Return what reading the jobs of every enabled family in every target takes.

        The condition holds ``*`` to the configured regions too, and lets one ARN stand for all of them: spelt out,
        twenty regions would pass the 10,240 characters that a role's policies may have.
        """
        if not self.targets:
            return iam.PolicyDocument()
        resources: dict[str, set[str]] = defaultdict(set)
        for family in self.families:
            for call in family.calls:
                resources[call.action] |= self._everywhere(call.resource)
        regions = self.regions or sorted({region for _, region in self.targets})
        here = {"StringEquals": {"aws:RequestedRegion": [*regions]}}
        calls = _statements(resources, here)
        return iam.PolicyDocument(statements=[*calls, *self._manifests(), *self._manifest_keys()])

    def wildcards(self) -> Mapping[str, str]:
        """Return why each resource with a wildcard in ``reads`` has one."""
        reasons: dict[str, str] = {}
        for family in self.families if self.targets else ():
            for call in family.calls:
                for resource in self._everywhere(call.resource):
                    if resource == NO_RESOURCE:
                        reasons[resource] = "List operations of these services know no resource in IAM."
                    elif "*" in resource:
                        reasons[resource] = "Jobs and their parents are not known when the stack is deployed."
            for grant in family.grants:
                for resource in self._narrowed(grant.resource):
                    reasons[resource] = grant.reason
        return reasons

    def assume(self) -> iam.PolicyDocument:
        """Return what reading other accounts takes: their roles, each by its ARN."""
        return iam.PolicyDocument(statements=[_allow(["sts:AssumeRole"], self.roles)])

    def table(self, store: Store) -> iam.PolicyDocument:
        """Return what reading and writing the table takes, each index by its name."""
        return iam.PolicyDocument(
            statements=[
                _allow(TABLE_ACTIONS, [store.table.table_arn]),
                _allow(INDEX_ACTIONS, store.index_arns),
            ]
        )

    def timetable(self, store: Store) -> iam.PolicyDocument:
        """Return what finding the sources that are due takes, and keeping the schedule as the configuration is."""
        actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        return iam.PolicyDocument(
            statements=[
                _allow(actions, [store.table.table_arn]),
                _allow(INDEX_ACTIONS, [store.outstanding_arn]),
            ]
        )

    def publish(self, store: Store, bus_arn: str, dead_arn: str) -> iam.PolicyDocument:
        """Return what publishing takes: the table's stream, the views, the bus and the dead letters."""
        return iam.PolicyDocument(
            statements=[
                _allow(
                    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                    [_stream(store)],
                ),
                # The authorization reference knows no resource of it, whatever older examples grant it on.
                _allow(["dynamodb:ListStreams"], [NO_RESOURCE]),
                _allow(["dynamodb:BatchGetItem"], [store.table.table_arn]),
                _allow(["events:PutEvents"], [bus_arn]),
                _allow(["sqs:SendMessage"], [dead_arn]),
            ]
        )

    def publish_wildcards(self) -> Mapping[str, str]:
        """Return why each resource with a wildcard in ``publish`` has one."""
        return {NO_RESOURCE: "Listing streams knows no resource in IAM."}

    def notify(self, topic_arn: str, dead_arn: str) -> iam.PolicyDocument:
        """Return what telling a person takes: the topic, and the dead letters for what was tried in vain."""
        return iam.PolicyDocument(
            statements=[_allow(["sns:Publish"], [topic_arn]), _allow(["sqs:SendMessage"], [dead_arn])]
        )

    def image_sets(self, metadata: MetadataBucket) -> iam.PolicyDocument:
        """Return what handing out image-set metadata takes: health data, granted to one function only."""
        return iam.PolicyDocument(
            statements=[
                # IAM asks for both: the data store and the image set in it.
                _allow(
                    ["medical-imaging:GetImageSetMetadata"],
                    [self._filled(_DATASTORE, *self.home), self._filled(_IMAGE_SET, *self.home)],
                ),
                _allow(
                    ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                    [metadata.bucket.arn_for_objects("*")],
                ),
            ]
        )

    def image_set_wildcards(self, metadata: MetadataBucket) -> Mapping[str, str]:
        """Return why each resource with a wildcard in ``image_sets`` has one."""
        bucket = cdk.Stack.of(metadata).get_logical_id(cast("s3.CfnBucket", metadata.bucket.node.default_child))
        return {
            self._filled(_DATASTORE, *self.home): "Data stores are not known when the stack is deployed.",
            self._filled(_IMAGE_SET, *self.home): "Image sets are not known when the stack is deployed.",
            f"<{bucket}.Arn>/*": "An object for each image set that is asked for, in a bucket of their own.",
        }

    def send(self, *queue_arns: str) -> iam.PolicyDocument:
        """Return what sending to queues takes."""
        return iam.PolicyDocument(statements=[_allow(["sqs:SendMessage"], queue_arns)])

    def consume(self, queue_arn: str) -> iam.PolicyDocument:
        """Return what a queue's mapping takes of the function that it feeds."""
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        return iam.PolicyDocument(statements=[_allow(actions, [queue_arn])])

    def _everywhere(self, template: str) -> set[str]:
        """Return an ARN template filled in for every target; several regions become a wildcard."""
        regions = {region for _, region in self.targets}
        region = regions.pop() if len(regions) == 1 else "*"
        return {self._filled(template, account, region) for account, _ in self.targets}

    def _filled(self, template: str, account: str, region: str) -> str:
        """Return an ARN of a template; what is known at run time only becomes a wildcard."""
        return _UNKNOWN.sub("*", template).format(partition=self.partition, region=region, account=account)

    def _narrowed(self, template: str) -> set[str]:
        """Return a grant's resources, in the configured buckets only where it is for objects of any bucket."""
        buckets = self.configuration.import_buckets
        if template.startswith(_ANY_BUCKET) and buckets:
            key = template.removeprefix(_ANY_BUCKET)
            where = (uri.removeprefix("s3://") for uri in buckets)
            return {f"arn:{self.partition}:s3:::{path if '/' in path else path + '/'}{key}" for path in where}
        return self._everywhere(template)

    def _manifests(self) -> list[iam.PolicyStatement]:
        """Return the families' grants beside their calls; objects of any bucket only in the target's own account."""
        own = {"StringEquals": {"s3:ResourceAccount": sorted({account for account, _ in self.targets})}}
        resources: dict[bool, dict[str, set[str]]] = {True: defaultdict(set), False: defaultdict(set)}
        for family in self.families:
            for grant in family.grants:
                any_bucket = grant.resource.startswith(_ANY_BUCKET) and not self.configuration.import_buckets
                resources[any_bucket][grant.action] |= self._narrowed(grant.resource)
        return [*_statements(resources[False]), *_statements(resources[True], own)]

    def _manifest_keys(self) -> list[iam.PolicyStatement]:
        """Return the use of the buckets' keys, for reading through S3 and nothing else."""
        keys = self.configuration.import_key_arns
        if not keys or not any(grant.action == "s3:GetObject" for family in self.families for grant in family.grants):
            return []
        through = {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
        return [_allow(["kms:Decrypt"], keys, through)]


def permissions(scope: IConstruct, configuration: Configuration, families: tuple[Family, ...]) -> Permissions:
    """Return the permissions of a stack's deployment in its own account."""
    stack = cdk.Stack.of(scope)
    regions = configuration.home_regions
    return Permissions(
        families=families,
        targets=tuple((stack.account, region) for region in ((stack.region,) if regions is None else regions)),
        roles=tuple(
            member_role(target).format(partition=stack.partition, account=target.account)
            for target in configuration.members
        ),
        home=(stack.account, stack.region),
        partition=stack.partition,
        configuration=configuration,
    )


def acknowledge(role: iam.Role, wildcards: Mapping[str, str]) -> None:
    """Give cdk-nag the reason of each wildcard in a role's policies, and of none that is not there."""
    names = {
        cdk.Aws.PARTITION: "<AWS::Partition>",
        cdk.Aws.REGION: "<AWS::Region>",
        cdk.Aws.ACCOUNT_ID: "<AWS::AccountId>",
    }
    for resource, reason in wildcards.items():
        finding = resource
        for token, name in names.items():
            finding = finding.replace(token, name)
        cdk.Validations.of(role).acknowledge(
            cdk.Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{finding}]", reason=reason)
        )


def _stream(store: Store) -> str:
    arn = store.table.table_stream_arn
    if arn is None:
        raise ValueError("the table has no stream")
    return arn


def trace() -> iam.PolicyDocument:
    """Return what X-Ray takes; its two write actions know no resource."""
    actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    return iam.PolicyDocument(statements=[_allow(actions, [NO_RESOURCE])])


def write_log(log_group_arn: str) -> iam.PolicyDocument:
    """Return what writing to one log group takes."""
    return iam.PolicyDocument(statements=[_allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_group_arn])])


def _statements(
    resources: Mapping[str, set[str]], conditions: Mapping[str, object] | None = None
) -> list[iam.PolicyStatement]:
    """Return one statement for all actions on the same resources, in a steady order."""
    actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for action, arns in sorted(resources.items()):
        actions[tuple(sorted(arns))].append(action)
    return [_allow(names, arns, conditions) for arns, names in actions.items()]


def _allow(
    actions: Iterable[str], resources: Sequence[str], conditions: Mapping[str, object] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=[*resources], conditions=conditions)
