"""AWS Systems Manager for SAP (``ssm-sap`` 2018-05-10): operations on applications, and configuration checks."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
SSM_SAP = Service("ssm-sap", rate=1)

APPLICATION = Parent(SSM_SAP, "application", list="ListApplications", id="Id")

_STATES = {RUNNING: "INPROGRESS", SUCCEEDED: "SUCCESS", FAILED: "ERROR"}
# The model has no code of its own for an operation that does not exist.
_MISSING = {"ValidationException": "found"}

OPERATION = Family(
    SSM_SAP, "operation", "AWS Systems Manager for SAP operation",
    under=[APPLICATION],
    list="ListOperations",
    get="GetOperation", missing=_MISSING,
    job=Job(
        id="Id", name="Type", status="Status", started="StartTime", updated="LastUpdatedTime", ended="EndTime",
        reason="StatusMessage", inputs=("ResourceArn",),
    ),
    states=_STATES,
    failures="ListOperationEvents has the steps of the operation.",
)  # fmt: skip

CONFIGURATION_CHECK = Family(
    SSM_SAP, "configuration-check-operation", "AWS Systems Manager for SAP configuration check",
    under=[APPLICATION],
    # By default only the latest operation of each check is listed.
    list="ListConfigurationCheckOperations", inputs={"ListMode": "ALL_OPERATIONS"},
    get="GetConfigurationCheckOperation", missing=_MISSING,
    # A rule that the application breaks is a result of the check, and no failure of it.
    job=Job(
        id="Id", parent="ApplicationId", name="ConfigurationCheckName", status="Status", started="StartTime",
        ended="EndTime", reason="StatusMessage",
    ),
    states=_STATES,
)  # fmt: skip
