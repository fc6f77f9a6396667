"""The families, accounts and regions that a deployment monitors, and its roles in other accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobview.catalogue.family import Family
from jobview.model import Target
from jobview.model.role import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Monitored:
    """The monitored families and targets."""

    targets: tuple[Target, ...]
    families: tuple[Family, ...]
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The role to assume in each account that is not read with the function's own credentials."""
    listening: bool = False
    """Whether the services' own events are processed."""
    home: Target | None = None
    """The functions' own account and region. Only AWS sends the services' events on its default bus."""

    @property
    def pairs(self) -> tuple[tuple[Family, Target], ...]:
        """Each family in each target that it is read in, in the order of the families."""
        return tuple((family, target) for family in self.families for target in family.read_in(self.targets))

    @property
    def places(self) -> tuple[Target, ...]:
        """The targets, and behind them those in which only global services are read."""
        found = dict.fromkeys(self.targets)
        for family in self.families:
            if family.global_regions:
                found |= dict.fromkeys(family.read_in(self.targets))
        return tuple(found)
