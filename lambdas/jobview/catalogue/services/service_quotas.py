"""Service Quotas (``service-quotas`` 2019-06-24): reports of the use of quotas, known by their ids alone."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
SERVICE_QUOTAS = Service("service-quotas", rate=1)

UTILIZATION_REPORT = Family(
    SERVICE_QUOTAS, "utilization-report", "Service Quotas utilization report",
    # The quotas in the report are not read: as few of them as possible.
    get="GetQuotaUtilizationReport", get_inputs={"MaxResults": 1},
    job=Job(id="ReportId", status="Status", ended="GeneratedAt", reason="ErrorMessage"),
    states={PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    withheld=("NextToken",),
)  # fmt: skip
