"""Every family that is on by default, from start to end, on the stand-in that knows nothing but its declaration.

It shows that the product reads each family as declared, over the service's own protocol. Whether the declaration is
right, this does not show: that is for the fixtures, the services written by hand, and ``make smoke``.
"""

import pytest

from jobview import catalogue
from jobview.catalogue.family import Family
from tests.integration.families.played import run_through

# Of those with a reader of their own the results lie in S3; the services written by hand put them there.
FAMILIES = [each for each in catalogue.FAMILIES.values() if each.retired is None and each.items_reader is None]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_from_start_to_end(family: Family) -> None:
    run_through(family)
