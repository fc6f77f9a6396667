"""AWS HealthImaging (``medical-imaging`` 2023-07-19): DICOM import jobs under data stores.

``COMPLETED`` only says that the job has ended. The ``job-output-manifest.json`` that the job writes to S3 shows which
files failed.
"""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Grant, Job, Parent, Service

# The documented steady throttling limits. botocore's endpoint data does not have the service.
HEALTHIMAGING = Service(
    "medical-imaging", rate=5, regions=("us-east-1", "us-west-2", "ap-southeast-2", "eu-west-1", "eu-west-2"),
)  # fmt: skip

# Data stores in every status, because the jobs of a failed or deleted one are jobs too.
DATASTORE = Parent(HEALTHIMAGING, "datastore", list="ListDatastores", id="datastoreId")

DICOM_IMPORT = Family(
    HEALTHIMAGING, "dicom-import", "AWS HealthImaging DICOM import",
    under=[DATASTORE],
    list="ListDICOMImportJobs", rate=10, open_by="jobStatus",
    get="GetDICOMImportJob", get_rate=25,
    job=Job(
        id="jobId", status="jobStatus", parent="datastoreId", name="jobName", created="submittedAt", ended="endedAt",
        reason="message", role="dataAccessRoleArn",
    ),
    got=Job(inputs=("inputS3Uri",), outputs=("outputS3Uri",)),
    states={PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    items_reader="healthimaging-manifest",
    failures="Read FAILURE/failure.ndjson in the job's output folder in S3, or GET this job's items.",
    grants=(
        Grant(
            action="s3:GetObject",
            # A job writes to <its caller's bucket and prefix>/<data store>-DicomImport-<job>/.
            resource="arn:{partition}:s3:::*/*-DicomImport-*/*",
            reason="The output manifests of import jobs list the failed files.",
        ),
    ),
    events=Events(
        ("Import Job Submitted", "Import Job In Progress", "Import Job Completed", "Import Job Failed"), id="jobId",
        parent="datastoreId", status="jobStatus",
    ),
    retention="90 days",
)  # fmt: skip
