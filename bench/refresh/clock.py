"""The time of the simulated day: it moves when somebody waits, and to the moment of the next event."""

from datetime import datetime, timedelta

from bench.refresh.world import BEGIN
from jobview.aws.clock import Clock


class DayClock:
    """Seconds since the day began.

    An execution runs to its end on it, and the next one begins at its own moment, which may be earlier: they run beside
    one another, each in a lane that the other does not touch.
    """

    def __init__(self) -> None:
        self.at = 0.0
        self.clock = Clock(monotonic=lambda: self.at, sleep=self.sleep, now=self.now)

    def now(self) -> datetime:
        """The same as a time."""
        return BEGIN + timedelta(seconds=self.at)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.at += seconds
