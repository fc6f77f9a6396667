"""The bucket for image-set metadata that is too large for a response: health data, deleted after a day."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct


class MetadataBucket(Construct):
    """A separate bucket, so that health data has its own permissions, retention and deletion.

    It is deleted with the stack. While it contains an object, ``cdk destroy`` removes everything else and then fails
    with S3's message. The bucket is empty a day or two later, or at once after ``aws s3 rm --recursive``. A function
    that empties it would need the permission to delete health data all year, and would leave its own log group behind.
    """

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=False,  # an expired object is deleted for good
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="OneDay",
                    expiration=cdk.Duration.days(1),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                )
            ],
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        cdk.Validations.of(self.bucket).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-S1",
                reason="Its objects live a day, and the API's access log has their readers. A second bucket of server"
                " access logs would outlive the objects and contain the names of image sets.",
            )
        )
