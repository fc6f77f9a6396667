"""Bedrock Data Automation Runtime (``bedrock-data-automation-runtime`` 2024-06-13): asynchronous invocations.

No operation lists them. Bedrock sends events only about invocations that ask for them.
"""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Job, Service

# A guess on the safe side.
DATA_AUTOMATION_RUNTIME = Service("bedrock-data-automation-runtime", rate=1)

INVOCATION = Family(
    DATA_AUTOMATION_RUNTIME, "data-automation-invocation", "Amazon Bedrock data automation invocation",
    get="GetDataAutomationStatus",
    get_inputs={"invocationArn": "arn:{partition}:bedrock:{region}:{account}:data-automation-invocation/{id}"},
    # The answer does not repeat the id.
    job=Job(
        status="status", created="jobSubmissionTime", ended="jobCompletionTime", reason="errorMessage",
        outputs=("outputConfiguration.s3Uri",),
    ),
    states={PENDING: "Created", RUNNING: "InProgress", SUCCEEDED: "Success", FAILED: "ServiceError ClientError"},
    events=Events(
        tuple(
            f"Bedrock Data Automation Job {end}"
            for end in ("Created", "Succeeded", "Failed With Client Error", "Failed With Service Error")
        ),
        id="job_id",
    ),
)  # fmt: skip
