from collections.abc import Iterator

import pytest

from local.standin import ManualClock, StandIn


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def aws(clock: ManualClock) -> Iterator[StandIn]:
    with StandIn(clock=clock, ids_seed=1) as standin:
        yield standin
