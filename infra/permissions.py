"""The functions' permissions, derived from the operations of the enabled families.

A family that is disabled adds no permission.
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
from infra.regions import partition
from infra.runtime import member_role
from infra.store import Store
from jobview.catalogue.family import Family, Grant, ItemsCall
from jobview.catalogue.operations import GetCall, ListCall

TABLE_ACTIONS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""A transaction needs the actions of its items."""

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
    """The enabled families."""
    targets: tuple[tuple[str, str], ...]
    """The account and region of each target in the policies' own account. They may be CloudFormation's tokens."""
    home: tuple[str, str]
    """The account and region of the stack."""
    partition: str
    configuration: Configuration
    regions: tuple[str, ...] = ()
    """The regions in which regional services may be read; empty: the targets' regions."""
    roles: tuple[str, ...] = ()
    """The ARNs of the roles in other accounts."""

    def reads(self) -> tuple[Rights, ...]:
        """Return the permissions to read the jobs of every enabled family in every target.

        A list returns metadata of jobs that are unknown at deployment time. It is allowed on all resources of the
        account in the configured regions. A get, and S3 objects, may contain a job's data: they are allowed on the
        narrowest resources that IAM supports.
        """
        if not self.targets:
            return ()
        calls = [rights for regions, families in self._by_regions() for rights in self._calls(families, regions)]
        return (*calls, *self._manifests(), *self._manifest_keys())

    def items(self) -> tuple[Rights, ...]:
        """Return the permissions to list the items of single jobs, except where ``reads`` has the same permission.

        They are of the function that answers the API alone. Each is on the narrowest resources that IAM supports.
        """
        if not self.targets:
            return ()
        known = {action for rights in self.reads() for action in rights.of}
        found: list[Rights] = []
        for regions, families in self._by_regions():
            listing: dict[str, frozenset[str]] = {}
            opening: dict[str, frozenset[str]] = {}
            for family in families:
                call = family.items_list
                if call is not None and call.action not in known:
                    granted = listing if call.resource == NO_RESOURCE else opening
                    resources = self._everywhere(call.resource, family)
                    granted[call.action] = granted.get(call.action, frozenset()) | resources
            found += self._limited(listing, opening, regions)
        return tuple(found)

    def _by_regions(self) -> list[tuple[tuple[str, ...], list[Family]]]:
        """Return the families by the regions in which they may be read."""
        together: dict[tuple[str, ...], list[Family]] = {self._regional: []}
        for family in self.families:
            together.setdefault(self.regions_of(family), []).append(family)
        return [(regions, families) for regions, families in together.items() if regions]

    @property
    def _own(self) -> list[str]:
        """The accounts of the targets."""
        return sorted({account for account, _ in self.targets})

    @property
    def _regional(self) -> tuple[str, ...]:
        """The regions in which regional services may be read."""
        return self.regions or tuple(sorted({region for _, region in self.targets}))

    def regions_of(self, family: Family) -> tuple[str, ...]:
        """Return the regions in which a family may be read; none where the partition lacks a global service.

        A global service has one region in each partition. Without a known partition the regions of all are returned.
        """
        if not family.global_regions:
            return self._regional
        home = self.configuration.region
        if home is None:
            return tuple(dict.fromkeys(family.global_regions.values()))
        own = family.global_regions.get(partition(home) or "")
        return () if own is None else (own,)

    def read_in(self, family: Family) -> tuple[tuple[str, str], ...]:
        """Return the account and region of each place in which a family is read."""
        if not family.global_regions:
            return self.targets
        accounts = dict.fromkeys(account for account, _ in self.targets)
        return tuple((account, region) for account in accounts for region in self.regions_of(family))

    def is_heard_at_home(self, family: Family) -> bool:
        """Return whether a family's events arrive on the stack's own default bus."""
        if family.global_regions and self.configuration.region is None:
            return bool(self.targets)  # home may be the region in which the service answers
        return self.home in self.read_in(family)

    def _calls(self, families: Sequence[Family], regions: Sequence[str]) -> tuple[Rights, Rights]:
        """Return the permissions for lists and gets of the families in the regions."""
        listing: dict[str, frozenset[str]] = {}
        opening: dict[str, frozenset[str]] = {}
        for family in families:
            for call in family.calls:
                lists = isinstance(call, ListCall) and not isinstance(call, ItemsCall)
                if lists or (isinstance(call, GetCall) and call.resource == NO_RESOURCE):
                    listing[call.action] = frozenset({NO_RESOURCE})
        for family in families:
            if family.get is not None and family.get.action not in listing:
                known = opening.get(family.get.action, frozenset())
                opening[family.get.action] = known | self._everywhere(family.get.resource, family)
            for grant in family.grants:
                if _in_a_region(grant):
                    known = opening.get(grant.action, frozenset())
                    opening[grant.action] = known | self._everywhere(grant.resource, family)
        return self._limited(listing, opening, regions)

    def _limited(
        self, listing: Mapping[str, frozenset[str]], opening: Mapping[str, frozenset[str]], regions: Sequence[str]
    ) -> tuple[Rights, Rights]:
        """Return permissions that are limited to the regions, and those on all resources to the targets' accounts."""
        here = {"aws:RequestedRegion": [*regions]}
        return (
            # Some services do not give the resource's account. An identity's policy then reaches its own account only.
            Rights(
                of=listing,
                conditions={"StringEquals": here, "StringEqualsIfExists": {"aws:ResourceAccount": self._own}},
            ),
            Rights(of=opening, conditions={"StringEquals": here}),
        )

    def wildcards(self) -> Mapping[str, str]:
        """Return the reason for each wildcard in ``reads``, by its resource."""
        reasons = {NO_RESOURCE: "Lists return metadata of jobs that are not known when the stack is deployed."}
        for family in self.families if self.targets else ():
            for call in (family.get, family.items_list):
                for resource in () if call is None else self._everywhere(call.resource, family):
                    if resource != NO_RESOURCE and "*" in resource:
                        reasons[resource] = "Jobs and their parents are not known when the stack is deployed."
            for grant in family.grants:
                for resource in self._narrowed(grant.resource, family):
                    reasons[resource] = grant.reason
        return reasons

    def assume(self) -> tuple[Rights, ...]:
        """Return the permission to assume the roles in other accounts, each by its ARN.

        A wildcard for the account would be shorter. But then the functions could assume a role of that name in any
        account that trusts them.
        """
        return (Rights(of={"sts:AssumeRole": frozenset(self.roles)}),) if self.roles else ()

    def table(self, store: Store) -> iam.PolicyDocument:
        """Return the permissions to read and write the table and its indexes."""
        return iam.PolicyDocument(
            statements=[
                _allow(TABLE_ACTIONS, [store.table.table_arn]),
                _allow(INDEX_ACTIONS, store.index_arns),
            ]
        )

    def timetable(self, store: Store) -> iam.PolicyDocument:
        """Return the permissions to find the due sources and to adapt the schedule to the configuration."""
        actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        return iam.PolicyDocument(
            statements=[
                _allow(actions, [store.table.table_arn]),
                _allow(INDEX_ACTIONS, [store.outstanding_arn]),
            ]
        )

    def publish(self, store: Store, bus_arn: str, dead_arn: str) -> iam.PolicyDocument:
        """Return the permissions to publish: the table's stream, the views, the bus and the dead letters."""
        return iam.PolicyDocument(
            statements=[
                _allow(
                    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                    [_stream(store)],
                ),
                # The authorization reference has no resource type for this action. Older examples show one.
                _allow(["dynamodb:ListStreams"], [NO_RESOURCE]),
                _allow(["dynamodb:BatchGetItem"], [store.table.table_arn]),
                _allow(["events:PutEvents"], [bus_arn]),
                _allow(["sqs:SendMessage"], [dead_arn]),
            ]
        )

    def publish_wildcards(self) -> Mapping[str, str]:
        """Return the reason for each wildcard in ``publish``, by its resource."""
        return {NO_RESOURCE: "Listing streams has no resource type in IAM."}

    def notify(self, topic_arn: str, dead_arn: str) -> iam.PolicyDocument:
        """Return the permissions to send a person a message: the topic, and the dead-letter queue for failures."""
        return iam.PolicyDocument(
            statements=[_allow(["sns:Publish"], [topic_arn]), _allow(["sqs:SendMessage"], [dead_arn])]
        )

    def image_sets(self, metadata: MetadataBucket) -> iam.PolicyDocument:
        """Return the permissions to read image-set metadata. It is health data: one function only gets them."""
        return iam.PolicyDocument(
            statements=[
                # IAM requires both resources: the data store and the image set in it.
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
        """Return the reason for each wildcard in ``image_sets``, by its resource."""
        bucket = cdk.Stack.of(metadata).get_logical_id(cast("s3.CfnBucket", metadata.bucket.node.default_child))
        return {
            self._filled(_DATASTORE, *self.home): "Data stores are not known when the stack is deployed.",
            self._filled(_IMAGE_SET, *self.home): "Image sets are not known when the stack is deployed.",
            f"<{bucket}.Arn>/*": "An object for each requested image set, in a bucket of their own.",
        }

    def send(self, *queue_arns: str) -> iam.PolicyDocument:
        """Return the permission to send to queues."""
        return iam.PolicyDocument(statements=[_allow(["sqs:SendMessage"], queue_arns)])

    def consume(self, queue_arn: str) -> iam.PolicyDocument:
        """Return the permissions that a function needs to receive from a queue."""
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        return iam.PolicyDocument(statements=[_allow(actions, [queue_arn])])

    def _everywhere(self, template: str, family: Family) -> frozenset[str]:
        """Return an ARN template filled in wherever the family is read; several regions become a wildcard."""
        regions = {*self.regions_of(family)} if family.global_regions else {region for _, region in self.targets}
        region = regions.pop() if len(regions) == 1 else "*"
        return frozenset(self._filled(template, account, region) for account, _ in self.targets)

    def _filled(self, template: str, account: str, region: str) -> str:
        """Return an ARN template filled in; parents and ids become wildcards."""
        return _UNKNOWN.sub("*", template).format(partition=self.partition, region=region, account=account)

    def _narrowed(self, template: str, family: Family) -> frozenset[str]:
        """Return a grant's resources. Objects of any bucket are limited to the configured buckets, if there are any."""
        buckets = self.configuration.import_buckets
        if template.startswith(_ANY_BUCKET) and buckets:
            key = template.removeprefix(_ANY_BUCKET)
            where = (uri.removeprefix("s3://") for uri in buckets)
            return frozenset(f"arn:{self.partition}:s3:::{path if '/' in path else path + '/'}{key}" for path in where)
        return self._everywhere(template, family)

    def _manifests(self) -> tuple[Rights, ...]:
        """Return the families' grants on S3 objects. A grant on any bucket is limited to the target's own account."""
        resources: dict[bool, dict[str, frozenset[str]]] = {True: {}, False: {}}
        for family in self.families:
            for grant in family.grants:
                if _in_a_region(grant):
                    continue
                any_bucket = grant.resource.startswith(_ANY_BUCKET) and not self.configuration.import_buckets
                known = resources[any_bucket].get(grant.action, frozenset())
                resources[any_bucket][grant.action] = known | self._narrowed(grant.resource, family)
        return (
            Rights(of=resources[False]),
            Rights(of=resources[True], conditions={"StringEquals": {"s3:ResourceAccount": self._own}}),
        )

    def _manifest_keys(self) -> tuple[Rights, ...]:
        """Return the permission to use the buckets' keys, only to read through S3."""
        keys = self.configuration.import_key_arns
        if not keys or not any(grant.action == "s3:GetObject" for family in self.families for grant in family.grants):
            return ()
        through = {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
        return (Rights(of={"kms:Decrypt": frozenset(keys)}, conditions=through),)


def _in_a_region(grant: Grant) -> bool:
    """Return whether a grant's resources have a region. The ARNs of S3 objects have none."""
    return "{region}" in grant.resource


def permissions(scope: IConstruct, configuration: Configuration, families: tuple[Family, ...]) -> Permissions:
    """Return a stack's permissions in its own account."""
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
    """Return the permissions for X-Ray. Its two write actions have no resource type."""
    actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    return iam.PolicyDocument(statements=[_allow(actions, [NO_RESOURCE])])


def write_log(log_group_arn: str) -> iam.PolicyDocument:
    """Return the permissions to write to one log group."""
    return iam.PolicyDocument(statements=[_allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_group_arn])])


def _allow(actions: Iterable[str], resources: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=[*resources])
