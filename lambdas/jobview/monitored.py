"""What a deployment monitors: which families, in which accounts and regions, and how it reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobview.catalogue.family import Family
from jobview.model import Target
from jobview.model.role import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Monitored:
    """Families and targets."""

    targets: tuple[Target, ...]
    families: tuple[Family, ...]
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The role to assume in each account that is not read with the function's own credentials."""
    listening: bool = False
    """Whether the services' own events are followed."""
    home: Target | None = None
    """The account and region that the functions run in: events of its default bus come from AWS alone."""
