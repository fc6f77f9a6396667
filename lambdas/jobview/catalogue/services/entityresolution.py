"""AWS Entity Resolution (``entityresolution`` 2018-05-10): jobs of matching and id mapping workflows."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Counts, Family, Job, Parent, Service

# A guess on the safe side.
ENTITY_RESOLUTION = Service("entityresolution", rate=2)


def _job(kind: str, noun: str, title: str) -> Family:
    """The jobs of one kind of workflow. Both kinds have the same members and words."""
    return Family(
        ENTITY_RESOLUTION, f"{kind}-job", f"AWS Entity Resolution {title} job",
        under=[Parent(ENTITY_RESOLUTION, f"{kind}-workflow", list=f"List{noun}Workflows", id="workflowName")],
        list=f"List{noun}Jobs",
        get=f"Get{noun}Job",
        job=Job(id="jobId", status="status", started="startTime", ended="endTime"),
        got=Job(
            reason="errorDetails.errorMessage", outputs=("outputSourceConfig[].outputS3Path",),
            # AWS calls the records that it did not process skipped.
            counts=Counts(
                unit="records", total="metrics.inputRecords", succeeded="metrics.totalRecordsProcessed",
                skipped="metrics.recordsNotProcessed",
            ),
        ),
        states={PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    )  # fmt: skip


MATCHING_JOB = _job("matching", "Matching", "matching")
ID_MAPPING_JOB = _job("id-mapping", "IdMapping", "id mapping")
