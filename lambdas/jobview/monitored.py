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
