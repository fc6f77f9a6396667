"""docs/operations.md against the functions' code, where no template is needed."""

import re

from handlers.api.edge import LONGEST_LINK
from handlers.refresh import handler
from infra.configuration import Configuration
from infra.lanes import RECEIVES, refresh_timeout
from jobview.model import CoverageStatus
from tests.unit.docs.blocks import ROOT, rows, section

DOCUMENT = ROOT / "docs" / "operations.md"


def test_the_statuses_that_count_as_refresh_errors() -> None:
    text = section(DOCUMENT, "RefreshErrors")
    counted = {status.value for status in set(CoverageStatus) - handler._NO_ERRORS}
    assert {row[0].strip("`") for row in rows(text)} == counted
    assert set(re.findall(r"status=(\w+)", text)) == counted


def test_how_long_a_lane_may_take_and_how_often_it_is_tried() -> None:
    text = " ".join(section(DOCUMENT, "Configuration").split())
    default = Configuration()
    hourly = Configuration.model_validate({"schedule": "rate(1 hour)", "staleAfterSeconds": 4000})
    assert refresh_timeout(default).to_seconds() == default.interval_seconds - 10
    assert refresh_timeout(hourly).to_seconds() == 300
    assert "ten seconds less than the schedule's interval, at most five minutes" in text
    assert RECEIVES == 3
    assert "tried three times" in text


def test_the_longest_link() -> None:
    assert f"more than {LONGEST_LINK:,} characters" in " ".join(section(ROOT / "docs" / "api.md", "Paging").split())
