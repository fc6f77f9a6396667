"""Incoming events: rules for the services' own events, derived from the catalogue, and the queue that feeds ingest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.functions import Functions
from infra.hints import HINTS_AGE, Hints
from infra.inbound import Inbound, bus_name
from infra.limits import BY_NAME, characters
from infra.start_calls import call_patterns
from jobview.catalogue.family import FORWARDED, Family

_LONGEST: Final = BY_NAME["event pattern of a rule"].most

RULES: Final = "Hints-"
"""The rules' names begin with the stack's name and this. The queue's policy admits rules by these names."""

RETRIES: Final = events.CfnRule.RetryPolicyProperty(maximum_event_age_in_seconds=HINTS_AGE.to_seconds())
"""EventBridge retries a hint for as long as it is useful (by default: a day), and then counts it as failed."""


def patterns(families: Iterable[Family], *, account: str | None = None) -> list[dict[str, Any]]:
    """Return the event patterns for the families' events: as few as possible, with one alternative for each service.

    Only events of ``account`` match; ``None``: of any account, where the bus itself admits no others.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for family in families:
        if family.events is not None:
            kinds[family.events.source] |= {*family.events.detail_types}
    found: list[dict[str, Any]] = []
    under_way: list[dict[str, list[str]]] = []
    for source, types in kinds.items():
        alternative = {"source": [source], "detail-type": sorted(types)}
        if under_way and characters(_pattern([*under_way, alternative], account)) > _LONGEST:
            found.append(_pattern(under_way, account))
            under_way = []
        under_way.append(alternative)
    return [*found, _pattern(under_way, account)] if under_way else found


def _pattern(alternatives: list[dict[str, list[str]]], account: str | None) -> dict[str, Any]:
    guard = {} if account is None else {"account": [account]}
    only = alternatives[0] if len(alternatives) == 1 else {"$or": [*alternatives]}
    return {**guard, **only}


def rules(
    scope: Construct,
    found: Iterable[Mapping[str, Any]],
    *,
    target: events.CfnRule.TargetProperty,
    names: str,
    bus: str | None = None,
    description: str = "Jobview: the services' own events about their jobs",
) -> list[events.CfnRule]:
    """Make one rule for each pattern.

    Parameters
    ----------
    scope, found
        The construct that gets the rules, and their patterns.
    target
        The target of the events.
    names
        The rules' names, with ``{number}`` in them.
    bus
        The name of the rules' bus; ``None``: the default bus, which receives the services' events.
    description
        The rules' description.
    """
    return [
        events.CfnRule(
            scope,
            f"Rule{number}",
            name=names.replace("{number}", str(number)),
            description=description,
            event_bus_name=bus,
            event_pattern=pattern,
            targets=[target],
        )
        for number, pattern in enumerate(found, start=1)
    ]


def all_patterns(families: Iterable[Family], *, calls: bool, account: str | None = None) -> list[dict[str, Any]]:
    """Return the patterns for the families' events and, with ``calls``, for their start calls."""
    chosen = tuple(families)
    return [
        *patterns(chosen, account=account),
        *(call_patterns(chosen, account=account) if calls else []),
    ]


def _numbered(name: str, made: list[events.CfnRule]) -> dict[str, events.CfnRule]:
    return {f"{name}{number}": rule for number, rule in enumerate(made, start=1)}


class Ingest(Construct):
    """Buses → queue → ingest, with rules on each bus.

    The buses are the default bus, for the families that are read in the home account and region (``here``), and the bus
    of forwarded events, if other accounts or regions send some. With ``calls`` both have rules for start calls too.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        families: tuple[Family, ...],
        functions: Functions,
        hints: Hints,
        here: tuple[Family, ...],
        inbound: Inbound | None,
        concurrency: int,
        calls: bool,
    ) -> None:
        super().__init__(scope, name)
        target = events.CfnRule.TargetProperty(id="Hints", arn=hints.queue.queue_arn, retry_policy=RETRIES)
        # Others can write to that bus: the wrapping makes the function trust only the job's name in the event.
        forwarded = events.CfnRule.TargetProperty(
            id="Hints",
            arn=hints.queue.queue_arn,
            retry_policy=RETRIES,
            input_transformer=events.CfnRule.InputTransformerProperty(
                input_template=f'{{"{FORWARDED}": <aws.events.event.json>}}'
            ),
        )
        stack = cdk.Stack.of(self)
        names = f"{stack.stack_name}-{RULES}{{number}}"
        made: dict[str, events.CfnRule] = {}
        buses: list[str] = []
        if here:
            made |= _numbered(
                "Hints", rules(self, all_patterns(here, calls=calls, account=stack.account), target=target, names=names)
            )
            buses.append("")
        if inbound is not None:
            # The patterns do not list the accounts, which may be a hundred: the bus admits no others.
            elsewhere = Construct(self, "Forwarded")
            bus = inbound.bus.event_bus_name
            made |= _numbered(
                "Forwarded",
                rules(elsewhere, all_patterns(families, calls=calls), target=forwarded, names=names, bus=bus),
            )
            buses.append(f"{bus_name(stack.stack_name)}/")
        self.rules: Mapping[str, events.CfnRule] = made
        """The rules, by the names in their alarms: ``Hints1`` on the default bus, ``Forwarded1`` on the other."""
        if not made:
            return
        rule = f"arn:{stack.partition}:events:{stack.region}:{stack.account}:rule/"
        hints.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[hints.queue.queue_arn],
                # By a name pattern: the ARN of every rule would exceed the size of a queue's policy.
                conditions={"ArnLike": {"aws:SourceArn": [f"{rule}{bus}{stack.stack_name}-{RULES}*" for bus in buses]}},
            )
        )
        lambda_.EventSourceMapping(
            self,
            "Hints",
            target=functions.ingest,
            event_source_arn=hints.queue.queue_arn,
            batch_size=10,
            report_batch_item_failures=True,
            max_concurrency=concurrency,
        )
