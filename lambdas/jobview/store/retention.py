"""How long jobs and their histories are kept: ``Retention``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobview.model import JobView, Transition

_DAY = 86_400
_STEPS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long a job is kept after its end, and a transition after its observation.

    Raises
    ------
    ValueError
        A number of days is below one.
    """

    days: int
    """A terminal job is kept for this many days after its end, and at most a fiftieth (or a day) longer."""
    transition_days: int | None = None
    """Days; ``None``: for ever."""

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"retention must be at least one day, not {self.days}")
        if self.transition_days is not None and self.transition_days < 1:
            raise ValueError(f"transition retention must be at least one day, not {self.transition_days}")

    def expires_at(self, view: JobView) -> int | None:
        """The time at which a job expires, in seconds since 1970; ``None`` before its end.

        It is rounded up to whole days, and for a long retention to a fiftieth of it. Jobs that expire together share a
        counter, so a family never has more than about fifty counters.
        """
        if not view.state.terminal:
            return None
        step = max(1, self.days // _STEPS) * _DAY
        due = end_of(view) + timedelta(days=self.days)
        return -(-int(due.timestamp()) // step) * step

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for a job that is past its retention."""
        expires = self.expires_at(view)
        return expires is not None and expires <= now.timestamp()

    def transition_expires_at(self, transition: Transition) -> int | None:
        """The time at which a transition expires, in seconds since 1970; ``None``: never."""
        if self.transition_days is None:
            return None
        return int((transition.observed_at + timedelta(days=self.transition_days)).timestamp())


def end_of(view: JobView) -> datetime:
    """The end of a terminal job, or the nearest time that its service gives.

    The job's own times are preferred to the time of the read, because they do not change with each read. Otherwise an
    expired job would come back as long as its service lists it.
    """
    own = [moment for moment in (view.updated_at, view.started_at, view.created_at) if moment is not None]
    return (view.ended_at or max(own, default=view.observed_at)).astimezone(UTC)
