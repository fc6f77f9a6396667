"""Whether calls kept a rate."""

from collections.abc import Sequence

LATE = 0.05
"""Seconds that a call may begin after its turn."""


def violations(moments: Sequence[float], rate: float) -> int:
    """Calls that begin too soon after those before them.

    Of ``rate`` calls a second allowed, the call ``rate`` places behind another one (the next one, for less than one a
    second) begins at least a second later (``1 / rate``), but for ``LATE``.

    Parameters
    ----------
    moments
        Seconds at which calls began, in any order.
    rate
        Calls a second.
    """
    ordered = sorted(moments)
    behind = max(1, int(rate))
    least = behind / rate - LATE
    return sum(later - earlier < least for earlier, later in zip(ordered, ordered[behind:], strict=False))
