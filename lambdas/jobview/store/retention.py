"""How long jobs and their histories are kept: ``Retention``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobview.model import JobView, Transition

_DAY = 86_400
_STEPS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long a job stays after its end, and a transition after it was observed.

    Raises
    ------
    ValueError
        A number of days below one.
    """

    days: int
    """A terminal job stays at least so many days after its end, and at most a fiftieth (or a day) longer."""
    transition_days: int | None = None
    """Days; ``None``: for ever."""

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"retention must be at least one day, not {self.days}")
        if self.transition_days is not None and self.transition_days < 1:
            raise ValueError(f"transition retention must be at least one day, not {self.transition_days}")

    def expires_at(self, view: JobView) -> int | None:
        """When a job falls away, in seconds since 1970; ``None`` while it has not ended.

        Rounded up to whole days, and for a long retention to a fiftieth of it: jobs that expire together are counted
        together, so that there are never more than some fifty counters a family, however long the retention.
        """
        if not view.state.terminal:
            return None
        step = max(1, self.days // _STEPS) * _DAY
        due = end_of(view) + timedelta(days=self.days)
        return -(-int(due.timestamp()) // step) * step

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for a job that ended so long ago that it is not kept (any more)."""
        expires = self.expires_at(view)
        return expires is not None and expires <= now.timestamp()

    def transition_expires_at(self, transition: Transition) -> int | None:
        """When a transition falls away, in seconds since 1970; ``None``: never."""
        if self.transition_days is None:
            return None
        return int((transition.observed_at + timedelta(days=self.transition_days)).timestamp())


def end_of(view: JobView) -> datetime:
    """The end of a terminal job, or the nearest to it that its service tells.

    A job's own times come before the time of the read: they do not rise at each read, and a job that has expired
    must not come back only because its service still lists it.
    """
    own = [moment for moment in (view.updated_at, view.started_at, view.created_at) if moment is not None]
    return (view.ended_at or max(own, default=view.observed_at)).astimezone(UTC)
