"""Amazon WorkSpaces Applications (``appstream`` 2016-12-01): exports of images. Images and builders are resources."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# AWS publishes no rates of these operations: a guess on the safe side.
APPSTREAM = Service("appstream", rate=1)

EXPORT_IMAGE_TASK = Family(
    APPSTREAM, "export-image-task", "Amazon WorkSpaces Applications image export",
    list="ListExportImageTasks", page_size=50,
    get="GetExportImageTask",
    job=Job(
        id="TaskId", status="State", name="AmiName", created="CreatedDate", reason="ErrorDetails[].ErrorMessage",
        inputs=("ImageArn",), outputs=("AmiId",), tags="TagSpecifications",
    ),
    states={RUNNING: "EXPORTING", SUCCEEDED: "COMPLETED", FAILED: "FAILED TIMED_OUT"},
)  # fmt: skip
