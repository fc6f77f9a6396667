"""AWS Audit Manager (``auditmanager`` 2017-07-25): assessment reports."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
AUDIT_MANAGER = Service("auditmanager", rate=1)

ASSESSMENT_REPORT = Family(
    AUDIT_MANAGER, "assessment-report", "AWS Audit Manager assessment report",
    list="ListAssessmentReports",
    job=Job(id="id", name="name", status="status", created="creationTime"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
)  # fmt: skip
