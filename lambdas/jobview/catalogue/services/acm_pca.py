"""AWS Private CA (``acm-pca`` 2017-08-22): audit reports of certificate authorities, known by their ids alone."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
PRIVATE_CA = Service("acm-pca", rate=2)

CERTIFICATE_AUTHORITY = Parent(
    PRIVATE_CA, "certificate-authority", list="ListCertificateAuthorities", id="Arn", page_size=100,
)  # fmt: skip

AUDIT_REPORT = Family(
    PRIVATE_CA, "audit-report", "AWS Private CA audit report",
    under=[CERTIFICATE_AUTHORITY],
    get="DescribeCertificateAuthorityAuditReport",
    job=Job(status="AuditReportStatus", created="CreatedAt"),
    states={RUNNING: "CREATING", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
)  # fmt: skip
