"""Amazon SimpleDB (``simpledbv2`` 2025-09-26): exports of domains to S3."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Counts, Family, Job, Service

# A guess on the safe side.
SIMPLEDB = Service("simpledbv2", rate=1)

EXPORT = Family(
    SIMPLEDB, "export", "Amazon SimpleDB export",
    list="ListExports", page_size=25,
    get="GetExport",
    job=Job(id="exportArn", status="exportStatus", name="domainName", created="requestedAt"),
    got=Job(reason="failureMessage", counts=Counts(unit="items", succeeded="itemsCount")),
    states={PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    withheld=("clientToken",),
)  # fmt: skip
