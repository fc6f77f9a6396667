"""The counts that live reads report beside their answers. The API function writes them as metrics."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCounts:
    """Counts of oddities in AWS's answers during a live read."""

    unknown: int
    """The number of observations with a status word that the catalogue does not have."""
    unreadable: int
    """The number of values that could not be read."""


Observer: TypeAlias = Callable[[ReadCounts], None]
"""Called once for each live read, with its counts."""
