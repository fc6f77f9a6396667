"""AWS Elemental MediaPackage (``mediapackage`` 2017-10-12): harvest jobs."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Events, Family, Job, Service

# A guess on the safe side.
MEDIAPACKAGE = Service("mediapackage", rate=1)

HARVEST_JOB = Family(
    MEDIAPACKAGE, "harvest-job", "AWS Elemental MediaPackage harvest job",
    list="ListHarvestJobs", open_by="IncludeStatus",
    get="DescribeHarvestJob",
    # StartTime and EndTime belong to the harvested content.
    job=Job(id="Id", name="Id", status="Status", created="CreatedAt", role="S3Destination.RoleArn"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    failures="The MediaPackage HarvestJob Notification event has the reason.",
    events=Events("MediaPackage HarvestJob Notification", id="harvest_job.id", status="harvest_job.status"),
)  # fmt: skip
