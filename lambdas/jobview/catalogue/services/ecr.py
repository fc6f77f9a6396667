"""Amazon ECR (``ecr`` 2015-09-21): scans of images, and previews of lifecycle policies."""

from jobview.catalogue.language import (
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
ECR = Service("ecr", rate=2)

REPOSITORY = Parent(ECR, "repository", list="DescribeRepositories", id="repositoryName")

IMAGE_SCAN = Family(
    ECR, "image-scan", "Amazon ECR image scan",
    under=[REPOSITORY],
    list="DescribeImages", only="imageScanStatus != `null`",
    get="DescribeImages", get_inputs={"imageIds": [{"imageDigest": "{id}"}]},
    # The image is the id, and only its latest scan is listed.
    job=Job(
        id="imageDigest", status="imageScanStatus.status", reason="imageScanStatus.description",
        ended="imageScanFindingsSummary.imageScanCompletedAt",
    ),
    # ACTIVE: Amazon Inspector scans the image again and again. The last four do not say how a scan ended.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE",
        FAILED: "FAILED UNSUPPORTED_IMAGE LIMIT_EXCEEDED IMAGE_SIZE_EXCEEDED",
        UNKNOWN: "ACTIVE SCAN_ELIGIBILITY_EXPIRED FINDINGS_UNAVAILABLE IMAGE_ARCHIVED",
    },
    events=Events("ECR Image Scan", id='"image-digest"', parent='"repository-name"', status='"scan-status"'),
)  # fmt: skip

LIFECYCLE_POLICY_PREVIEW = Family(
    ECR, "lifecycle-policy-preview", "Amazon ECR lifecycle policy preview",
    # The repository is the id: it has one preview, or none.
    get="GetLifecyclePolicyPreview", get_inputs={"repositoryName": "{id}", "maxResults": 1},
    job=Job(id="repositoryName", status="status"),
    # EXPIRED: the result is no longer there.
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED", UNKNOWN: "EXPIRED"},
    withheld=("nextToken",),
)  # fmt: skip
