"""Amazon Inspector (``inspector2`` 2020-06-08): CIS scans, and reports of findings and of software components.

No operation lists the reports: they are known by their ids alone.
"""

from jobview.catalogue.language import CANCELLED, FAILED, RUNNING, SINCE, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
INSPECTOR = Service("inspector2", rate=2)

CIS_SCAN = Family(
    INSPECTOR, "cis-scan", "Amazon Inspector CIS scan",
    list="ListCisScans", since={"filterCriteria": {"scanAtFilters": [{"earliestScanStartTime": SINCE}]}},
    # A check that finds a wrong setting has done its work, so failed checks are no failed items.
    job=Job(id="scanArn", status="status", name="scanName", started="scanDate"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED"},
)  # fmt: skip

_REPORT = {RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELLED"}

FINDINGS_REPORT = Family(
    INSPECTOR, "findings-report", "Amazon Inspector findings report",
    get="GetFindingsReportStatus",
    job=Job(id="reportId", status="status", reason="errorMessage"),
    states=_REPORT,
)  # fmt: skip

SBOM_EXPORT = Family(
    INSPECTOR, "sbom-export", "Amazon Inspector SBOM export",
    get="GetSbomExport",
    job=Job(id="reportId", status="status", reason="errorMessage"),
    states=_REPORT,
)  # fmt: skip
