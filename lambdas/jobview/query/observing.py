"""What live reads report beside their answers: the API's function makes metrics of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCounts:
    """What a live read met in AWS's answers."""

    unknown: int
    """Observations with a status word that the catalogue does not know."""
    unreadable: int
    """Values that could not be read."""


Observer: TypeAlias = Callable[[ReadCounts], None]
"""Called once for each live read, with what it met."""
