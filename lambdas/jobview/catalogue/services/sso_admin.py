"""AWS IAM Identity Center (``sso-admin`` 2020-07-20): assignments of accounts, and provisioning of permission sets."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# Documented: 20 calls a second for all operations of the API together. Most of them are left to others.
SSO_ADMIN = Service("sso-admin", rate=2)

INSTANCE = Parent(SSO_ADMIN, "instance", list="ListInstances", id="InstanceArn")


def _request(kind: str, plural: str, operation: str, title: str) -> Family:
    """The requests of one kind. All kinds have the same words."""
    return Family(
        SSO_ADMIN, kind, f"AWS IAM Identity Center {title}",
        under=[INSTANCE],
        list=f"List{operation}Status", items=plural,
        get=f"Describe{operation}Status",
        job=Job(id="RequestId", status="Status", created="CreatedDate"),
        got=Job(reason="FailureReason", inputs=("PermissionSetArn",)),
        states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    )  # fmt: skip


ASSIGNMENT_CREATION = _request(
    "account-assignment-creation", "AccountAssignmentsCreationStatus", "AccountAssignmentCreation",
    "account assignment creation",
)  # fmt: skip
ASSIGNMENT_DELETION = _request(
    "account-assignment-deletion", "AccountAssignmentsDeletionStatus", "AccountAssignmentDeletion",
    "account assignment deletion",
)  # fmt: skip
PROVISIONING = _request(
    "permission-set-provisioning", "PermissionSetsProvisioningStatus", "PermissionSetProvisioning",
    "permission set provisioning",
)  # fmt: skip
