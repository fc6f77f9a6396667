"""AWS Config (``config`` 2014-11-12): proactive evaluations of resources."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
CONFIG = Service("config", rate=1)

RESOURCE_EVALUATION = Family(
    CONFIG, "resource-evaluation", "AWS Config resource evaluation",
    list="ListResourceEvaluations",
    get="GetResourceEvaluationSummary",
    job=Job(id="ResourceEvaluationId"),
    # A resource that does not comply is a result of the evaluation, and no failure of it.
    got=Job(
        status="EvaluationStatus.Status", started="EvaluationStartTimestamp", reason="EvaluationStatus.FailureReason",
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    # The properties of the resource, which may be secrets.
    withheld=("ResourceDetails.ResourceConfiguration",),
)  # fmt: skip
