"""Amazon CodeGuru Reviewer (``codeguru-reviewer`` 2019-09-19): code reviews."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Service

# A guess on the safe side.
CODEGURU_REVIEWER = Service("codeguru-reviewer", rate=1)


def _review(kind: str, type_: str, title: str) -> Family:
    """The reviews of one type. The list requires the type."""
    return Family(
        CODEGURU_REVIEWER, kind, f"Amazon CodeGuru Reviewer {title}",
        list="ListCodeReviews", inputs={"Type": type_}, open_by="States",
        get="DescribeCodeReview",
        job=Job(
            id="CodeReviewArn", name="Name", status="State", created="CreatedTimeStamp",
            updated="LastUpdatedTimeStamp", ended="LastUpdatedTimeStamp",
        ),
        got=Job(reason="StateReason"),
        # Pending: the review has begun. A deletion does not show how it ended.
        states={RUNNING: "Pending", SUCCEEDED: "Completed", FAILED: "Failed", UNKNOWN: "Deleting"},
        lists_only="the reviews of the last 90 days",
    )  # fmt: skip


PULL_REQUEST_REVIEW = _review("pull-request-review", "PullRequest", "pull request review")
REPOSITORY_ANALYSIS = _review("repository-analysis", "RepositoryAnalysis", "repository analysis")
