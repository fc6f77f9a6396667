"""AWS HealthImaging (``medical-imaging`` 2023-07-19): DICOM import jobs under data stores.

``COMPLETED`` says only that the job has ended: which files failed is in the ``job-output-manifest.json`` that the job
writes to S3.
"""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Grant, Job, Parent, Service

# The documented steady throttling limits. botocore's endpoint data does not know the service.
HEALTHIMAGING = Service(
    "medical-imaging", rate=5, regions=("us-east-1", "us-west-2", "ap-southeast-2", "eu-west-1", "eu-west-2"),
)  # fmt: skip

# Data stores of every status: the jobs of one that is being deleted, or has failed, are still jobs.
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
            reason="The output manifests of import jobs tell which files failed.",
        ),
    ),
    events=Events(
        ("Import Job Submitted", "Import Job In Progress", "Import Job Completed", "Import Job Failed"), id="jobId",
        parent="datastoreId", status="jobStatus",
    ),
    retention="90 days",
)  # fmt: skip
