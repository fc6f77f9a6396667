"""What a row of coverage shows in addition to the read."""

from datetime import UTC, datetime

import pytest

from jobview.catalogue import family
from jobview.model import Coverage, CoverageStatus, Target
from jobview.query.coverage import to_dict, to_source

TARGET = Target(account="111122223333", region="us-east-1")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "said"),
    [("ecs/task", "running tasks, and tasks that stopped within about the last hour"), ("sesv2/import", None)],
)
def test_a_list_of_only_some_jobs_says_so(name: str, said: str | None) -> None:
    row = Coverage(source=family(name).whole(TARGET), status=CoverageStatus.COMPLETE, as_of=NOW, attempted_at=NOW)
    assert to_source(row, NOW)["listsOnly"] == said
    assert [shown["listsOnly"] for shown in to_dict([row])["sources"]] == [said]
