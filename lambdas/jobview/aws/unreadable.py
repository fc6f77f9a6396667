"""Values of AWS's answers that could not be read. They are null in the record, and counted here by their place."""

import re
from collections.abc import Iterable

from jobview.model import UnreadableValue

PLACES = 20
"""The largest number of places that are named. Values at further places are only counted."""
PATH_LIMIT = 256

_INDEX = re.compile(r"\[[0-9]+\]")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED = re.compile(r"'[^']*'")
_FILTER = re.compile(r"\[\?([^\]]*)\]")
_RECORD = re.compile(r"(?:\[(?P<number>[0-9]+)\])?\.?(?P<inner>.+)")
_LEADING = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


class Unreadable:
    """Collects the unreadable values of one read. For one thread."""

    def __init__(self) -> None:
        self.count = 0
        """The number of all values."""
        self._places: dict[tuple[str, str], UnreadableValue] = {}

    def add(self, operation: str, paths: Iterable[str]) -> None:
        """Count unreadable values of an operation's answer.

        The same member of several records is one place. Its path is the first one's.
        """
        for path in paths:
            self.count += 1
            place = _place(operation, path)
            known = self._places.get(place)
            if known is not None:
                self._places[place] = known.again()
            elif len(self._places) < PLACES:
                self._places[place] = UnreadableValue(operation=operation, path=path[:PATH_LIMIT], count=1)

    @staticmethod
    def joined(earlier: Iterable[UnreadableValue], later: Iterable[UnreadableValue]) -> tuple[UnreadableValue, ...]:
        """The places of two reads. For a place in both, the later read wins."""
        places = {_place(value.operation, value.path): value for value in (*earlier, *later)}
        return tuple(places.values())[:PLACES]

    @property
    def values(self) -> tuple[UnreadableValue, ...]:
        """The places, in the order in which they were found."""
        return tuple(self._places.values())


def _place(operation: str, path: str) -> tuple[str, str]:
    return operation, _INDEX.sub("[]", path)


def names(path: str) -> str:
    """The plain member names at the start of a declared path: ``jobs`` for ``jobs[].id``; empty for ``@``."""
    match = _LEADING.match(path)
    return "" if match is None else match.group()


def covers(unreadable: Iterable[str], path: str) -> bool:
    """True where the value at a declared path, or a value around it, could not be read."""
    wanted = names(path)
    return bool(wanted) and any(wanted == lost or wanted.startswith(f"{lost}.") for lost in unreadable)


def filtered_by(path: str, unreadable: Iterable[str]) -> str | None:
    """The first unreadable member that a filter of a declared path (``jobs[?type == 'A']``) uses, if any."""
    asked_for = set(_WORD.findall(" ".join(_QUOTED.sub("", condition) for condition in _FILTER.findall(path))))
    return next((lost for lost in unreadable if lost.rpartition(".")[2] in asked_for), None)


class Records:
    """The unreadable values of an answer, by record.

    Parameters
    ----------
    path
        The declared path of the record, or of the list of records, in the answer; ``@`` for the answer itself.
    unreadable
        The unreadable paths in the answer.
    """

    def __init__(self, path: str, unreadable: Iterable[str]) -> None:
        self._name = names(path)
        self._rest: list[str] = []
        self._of: dict[int | None, set[str]] = {}
        for lost in unreadable:
            match = _RECORD.match(lost[len(self._name) :]) if lost.startswith(self._name) else None
            if match is None:
                self._rest.append(lost)
            else:
                number = None if match["number"] is None else int(match["number"])
                self.of(number).add(match["inner"])

    def of(self, number: int | None) -> set[str]:
        """The paths in one record, relative to the record; the set can be extended. ``None``: the only record."""
        return self._of.setdefault(number, set())

    def paths(self) -> list[str]:
        """All paths in the answer."""
        found = list(self._rest)
        for number, lost in self._of.items():
            record = self._name if number is None else f"{self._name}[{number}]"
            found += [f"{record}.{path}" if record else path for path in sorted(lost)]
        return found
