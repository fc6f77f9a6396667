"""What each function may do, derived from the operations that the enabled families declare.

Nothing that a family declares is granted by hand, so that a family that is switched off takes its permissions
along.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from infra.configuration import Configuration
from infra.metadata_bucket import MetadataBucket
from infra.policies import Rights
from infra.runtime import member_role
from infra.store import Store
from jobview.catalogue.family import Family, GetCall, Grant, ListCall

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

    def reads(self) -> tuple[Rights, ...]:
        """Return what reading the jobs of every enabled family in every target takes.

        A list tells metadata of jobs that are not known when the stack is deployed: it is granted by its action, in the
        configured regions and of the account's own resources, whichever they are. What opens a job's data, its get
        and objects in S3, is granted on the narrowest resources that IAM knows.
        """
        if not self.targets:
            return ()
        listing: dict[str, frozenset[str]] = {}
        opening: dict[str, frozenset[str]] = {}
        for family in self.families:
            for call in family.calls:
                if isinstance(call, ListCall) or (isinstance(call, GetCall) and call.resource == NO_RESOURCE):
                    listing[call.action] = frozenset({NO_RESOURCE})
        for family in self.families:
            if family.get is not None and family.get.action not in listing:
                known = opening.get(family.get.action, frozenset())
                opening[family.get.action] = known | self._everywhere(family.get.resource)
            for grant in family.grants:
                if _in_a_region(grant):
                    opening[grant.action] = opening.get(grant.action, frozenset()) | self._everywhere(grant.resource)
        here = {"aws:RequestedRegion": [*(self.regions or sorted({region for _, region in self.targets}))]}
        own = sorted({account for account, _ in self.targets})
        return (
            # Where a service does not say whose a resource is, the identity's own policy reaches this account alone.
            Rights(of=listing, conditions={"StringEquals": here, "StringEqualsIfExists": {"aws:ResourceAccount": own}}),
            Rights(of=opening, conditions={"StringEquals": here}),
            *self._manifests(own),
            *self._manifest_keys(),
        )

    def wildcards(self) -> Mapping[str, str]:
        """Return why each resource with a wildcard in ``reads`` has one."""
        reasons = {NO_RESOURCE: "Lists tell metadata of jobs that are not known when the stack is deployed."}
        for family in self.families if self.targets else ():
            if family.get is not None:
                for resource in self._everywhere(family.get.resource):
                    if resource != NO_RESOURCE and "*" in resource:
                        reasons[resource] = "Jobs and their parents are not known when the stack is deployed."
            for grant in family.grants:
                for resource in self._narrowed(grant.resource):
                    reasons[resource] = grant.reason
        return reasons

    def assume(self) -> tuple[Rights, ...]:
        """Return what reading other accounts takes: their roles, each by its ARN.

        One ARN with a wildcard for the account would be shorter, and would let the functions take on a role of that
        name in any account at all that lets them.
        """
        return (Rights(of={"sts:AssumeRole": frozenset(self.roles)}),) if self.roles else ()

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

    def _everywhere(self, template: str) -> frozenset[str]:
        """Return an ARN template filled in for every target; several regions become a wildcard."""
        regions = {region for _, region in self.targets}
        region = regions.pop() if len(regions) == 1 else "*"
        return frozenset(self._filled(template, account, region) for account, _ in self.targets)

    def _filled(self, template: str, account: str, region: str) -> str:
        """Return an ARN of a template; what is known at run time only becomes a wildcard."""
        return _UNKNOWN.sub("*", template).format(partition=self.partition, region=region, account=account)

    def _narrowed(self, template: str) -> frozenset[str]:
        """Return a grant's resources, in the configured buckets only where it is for objects of any bucket."""
        buckets = self.configuration.import_buckets
        if template.startswith(_ANY_BUCKET) and buckets:
            key = template.removeprefix(_ANY_BUCKET)
            where = (uri.removeprefix("s3://") for uri in buckets)
            return frozenset(f"arn:{self.partition}:s3:::{path if '/' in path else path + '/'}{key}" for path in where)
        return self._everywhere(template)

    def _manifests(self, own: Sequence[str]) -> tuple[Rights, ...]:
        """Return the families' grants on objects in S3, in any bucket only of the target's own account."""
        resources: dict[bool, dict[str, frozenset[str]]] = {True: {}, False: {}}
        for family in self.families:
            for grant in family.grants:
                if _in_a_region(grant):
                    continue
                any_bucket = grant.resource.startswith(_ANY_BUCKET) and not self.configuration.import_buckets
                known = resources[any_bucket].get(grant.action, frozenset())
                resources[any_bucket][grant.action] = known | self._narrowed(grant.resource)
        return (
            Rights(of=resources[False]),
            Rights(of=resources[True], conditions={"StringEquals": {"s3:ResourceAccount": own}}),
        )

    def _manifest_keys(self) -> tuple[Rights, ...]:
        """Return the use of the buckets' keys, for reading through S3 and nothing else."""
        keys = self.configuration.import_key_arns
        if not keys or not any(grant.action == "s3:GetObject" for family in self.families for grant in family.grants):
            return ()
        through = {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
        return (Rights(of={"kms:Decrypt": frozenset(keys)}, conditions=through),)


def _in_a_region(grant: Grant) -> bool:
    """Say whether a grant is on resources of a region, and not on objects in S3, whose ARNs name none."""
    return "{region}" in grant.resource


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


def _allow(actions: Iterable[str], resources: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=[*resources])
