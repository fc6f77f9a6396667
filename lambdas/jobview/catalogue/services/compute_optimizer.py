"""AWS Compute Optimizer (``compute-optimizer`` 2019-11-01): exports of recommendations."""

from jobview.catalogue.language import FAILED, OPEN, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
COMPUTE_OPTIMIZER = Service("compute-optimizer", rate=1)

RECOMMENDATION_EXPORT_JOB = Family(
    COMPUTE_OPTIMIZER, "recommendation-export-job", "AWS Compute Optimizer recommendation export job",
    list="DescribeRecommendationExportJobs", open_by={"filters": [{"name": "JobStatus", "values": OPEN}]},
    get="DescribeRecommendationExportJobs", get_inputs={"jobIds": ["{id}"]},
    job=Job(
        id="jobId", status="status", created="creationTimestamp", updated="lastUpdatedTimestamp",
        ended="lastUpdatedTimestamp", reason="failureReason",
    ),
    states={PENDING: "Queued", RUNNING: "InProgress", SUCCEEDED: "Complete", FAILED: "Failed"},
    retention="7 days",
)  # fmt: skip
