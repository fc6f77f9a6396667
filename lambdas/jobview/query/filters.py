"""The filters of a list of jobs, as a caller gives them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobview.model import State, rfc3339
from jobview.monitored import Monitored
from jobview.query.coverage import Scope
from jobview.store import ListQuery


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a list of jobs is filtered by; empty and ``None`` filter nothing."""

    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    parent: str | None = None
    name: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    changed_after: datetime | None = None
    changed_before: datetime | None = None
    terminal: bool | None = None

    def to_query(self) -> ListQuery:
        """The same for the store."""
        return ListQuery(
            services=frozenset(self.services),
            types=frozenset(self.types),
            states=frozenset(State(state) for state in self.states),
            accounts=frozenset(self.accounts),
            regions=frozenset(self.regions),
            parent=self.parent,
            name=self.name,
            created_after=self.created_after,
            created_before=self.created_before,
            updated_after=self.updated_after,
            updated_before=self.updated_before,
            changed_after=self.changed_after,
            changed_before=self.changed_before,
            terminal=self.terminal,
        )

    def scope(self, monitored: Monitored) -> Scope:
        """The sources whose jobs may be in the answer."""
        return Scope.of(
            monitored,
            services=self.services,
            types=self.types,
            accounts=self.accounts,
            regions=self.regions,
            parent=self.parent,
        )

    def canonical(self) -> dict[str, Any]:
        """JSON values, the same for the same filters in whatever order they were given: what a token is bound to."""
        return {
            "route": "jobs",
            "service": sorted(set(self.services)),
            "type": sorted(set(self.types)),
            "state": sorted(set(self.states)),
            "account": sorted(set(self.accounts)),
            "region": sorted(set(self.regions)),
            "parent": self.parent,
            "name": self.name,
            "created": [rfc3339(self.created_after), rfc3339(self.created_before)],
            "updated": [rfc3339(self.updated_after), rfc3339(self.updated_before)],
            "changed": [rfc3339(self.changed_after), rfc3339(self.changed_before)],
            "terminal": self.terminal,
        }
