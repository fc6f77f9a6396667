"""AWS Panorama (``panorama`` 2019-07-24): package import jobs. AWS ended the service on 31 May 2026.

botocore has dropped the service, so its model is our own: ``service_models/panorama``.
"""

from datetime import date

from jobview.catalogue.declaration import Family, Fields, GetCall, ListCall
from jobview.model import State

# AWS published no rates of these operations.
_RATE = 1.0

PACKAGE_IMPORT = Family(
    service="panorama",
    type="package-import",
    title="AWS Panorama package import",
    list=ListCall(
        operation="ListPackageImportJobs",
        rate=_RATE,
        action="panorama:ListPackageImportJobs",
        items="PackageImportJobs",
        page_size=("MaxResults", 25),
        tokens=("NextToken", "NextToken"),
    ),
    # The last update of a job that has ended is its end; Panorama tells no other.
    list_fields=Fields(
        id="JobId",
        status="Status",
        created="CreatedTime",
        updated="LastUpdatedTime",
        ended="LastUpdatedTime",
        reason="StatusMessage",
    ),
    get=GetCall(
        operation="DescribePackageImportJob",
        inputs={"JobId": "{id}"},
        rate=_RATE,
        action="panorama:DescribePackageImportJob",
        item="@",
        # The model has no error for "no such job"; the id is all there is to be invalid.
        missing=("ValidationException",),
    ),
    get_fields=Fields(
        id="JobId",
        status="Status",
        name="OutputConfig.PackageVersionOutputConfig.PackageName",
        created="CreatedTime",
        updated="LastUpdatedTime",
        ended="LastUpdatedTime",
        reason="StatusMessage",
        inputs=("InputConfig.PackageVersionInputConfig.S3Location",),
        outputs=("Output.OutputS3Location",),
        tags="JobTags[].Tags",
    ),
    states={
        "PENDING": State.PENDING,
        "SUCCEEDED": State.SUCCEEDED,
        "FAILED": State.FAILED,
    },
    regions=("us-east-1", "us-west-2", "ca-central-1", "eu-west-1", "ap-southeast-1", "ap-southeast-2"),
    retired=date(2026, 5, 31),
)
