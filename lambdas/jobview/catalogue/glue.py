"""AWS Glue (``glue`` 2017-03-31): job runs under jobs.

AWS publishes no rates of these operations; Glue throttles a whole account, so the ones here are careful.
"""

from jobview.catalogue.declaration import Events, Family, Fields, GetCall, ListCall, ParentKind
from jobview.model import State

_JOB = "arn:{partition}:glue:{region}:{account}:job/{parent}"
_RATE = 5.0

# A run in the list is all that Glue knows of it. A retry is a run of its own, with its own id.
_FIELDS = Fields(
    id="Id",
    status="JobRunState",
    parent="JobName",
    # A run has no name of its own.
    name="JobName",
    started="StartedOn",
    updated="LastModifiedOn",
    ended="CompletedOn",
    reason="ErrorMessage",
)

JOB_RUN = Family(
    service="glue",
    type="job-run",
    title="AWS Glue job run",
    parent=ParentKind(
        type="job",
        call=ListCall(
            operation="GetJobs",
            rate=_RATE,
            action="glue:GetJobs",
            items="Jobs",
            # Job definitions are long; the model would allow 1,000.
            page_size=("MaxResults", 100),
        ),
        id="Name",
    ),
    list=ListCall(
        operation="GetJobRuns",
        inputs={"JobName": "{parent}"},
        rate=_RATE,
        action="glue:GetJobRuns",
        resource=_JOB,
        items="JobRuns",
        page_size=("MaxResults", 200),
        newest_first=True,
    ),
    list_fields=_FIELDS,
    get=GetCall(
        operation="GetJobRun",
        inputs={"JobName": "{parent}", "RunId": "{id}"},
        rate=_RATE,
        action="glue:GetJobRun",
        resource=_JOB,
        item="JobRun",
        missing=("EntityNotFoundException",),
    ),
    get_fields=_FIELDS,
    states={
        "WAITING": State.PENDING,
        "STARTING": State.PENDING,
        "RUNNING": State.RUNNING,
        "STOPPING": State.CANCELLING,
        "STOPPED": State.CANCELLED,
        "SUCCEEDED": State.SUCCEEDED,
        "FAILED": State.FAILED,
        "TIMEOUT": State.FAILED,
        "ERROR": State.FAILED,
        "EXPIRED": State.FAILED,
    },
    withheld=("Arguments",),
    console="https://{region}.console.aws.amazon.com/gluestudio/home?region={region}#/job/{parent}/run/{id}",
    events=Events(
        source="aws.glue",
        detail_types=("Glue Job State Change", "Glue Job Run Status"),
        id="detail.jobRunId",
        parent="detail.jobName",
        status="detail.state",
        reason="detail.message",
    ),
)
