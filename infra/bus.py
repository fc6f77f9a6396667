"""The bus of job events."""

from aws_cdk import aws_events as events
from constructs import Construct

from infra.configuration import Configuration
from infra.lanes import dead_letters


class Bus(Construct):
    """Jobview's own event bus, and the queue of transitions that could not be published.

    Anyone in the account may add rules to the bus if IAM allows it. Other accounts may not. Only ``publish`` sends.
    """

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        self.bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=configuration.stack_name,
            description="Job State Changed: every transition of every job that Jobview sees",
        )
        self.dead = dead_letters(self, "DeadEvents")
