"""AWS Snow Family (``snowball`` 2016-06-30): jobs to import data, to export data and to compute at the customer's."""

from jobview.catalogue.language import CANCELLED, PENDING, RUNNING, SUCCEEDED, Counts, Family, Job, Service

# AWS publishes no rates of these operations: a guess on the safe side.
SNOWBALL = Service("snowball", rate=1)

_LOGS = "JobLogInfo."

JOB = Family(
    SNOWBALL, "job", "AWS Snow Family job",
    # In a Region of the US it lists the jobs of all these Regions.
    list="ListJobs",
    get="DescribeJob", missing={"InvalidResourceException": ""},
    job=Job(id="JobId", status="JobState", name="Description", created="CreationDate"),
    got=Job(
        role="RoleARN", inputs=("Resources.S3Resources[].BucketArn",),
        counts=Counts(
            unit="objects", total="DataTransferProgress.TotalObjects",
            succeeded="DataTransferProgress.ObjectsTransferred",
        ),
    ),
    # The device travels for weeks. Listing: AWS lists the objects to export.
    states={
        PENDING: "New Pending",
        RUNNING: "PreparingAppliance PreparingShipment InTransitToCustomer WithCustomer InTransitToAWS "
        "WithAWSSortingFacility WithAWS InProgress Listing",
        SUCCEEDED: "Complete", CANCELLED: "Cancelled",
    },
    presigned=tuple(f"{_LOGS}{name}" for name in ("JobCompletionReportURI", "JobSuccessLogURI", "JobFailureLogURI")),
    failures="The failure log and the completion report name the objects that were not transferred.",
    failures_link=f"{_LOGS}JobFailureLogURI",
    withheld=("PickupDetails", "TaxDocuments"),
)  # fmt: skip
