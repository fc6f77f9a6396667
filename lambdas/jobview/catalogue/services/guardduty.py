"""Amazon GuardDuty (``guardduty`` 2017-11-28): malware scans."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PARTIALLY_SUCCEEDED,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
GUARDDUTY = Service("guardduty", rate=2)

MALWARE_SCAN = Family(
    GUARDDUTY, "malware-scan", "Amazon GuardDuty malware scan",
    list="ListMalwareScans",
    get="GetMalwareScan",
    # A scan that finds malware has done its work.
    job=Job(
        id="ScanId", status="ScanStatus", started="ScanStartedAt", ended="ScanCompletedAt", inputs=("ResourceArn",),
    ),
    got=Job(
        role="ScanConfiguration.Role",
        counts=Counts(
            unit="resources", succeeded="ScannedResourcesCount", failed="FailedResourcesCount",
            skipped="SkippedResourcesCount",
            total=("ScannedResourcesCount", "FailedResourcesCount", "SkippedResourcesCount"),
        ),
    ),
    # SKIPPED: GuardDuty did not begin the scan, because it does not support the resource or had nothing to scan.
    states={
        RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ISSUES", FAILED: "FAILED",
        CANCELLED: "SKIPPED",
    },
    failures="The native record has the ScanStatusReason, and the reason of each resource under ScannedResources.",
)  # fmt: skip
