"""Alarms that a person should act on, and one dashboard."""

from collections.abc import Mapping, Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.api import Api
from infra.bus import Bus
from infra.configuration import Configuration
from infra.functions import METRICS, Functions, service_name
from infra.hints import Hints
from infra.lanes import Lanes
from infra.store import INDEXES, Store

_FIVE_MINUTES: Final = 300
_QUARTER: Final = 900
_DAY: Final = 86_400
_REFUSALS: Final = 100
"""Refused requests in five minutes, one every three seconds: more than a few mistakes."""
_NEVER = cloudwatch.TreatMissingData.NOT_BREACHING


class Metrics:
    """The metrics of alarms and dashboard. In each period every active source is read at least once."""

    def __init__(
        self,
        scope: Construct,
        configuration: Configuration,
        *,
        api: Api,
        lanes: Lanes,
        functions: Functions,
        bus: Bus,
        hints: Hints,
        store: Store,
        rules: Mapping[str, events.CfnRule],
    ) -> None:
        self._scope = scope
        self.period = cdk.Duration.seconds(max(_FIVE_MINUTES, configuration.interval_seconds))
        five_minutes = cdk.Duration.seconds(_FIVE_MINUTES)
        self.behind = self._own("BehindSeconds", "Plan", "Maximum")
        self.sources_due = self._own("SourcesDue", "Plan", "Maximum")
        self.sources_read = self._own("SourcesRead", "Refresh", "Sum")
        self.denied = self._own(
            "SourcesDenied",
            "Refresh",
            "Sum",
            seconds=max(_FIVE_MINUTES, min(_DAY, 2 * configuration.cadence.denied_seconds)),
        )
        # A source that fails is read less and less often: the period is as long as the longest interval.
        self.refresh_errors = self._own(
            "RefreshErrors", "Refresh", "Sum", seconds=max(_FIVE_MINUTES, configuration.cadence.idle_seconds)
        )
        # A live read may find an unknown word first, but refresh finds it at its next read: one alarm is enough.
        self.unknown = self._own("UnknownStatus", "Refresh", "Sum")
        self.jobs_changed = self._own("JobsChanged", "Refresh", "Sum")
        self.dead = lanes.dead.metric_approximate_number_of_messages_visible(period=five_minutes, statistic="Maximum")
        self.dead_runs = lanes.dead_runs.metric_approximate_number_of_messages_visible(
            period=five_minutes, statistic="Maximum"
        )
        self.events_behind = functions.publish.metric("IteratorAge", period=five_minutes, statistic="Maximum")
        self.dead_events = bus.dead.metric_approximate_number_of_messages_visible(
            period=five_minutes, statistic="Maximum"
        )
        self.dead_hints = hints.dead.metric_approximate_number_of_messages_visible(
            period=five_minutes, statistic="Maximum"
        )
        self.hints_waiting = hints.queue.metric_approximate_age_of_oldest_message(
            period=five_minutes, statistic="Maximum"
        )
        self.throttled = {
            name: function.metric("Throttles", statistic="Sum", period=five_minutes)
            for name, function in functions.every.items()
        }
        """Invocations that Lambda refused, by function."""
        self.table_throttled = {
            f"{way}{resource[:1].upper()}{resource[1:]}": cloudwatch.Metric(
                namespace="AWS/DynamoDB",
                metric_name=f"{way}ThrottleEvents",
                dimensions_map={"TableName": store.table.table_name, **index},
                statistic="Sum",
                period=five_minutes,
            )
            for resource, index in {
                "table": {},
                **{index: {"GlobalSecondaryIndexName": index} for index in INDEXES},
            }.items()
            for way in ("Read", "Write")
        }
        """Requests that DynamoDB throttled, by read or write and by table or index."""
        self.rules_throttled = {name: _of_rule(rule, "ThrottledRules") for name, rule in rules.items()}
        """How often EventBridge delayed a rule, by rule."""
        self.rules_failed = {name: _of_rule(rule, "FailedInvocations") for name, rule in rules.items()}
        """Events that EventBridge gave up, by rule."""
        self.api_refusals = api.http_api.metric_client_error(period=five_minutes, statistic="Sum")
        self.api_errors = api.http_api.metric_server_error(period=five_minutes, statistic="Sum")
        self.api_requests = api.http_api.metric_count(period=five_minutes, statistic="Sum")
        self.api_latency = api.http_api.metric_latency(period=five_minutes, statistic="p95")
        self.waiting = lanes.queue.metric_approximate_age_of_oldest_message(period=five_minutes, statistic="Maximum")

    def _own(self, name: str, function: str, statistic: str, *, seconds: int | None = None) -> cloudwatch.Metric:
        """Return a metric that a function writes to its log."""
        return cloudwatch.Metric(
            namespace=METRICS,
            metric_name=name,
            dimensions_map={"service": service_name(self._scope, function)},
            statistic=statistic,
            period=self.period if seconds is None else cdk.Duration.seconds(_whole_minutes(seconds)),
        )


class Alarms(Construct):
    """Alarms on one topic. Each alarm's description says what it means."""

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration, metrics: Metrics) -> None:
        super().__init__(scope, name)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # SNS's default policy admits the account's alarms. ``enforce_ssl`` replaces it, so they are admitted here.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )
        cdk.Validations.of(self.topic).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-SNS2",
                reason="A message contains an alarm's name and state, no job. CloudWatch cannot use the key that AWS"
                " manages for SNS, and a key of our own costs more than the rest of an idle stack.",
            )
        )
        if configuration.alarm_email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(configuration.alarm_email))
        self._alarm(
            "LaneDeadLetters",
            metrics.dead,
            "A lane failed every time it was tried: read the message and the refresh function's log.",
        )
        self._alarm(
            "RunDeadLetters",
            metrics.dead_runs,
            "A run of the schedule failed: nothing was queued for refresh.",
        )
        self._alarm(
            "RefreshErrors",
            metrics.refresh_errors,
            "Sources could not be read, run after run: GET /v1/sources lists them with the reason.",
            periods=3,  # one throttled run is not worth a message
        )
        self._alarm(
            "RefreshBehind",
            metrics.behind,
            f"A source is overdue by more than {configuration.stale_after_seconds} seconds, or plan does not run:"
            " answers from the cache are stale.",
            above=configuration.stale_after_seconds,
            periods=2,
            missing=cloudwatch.TreatMissingData.BREACHING,  # silence means that the plan does not run
        )
        self._alarm(
            "SourcesDenied",
            metrics.denied,
            "AWS denies access to sources: GET /v1/sources?status=denied lists them with the reason.",
        )
        self._alarm(
            "UnknownStatus",
            metrics.unknown,
            "A service returned a status word that the catalogue does not have: such jobs are UNKNOWN until it does.",
        )
        self._alarm(
            "ApiErrors",
            metrics.api_errors,
            "The API answered 5xx: read the api function's log.",
            above=2,  # in five minutes: a caller retries a single one
        )
        self._alarm(
            "ApiRefusals",
            metrics.api_refusals,
            "For a quarter of an hour the API refused a request every three seconds: a caller lacks a permission, sends"
            " wrong requests, or sends more than the throttling allows. The access log names the caller.",
            above=_REFUSALS,
            periods=3,
        )
        for function, metric in metrics.throttled.items():
            self._alarm(
                f"FunctionThrottles{function}",
                metric,
                f"Lambda had no execution left for the function {function}: see the account's concurrent executions.",
                periods=2,  # retries make up for a moment of throttling
            )
        for refused, metric in metrics.table_throttled.items():
            self._alarm(
                f"TableThrottles{refused}",
                metric,
                "DynamoDB throttled requests: one partition of the table or of an index gets too many.",
                periods=2,
            )
        for rule, metric in metrics.rules_throttled.items():
            self._alarm(
                f"RuleThrottles{rule}",
                metric,
                f"EventBridge delayed events of the rule {rule}: see the account's quota of rule invocations.",
            )
        for rule, metric in metrics.rules_failed.items():
            self._alarm(
                f"RuleFailures{rule}",
                metric,
                f"EventBridge could not deliver an event of the rule {rule}: see its target and the target's policy.",
            )
        self._alarm(
            "EventsBehind",
            metrics.events_behind,
            "Transitions wait more than five minutes for the bus: read the publish function's log.",
            above=_FIVE_MINUTES * 1000,
            periods=2,
        )
        self._alarm(
            "EventDeadLetters",
            metrics.dead_events,
            "A transition was not published, or a message about one was not delivered: read the dead letter.",
        )

        self._alarm(
            "HintDeadLetters",
            metrics.dead_hints,
            "Getting the job of a service's event failed three times: that service may not be readable.",
        )
        self._alarm(
            "HintsBehind",
            metrics.hints_waiting,
            "Services' events wait longer than a quarter of an hour: more jobs change than the quotas allow to read.",
            above=_QUARTER,
            periods=2,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        meaning: str,
        *,
        above: float = 0,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = _NEVER,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            alarm_description=f"Jobview: {meaning}",
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=above,
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)


def dashboard(scope: Construct, *, metrics: Metrics, functions: Functions, store: Store) -> cloudwatch.Dashboard:
    """Return the dashboard: freshness, errors and use."""
    all_functions = functions.every.values()
    board = cloudwatch.Dashboard(scope, "Dashboard", default_interval=cdk.Duration.days(1))
    board.add_widgets(
        _graph("Longest wait of a source (s)", [metrics.behind]),
        _graph("Sources due, sources read", [metrics.sources_due, metrics.sources_read]),
        _graph("Sources not read, denied, unknown statuses", [metrics.refresh_errors, metrics.denied, metrics.unknown]),
        _graph("Jobs changed", [metrics.jobs_changed]),
    )
    board.add_widgets(
        _graph("Requests, 4xx and 5xx", [metrics.api_requests, metrics.api_refusals, metrics.api_errors]),
        _graph("Latency, 95 of 100 (ms)", [metrics.api_latency]),
        _graph(
            "Queue: age of the oldest lane (s), dead letters",
            [metrics.waiting, metrics.dead, metrics.dead_runs],
        ),
    )
    board.add_widgets(
        _graph("Function errors", [_of(function, "Errors") for function in all_functions]),
        _graph("Function time, 95 of 100 (ms)", [_of(function, "Duration", "p95") for function in all_functions]),
        _graph(
            "Table: units used",
            [
                store.table.metric_consumed_read_capacity_units(),
                store.table.metric_consumed_write_capacity_units(),
            ],
        ),
    )
    board.add_widgets(
        _graph("Events: age of the oldest transition (ms)", [metrics.events_behind]),
        _graph("Events: transitions that could not be published", [metrics.dead_events]),
        _graph(
            "Refused by Lambda and DynamoDB",
            # The labels are set only here: an alarm on a labelled metric would become a metric calculation.
            [metric.with_(label=name) for name, metric in (metrics.throttled | metrics.table_throttled).items()],
        ),
    )
    board.add_widgets(
        _graph("Services' events: age of the oldest (s), dead letters", [metrics.hints_waiting, metrics.dead_hints]),
        _graph(
            "Rules: delayed or not delivered",
            [
                metric.with_(label=f"{name} {what}")
                for what, found in (("delayed", metrics.rules_throttled), ("not delivered", metrics.rules_failed))
                for name, metric in found.items()
            ],
        ),
    )
    return board


def _whole_minutes(seconds: int) -> int:
    """Return a period that CloudWatch accepts."""
    return -(-seconds // 60) * 60


def _of(function: lambda_.Function, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    return function.metric(metric, statistic=statistic, label=function.node.id)


def _of_rule(rule: events.CfnRule, metric: str) -> cloudwatch.Metric:
    """Return a rule's metric. It has no bus dimension for a rule on the default bus (Amazon EventBridge metrics)."""
    bus = {} if rule.event_bus_name is None else {"EventBusName": rule.event_bus_name}
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name=metric,
        dimensions_map={"RuleName": rule.name or rule.ref, **bus},
        statistic="Sum",
        period=cdk.Duration.seconds(_FIVE_MINUTES),
    )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*metrics], width=8)
