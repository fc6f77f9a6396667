"""Where image-set metadata rests that is too large for a response: health data, for a day at the most."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct


class MetadataBucket(Construct):
    """A bucket of its own, so that health data is granted, kept and deleted apart from everything else.

    It goes with the stack. While it holds an object, ``cdk destroy`` removes all else and stops at it with S3's own
    words; it is empty a day or two later, or at once with ``aws s3 rm --recursive``. A function that empties it
    would hold the right to delete health data all year long, and would leave its own log group behind.
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
            versioned=False,  # what has expired is gone
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
                reason="Its objects live a day; who asked for them stands in the API's access log. A second bucket"
                " of server access logs would outlive them and hold the names of image sets.",
            )
        )
