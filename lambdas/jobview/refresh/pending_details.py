"""What was listed of jobs that are about to be got: it waits a moment, so that both are one write and one event."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from jobview.model import Observation

LONGEST = timedelta(seconds=5)
"""How long a listed change may wait for its get before it is shown without."""
MOST = 100
"""How many jobs of a source may wait; a long list is written as it comes, not all at once when time is over."""


class PendingDetails:
    """Listed observations by job, in their order."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Observation]] = {}
        self._since: datetime | None = None

    def add(self, observations: Iterable[Observation], now: datetime) -> None:
        """Let observations wait."""
        for observation in observations:
            if not self._waiting:
                self._since = now
            self._waiting.setdefault(observation.view.id, []).append(observation)

    def with_got(self, got: Iterable[Observation]) -> list[Observation]:
        """Got observations, each behind what was listed of its job, which waits no more."""
        both: list[Observation] = []
        for observation in got:
            both += [*self._waiting.pop(observation.view.id, ()), observation]
        return both

    def overdue(self, now: datetime) -> list[Observation]:
        """Everything that waits, where it is as much as may wait, or the first of it has waited as long as it may.

        It waits no more.
        """
        if len(self._waiting) < MOST and (self._since is None or now - self._since < LONGEST):
            return []
        return self.rest()

    def rest(self) -> list[Observation]:
        """Everything that waits; it waits no more."""
        left = [each for observations in self._waiting.values() for each in observations]
        self._waiting.clear()
        self._since = None
        return left
