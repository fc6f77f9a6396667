"""AWS Transfer Family (``transfer`` 2018-11-05): executions of managed workflows."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Cause, Family, Job, Logs, Parent, Service

# A guess on the safe side.
TRANSFER = Service("transfer", rate=2)

WORKFLOW = Parent(TRANSFER, "workflow", list="ListWorkflows", id="WorkflowId")

EXECUTION = Family(
    TRANSFER, "workflow-execution", "AWS Transfer Family workflow execution",
    under=[WORKFLOW],
    list="ListExecutions",
    get="DescribeExecution",
    job=Job(id="ExecutionId", status="Status", inputs=("InitialFileLocation.S3FileLocation",)),
    got=Job(
        role="ExecutionRole",
        causes=(Cause(at="Results.Steps[].Error", message="Message"),),
        logs=Logs(group="{LoggingConfiguration.LogGroupName}"),
    ),
    # HANDLING_EXCEPTION: a step failed, and the workflow's steps for exceptions run.
    states={RUNNING: "IN_PROGRESS HANDLING_EXCEPTION", SUCCEEDED: "COMPLETED", FAILED: "EXCEPTION"},
    failures="DescribeExecution gives the type and the message of each step's error; the workflow's log has the rest.",
    # The model documents that the get has only executions in progress, too.
    lists_only="executions in progress",
)  # fmt: skip
