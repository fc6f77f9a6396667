"""The periods that a list is asked for, where it requires a start and an end. Pure."""

from datetime import datetime, timedelta

from jobview.catalogue.operations import Window

MARGIN = timedelta(hours=2)
"""By how much a period begins later than the window: a read may go on after an hour, with the same start, and the
clock may be behind. A start before what the service keeps would be refused."""


def beginning(window: Window, until: datetime) -> datetime:
    """Since when a list is asked for in a read that began at ``until``."""
    return until - window.length + MARGIN


def periods(window: Window, since: datetime | None, until: datetime) -> list[tuple[datetime, datetime]]:
    """The start and the end of each call, the newest period first.

    Parameters
    ----------
    window
        What the family declares.
    since
        Where less is asked for than the window.
    until
        When the read began; the same again gives the same periods, to which page tokens are bound.
    """
    end = until.replace(microsecond=0)
    first = beginning(window, end)
    if since is not None:
        first = max(first, min(since.replace(microsecond=0), end))
    span = window.longest or window.length
    found: list[tuple[datetime, datetime]] = []
    while not found or end > first:
        start = max(first, end - span)
        found.append((start, end))
        end = start
    return found
