"""Waiting for something to become so."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(ask: Callable[[], T | None], *, seconds: float, what: str, every: float = 0.5) -> T:
    """Ask again and again until there is an answer; fails where there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer is not None:
            return answer
        assert time.monotonic() < deadline, f"{what}: not in {seconds:.0f} s"
        time.sleep(every)
