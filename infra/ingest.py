"""Events in: rules for the services' own events, made from the catalogue, and the mapping that hands them over."""

from collections import defaultdict
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.functions import Functions
from infra.hints import Hints
from infra.inbound import Inbound
from jobview.catalogue.declaration import FORWARDED, Family


def rules(
    scope: Construct,
    families: tuple[Family, ...],
    *,
    accounts: Sequence[str],
    target: events.CfnRule.TargetProperty,
    bus: str | None = None,
    names: str | None = None,
) -> list[events.CfnRule]:
    """Make one rule a service, for what the declarations of its families name.

    Parameters
    ----------
    scope, families
        Where the rules stand; those without events have none.
    accounts
        Whose events match.
    target
        Where they go.
    bus
        Name of the bus that is listened to; ``None``: the default bus, where the services tell.
    names
        The rules' names, with ``{service}`` in them; ``None``: CloudFormation's own.
    """
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for family in families:
        if family.events is not None:
            kinds[family.service, family.events.source] |= {*family.events.detail_types}
    return [
        events.CfnRule(
            scope,
            "".join(part.capitalize() for part in service.split("-")),
            name=None if names is None else names.replace("{service}", service),
            description=f"Jobview: changes of {service} jobs",
            event_bus_name=bus,
            event_pattern={"source": [source], "detail-type": sorted(types), "account": [*accounts]},
            targets=[target],
        )
        for (service, source), types in kinds.items()
    ]


class Ingest(Construct):
    """Buses → queue → ingest, one rule a service on each bus.

    The default bus, where the home account is looked at in the home region (``here``), and the bus of what other
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
        target = events.CfnRule.TargetProperty(id="Hints", arn=hints.queue.queue_arn)
        # Others can write to that bus: the wrapping tells the function to believe nothing but the job's name.
        forwarded = events.CfnRule.TargetProperty(
            id="Hints",
            arn=hints.queue.queue_arn,
            input_transformer=events.CfnRule.InputTransformerProperty(
                input_template=f'{{"{FORWARDED}": <aws.events.event.json>}}'
            ),
        )
        made: list[events.CfnRule] = []
        if here:
            made += rules(self, families, accounts=[cdk.Stack.of(self).account], target=target)
        if inbound is not None:
            made += rules(
                Construct(self, "Forwarded"),
                families,
                accounts=inbound.accounts,
                target=forwarded,
                bus=inbound.bus.event_bus_name,
            )
        if not made:
            return
        hints.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[hints.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in made]}},
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
