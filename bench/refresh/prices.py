"""List prices of us-east-1 in dollars, those of docs/costs.md, and what a day's figures come to."""

from collections.abc import Mapping
from dataclasses import dataclass

PRICES: Mapping[str, float] = {
    "Lambda GB-seconds": 0.0000133334,
    "Lambda requests": 0.20e-6,
    "SQS requests": 0.40e-6,
    "Scheduler invocations": 1.00e-6,
    "DynamoDB write units": 0.625e-6,
    "DynamoDB read units": 0.125e-6,
    "EventBridge events": 1.00e-6,
}
CALLS: Mapping[str, float] = {"CloudTrail's second copy": 2.00 / 100_000, "GuardDuty's analysis": 4.00e-6}
"""What a call of AWS costs beside Jobview, in the account that is read and where it has them: every call is a
management event. CloudTrail's first copy is free."""
MEMORY_GB: Mapping[str, float] = {"plan": 0.5, "refresh": 1.728, "ingest": 1.0, "publish": 0.5}


def audited(calls: float) -> Mapping[str, float]:
    """Dollars for the records of so many calls of AWS, by the names of ``CALLS``."""
    return {name: calls * price for name, price in CALLS.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill:
    """What a day uses, by the names of ``PRICES``."""

    quantities: Mapping[str, float]

    @property
    def dollars(self) -> float:
        """What it costs."""
        return sum(quantity * PRICES[name] for name, quantity in self.quantities.items())


def bill(
    *,
    runs: Mapping[str, float],
    seconds: Mapping[str, float],
    messages: float,
    write_units: float,
    read_units: float,
    published: float,
) -> Bill:
    """The bill of a day.

    Parameters
    ----------
    runs, seconds
        Executions by function, and how long they took together.
    messages
        Through queues: each is sent, received and deleted.
    write_units, read_units
        Of the table.
    published
        Transitions: each is an event, and a tenth of a second of ``publish``.
    """
    compute = {**seconds, "publish": 0.1 * published}
    return Bill(
        quantities={
            "Lambda GB-seconds": sum(MEMORY_GB[name] * spent for name, spent in compute.items()),
            "Lambda requests": sum(runs.values()) + published / 10,
            "SQS requests": 3 * messages,
            "Scheduler invocations": runs.get("plan", 0),
            "DynamoDB write units": write_units,
            "DynamoDB read units": read_units + published,
            "EventBridge events": published,
        }
    )
