"""The bus to which other accounts and regions forward the services' own events."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.configuration import Configuration
from infra.permissions import Permissions


def bus_name(stack_name: str) -> str:
    """Return the bus's name. The rules in other accounts and regions use it (``infra/member.py``)."""
    return f"{stack_name}-Hints"


def senders(configuration: Configuration, permissions: Permissions) -> tuple[str, ...]:
    """Return the accounts that send events from outside the home region of the home account, the home account first."""
    heard = (family for family in permissions.families if configuration.hears(family))
    places = {place: None for family in heard for place in permissions.read_in(family)}
    elsewhere = (account for account, region in places if (account, region) != permissions.home)
    return tuple(dict.fromkeys((*elsewhere, *(str(member.account) for member in configuration.members))))


class Inbound(Construct):
    """A bus for hints alone, to which ``accounts`` may send.

    It is separate from the default bus, which receives every event of the home account, and from the bus of job events,
    which has other subscribers. So forwarding needs no change to their policies.
    """

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration, accounts: Sequence[str]) -> None:
        super().__init__(scope, name)
        self.bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=bus_name(configuration.stack_name),
            description="The services' own events from the other accounts and regions that Jobview monitors",
        )
        self.accounts = tuple(accounts)
        """The accounts that may send."""
        self.bus.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Forward",
                # The home account too. Its own IAM would be enough, but this way one place lists all senders.
                principals=[iam.AccountPrincipal(account) for account in accounts],
                actions=["events:PutEvents"],
                resources=[self.bus.event_bus_arn],
            )
        )
