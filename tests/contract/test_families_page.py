"""docs/families.md against the compiled tables."""

from jobview.catalogue import FAMILIES
from local.catalogue.page import PAGE, page


def test_the_page_of_the_families_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(FAMILIES.values()), "run make catalogue"


def test_a_row_shows_how_a_family_is_read() -> None:
    rows = page([FAMILIES["textract/document-analysis"], FAMILIES["batch/job"]]).splitlines()[-2:]
    batch, textract = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    assert batch[:7] == [
        "`batch/job`",
        "AWS Batch job",
        "`ListJobs` of each job-queue",
        "`DescribeJobs`",
        "events",
        "counts",
        "`ListJobs`: children",
    ]
    assert "SUCCEEDED: `SUCCEEDED`" in batch[8]
    assert batch[9] == "ministack"
    assert textract[2:6] == ["id or event", "`GetDocumentAnalysis`", "polling", "status"]
    assert textract[9] == "moto"
