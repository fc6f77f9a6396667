"""AWS Signer (``signer`` 2017-08-25): signing jobs."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
SIGNER = Service("signer", rate=2)

SIGNING_JOB = Family(
    SIGNER, "signing-job", "AWS Signer signing job",
    list="ListSigningJobs", open_by="status",
    get="DescribeSigningJob",
    job=Job(
        id="jobId", status="status", created="createdAt", inputs=("source.s3",), outputs=("signedObject.s3",)
    ),
    got=Job(ended="completedAt", reason="statusReason"),
    states={RUNNING: "InProgress", SUCCEEDED: "Succeeded", FAILED: "Failed"},
    withheld=("signingParameters",),
)  # fmt: skip
