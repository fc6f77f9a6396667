"""AWS Panorama (``panorama`` 2019-07-24): package import jobs. AWS shut the service down on 31 May 2026.

botocore has dropped the service, so its model is our own: ``service_models/panorama``.
"""

from datetime import date

from jobview.catalogue.language import FAILED, PENDING, SUCCEEDED, Family, Job, Service

# AWS published no rates of these operations. The Developer Guide has the day, under "AWS Panorama end of support".
PANORAMA = Service(
    "panorama", rate=1,
    regions=("us-east-1", "us-west-2", "ca-central-1", "eu-west-1", "ap-southeast-1", "ap-southeast-2"),
    retired=date(2026, 5, 31),
)  # fmt: skip

PACKAGE_IMPORT = Family(
    PANORAMA, "package-import", "AWS Panorama package import",
    list="ListPackageImportJobs",
    get="DescribePackageImportJob",
    # The model has no error for "no such job". Only the id can be invalid.
    missing={"ValidationException": ""},
    # The last update of an ended job is its end: Panorama gives no other.
    job=Job(
        id="JobId", status="Status", created="CreatedTime", updated="LastUpdatedTime", ended="LastUpdatedTime",
        reason="StatusMessage",
    ),
    got=Job(
        name="OutputConfig.PackageVersionOutputConfig.PackageName",
        inputs=("InputConfig.PackageVersionInputConfig.S3Location",), outputs=("Output.OutputS3Location",),
        tags="JobTags[].Tags",
    ),
    states={PENDING: "PENDING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
