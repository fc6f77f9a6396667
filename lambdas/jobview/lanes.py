"""Lanes: all sources that share one AWS quota, one service in one target; what a refresh message names."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from jobview.model import Target
from jobview.settings import Watch


class InvalidLaneError(ValueError):
    """The message names no lane."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Lane:
    """One service in one account and region."""

    service: str
    account: str
    region: str

    @property
    def target(self) -> Target:
        """Where the lane's service is read."""
        return Target(account=self.account, region=self.region)

    def to_message(self) -> str:
        """The body of the message that asks for the lane's refresh."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_message(body: str) -> "Lane":
        """The reverse of ``to_message``.

        Raises
        ------
        InvalidLaneError
            The body is not exactly the three texts of a lane.
        """
        try:
            raw = json.loads(body)
            lane = Lane(**raw)
        except (ValueError, TypeError) as error:
            raise InvalidLaneError(f"no lane message: {error}") from error
        if not all(isinstance(part, str) and part for part in (lane.service, lane.account, lane.region)):
            raise InvalidLaneError("service, account and region of a lane message are texts that are not empty")
        return lane


def due(watch: Watch) -> Iterator[Lane]:
    """The lanes to refresh in this run: the plan's one decision. Today every lane is due at every run."""
    services = dict.fromkeys(family.service for family in watch.families)
    for target in watch.targets:
        for service in services:
            yield Lane(service=service, account=target.account, region=target.region)
