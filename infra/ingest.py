"""Events in: rules for the services' own events, made from the catalogue, and the mapping that hands them over."""

from collections import defaultdict

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.functions import Functions
from infra.hints import Hints
from jobview.catalogue.declaration import Family


class Ingest(Construct):
    """The default bus of the home region → queue → ingest, one rule a service."""

    def __init__(
        self, scope: Construct, name: str, *, families: tuple[Family, ...], functions: Functions, hints: Hints
    ) -> None:
        super().__init__(scope, name)
        kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
        for family in families:
            if family.events is not None:
                kinds[family.service, family.events.source] += family.events.detail_types
        rules = [self._rule(service, source, types, hints) for (service, source), types in kinds.items()]
        if not rules:
            return
        hints.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[hints.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]}},
            )
        )
        lambda_.EventSourceMapping(
            self,
            "Hints",
            target=functions.ingest,
            event_source_arn=hints.queue.queue_arn,
            batch_size=10,
            report_batch_item_failures=True,
            # The least that SQS can bound: the pace towards AWS is kept within one execution only.
            max_concurrency=2,
        )

    def _rule(self, service: str, source: str, types: list[str], hints: Hints) -> events.CfnRule:
        return events.CfnRule(
            self,
            "".join(part.capitalize() for part in service.split("-")),
            description=f"Jobview: changes of {service} jobs",
            event_pattern={
                "source": [source],
                "detail-type": sorted(set(types)),
                "account": [cdk.Stack.of(self).account],
            },
            targets=[events.CfnRule.TargetProperty(id="Hints", arn=hints.queue.queue_arn)],
        )
