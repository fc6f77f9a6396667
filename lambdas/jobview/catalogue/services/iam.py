"""AWS IAM (``iam`` 2010-05-08): reports of last access, known by their ids alone."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
IAM = Service("iam", rate=2)

ORGANIZATIONS_ACCESS_REPORT = Family(
    IAM, "organizations-access-report", "AWS IAM organizations access report",
    # The services in the report are not read: as few of them as possible.
    get="GetOrganizationsAccessReport", get_inputs={"MaxItems": 1},
    job=Job(
        status="JobStatus", created="JobCreationDate", ended="JobCompletionDate", reason="ErrorDetails.Message",
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip

SERVICE_LAST_ACCESSED_REPORT = Family(
    IAM, "service-last-accessed-report", "AWS IAM service last accessed report",
    # The services in the report are not read: as few of them as possible.
    get="GetServiceLastAccessedDetails", get_inputs={"MaxItems": 1},
    job=Job(status="JobStatus", created="JobCreationDate", ended="JobCompletionDate", reason="Error.Message"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
