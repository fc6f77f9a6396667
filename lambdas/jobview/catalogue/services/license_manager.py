"""AWS License Manager (``license-manager`` 2018-08-01): conversions of license types."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
LICENSE_MANAGER = Service("license-manager", rate=1)

LICENSE_CONVERSION_TASK = Family(
    LICENSE_MANAGER, "license-conversion-task", "AWS License Manager license conversion task",
    # The model has no largest size of a page: a guess on the safe side.
    list="ListLicenseConversionTasks", page_size=50,
    job=Job(
        id="LicenseConversionTaskId", status="Status", started="StartTime", ended="EndTime", reason="StatusMessage",
        inputs=("ResourceArn",),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
