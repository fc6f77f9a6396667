"""List records of jobs that will be got next. They wait for the get, so that both become one write and one event."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from jobview.model import Observation

LONGEST = timedelta(seconds=5)
"""How long a listed change waits for its get before it is stored without."""
MOST = 100
"""The most jobs of a source that wait, so that a long list is stored step by step and not at the very end."""


class PendingDetails:
    """Listed observations by job, in their order."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Observation]] = {}
        self._since: datetime | None = None

    def add(self, observations: Iterable[Observation], now: datetime) -> None:
        """Add observations that wait."""
        for observation in observations:
            if not self._waiting:
                self._since = now
            self._waiting.setdefault(observation.view.id, []).append(observation)

    def with_got(self, got: Iterable[Observation]) -> list[Observation]:
        """Return got observations, each after its job's waiting list record, which is removed."""
        both: list[Observation] = []
        for observation in got:
            both += [*self._waiting.pop(observation.view.id, ()), observation]
        return both

    def overdue(self, now: datetime) -> list[Observation]:
        """Remove and return all waiting observations, if there are too many or the first has waited too long."""
        if len(self._waiting) < MOST and (self._since is None or now - self._since < LONGEST):
            return []
        return self.rest()

    def rest(self) -> list[Observation]:
        """Remove and return all waiting observations."""
        left = [each for observations in self._waiting.values() for each in observations]
        self._waiting.clear()
        self._since = None
        return left
