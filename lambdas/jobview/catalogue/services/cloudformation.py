"""AWS CloudFormation (``cloudformation`` 2010-05-15): operations of stack sets, change sets, stack refactors and scans.

A stack is a resource. Its own creation, update and deletion are states of that resource, and no family reads them.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    NOT_HERE,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Events,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# A guess on the safe side.
CLOUDFORMATION = Service("cloudformation", rate=2)

# The id of a stack set is its name with a UUID, and so it names one stack set for ever. A deleted stack set cannot be
# asked for its operations.
STACK_SET = Parent(CLOUDFORMATION, "stack-set", list="ListStackSets", inputs={"Status": "ACTIVE"}, id="StackSetId")

STACK_SET_OPERATION = Family(
    CLOUDFORMATION, "stack-set-operation", "AWS CloudFormation stack set operation",
    under=[STACK_SET],
    list="ListStackSetOperations",
    get="DescribeStackSetOperation",
    job=Job(
        id="OperationId", status="Status", created="CreationTimestamp", ended="EndTimestamp",
        reason="StatusReason",
        counts=Counts(unit="stack instances", failed="StatusDetails.FailedStackInstancesCount"),
    ),
    got=Job(parent="StackSetId", role="AdministrationRoleARN"),
    states={
        PENDING: "QUEUED", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED",
    },
    failures="ListStackSetOperationResults has the status and the reason of each stack instance.",
    # The URL of a list of accounts in S3 may be presigned.
    withheld=("DeploymentTargets.AccountsUrl",),
    events=Events(
        "CloudFormation StackSet Operation Status Change", id='"stack-set-operation-id"', parent='"stack-set-arn"',
        status='"status-details".status',
    ),
)  # fmt: skip

# A deleted stack has no change sets. Names of stacks that exist are unique.
STACK = Parent(
    CLOUDFORMATION, "stack", list="ListStacks", id="StackName",
    inputs={
        "StackStatusFilter": [
            "CREATE_IN_PROGRESS", "CREATE_FAILED", "CREATE_COMPLETE", "ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED",
            "ROLLBACK_COMPLETE", "DELETE_FAILED", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS",
            "IMPORT_IN_PROGRESS", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_FAILED",
            "IMPORT_ROLLBACK_COMPLETE",
        ],
    },
)  # fmt: skip

CHANGE_SET = Family(
    CLOUDFORMATION, "change-set", "AWS CloudFormation change set",
    under=[STACK],
    list="ListChangeSets",
    # A change set is asked for by its name and its stack: the ARN has a part of its own for the name.
    get="DescribeChangeSet", get_inputs={"ChangeSetName": "{id}", "StackName": "{parent}"},
    job=Job(
        id="ChangeSetName", parent="StackName", name="ChangeSetName", status="Status", created="CreationTime",
        reason="StatusReason",
    ),
    got=Job(tags="Tags"),
    # The job is the creation of the change set. ExecutionStatus is about a later update of the stack. A deletion does
    # not show how the creation ended.
    states={
        PENDING: "CREATE_PENDING", RUNNING: "CREATE_IN_PROGRESS DELETE_PENDING DELETE_IN_PROGRESS",
        SUCCEEDED: "CREATE_COMPLETE", FAILED: "FAILED", UNKNOWN: "DELETE_COMPLETE DELETE_FAILED",
    },
    # Parameters may be passwords, and contexts repeat the values of properties.
    withheld=(
        "NextToken", "Parameters", "Changes[].ResourceChange.BeforeContext",
        "Changes[].ResourceChange.AfterContext", "Changes[].ResourceChange.PreviousDeploymentContext",
        "Changes[].ResourceChange.Details",
    ),
)  # fmt: skip

STACK_REFACTOR = Family(
    CLOUDFORMATION, "stack-refactor", "AWS CloudFormation stack refactor",
    list="ListStackRefactors",
    get="DescribeStackRefactor",
    job=Job(
        id="StackRefactorId", name="Description", status="Status", reason="StatusReason",
        # A refactor is created first, and then somebody executes it.
        when=(
            When(SUCCEEDED, "ExecutionStatus", ("AVAILABLE",), PAUSED),
            When(SUCCEEDED, "ExecutionStatus", ("EXECUTE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"), RUNNING),
            When(SUCCEEDED, "ExecutionStatus", ("EXECUTE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"), FAILED),
            # The stacks changed before anybody executed it.
            When(SUCCEEDED, "ExecutionStatus", ("OBSOLETE",), CANCELLED),
            When(SUCCEEDED, "ExecutionStatus", ("UNAVAILABLE",), UNKNOWN),
        ),
    ),
    got=Job(inputs=("StackIds",)),
    states={
        RUNNING: "CREATE_IN_PROGRESS DELETE_IN_PROGRESS", SUCCEEDED: "CREATE_COMPLETE", FAILED: "CREATE_FAILED",
        UNKNOWN: "DELETE_COMPLETE DELETE_FAILED",
    },
    failures="ExecutionStatusReason in the native record is the reason of a failed execution.",
)  # fmt: skip

RESOURCE_SCAN = Family(
    CLOUDFORMATION, "resource-scan", "AWS CloudFormation resource scan",
    list="ListResourceScans", page_size=100, newest_first="the operation's documentation: from newest to oldest",
    # The id is an ARN.
    get="DescribeResourceScan",
    job=Job(
        id="ResourceScanId", status="Status", started="StartTime", ended="EndTime", reason="StatusReason",
        progress="PercentageCompleted",
    ),
    got=Job(counts=Counts(unit="resources", total="ResourcesScanned", succeeded="ResourcesRead")),
    # EXPIRED: the results of a complete scan are not usable any more. A failed scan has its own word.
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE EXPIRED", FAILED: "FAILED"},
)  # fmt: skip

_RESOURCES = Counts(
    unit="resources", succeeded="Progress.ResourcesSucceeded", failed="Progress.ResourcesFailed",
    total=tuple(f"Progress.Resources{name}" for name in ("Succeeded", "Failed", "Processing", "Pending")),
)  # fmt: skip

GENERATED_TEMPLATE = Family(
    CLOUDFORMATION, "generated-template", "AWS CloudFormation generated template",
    list="ListGeneratedTemplates",
    # A name may be changed and used again. The id is an ARN, which the get takes too.
    get="DescribeGeneratedTemplate", get_inputs={"GeneratedTemplateName": "{id}"},
    job=Job(
        id="GeneratedTemplateId", name="GeneratedTemplateName", status="Status", created="CreationTime",
        updated="LastUpdatedTime", ended="LastUpdatedTime", reason="StatusReason",
    ),
    got=Job(counts=_RESOURCES),
    # A deletion does not show how the generation ended.
    states={
        PENDING: "CREATE_PENDING UPDATE_PENDING", RUNNING: "CREATE_IN_PROGRESS UPDATE_IN_PROGRESS",
        SUCCEEDED: "COMPLETE", FAILED: "FAILED", UNKNOWN: "DELETE_PENDING DELETE_IN_PROGRESS",
    },
    failures="The native record has the status and the reason of each resource, under Resources.",
)  # fmt: skip

# By default these are the account's own types and the public types that it has activated.
TYPE = Parent(CLOUDFORMATION, "type", list="ListTypes", id="TypeArn")

TYPE_REGISTRATION = Family(
    CLOUDFORMATION, "type-registration", "AWS CloudFormation extension registration",
    under=[TYPE],
    list="ListTypeRegistrations", inputs={"TypeArn": "{parent}"},
    # Without a filter only registrations in progress are listed.
    each=tuple({"RegistrationStatusFilter": word} for word in ("IN_PROGRESS", "COMPLETE", "FAILED")),
    # The code is for every error of the registry.
    get="DescribeTypeRegistration", missing={"CFNRegistryException": "found"},
    job=Job(id="@"),
    got=Job(id=NOT_HERE, status="ProgressStatus", reason="Description", outputs=("TypeVersionArn",)),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
    lists_only="the registrations of the extensions that ListTypes lists by default",
)  # fmt: skip

HOOK_RESULT = Family(
    CLOUDFORMATION, "hook-result", "AWS CloudFormation Hook invocation",
    list="ListHookResults",
    get="GetHookResult",
    job=Job(
        id="HookResultId", name="TypeName", status="Status", started="InvokedAt", reason="HookStatusReason",
        inputs=("TargetId",),
    ),
    got=Job(inputs=("Target.TargetId",)),
    # HOOK_COMPLETE_FAILED: the target does not pass the Hook's check, so the check failed.
    states={
        RUNNING: "HOOK_IN_PROGRESS", SUCCEEDED: "HOOK_COMPLETE_SUCCEEDED", FAILED: "HOOK_COMPLETE_FAILED HOOK_FAILED",
    },
    failures="GetHookResult has the message and the advice of each check, under Annotations.",
    withheld=("Annotations",),
)  # fmt: skip

DRIFT_DETECTION = Family(
    CLOUDFORMATION, "stack-drift-detection", "AWS CloudFormation stack drift detection",
    # No operation lists the detections. The model has no code of its own for one that does not exist.
    get="DescribeStackDriftDetectionStatus", missing={"ValidationError": "exist"},
    job=Job(
        id="StackDriftDetectionId", status="DetectionStatus", started="Timestamp", reason="DetectionStatusReason",
        inputs=("StackId",),
        # It failed for one resource or more, and there are results for the others.
        when=(When(FAILED, "StackDriftStatus", ("DRIFTED", "IN_SYNC"), PARTIALLY_SUCCEEDED),),
    ),
    states={RUNNING: "DETECTION_IN_PROGRESS", SUCCEEDED: "DETECTION_COMPLETE", FAILED: "DETECTION_FAILED"},
)  # fmt: skip
