"""Amazon Glacier vaults (``glacier`` 2012-06-01): jobs that retrieve archives and inventories."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# AWS publishes no rates of these operations: a guess on the safe side.
GLACIER = Service("glacier", rate=2)

VAULT = Parent(GLACIER, "vault", list="ListVaults", inputs={"accountId": "{account}"}, id="VaultName", page_size=10)

JOB = Family(
    GLACIER, "job", "Amazon Glacier job",
    under=[VAULT],
    list="ListJobs", inputs={"accountId": "{account}"}, page_size=50,
    get="DescribeJob", get_inputs={"accountId": "{account}"},
    job=Job(
        id="JobId", status="StatusCode", name="JobDescription", created="CreationDate", ended="CompletionDate",
        reason="StatusMessage", inputs=("VaultARN",),
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Succeeded", FAILED: "Failed"},
    withheld=("InventoryRetrievalParameters", "SelectParameters"),
    retention="at least 24 hours after the job has ended",
)  # fmt: skip
