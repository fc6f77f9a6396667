"""AWS HealthImaging (``medical-imaging`` 2023-07-19): DICOM import jobs under data stores.

Rates are the documented steady throttling limits. ``COMPLETED`` says only that the job has ended: which files
failed is in the ``job-output-manifest.json`` that the job writes to S3.
"""

from jobview.catalogue.declaration import (
    Events,
    Family,
    Fields,
    GetCall,
    Grant,
    ListCall,
    Narrowing,
    ParentKind,
)
from jobview.model import State

_DATASTORE = "arn:{partition}:medical-imaging:{region}:{account}:datastore/{parent}"

DICOM_IMPORT = Family(
    service="medical-imaging",
    type="dicom-import",
    title="AWS HealthImaging DICOM import",
    # Data stores of every status: the jobs of one that is being deleted, or has failed, are still jobs.
    parent=ParentKind(
        type="datastore",
        call=ListCall(
            operation="ListDatastores",
            rate=5,
            action="medical-imaging:ListDatastores",
            items="datastoreSummaries",
            page_size=("maxResults", 50),
        ),
        id="datastoreId",
    ),
    list=ListCall(
        operation="ListDICOMImportJobs",
        inputs={"datastoreId": "{parent}"},
        rate=10,
        action="medical-imaging:ListDICOMImportJobs",
        resource=_DATASTORE,
        items="jobSummaries",
        page_size=("maxResults", 50),
        narrowing=Narrowing(inputs=({"jobStatus": "SUBMITTED"}, {"jobStatus": "IN_PROGRESS"}), whole=False),
    ),
    list_fields=Fields(
        id="jobId",
        status="jobStatus",
        parent="datastoreId",
        name="jobName",
        created="submittedAt",
        ended="endedAt",
        reason="message",
        role="dataAccessRoleArn",
    ),
    get=GetCall(
        operation="GetDICOMImportJob",
        inputs={"datastoreId": "{parent}", "jobId": "{id}"},
        rate=25,
        action="medical-imaging:GetDICOMImportJob",
        resource=_DATASTORE,
        item="jobProperties",
        missing=("ResourceNotFoundException",),
    ),
    get_fields=Fields(
        id="jobId",
        status="jobStatus",
        parent="datastoreId",
        name="jobName",
        created="submittedAt",
        ended="endedAt",
        reason="message",
        role="dataAccessRoleArn",
        inputs=("inputS3Uri",),
        outputs=("outputS3Uri",),
    ),
    states={
        "SUBMITTED": State.PENDING,
        "IN_PROGRESS": State.RUNNING,
        "COMPLETED": State.SUCCEEDED,
        "FAILED": State.FAILED,
    },
    items_reader="healthimaging-manifest",
    failures_how="Read FAILURE/failure.ndjson in the job's output folder in S3, or GET this job's items.",
    grants=(
        Grant(
            action="s3:GetObject",
            # A job writes to <its caller's bucket and prefix>/<data store>-DicomImport-<job>/.
            resource="arn:{partition}:s3:::*/*-DicomImport-*/*",
            reason="The output manifests of import jobs tell which files failed.",
        ),
    ),
    events=Events(
        source="aws.medical-imaging",
        detail_types=(
            "Import Job Submitted",
            "Import Job In Progress",
            "Import Job Completed",
            "Import Job Failed",
        ),
        id="detail.jobId",
        parent="detail.datastoreId",
        status="detail.jobStatus",
    ),
    # botocore's endpoint data does not know the service.
    regions=("us-east-1", "us-west-2", "ap-southeast-2", "eu-west-1", "eu-west-2"),
    retention="90 days",
)
