"""Lanes: a lane is all sources that share AWS's quotas (one service in one target). A refresh message names one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from jobview.model import Source, Target
from jobview.model.jobid import JobKey
from jobview.monitored import Monitored


class InvalidLaneError(ValueError):
    """The message does not name a lane."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Lane:
    """One service in one account and region."""

    service: str
    account: str
    region: str

    @property
    def target(self) -> Target:
        """The lane's account and region."""
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


def expected(monitored: Monitored) -> Iterator[Source]:
    """The first sources of a deployment: each family where it is read. Discoveries find the others."""
    for family, target in monitored.pairs:
        yield family.whole(target)


def mark(monitored: Monitored) -> str:
    """A digest of the families and targets. If it changes, the schedule has to be updated."""
    sources = sorted(source.id for source in expected(monitored))
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()


def is_monitored(monitored: Monitored, source: Source) -> bool:
    """True for a source of a family that the deployment monitors, where it is read."""
    return any(
        (family.service, family.type) == (source.service, source.type)
        and source.target in family.read_in(monitored.targets)
        for family in monitored.families
    )


def lanes_of(source_ids: Iterable[str], monitored: Monitored) -> list[Lane]:
    """The lanes of due sources, in the order of their first source, without lanes that are not monitored."""
    regional = _by_id(monitored.targets)
    lanes = {
        JobKey.join(family.service): (
            family.service,
            _by_id(family.read_in(monitored.targets)) if family.global_regions else regional,
        )
        for family in monitored.families
    }
    found: dict[Lane, None] = {}
    for source_id in source_ids:
        named, region, account, *_ = source_id.split(":")
        service, targets = lanes.get(named, ("", {}))
        target = targets.get((region, account))
        if target is not None:
            found[Lane(service=service, account=target.account, region=target.region)] = None
    return list(found)


def _by_id(targets: Iterable[Target]) -> dict[tuple[str, str], Target]:
    """The targets by their region and account, as the id of a source has them."""
    return {(JobKey.join(target.region), JobKey.join(target.account)): target for target in targets}
