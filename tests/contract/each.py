"""Everything that is declared, for tests over all of it.

What is asked for here is read from the tables alone. A test asks a model for what it needs itself, so that what is
wrong with one family fails the tests of that family and no other's.
"""

from collections.abc import Mapping
from string import Formatter

import pytest

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import ListCall
from tests.contract.shapes import jobs

EVERY_FAMILY = tuple(FAMILIES.values())
EVERY_JOB = tuple(job for each in EVERY_FAMILY for job in jobs(each))

_CALLS = [(each, call) for each in EVERY_FAMILY for call in each.calls]

each_family = pytest.mark.parametrize("declared", EVERY_FAMILY, ids=lambda each: each.name)
each_call = pytest.mark.parametrize(
    ("declared", "call"),
    [pytest.param(each, call, id=f"{each.name}-{call.operation}") for each, call in _CALLS],
)
each_list_call = pytest.mark.parametrize(
    ("declared", "call"),
    [
        pytest.param(each, call, id=f"{each.name}-{call.operation}")
        for each, call in _CALLS
        if isinstance(call, ListCall)
    ],
)
each_job = pytest.mark.parametrize("job", EVERY_JOB, ids=str)


def placeholders(template: object) -> set[str]:
    """Names of what is filled into a template, at any depth of an input's value."""
    if isinstance(template, str):
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    inner = (
        template.values() if isinstance(template, Mapping) else template if isinstance(template, list | tuple) else ()
    )
    return set().union(*map(placeholders, inner))
