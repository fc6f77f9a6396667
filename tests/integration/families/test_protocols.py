"""Families of every protocol of AWS on the generic stand-in, declared here: none of them is prepared anywhere."""

from dataclasses import replace

import pytest

from jobview.catalogue import language
from jobview.catalogue.family import Family
from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Job,
    Milliseconds,
    Parent,
    Service,
)
from local.catalogue.compiling import compiled
from tests.integration.families.played import run_through

RDS = Service("rds", rate=5)
EXPORT_TASK = language.Family(
    RDS,
    "export-task",
    "RDS snapshot export",
    list="DescribeExportTasks",
    get="DescribeExportTasks",
    job=Job(
        id="ExportTaskIdentifier",
        status="Status",
        started="TaskStartTime",
        ended="TaskEndTime",
        reason="FailureCause",
        progress="PercentProgress",
    ),
    states={
        PENDING: "STARTING",
        RUNNING: "IN_PROGRESS",
        SUCCEEDED: "COMPLETE",
        FAILED: "FAILED",
        CANCELLED: "CANCELED",
        CANCELLING: "CANCELING",
    },
)
EC2 = Service("ec2", rate=5)
IMAGE_EXPORT = language.Family(
    EC2,
    "image-export",
    "EC2 image export",
    list="DescribeExportImageTasks",
    get="DescribeExportImageTasks",
    get_inputs={"ExportImageTaskIds": ["{id}"]},
    job=Job(id="ExportImageTaskId", status="Status", progress="Progress", reason="StatusMessage"),
    states={RUNNING: "active", CANCELLING: "deleting", SUCCEEDED: "completed", FAILED: "failed", CANCELLED: "deleted"},
)
S3CONTROL = Service("s3control", rate=5)
BATCH_OPERATION = language.Family(
    S3CONTROL,
    "job",
    "S3 Batch Operations job",
    list="ListJobs",
    inputs={"AccountId": "{account}"},
    get="DescribeJob",
    job=Job(
        id="JobId",
        status="Status",
        created="CreationTime",
        ended="TerminationDate",
        counts=Counts(
            unit="tasks",
            total="ProgressSummary.TotalNumberOfTasks",
            succeeded="ProgressSummary.NumberOfTasksSucceeded",
            failed="ProgressSummary.NumberOfTasksFailed",
        ),
    ),
    states={
        PENDING: "New Preparing Ready",
        PAUSED: "Paused Suspended Pausing",
        RUNNING: "Active",
        CANCELLING: "Cancelling Failing Completing",
        SUCCEEDED: "Complete",
        FAILED: "Failed",
        CANCELLED: "Cancelled",
    },
)
DATASYNC = Service("datasync", rate=5)
TASK = Parent(DATASYNC, "task", list="ListTasks", id="TaskArn")
TASK_EXECUTION = language.Family(
    DATASYNC,
    "task-execution",
    "DataSync task execution",
    under=[TASK],
    list="ListTaskExecutions",
    get="DescribeTaskExecution",
    missing={"InvalidRequestException": "not found"},
    job=Job(id="TaskExecutionArn", status="Status"),
    got=Job(started="StartTime"),
    states={
        PENDING: "QUEUED LAUNCHING PREPARING",
        RUNNING: "TRANSFERRING VERIFYING",
        CANCELLING: "CANCELLING",
        SUCCEEDED: "SUCCESS",
        FAILED: "ERROR",
    },
)
_TASK = "arn:{partition}:datasync:{region}:{account}:task/{parent}"
LAST_PARTS_OF_ARNS = replace(
    TASK_EXECUTION,
    inputs={"TaskArn": _TASK},
    get_inputs={"TaskExecutionArn": f"{_TASK}/execution/{{id}}"},
)
LOGS = Service("logs", rate=5)
LOG_EXPORT = language.Family(
    LOGS,
    "export-task",
    "CloudWatch Logs export",
    list="DescribeExportTasks",
    job=Job(
        id="taskId",
        status="status.code",
        name="taskName",
        created=Milliseconds("executionInfo.creationTime"),
        ended=Milliseconds("executionInfo.completionTime"),
        reason="status.message",
    ),
    states={
        PENDING: "PENDING",
        RUNNING: "RUNNING",
        CANCELLING: "PENDING_CANCEL",
        SUCCEEDED: "COMPLETED",
        FAILED: "FAILED",
        CANCELLED: "CANCELLED",
    },
)
BEDROCK = Service("bedrock-agent", rate=5)
BASE = Parent(BEDROCK, "knowledge-base", list="ListKnowledgeBases", id="knowledgeBaseId")
DATA = Parent(BEDROCK, "data-source", list="ListDataSources", id="dataSourceId")
INGESTION = language.Family(
    BEDROCK,
    "ingestion-job",
    "Ingestion job",
    under=[BASE, DATA],
    list="ListIngestionJobs",
    get="GetIngestionJob",
    job=Job(id="ingestionJobId", status="status", parent="dataSourceId", started="startedAt"),
    states={
        PENDING: "STARTING",
        RUNNING: "IN_PROGRESS",
        CANCELLING: "STOPPING",
        SUCCEEDED: "COMPLETE",
        FAILED: "FAILED",
        CANCELLED: "STOPPED",
    },
)
DECLARED = {
    "query": EXPORT_TASK,
    "ec2": IMAGE_EXPORT,
    "rest-xml": BATCH_OPERATION,
    "json, under parents whose ids are ARNs": TASK_EXECUTION,
    "json, with ids that are the last parts of ARNs": LAST_PARTS_OF_ARNS,
    "json, without a get": LOG_EXPORT,
    "rest-json, under two parents": INGESTION,
}


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
def test_from_start_to_end(declared: language.Family) -> None:
    family: Family = compiled(declared)
    run_through(family)
