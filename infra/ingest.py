"""Events in: rules for the services' own events, made from the catalogue, and the mapping that hands them over."""

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
from jobview.catalogue.family import FORWARDED, Family

_LONGEST: Final = BY_NAME["event pattern of a rule"].most

RULES: Final = "Hints-"
"""How the names of the rules go on after the stack's: the queue's policy knows them by it."""

RETRIES: Final = events.CfnRule.RetryPolicyProperty(maximum_event_age_in_seconds=HINTS_AGE.to_seconds())
"""How long EventBridge tries to deliver a hint, not for a day as by default. Only then does it count as failed."""


def patterns(families: Iterable[Family], *, account: str | None = None) -> list[dict[str, Any]]:
    """Return as few event patterns as hold what the families' declarations name, each service's apart within them.

    ``account`` is the only one whose events match; ``None`` where the bus lets in nobody else's.
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
    families: Iterable[Family],
    *,
    target: events.CfnRule.TargetProperty,
    names: str,
    account: str | None = None,
    bus: str | None = None,
) -> list[events.CfnRule]:
    """Make the rules for what the declarations of families name: one for as many services as a pattern holds.

    Parameters
    ----------
    scope, families
        Where the rules stand; families without events have none.
    target
        Where the events go.
    names
        The rules' names, with ``{number}`` in them.
    account
        As for ``patterns``.
    bus
        Name of the bus that is listened to; ``None``: the default bus, where the services tell.
    """
    return [
        events.CfnRule(
            scope,
            f"Rule{number}",
            name=names.replace("{number}", str(number)),
            description="Jobview: changes of jobs, as their services tell them",
            event_bus_name=bus,
            event_pattern=pattern,
            targets=[target],
        )
        for number, pattern in enumerate(patterns(families, account=account), start=1)
    ]


def _numbered(name: str, made: list[events.CfnRule]) -> dict[str, events.CfnRule]:
    return {f"{name}{number}": rule for number, rule in enumerate(made, start=1)}


class Ingest(Construct):
    """Buses → queue → ingest, the same rules on each bus.

    The default bus, where the home account is monitored in the home region (``here``), and the bus of what other
    accounts and regions forward, where there are any.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        families: tuple[Family, ...],
        functions: Functions,
        hints: Hints,
        here: bool,
        inbound: Inbound | None,
        concurrency: int,
    ) -> None:
        super().__init__(scope, name)
        target = events.CfnRule.TargetProperty(id="Hints", arn=hints.queue.queue_arn, retry_policy=RETRIES)
        # Others can write to that bus: the wrapping tells the function to believe nothing but the job's name.
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
            made |= _numbered("Hints", rules(self, families, account=stack.account, target=target, names=names))
            buses.append("")
        if inbound is not None:
            # Without the accounts, of which a pattern would hold a hundred: the bus lets in no others.
            elsewhere = Construct(self, "Forwarded")
            bus = inbound.bus.event_bus_name
            made |= _numbered("Forwarded", rules(elsewhere, families, target=forwarded, names=names, bus=bus))
            buses.append(f"{bus_name(stack.stack_name)}/")
        self.rules: Mapping[str, events.CfnRule] = made
        """By the names that their alarms have: ``Hints1`` on the default bus, ``Forwarded1`` on the other."""
        if not made:
            return
        rule = f"arn:{stack.partition}:events:{stack.region}:{stack.account}:rule/"
        hints.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[hints.queue.queue_arn],
                # By their names, however many: the rules' own ARNs would pass what a queue's policy holds.
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
