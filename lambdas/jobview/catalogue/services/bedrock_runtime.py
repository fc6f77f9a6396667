"""Amazon Bedrock Runtime (``bedrock-runtime`` 2023-09-30): asynchronous invocations of models."""

from jobview.catalogue.language import FAILED, RUNNING, SINCE, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
BEDROCK_RUNTIME = Service("bedrock-runtime", rate=1)

ASYNC_INVOKE = Family(
    BEDROCK_RUNTIME, "async-invoke", "Amazon Bedrock asynchronous invocation",
    list="ListAsyncInvokes", since={"submitTimeAfter": SINCE},
    get="GetAsyncInvoke", get_inputs={"invocationArn": "arn:{partition}:bedrock:{region}:{account}:async-invoke/{id}"},
    # No code is documented: a guess that takes no other error for it.
    missing={"ValidationException": "not found"},
    # The model marks the failure's message sensitive, so there is no reason.
    job=Job(
        id="invocationArn", name="modelArn", status="status", created="submitTime", updated="lastModifiedTime",
        ended="endTime", outputs=("outputDataConfig.s3OutputDataConfig.s3Uri",),
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed"},
    withheld=("clientRequestToken",),
)  # fmt: skip
