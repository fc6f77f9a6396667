"""AWS Resource Access Manager (``ram`` 2018-01-04): replacements of managed permissions."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
RAM = Service("ram", rate=1)

PERMISSION_REPLACEMENT = Family(
    RAM, "permission-replacement", "AWS RAM permission replacement",
    list="ListReplacePermissionAssociationsWork", open_by="status",
    get="ListReplacePermissionAssociationsWork", get_inputs={"workIds": ["{id}"]},
    job=Job(
        id="id", status="status", created="creationTime", updated="lastUpdatedTime", ended="lastUpdatedTime",
        reason="statusMessage", inputs=("fromPermissionArn",), outputs=("toPermissionArn",),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    withheld=("permissionTemplateParameters",),
)  # fmt: skip
