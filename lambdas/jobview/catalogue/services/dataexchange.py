"""AWS Data Exchange (``dataexchange`` 2017-07-25): jobs that import and export assets."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
DATA_EXCHANGE = Service("dataexchange", rate=2)

JOB = Family(
    DATA_EXCHANGE, "job", "AWS Data Exchange job",
    list="ListJobs", newest_first="the documentation of the list",
    # It answers with the same shape as the list.
    get="GetJob",
    job=Job(
        id="Id", status="State", created="CreatedAt", updated="UpdatedAt", ended="UpdatedAt",
        reason="Errors[].Message", inputs=("Details.ImportAssetsFromRedshiftDataShares.AssetSources[].DataShareArn",),
    ),
    # WAITING: somebody still has to start it, or to upload the asset.
    states={
        PENDING: "WAITING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "ERROR TIMED_OUT",
        CANCELLED: "CANCELLED",
    },
    presigned=(
        "Details.ExportAssetToSignedUrl.SignedUrl", "Details.ImportAssetFromSignedUrl.SignedUrl",
        "Details.ImportAssetFromApiGatewayApi.ApiSpecificationUploadUrl",
    ),
    withheld=("Details.ImportAssetFromApiGatewayApi.ApiKey",),
)  # fmt: skip
