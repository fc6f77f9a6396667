"""Everything that is declared, for tests over all of it.

What is asked for here is read from the tables alone. A test asks a model for what it needs itself, so that what is
wrong with one family fails the tests of that family and no other's.
"""

from collections.abc import Callable, Iterable, Mapping
from string import Formatter

import pytest

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.catalogue.operations import ListCall
from tests.contract.shapes import jobs

EVERY_FAMILY = tuple(FAMILIES.values())
EVERY_JOB = tuple(job for each in EVERY_FAMILY for job in jobs(each))

_CALLS = [(each, call) for each in EVERY_FAMILY for call in each.calls]

Check = Callable[..., None]


def grouped(cases: Iterable[tuple[Family, str, Mapping[str, object]]]) -> Callable[[Check], Check]:
    """Run a test over all cases of a service at once: thousands of tests of their own take longer than what they check.

    A case is its family, its name and the test's arguments. Every case is run, and a failure names its own.
    """
    by_service: dict[str, list[tuple[str, Mapping[str, object]]]] = {}
    for declared, name, arguments in cases:
        by_service.setdefault(declared.service, []).append((name, arguments))

    def decorate(test: Check) -> Check:
        def run(service: str) -> None:
            failures: list[Exception] = []
            for name, arguments in by_service[service]:
                try:
                    test(**arguments)
                except Exception as failure:  # noqa: BLE001 - all are raised below
                    failure.add_note(f"in {name}")
                    failures.append(failure)
            if len(failures) == 1:
                raise failures[0]
            if failures:
                raise ExceptionGroup(f"{len(failures)} cases of {service}", failures)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return pytest.mark.parametrize("service", by_service, ids=lambda service: f"{service}/")(run)

    return decorate


each_family = grouped((each, each.name, {"declared": each}) for each in EVERY_FAMILY)
each_call = grouped((each, f"{each.name} {call.operation}", {"declared": each, "call": call}) for each, call in _CALLS)
each_list_call = grouped(
    (each, f"{each.name} {call.operation}", {"declared": each, "call": call})
    for each, call in _CALLS
    if isinstance(call, ListCall)
)
each_job = grouped((job.family, str(job), {"job": job}) for job in EVERY_JOB)


def placeholders(template: object) -> set[str]:
    """Names of what is filled into a template, at any depth of an input's value."""
    if isinstance(template, str):
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    inner = (
        template.values() if isinstance(template, Mapping) else template if isinstance(template, list | tuple) else ()
    )
    return set().union(*map(placeholders, inner))
