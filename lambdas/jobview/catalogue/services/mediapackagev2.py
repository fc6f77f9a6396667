"""AWS Elemental MediaPackage v2 (``mediapackagev2`` 2022-12-25): harvest jobs of origin endpoints."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
MEDIAPACKAGE = Service("mediapackagev2", rate=1)

CHANNEL_GROUP = Parent(MEDIAPACKAGE, "channel-group", list="ListChannelGroups", id="ChannelGroupName")
CHANNEL = Parent(MEDIAPACKAGE, "channel", list="ListChannels", id="ChannelName")
ORIGIN_ENDPOINT = Parent(MEDIAPACKAGE, "origin-endpoint", list="ListOriginEndpoints", id="OriginEndpointName")

HARVEST_JOB = Family(
    MEDIAPACKAGE, "harvest-job", "AWS Elemental MediaPackage v2 harvest job",
    under=[CHANNEL_GROUP, CHANNEL, ORIGIN_ENDPOINT],
    list="ListHarvestJobs", open_by="Status",
    # IAM asks for the group, its channel, the endpoint and the job: the group's ARN with a wildcard covers them all.
    get="GetHarvestJob", get_resource="ChannelGroup",
    # The schedule belongs to the harvested content.
    job=Job(
        id="HarvestJobName", parent="OriginEndpointName", name="HarvestJobName", status="Status", created="CreatedAt",
        updated="ModifiedAt", ended="ModifiedAt", reason="ErrorMessage",
    ),
    got=Job(tags="Tags"),
    states={
        PENDING: "QUEUED", RUNNING: "IN_PROGRESS", CANCELLED: "CANCELLED", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
    },
)  # fmt: skip
