"""Amazon CodeGuru Security (``codeguru-security`` 2018-05-10): scans."""

from datetime import date

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# The rate is a guess on the safe side. AWS's notice is in the user guide: "On November 20, 2025, AWS will discontinue
# support for Amazon CodeGuru Security."
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
