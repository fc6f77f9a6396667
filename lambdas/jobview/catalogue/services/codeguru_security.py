"""Amazon CodeGuru Security (``codeguru-security`` 2018-05-10): scans."""

from datetime import date

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
CODEGURU_SECURITY = Service("codeguru-security", rate=1, retired=date(2025, 11, 20))

SCAN = Family(
    CODEGURU_SECURITY, "scan", "Amazon CodeGuru Security scan",
    # A scan runs again under its name, so the run is the job. The get asks for the name too.
    list="ListScans",
    job=Job(
        id="runId", name="scanName", status="scanState", created="createdAt", updated="updatedAt", ended="updatedAt",
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Successful", FAILED: "Failed"},
    lists_only="the latest run of each scan, without express scans",
)  # fmt: skip
