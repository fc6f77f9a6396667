"""A machine that does anything in any order to the functions, their clocks and lines, and looks at what must hold."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jobview.events.incoming import RefusedHintError
from jobview.events.ingesting import SKEW, NotReadNowError
from jobview.refresh.lanes import Lane
from jobview.store import StoreBusyError
from local.standin import Fault, Phase, Plan
from tests.cut_line import KilledError
from tests.integration.proofs.executions import Execution
from tests.integration.proofs.world import World

KINDS = ("omics/reference-import", "omics/reference-import", "sesv2/import", "sesv2/export")
AHEAD = (timedelta(), timedelta(), SKEW, -SKEW)
"""How far the clock of each execution is ahead."""
LIMITS = (1e9, 1e9, 40.0, 15.0)
"""Looks at its clock that a refresh has: with few it stops in the middle of a list."""
PLANS = st.builds(
    Plan,
    submitted=st.sampled_from((0.0, 45.0, 700.0)),
    running=st.sampled_from((30.0, 400.0, 40_000.0)),
    outcome=st.sampled_from((Phase.SUCCEEDED, Phase.PARTIAL, Phase.FAILED)),
) | st.builds(
    Plan, submitted=st.just(45.0), running=st.just(400.0), outcome=st.just(Phase.FAILED), failed_items=st.just(3)
)
CUTS = st.integers(min_value=1, max_value=12)
WHOSE = st.integers(min_value=0, max_value=len(AHEAD) - 1)
ANY = st.integers(min_value=0, max_value=11)
"""Which of several; how many there are may depend on threads, and so on nothing that is drawn."""
MOST_JOBS = 8
T = TypeVar("T")


def one_of(several: Sequence[T], which: int) -> T:
    return several[which % len(several)]


class Machine(RuleBasedStateMachine):
    """AWS, the functions and their accidents."""

    world: World
    executions: tuple[Execution, ...]

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Lane] = []
        """Lanes of the queue that nobody is done with."""

    @initialize()
    def begin(self) -> None:
        self.world.reset()
        for execution in self.executions:
            execution.line.whole()

    # AWS

    @precondition(lambda self: len(self.world.real) < MOST_JOBS)
    @rule(kind=st.sampled_from(KINDS), plan=PLANS, parent=st.sampled_from("ab"), count=st.integers(1, 3))
    def jobs_begin(self, kind: str, plan: Plan, parent: str, count: int) -> None:
        for _ in range(count):
            self.world.start(kind, plan, parent=parent)

    @precondition(lambda self: self.there())
    @rule(which=ANY)
    def a_job_vanishes(self, which: int) -> None:
        self.world.forget(one_of(self.there(), which))

    @precondition(lambda self: self.there())
    @rule(which=ANY)
    def aws_does_not_tell_of_a_job_for_a_while(self, which: int) -> None:
        self.world.hide(one_of(self.there(), which))

    @rule()
    def aws_tells_of_all_jobs_again(self) -> None:
        self.world.show()

    @precondition(lambda self: self.ended())
    @rule(which=ANY, plan=PLANS, anew=st.booleans())
    def a_job_begins_again(self, which: int, plan: Plan, anew: bool) -> None:
        """Its id is used by another one, or it is retried in place: a retry that no counter shows."""
        self.world.restart(one_of(self.ended(), which), plan, anew=anew)

    def there(self) -> list[str]:
        return [job_id for job_id in self.world.real if job_id not in self.world.forgotten | self.world.hidden.keys()]

    def ended(self) -> list[str]:
        return [job_id for job_id in self.there() if self.world.truth(job_id).terminal]

    @rule(service=st.sampled_from(("omics", "sesv2")), code=st.sampled_from(("throttled", "InternalServerException")))
    def a_service_fails_for_a_moment(self, service: str, code: str) -> None:
        self.world.aws.faults.add(Fault(kind="error", code=code), service=service, times=3)

    @rule(seconds=st.sampled_from((20, 60, 90, 400, 1_000, 8_000)))
    def time_passes(self, seconds: int) -> None:
        self.world.wall.advance(seconds)

    # The functions

    @rule(whose=WHOSE)
    def plan(self, whose: int) -> None:
        self.executions[whose].plan()
        self.messages += self.world.lanes()

    @rule(which=ANY, whose=WHOSE, limit=st.sampled_from(LIMITS), again=st.booleans())
    def refresh(self, which: int, whose: int, limit: float, again: bool) -> None:
        if not self.messages:
            return
        message = one_of(self.messages, which)
        self.executions[whose].refresh(message, time=limit)
        if not again:
            self.messages.remove(message)

    @rule(whose=WHOSE, limit=st.sampled_from((20.0, 30.0, 45.0)), turns=st.integers(2, 4))
    def long_lists_take_several_turns(self, whose: int, limit: float, turns: int) -> None:
        self.world.wall.advance(900)
        for _ in range(turns):
            for service in ("omics", "sesv2"):
                self.executions[whose].refresh(self.world.lane(service), time=limit)

    @rule(whose=WHOSE)
    def live_read(self, whose: int) -> None:
        self.executions[whose].live()

    @precondition(lambda self: self.hinted())
    @rule(which=ANY, whose=WHOSE, ago=st.sampled_from((0, 0, 700, 90_000)), times=st.integers(1, 2))
    def an_event(self, which: int, whose: int, ago: int, times: int) -> None:
        body = self.world.event(one_of(self.hinted(), which), ago=ago)
        for _ in range(times):
            self.ingest(whose, body)

    @precondition(lambda self: self.hinted())
    @rule(which=ANY, whose=WHOSE, native=st.sampled_from(("0000000000", "../x", "{id}")))
    def a_forged_event(self, which: int, whose: int, native: str) -> None:
        self.ingest(whose, self.world.forged_event(one_of(self.hinted(), which), native=native, status="FAILED"))

    # Their accidents

    @rule(at=CUTS, behind=st.booleans(), what=st.sampled_from(("plan", "refresh", "ingest", "live")), whose=WHOSE)
    def killed(self, at: int, behind: bool, what: str, whose: int) -> None:
        self.executions[whose].line.cut(at, behind=behind)
        self.accident(whose, what)

    @rule(
        at=CUTS, many=st.sampled_from((2, 9, 1_000)), what=st.sampled_from(("plan", "refresh", "ingest")), whose=WHOSE
    )
    def throttled(self, at: int, many: int, what: str, whose: int) -> None:
        self.executions[whose].line.throttle(range(at, at + many))
        self.accident(whose, what)

    def accident(self, whose: int, what: str) -> None:
        execution = self.executions[whose]
        try:
            if what == "plan":
                execution.plan()
            elif what == "live":
                execution.live()
            elif what == "refresh":
                for service in ("omics", "sesv2"):
                    execution.refresh(self.world.lane(service))
            else:
                for job_id in self.hinted()[:2]:
                    self.ingest(whose, self.world.event(job_id))
        except (KilledError, StoreBusyError):
            pass
        finally:
            execution.line.whole()
        self.messages += self.world.lanes()

    def ingest(self, whose: int, body: str) -> None:
        with suppress(NotReadNowError, RefusedHintError):  # it comes again, or the schedule finds the job
            self.executions[whose].ingest(body)

    def hinted(self) -> list[str]:
        """The jobs that events name."""
        return [job_id for job_id in self.world.real if job_id.startswith("omics")]

    # What holds

    @invariant()
    def nothing_is_lost_doubled_or_turned_back(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        if not self.executions[0].line.sent and not self.world.real:
            return
        self.world.aws.faults.clear()
        self.world.show()
        # By then the others' clocks have come to where the one ahead was, and each source is read again.
        self.world.settle(self.executions[0], timedelta(minutes=30))
        self.world.check_known(self.executions[0])
        # By then everything was listed, and compared with all that is stored.
        self.world.settle(self.executions[0], timedelta(hours=7))
        self.world.check_settled(self.executions[0])


def test_with_any_fault_nothing_is_lost(world: World) -> None:
    Machine.world = world
    Machine.executions = tuple(world.execution(ahead=ahead) for ahead in AHEAD)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20, stateful_step_count=25, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
