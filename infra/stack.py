"""The stack: all constructs, and the outputs that a person needs after a deployment."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import account_rules
from infra.api import Api
from infra.bus import Bus
from infra.configuration import Configuration
from infra.events import Publishing
from infra.functions import Functions
from infra.hints import Hints
from infra.inbound import Inbound, senders
from infra.ingest import Ingest
from infra.lanes import Lanes
from infra.metadata_bucket import MetadataBucket
from infra.monitoring import Alarms, Metrics, dashboard
from infra.notifications import Notifications
from infra.permissions import permissions
from infra.refresh import Refresh
from infra.store import Store
from jobview.catalogue.family import Family


class JobviewStack(cdk.Stack):
    """One deployment of Jobview, in one account and region."""

    def __init__(
        self,
        scope: Construct,
        *,
        configuration: Configuration,
        families: tuple[Family, ...],
        code: lambda_.Code,
    ) -> None:
        super().__init__(
            scope,
            configuration.stack_name,
            env=cdk.Environment(account=configuration.account, region=configuration.region),
            description="Jobview: one API over every asynchronous AWS job",
            tags={"application": "jobview"},
        )
        store = Store(self, "Store", configuration=configuration)
        lanes = Lanes(self, "Lanes", configuration=configuration)
        metadata = MetadataBucket(self, "Metadata")
        bus = Bus(self, "Events", configuration=configuration)
        hints = Hints(self, "Hints")
        allowed = permissions(self, configuration, families)
        forwarded = configuration.service_events and any(configuration.hears(family) for family in families)
        elsewhere = senders(configuration, allowed) if forwarded else ()
        inbound = Inbound(self, "Inbound", configuration=configuration, accounts=elsewhere) if elsewhere else None
        notifications = (
            Notifications(self, "Notifications", configuration=configuration) if configuration.notifies else None
        )
        functions = Functions(
            self,
            "Functions",
            configuration=configuration,
            code=code,
            permissions=allowed,
            store=store,
            lanes=lanes,
            metadata=metadata,
            bus=bus,
            hints=hints,
            notifications=notifications,
            listening=configuration.service_events,
        )
        api = Api(self, "Api", configuration=configuration, functions=functions)
        refresh = Refresh(self, "Refresh", configuration=configuration, functions=functions, lanes=lanes)
        publishing = Publishing(self, "Publishing", functions=functions, store=store, bus=bus)
        rules = {"Deployed": refresh.deployed}
        if publishing.bad_ends is not None:
            rules["BadEnds"] = publishing.bad_ends
        if configuration.service_events:
            ingest = Ingest(
                self,
                "Ingest",
                families=families,
                functions=functions,
                hints=hints,
                # Services send events in the job's own region, so the home region has events of its own jobs only.
                here=tuple(family for family in families if allowed.is_heard_at_home(family)),
                inbound=inbound,
                concurrency=configuration.ingest_concurrency,
                calls=configuration.start_calls,
            )
            rules |= ingest.rules
        outputs = {
            "ApiUrl": api.url,
            "ApiId": api.http_api.api_id,
            "TableName": store.table.table_name,
            "LanesQueueUrl": lanes.queue.queue_url,
            "DeadLettersQueueUrl": lanes.dead.queue_url,
            "DeadRunsQueueUrl": lanes.dead_runs.queue_url,
            "DeadEventsQueueUrl": bus.dead.queue_url,
            "HintsQueueUrl": hints.queue.queue_url,
            "DeadHintsQueueUrl": hints.dead.queue_url,
            "EventBusName": bus.bus.event_bus_name,
            "EventBusArn": bus.bus.event_bus_arn,
            "ScheduleName": refresh.schedule.ref,
            "MetadataBucketName": metadata.bucket.bucket_name,
            "ApiFunctionName": functions.api.function_name,
            "ImageSetsFunctionName": functions.image_sets.function_name,
            "PlanFunctionName": functions.plan.function_name,
            "RefreshFunctionName": functions.refresh.function_name,
            "IngestFunctionName": functions.ingest.function_name,
            "PublishFunctionName": functions.publish.function_name,
        }
        if inbound is not None:
            outputs |= {"HintsBusName": inbound.bus.event_bus_name, "HintsBusArn": inbound.bus.event_bus_arn}
        if notifications is not None and functions.notify is not None:
            outputs["NotificationTopicArn"] = notifications.topic.topic_arn
            outputs["NotifyFunctionName"] = functions.notify.function_name
        metrics = Metrics(
            self,
            configuration,
            api=api,
            lanes=lanes,
            functions=functions,
            bus=bus,
            hints=hints,
            store=store,
            rules=rules,
        )
        if configuration.alarms:
            alarms = Alarms(self, "Alarms", configuration=configuration, metrics=metrics)
            outputs["AlarmTopicArn"] = alarms.topic.topic_arn
        if configuration.dashboard:
            board = dashboard(self, metrics=metrics, functions=functions, store=store)
            outputs["DashboardName"] = board.dashboard_name
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)
        account_rules.apply(self, configuration)
