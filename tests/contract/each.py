"""Everything that is declared, for tests over all of it."""

from collections.abc import Mapping
from string import Formatter

import pytest

from jobview.catalogue.family import ListCall
from tests.contract.shapes import EVERY_FAMILY, EVERY_JOB

PLACEHOLDERS = {
    "parent": "1234567890",
    "id": "9876543210",
    "account": "111122223333",
    "region": "us-east-1",
    "partition": "aws",
}

each_family = pytest.mark.parametrize("declared", EVERY_FAMILY, ids=lambda each: each.name)
each_call = pytest.mark.parametrize(
    ("declared", "call"),
    [pytest.param(each, call, id=f"{each.name}-{call.operation}") for each in EVERY_FAMILY for call in each.calls],
)
each_list_call = pytest.mark.parametrize(
    ("declared", "call"),
    [
        pytest.param(each, call, id=f"{each.name}-{call.operation}")
        for each in EVERY_FAMILY
        for call in each.calls
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
