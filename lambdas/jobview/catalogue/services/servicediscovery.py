"""AWS Cloud Map (``servicediscovery`` 2017-03-14): operations on namespaces, services and instances."""

from jobview.catalogue.language import FAILED, OPEN, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
CLOUD_MAP = Service("servicediscovery", rate=1)

OPERATION = Family(
    CLOUD_MAP, "operation", "AWS Cloud Map operation",
    list="ListOperations", open_by={"Filters": [{"Name": "STATUS", "Values": OPEN, "Condition": "IN"}]},
    get="GetOperation",
    job=Job(id="Id", status="Status"),
    got=Job(created="CreateDate", updated="UpdateDate", ended="UpdateDate", reason="ErrorMessage"),
    # PENDING: Cloud Map is at work.
    states={PENDING: "SUBMITTED", RUNNING: "PENDING", SUCCEEDED: "SUCCESS", FAILED: "FAIL"},
)  # fmt: skip
