"""Amazon Connect Customer Profiles (``customer-profiles`` 2020-08-15): uploads, identity resolution and workflows."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
CUSTOMER_PROFILES = Service("customer-profiles", rate=2)

DOMAIN = Parent(CUSTOMER_PROFILES, "domain", list="ListDomains", id="DomainName")
SEGMENT_DEFINITION = Parent(
    CUSTOMER_PROFILES, "segment-definition", list="ListSegmentDefinitions", id="SegmentDefinitionName",
)  # fmt: skip

IDENTITY_RESOLUTION_JOB = Family(
    CUSTOMER_PROFILES, "identity-resolution-job", "Amazon Connect Customer Profiles identity resolution job",
    under=[DOMAIN],
    list="ListIdentityResolutionJobs",
    get="GetIdentityResolutionJob",
    job=Job(
        id="JobId", parent="DomainName", status="Status", started="JobStartTime", ended="JobEndTime",
        reason="Message",
    ),
    got=Job(updated="LastUpdatedAt"),
    states={
        PENDING: "PENDING", RUNNING: "PREPROCESSING FIND_MATCHING MERGING", SUCCEEDED: "COMPLETED",
        PARTIALLY_SUCCEEDED: "PARTIAL_SUCCESS", FAILED: "FAILED",
    },
)  # fmt: skip

UPLOAD_JOB = Family(
    CUSTOMER_PROFILES, "upload-job", "Amazon Connect Customer Profiles upload job",
    under=[DOMAIN],
    list="ListUploadJobs",
    get="GetUploadJob",
    job=Job(id="JobId", status="Status", name="DisplayName", created="CreatedAt", ended="CompletedAt"),
    got=Job(
        counts=Counts(
            unit="records", succeeded=("ResultsSummary.CreatedRecords", "ResultsSummary.UpdatedRecords"),
            failed="ResultsSummary.FailedRecords",
            total=tuple(f"ResultsSummary.{word}Records" for word in ("Created", "Updated", "Failed")),
        ),
    ),
    states={
        PENDING: "CREATED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED",
        PARTIALLY_SUCCEEDED: "PARTIALLY_SUCCEEDED", FAILED: "FAILED", CANCELLED: "STOPPED",
    },
)  # fmt: skip

WORKFLOW = Family(
    CUSTOMER_PROFILES, "workflow", "Amazon Connect Customer Profiles workflow",
    under=[DOMAIN],
    # The operation that returns one workflow does not return when it was created.
    list="ListWorkflows", open_by="Status",
    job=Job(
        id="WorkflowId", status="Status", created="CreatedAt", updated="LastUpdatedAt", ended="LastUpdatedAt",
        reason="StatusDescription",
    ),
    # SPLIT: it goes on in parts, and no word says how these end.
    states={
        PENDING: "NOT_STARTED", RUNNING: "IN_PROGRESS RETRY", SUCCEEDED: "COMPLETE", FAILED: "FAILED",
        CANCELLED: "CANCELLED", UNKNOWN: "SPLIT",
    },
)  # fmt: skip

# No operation lists the last two kinds.
SEGMENT_SNAPSHOT = Family(
    CUSTOMER_PROFILES, "segment-snapshot", "Amazon Connect Customer Profiles segment snapshot",
    under=[DOMAIN, SEGMENT_DEFINITION],
    # The ARN of a domain, with a wildcard, covers its segment definitions too.
    get="GetSegmentSnapshot", get_resource="domains",
    job=Job(
        id="SnapshotId", status="Status", reason="StatusMessage", role="RoleArn", outputs=("DestinationUri",),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip

SEGMENT_ESTIMATE = Family(
    CUSTOMER_PROFILES, "segment-estimate", "Amazon Connect Customer Profiles segment estimate",
    under=[DOMAIN],
    get="GetSegmentEstimate",
    job=Job(id="EstimateId", parent="DomainName", status="Status", reason="Message"),
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
