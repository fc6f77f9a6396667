"""The bus of job events."""

from aws_cdk import aws_events as events
from constructs import Construct

from infra.configuration import Configuration
from infra.lanes import dead_letters


class Bus(Construct):
    """A bus of Jobview's own, and the queue of transitions that could not be published.

    Anyone in the account whom IAM lets may put rules onto it; no other account may, and only ``publish`` sends.
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
