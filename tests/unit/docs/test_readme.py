"""README.md against the catalogue."""

import re

from jobview.catalogue import FAMILIES
from tests.unit.docs.blocks import ROOT


def test_the_readme_claims_no_more_than_there_is() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    found = re.search(r"more than (\d+) kinds of job .* in more than (\d+) AWS services", text)
    assert found
    assert int(found[1]) < len(FAMILIES) <= int(found[1]) + 100
    assert int(found[2]) < len({each.service for each in FAMILIES.values()})
