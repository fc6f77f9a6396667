"""The parts that refreshing depends on."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from jobview.ports import JobStore
from jobview.reader import Reader
from jobview.refresh.cadence import Cadence


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependencies:
    """The reader, the store, the clock and the cadence."""

    reader: Reader
    store: JobStore
    now: Callable[[], datetime]
    """The clock: an aware UTC time."""
    cadence: Cadence = field(default_factory=Cadence)
    """How often sources are read."""
    jitter: Callable[[], float] = random.random
    """Returns a random number from 0 to 1, so that sources do not stay due at the same time."""
