"""Amazon Redshift Data API (``redshift-data`` 2019-12-20): statements, known by their ids or by an event.

Its list has only the statements of the role that asks, which is Jobview's own and runs none. Redshift sends an event
only about a statement whose caller asked for it (``WithEvent``).
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Events,
    Family,
    Job,
    Parts,
    Service,
)

# A guess on the safe side.
REDSHIFT_DATA = Service("redshift-data", rate=2)

STATEMENT = Family(
    REDSHIFT_DATA, "statement", "Amazon Redshift Data API statement",
    get="DescribeStatement",
    job=Job(
        id="Id", status="Status", created="CreatedAt", updated="UpdatedAt", ended="UpdatedAt", reason="Error",
        # Only a batch of statements has them.
        parts=Parts(
            unit="statements", path="SubStatements", status="Status", message="Error",
            outcomes={
                "FINISHED": SUCCEEDED, "FAILED": FAILED, "ABORTED": CANCELLED, "SUBMITTED": PENDING,
                "PICKED": PENDING, "STARTED": RUNNING,
            },
        ),
    ),
    # ALL is a word for filters. A statement never has it.
    states={
        PENDING: "SUBMITTED PICKED", RUNNING: "STARTED", SUCCEEDED: "FINISHED", FAILED: "FAILED",
        CANCELLED: "ABORTED", UNKNOWN: "ALL",
    },
    withheld=("QueryString", "QueryParameters", "SubStatements[].QueryString", "SecretArn"),
    events=Events("Redshift Data Statement Status Change", id="statementId", status="state"),
    retention="24 hours",
)  # fmt: skip
