"""When sample jobs are started: a few at once, then one every few seconds, and at some point no more."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from local.samples.family import SampleFamily

FIRST_ROUNDS = 2
"""So many jobs of every family are started at once."""
SECONDS_BETWEEN = 5.0
MOST = 3000
"""Jobs that are started in all: enough for hours, and no laptop is ever filled."""


class SampleRunner:
    """Starts sample jobs in a thread, until it is stopped.

    :param say: gets one message for every family that fails, with the reason; the family is tried again later
    """

    def __init__(self, families: Sequence[SampleFamily], *, say: Callable[[str], None]) -> None:
        self._families = families
        self._say = say
        self._prepared: set[str] = set()
        self._failing: dict[str, str] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="samples", daemon=True)

    def prepare(self) -> None:
        """Make what the jobs need and the first jobs; afterwards every family has some."""
        for number in range(FIRST_ROUNDS):
            for family in self._families:
                self._try(family, partial(self._begin, family, number))

    def start(self) -> None:
        """Go on in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Start no more; returns when the last call is over."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        for turn in range(MOST):
            if self._over.wait(SECONDS_BETWEEN):
                return
            number, place = divmod(turn, len(self._families))
            family = self._families[place]
            self._try(family, partial(self._begin, family, FIRST_ROUNDS + number))
            for other in self._families:
                self._try(other, other.tend)
        self._say(f"{MOST} sample jobs have been started; there will be no more")

    def _begin(self, family: SampleFamily, number: int) -> None:
        if family.name not in self._prepared:
            family.prepare()
            self._prepared.add(family.name)
        family.start(number)

    def _try(self, family: SampleFamily, act: Callable[[], None]) -> None:
        try:
            act()
        except (BotoCoreError, ClientError, OSError) as error:
            # An emulator that hiccups must not end the show, but nobody should have to guess what is missing.
            if self._failing.get(family.name) != str(error) and not self._over.is_set():
                self._say(f"sample jobs of {family.name} fail: {error}")
            self._failing[family.name] = str(error)
