from datetime import UTC, datetime
from typing import Any

import pytest

from jobview.model import FILTER_PARAMETERS, FilterKind, JobFilter, State
from jobview.store import listing

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
VALUES: dict[FilterKind, Any] = {
    FilterKind.STATES: frozenset({State.FAILED}),
    FilterKind.TEXT: "x",
    FilterKind.TIME: NOW,
    FilterKind.TRUTH: True,
}
PLAIN = listing.plan(JobFilter(), None, NOW)


@pytest.mark.parametrize("field", FILTER_PARAMETERS)
def test_every_filter_is_applied(field: str) -> None:
    value = VALUES.get(FILTER_PARAMETERS[field].kind, frozenset({"x"}))
    assert listing.plan(JobFilter(**{field: value}), None, NOW) != PLAIN


def test_no_two_filters_read_the_same() -> None:
    plans = [
        listing.plan(JobFilter(**{field: VALUES.get(parameter.kind, frozenset({"x"}))}), None, NOW)
        for field, parameter in FILTER_PARAMETERS.items()
    ]
    assert all(plan not in plans[:place] for place, plan in enumerate(plans))
