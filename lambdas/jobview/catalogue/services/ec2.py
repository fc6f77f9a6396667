"""Amazon EC2 (``ec2`` 2016-11-15): imports, exports, modifications, reports and analyses of networks.

Snapshots, images and fleets are resources, which live on after their creation.
The model has no error codes. So a family has a get only where a filter takes the id and finds nothing else.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Service,
    When,
)

# The documented refill rate is 10 for reading operations without a filter: a guess on the safe side, because others
# call these operations too.
EC2 = Service("ec2", rate=5)


def _failed(message: str) -> tuple[When, ...]:
    """VM Import/Export has one word for cancelled and failed tasks. Only a failed task has a message."""
    return (When(CANCELLED, message, (), FAILED),)


IMPORT_IMAGE_TASK = Family(
    EC2, "import-image-task", "Amazon EC2 image import",
    list="DescribeImportImageTasks", page_size=100,
    job=Job(
        id="ImportTaskId", name="Description", status="Status", reason="StatusMessage", progress="Progress",
        inputs=("SnapshotDetails[].UserBucket",), tags="Tags", when=_failed("StatusMessage"),
    ),
    starts="ImportImage",
    # The words of the VM Import/Export guide. The model has no enum.
    states={
        RUNNING: "active pending updating validating validated converting", SUCCEEDED: "completed",
        CANCELLING: "deleting", CANCELLED: "deleted",
    },
)  # fmt: skip

IMPORT_SNAPSHOT_TASK = Family(
    EC2, "import-snapshot-task", "Amazon EC2 snapshot import",
    list="DescribeImportSnapshotTasks", page_size=100,
    job=Job(
        id="ImportTaskId", name="Description", status="SnapshotTaskDetail.Status",
        reason="SnapshotTaskDetail.StatusMessage", progress="SnapshotTaskDetail.Progress",
        inputs=("SnapshotTaskDetail.UserBucket",), tags="Tags", when=_failed("SnapshotTaskDetail.StatusMessage"),
    ),
    starts="ImportSnapshot",
    # The words of the VM Import/Export guide and of botocore's waiter. The model has no enum.
    states={
        RUNNING: "active pending updating validating validated converting", SUCCEEDED: "completed",
        CANCELLING: "deleting", CANCELLED: "deleted", FAILED: "error",
    },
)  # fmt: skip

EXPORT_IMAGE_TASK = Family(
    EC2, "export-image-task", "Amazon EC2 image export",
    list="DescribeExportImageTasks",
    job=Job(
        id="ExportImageTaskId", name="Description", status="Status", reason="StatusMessage", progress="Progress",
        tags="Tags", when=_failed("StatusMessage"),
    ),
    starts="ExportImage",
    states={RUNNING: "active", SUCCEEDED: "completed", CANCELLING: "deleting", CANCELLED: "deleted"},
)  # fmt: skip

EXPORT_TASK = Family(
    EC2, "export-task", "Amazon EC2 instance export",
    list="DescribeExportTasks",
    job=Job(
        id="ExportTaskId", name="Description", status="State", reason="StatusMessage", outputs=("ExportToS3Task",),
        tags="Tags", when=_failed("StatusMessage"),
    ),
    starts="CreateInstanceExportTask",
    states={RUNNING: "active", SUCCEEDED: "completed", CANCELLING: "cancelling", CANCELLED: "cancelled"},
    withheld=("InstanceExportDetails.TargetEnvironment",),
)  # fmt: skip

CONVERSION_TASK = Family(
    EC2, "conversion-task", "Amazon EC2 instance or volume import",
    list="DescribeConversionTasks",
    job=Job(id="ConversionTaskId", status="State", reason="StatusMessage", tags="Tags", when=_failed("StatusMessage")),
    starts="ImportInstance ImportVolume",
    states={RUNNING: "active", SUCCEEDED: "completed", CANCELLING: "cancelling", CANCELLED: "cancelled"},
)  # fmt: skip

BUNDLE_TASK = Family(
    EC2, "bundle-task", "Amazon EC2 bundle task",
    list="DescribeBundleTasks",
    get="DescribeBundleTasks", get_inputs={"Filters": [{"Name": "bundle-id", "Values": ["{id}"]}]},
    job=Job(
        id="BundleId", status="State", reason="BundleTaskError.Message", started="StartTime", updated="UpdateTime",
        ended="UpdateTime", progress="Progress",
    ),
    starts="BundleInstance",
    states={
        PENDING: "pending waiting-for-shutdown", RUNNING: "bundling storing", SUCCEEDED: "complete", FAILED: "failed",
        CANCELLING: "cancelling",
    },
    lists_only="bundle tasks that are running or ended a short time ago",
)  # fmt: skip

STORE_IMAGE_TASK = Family(
    EC2, "store-image-task", "Amazon EC2 image store task",
    list="DescribeStoreImageTasks", newest_first="the model: in reverse chronological order",
    # The image is the id, and may be stored again.
    job=Job(
        id="AmiId", status="StoreTaskState", reason="StoreTaskFailureReason", created="TaskStartTime",
        started="TaskStartTime", progress="ProgressPercentage",
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed"},
    lists_only="the tasks of the last 31 days",
)  # fmt: skip

REPLACE_ROOT_VOLUME_TASK = Family(
    EC2, "replace-root-volume-task", "Amazon EC2 root volume replacement",
    list="DescribeReplaceRootVolumeTasks",
    job=Job(
        id="ReplaceRootVolumeTaskId", name="InstanceId", status="TaskState", started="StartTime", ended="CompleteTime",
        tags="Tags",
    ),
    states={
        PENDING: "pending", RUNNING: "in-progress failing", SUCCEEDED: "succeeded",
        FAILED: "failed failed-detached",
    },
)  # fmt: skip

VOLUME_MODIFICATION = Family(
    EC2, "volume-modification", "Amazon EBS volume modification",
    list="DescribeVolumesModifications", page_size=100,
    get="DescribeVolumesModifications", get_inputs={"Filters": [{"Name": "volume-id", "Values": ["{id}"]}]},
    # The volume is the id, and only its latest modification is listed.
    job=Job(
        id="VolumeId", status="ModificationState", reason="StatusMessage", created="StartTime", started="StartTime",
        ended="EndTime", progress="Progress",
    ),
    starts="ModifyVolume",
    # optimizing: the volume has its new size, but not its new performance.
    states={RUNNING: "modifying optimizing", SUCCEEDED: "completed", FAILED: "failed"},
)  # fmt: skip

_TIERINGS = {
    f"{name}-{end}": state
    for name in ("archival", "temporary-restore", "permanent-restore")
    for end, state in (("in-progress", RUNNING), ("completed", SUCCEEDED), ("failed", FAILED))
}

SNAPSHOT_TIERING = Family(
    EC2, "snapshot-tiering", "Amazon EBS snapshot archival or restore",
    # Without the filter it lists snapshots that were never archived too.
    list="DescribeSnapshotTierStatus", page_size=100,
    inputs={"Filters": [{"Name": "last-tiering-operation", "Values": sorted(_TIERINGS)}]},
    get="DescribeSnapshotTierStatus", get_inputs={"Filters": [{"Name": "snapshot-id", "Values": ["{id}"]}]},
    # The snapshot is the id, and only its latest archival or restore is listed. Status is the snapshot's own state.
    job=Job(
        id="SnapshotId", status="LastTieringOperationStatus", reason="LastTieringOperationStatusDetail",
        created="LastTieringStartTime", started="LastTieringStartTime", progress="LastTieringProgress", tags="Tags",
    ),
    starts="ModifySnapshotTier",
    states={
        state: tuple(word for word, its_state in _TIERINGS.items() if its_state is state)
        for state in (RUNNING, SUCCEEDED, FAILED)
    },
)  # fmt: skip

NETWORK_INSIGHTS_ANALYSIS = Family(
    EC2, "network-insights-analysis", "VPC Reachability Analyzer analysis",
    list="DescribeNetworkInsightsAnalyses", since={"AnalysisStartTime": SINCE},
    # An analysis that finds no path has done its work.
    job=Job(
        id="NetworkInsightsAnalysisId", status="Status", reason="StatusMessage", created="StartDate",
        started="StartDate", tags="Tags",
    ),
    states={RUNNING: "running", SUCCEEDED: "succeeded", FAILED: "failed"},
)  # fmt: skip

NETWORK_INSIGHTS_ACCESS_SCOPE_ANALYSIS = Family(
    EC2, "network-insights-access-scope-analysis", "VPC Network Access Analyzer analysis",
    list="DescribeNetworkInsightsAccessScopeAnalyses", since={"AnalysisStartTimeBegin": SINCE},
    # An analysis with findings has done its work.
    job=Job(
        id="NetworkInsightsAccessScopeAnalysisId", status="Status", reason="StatusMessage", created="StartDate",
        started="StartDate", ended="EndDate", tags="Tags",
    ),
    states={RUNNING: "running", SUCCEEDED: "succeeded", FAILED: "failed"},
)  # fmt: skip

IMAGE_USAGE_REPORT = Family(
    EC2, "image-usage-report", "Amazon EC2 image usage report",
    list="DescribeImageUsageReports", page_size=100,
    job=Job(
        id="ReportId", name="ImageId", status="State", reason="StateReason", created="CreationTime", tags="Tags",
    ),
    # pending: EC2 is creating it.
    states={RUNNING: "pending", SUCCEEDED: "available", FAILED: "error"},
    retention="30 days",
)  # fmt: skip

DECLARATIVE_POLICIES_REPORT = Family(
    EC2, "declarative-policies-report", "AWS Organizations account status report",
    list="DescribeDeclarativePoliciesReports",
    job=Job(
        id="ReportId", name="TargetId", status="Status", started="StartTime", ended="EndTime", tags="Tags",
    ),
    states={RUNNING: "running", SUCCEEDED: "complete", CANCELLED: "cancelled", FAILED: "error"},
)  # fmt: skip

MAC_MODIFICATION_TASK = Family(
    EC2, "mac-modification-task", "Amazon EC2 Mac modification task",
    list="DescribeMacModificationTasks",
    job=Job(id="MacModificationTaskId", name="InstanceId", status="TaskState", created="StartTime", tags="Tags"),
    states={PENDING: "pending", RUNNING: "in-progress", SUCCEEDED: "successful", FAILED: "failed"},
)  # fmt: skip

RESERVED_INSTANCES_MODIFICATION = Family(
    EC2, "reserved-instances-modification", "Amazon EC2 Reserved Instances modification",
    list="DescribeReservedInstancesModifications",
    get="DescribeReservedInstancesModifications",
    get_inputs={"Filters": [{"Name": "reserved-instances-modification-id", "Values": ["{id}"]}]},
    job=Job(
        id="ReservedInstancesModificationId", status="Status", reason="StatusMessage", created="CreateDate",
        updated="UpdateDate", ended="UpdateDate",
    ),
    starts="ModifyReservedInstances",
    states={RUNNING: "processing", SUCCEEDED: "fulfilled", FAILED: "failed"},
)  # fmt: skip
