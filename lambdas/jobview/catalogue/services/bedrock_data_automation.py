"""Amazon Bedrock Data Automation (``bedrock-data-automation`` 2023-07-26): optimizations of blueprints.

They are known by their ids alone.
"""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
DATA_AUTOMATION = Service("bedrock-data-automation", rate=1)

BLUEPRINT_OPTIMIZATION = Family(
    DATA_AUTOMATION, "blueprint-optimization", "Amazon Bedrock Data Automation blueprint optimization",
    get="GetBlueprintOptimizationStatus",
    get_inputs={
        "invocationArn": "arn:{partition}:bedrock:{region}:{account}:blueprint-optimization-invocation/{id}",
    },
    job=Job(status="status", reason="errorMessage", outputs=("outputConfiguration.s3Object.s3Uri",)),
    states={PENDING: "Created", RUNNING: "InProgress", SUCCEEDED: "Success", FAILED: "ServiceError ClientError"},
)  # fmt: skip
