"""Amazon Route 53 (``route53`` 2013-04-01): changes of records, known by their ids alone. A global service."""

from jobview.catalogue.language import RUNNING, SUCCEEDED, Family, Job, Service

# Documented: five calls a second for all operations of the API together. Most of them are left to others.
ROUTE_53 = Service("route53", rate=1)

CHANGE = Family(
    ROUTE_53, "change", "Amazon Route 53 change",
    # No operation lists the changes. The answer has the id with a prefix, so the id is the one that was asked for.
    get="GetChange",
    job=Job(status="Status", created="SubmittedAt"),
    # A change cannot fail or be cancelled.
    states={RUNNING: "PENDING", SUCCEEDED: "INSYNC"},
    # A person's own words.
    withheld=("Comment",),
)  # fmt: skip
