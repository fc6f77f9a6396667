"""What the compiler derives of times, of gets that are lists, and of filters; and what it refuses to guess."""

from datetime import timedelta
from typing import Any

import pytest

from jobview.catalogue import language
from jobview.catalogue.family import Family
from jobview.catalogue.language import (
    FAILED,
    NOT_HERE,
    OPEN,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    UNTIL,
    Job,
    Milliseconds,
    Seconds,
    Service,
)
from jobview.catalogue.operations import GetCall, Narrowing, Window
from jobview.catalogue.records import TimeFormat
from jobview.model import State
from local.catalogue import windows
from local.catalogue.compiling import CatalogueError, compiled
from local.catalogue.deriving import UndecidedError
from local.catalogue.regions import global_regions, of

EXPORT_STATES = {
    PENDING: "PENDING",
    RUNNING: "RUNNING PENDING_CANCEL",
    SUCCEEDED: "COMPLETED",
    FAILED: "FAILED CANCELLED",
}
QUERY_STATES = {
    PENDING: "Scheduled",
    RUNNING: "Running",
    SUCCEEDED: "Complete",
    FAILED: "Failed Cancelled Timeout",
    UNKNOWN: "Unknown",
}
S3_STATES = {
    PENDING: "New Preparing Ready Suspended",
    RUNNING: "Active Completing Failing Pausing Paused Cancelling",
    SUCCEEDED: "Complete",
    FAILED: "Failed Cancelled",
}


def family(service: str, regions: tuple[str, ...] | None = None, **more: Any) -> Family:
    return compiled(language.Family(Service(service, rate=1, regions=regions), "job", "A job", **more))


def got(declared: Family) -> GetCall:
    assert declared.get is not None
    return declared.get


def refused(service: str, *said: str, **more: Any) -> None:
    with pytest.raises(CatalogueError) as error:
        family(service, **more)
    for text in said:
        assert text in str(error.value)


# --- times


def queries(created: str) -> dict[str, Any]:
    job = Job(id="queryId", status="status", created=created)
    return {"list": "DescribeQueries", "job": job, "states": QUERY_STATES}


def test_a_number_with_a_documented_unit_is_a_time() -> None:
    job = Job(id="taskId", status="status.code", created="executionInfo.creationTime")
    exports = family("logs", list="DescribeExportTasks", job=job, states=EXPORT_STATES)
    assert exports.listed[1].time_formats == {"created": TimeFormat.MILLISECONDS}


def test_the_unit_of_a_number_without_a_documented_one_is_declared() -> None:
    made = family("logs", **queries(Seconds("createTime")))
    assert made.listed[1].created == "createTime"
    assert made.listed[1].time_formats == {"created": TimeFormat.SECONDS}
    refused("logs", "a record of DescribeQueries", "createTime", "declare", **queries("createTime"))
    refused("logs", "queryDuration", "says milliseconds, and not seconds", **queries(Seconds("queryDuration")))


def test_a_timestamp_and_what_is_no_time_have_no_unit() -> None:
    listing = {
        "list": "ListTrainingJobs",
        "get": "DescribeTrainingJob",
        "missing": {"ValidationException": "not found"},
    }
    states = {RUNNING: "InProgress Stopping", SUCCEEDED: "Completed", FAILED: "Failed Stopped", UNKNOWN: "Deleting"}
    job = Job(id="TrainingJobName", status="TrainingJobStatus", created=Milliseconds("CreationTime"))
    refused("sagemaker", "CreationTime is a timestamp", job=job, states=states, **listing)
    refused("logs", "queryString is a string", **queries("queryString"))
    refused("logs", "bytesScanned", "declare", **queries("bytesScanned"))


def test_a_text_of_which_the_model_says_that_it_is_a_time_is_one() -> None:
    made = family(
        "imagebuilder",
        regions=("us-east-1",),
        list="ListImageBuildVersions",
        job=Job(id="arn", status="state.status", created="dateCreated"),
        states={
            PENDING: "PENDING CREATING",
            RUNNING: "BUILDING TESTING DISTRIBUTING INTEGRATING",
            SUCCEEDED: "AVAILABLE",
            FAILED: "CANCELLED FAILED DEPRECATED DELETED DISABLED",
        },
        inputs={"imageVersionArn": "{account}"},
    )
    assert made.listed[1].time_formats == {"created": TimeFormat.TEXT}


# --- a get that is a list with a filter


def test_a_list_that_takes_the_id_is_a_get_of_one() -> None:
    job = Job(id="ExportTaskIdentifier", status="Status")
    exports = family(
        "rds",
        list="DescribeExportTasks",
        get="DescribeExportTasks",
        job=job,
        states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
    )
    get = got(exports)
    assert (get.item, get.batch, get.inputs) == ("ExportTasks", 1, {"ExportTaskIdentifier": "{id}"})
    assert (get.missing, get.resource) == ({"ExportTaskNotFound": ""}, "*")
    assert exports.list_tells_all
    assert (exports.listed[0].tokens, exports.listed[0].page_size) == (("Marker", "Marker"), ("MaxRecords", 100))


def test_a_nested_filter_by_the_id_is_declared() -> None:
    more: dict[str, Any] = {
        "list": "DescribeReplicationTasks",
        "page_size": 100,
        "get": "DescribeReplicationTasks",
        "job": Job(id="ReplicationTaskIdentifier", status="Status"),
        "states": {RUNNING: "running", SUCCEEDED: "stopped", FAILED: "failed"},
    }
    refused("dms", "which input takes the id? Declare get_inputs", **more)
    asked = {"Filters": [{"Name": "replication-task-id", "Values": ["{id}"]}]}
    get = got(family("dms", get_inputs=asked, **more))
    assert (get.item, get.batch, get.inputs) == ("ReplicationTasks", 1, asked)
    assert get.missing == {"ResourceNotFoundFault": ""}


# --- inputs


def s3_jobs(**more: Any) -> Family:
    job = Job(id="JobId", status="Status", created="CreationTime")
    account = {"AccountId": "{account}"}
    return family("s3control", list="ListJobs", inputs=account, get="DescribeJob", job=job, states=S3_STATES, **more)


def test_inputs_of_a_list_from_the_target_are_sent_to_the_get_too() -> None:
    made = s3_jobs()
    assert made.listed[0].inputs == {"AccountId": "{account}"}
    assert got(made).inputs == {"AccountId": "{account}", "JobId": "{id}"}
    assert got(made).item == "Job"
    assert (made.listed[0].action, got(made).action) == ("s3:ListJobs", "s3:DescribeJob")
    assert got(made).resource == "arn:{partition}:s3:{region}:{account}:job/*"


def test_open_jobs_are_asked_for_at_once_where_a_filter_takes_several_words() -> None:
    narrowing = s3_jobs(open_by="JobStatuses").narrowing
    assert narrowing is not None
    [asked] = narrowing.inputs
    assert set(asked) == {"JobStatuses"}
    words = {word for state, text in S3_STATES.items() if not state.terminal for word in text.split()}
    assert set(asked["JobStatuses"]) == words  # type: ignore[call-overload]


def test_open_jobs_are_asked_for_by_a_nested_filter() -> None:
    nested = {"Filters": [{"Key": "ExecutionStatus", "Values": OPEN}]}
    words = [
        *("Pending", "InProgress", "Waiting", "Success", "TimedOut", "Cancelling", "Cancelled", "Failed"),
        *("PendingApproval", "Approved", "Rejected", "Scheduled", "RunbookInProgress", "PendingChangeCalendarOverride"),
        *("ChangeCalendarOverrideApproved", "ChangeCalendarOverrideRejected", "CompletedWithSuccess"),
        *("CompletedWithFailure", "Exited"),
    ]
    more: dict[str, Any] = {
        "list": "DescribeAutomationExecutions",
        "job": Job(id="AutomationExecutionId", status="AutomationExecutionStatus"),
        "states": {RUNNING: "Pending InProgress", SUCCEEDED: "Success", FAILED: " ".join(words[2:3] + words[4:])},
    }
    narrowing = family("ssm", open_by=nested, **more).narrowing
    assert narrowing is not None
    assert narrowing.inputs == ({"Filters": [{"Key": "ExecutionStatus", "Values": ["Pending", "InProgress"]}]},)
    assert not narrowing.whole
    refused("ssm", "has no input Statuses", open_by={"Statuses": OPEN}, **more)


def test_free_text_has_the_words_that_are_declared() -> None:
    made = family(
        "rds",
        list="DescribeExportTasks",
        job=Job(id="ExportTaskIdentifier", status="Status"),
        states={State.PENDING: "STARTING", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
    )
    assert list(made.states) == ["STARTING", "COMPLETE", "FAILED"]
    assert made.get is None
    assert made.list_tells_all


# --- where a service answers


@pytest.mark.parametrize(
    ("service", "declared", "regions"),
    [
        ("glue", None, {}),
        ("sts", None, {}),  # one endpoint for all, and one in every region besides
        ("networkmanager", None, {"aws": "us-west-2", "aws-us-gov": "us-gov-west-1"}),
        ("cloudfront", None, {"aws": "us-east-1", "aws-cn": "cn-northwest-1"}),
        # Botocore has it in every region, and AWS answers in one.
        ("globalaccelerator", {"aws": "us-west-2"}, {"aws": "us-west-2"}),
        ("route53domains", {"aws": "us-east-1"}, {"aws": "us-east-1"}),
        # Two regions of China, of which nothing says which one answers.
        (
            "savingsplans",
            {"aws-cn": "cn-northwest-1"},
            {
                "aws": "us-east-1",
                "aws-cn": "cn-northwest-1",
                "aws-iso-e": "eu-isoe-west-1",
                "aws-iso-f": "us-isof-south-1",
            },
        ),
    ],
)
def test_the_endpoint_data_says_where_a_global_service_answers(
    service: str, declared: dict[str, str] | None, regions: dict[str, str]
) -> None:
    assert global_regions(Service(service, rate=1, global_regions=declared)) == regions


@pytest.mark.parametrize(
    ("service", "declared", "said"),
    [
        ("cloudfront", {"aws": "us-east-1"}, "leave it out"),
        ("savingsplans", None, "declare it for aws-cn"),
        ("route53domains", {"aws": "eu-west-1"}, "aws has no such service in eu-west-1; allowed: us-east-1"),
        ("bcm-data-exports", {"aws-cn": "us-east-1"}, "aws-cn has no such service in us-east-1"),
    ],
)
def test_what_it_says_is_not_declared_and_what_it_leaves_open_is(
    service: str, declared: dict[str, str] | None, said: str
) -> None:
    with pytest.raises(UndecidedError, match=said):
        global_regions(Service(service, rate=1, global_regions=declared))


def test_regions_of_a_global_service_are_not_declared() -> None:
    with pytest.raises(UndecidedError, match="leave regions out"):
        of(Service("cloudfront", rate=1, regions=("us-east-1",)))


def test_parents_of_another_service_are_where_the_jobs_are() -> None:
    zone = language.Parent(Service("route53", rate=1), "hosted-zone", list="ListHostedZones", id="Id", page_size=100)
    refused(
        "glue",
        "route53 lists parents in other regions than glue has jobs in",
        under=[zone],
        list="GetJobRuns",
        inputs={"JobName": "{parent}"},
        get="GetJobRun",
        job=Job(id="Id", status="JobRunState"),
        states={RUNNING: "RUNNING"},
    )


# --- the period that a list requires

AUDIT: dict[str, Any] = {
    "list": "ListAuditTasks",
    "get": "DescribeAuditTask",
    "job": Job(id="taskId", status="taskStatus"),
    "got": Job(id=NOT_HERE),
    "states": {RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED CANCELED"},
}
DAYS = timedelta(days=90)


def test_the_inputs_that_take_a_start_and_an_end_are_found_by_their_names() -> None:
    declared = family("iot", window=DAYS, **AUDIT)
    assert declared.listed[0].inputs == {"startTime": "{since}", "endTime": "{until}"}
    assert declared.listed[0].window == Window(length=DAYS)
    assert declared.listed[0].narrowing == Narrowing(inputs=({},), whole=True), "it starts later"
    assert got(declared).inputs == {"taskId": "{id}"}
    assert declared.get_fields is not None
    assert declared.get_fields.id is None


@pytest.mark.parametrize(
    ("service", "operation", "inputs"),
    [
        ("groundstation", "ListContacts", {"startTime": "{since}", "endTime": "{until}"}),
        ("ssm-contacts", "ListRotationOverrides", {"StartTime": "{since}", "EndTime": "{until}"}),
        ("connect", "GetEffectiveHoursOfOperations", {"FromDate": "{sinceText}", "ToDate": "{untilText}"}),
        ("iotsitewise", "GetInterpolatedAssetPropertyValues", {
            "startTimeInSeconds": "{sinceSeconds}", "endTimeInSeconds": "{untilSeconds}",
        }),
        ("glue", "GetJobRuns", {}),
    ],
)  # fmt: skip
def test_a_time_is_given_in_the_form_that_the_model_says(service: str, operation: str, inputs: dict[str, str]) -> None:
    assert windows.required(service, operation, {}) == inputs


def test_a_number_whose_unit_nobody_says_is_declared() -> None:
    with pytest.raises(UndecidedError, match=r"SINCE.seconds or .milliseconds"):
        windows.required("logs", "GetScheduledQueryHistory", {})
    times = {"startTime": SINCE.milliseconds, "endTime": UNTIL.milliseconds}
    assert windows.required("logs", "GetScheduledQueryHistory", times) == {}


def test_a_period_of_inputs_that_are_not_required_is_declared_with_both_of_its_times() -> None:
    """EMR Serverless takes both as filters that are not required."""
    declared = family(
        "emr-serverless",
        under=[language.Parent(Service("emr-serverless", rate=1), "application", list="ListApplications", id="id")],
        list="ListJobRuns",
        inputs={"createdAtAfter": SINCE, "createdAtBefore": UNTIL},
        window=DAYS,
        get="GetJobRun",
        job=Job(id="id", status="state"),
        got=Job(id="jobRunId"),
        states={
            PENDING: "SUBMITTED PENDING SCHEDULED QUEUED",
            RUNNING: "RUNNING CANCELLING",
            SUCCEEDED: "SUCCESS",
            FAILED: "FAILED CANCELLED",
        },
    )
    assert declared.listed[0].inputs == {
        "applicationId": "{parent}", "createdAtAfter": "{since}", "createdAtBefore": "{until}",
    }  # fmt: skip
    assert declared.listed[0].window == Window(length=DAYS)
    assert got(declared).inputs == {"applicationId": "{parent}", "jobRunId": "{id}"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "ListAuditTasks requires a period: declare window"),
        ({"window": DAYS, "since": {"startTime": SINCE}}, "asked for less by a later start"),
        ({"window": timedelta(hours=3)}, "allowed: a day or more"),
        ({"window": DAYS, "window_span": timedelta(0)}, "allowed: a day or more"),
    ],
)
def test_what_contradicts_itself_is_refused(more: dict[str, Any], said: str) -> None:
    refused("iot", said, **AUDIT, **more)


def test_a_window_needs_an_input_and_a_span_a_window() -> None:
    export: dict[str, Any] = {
        "list": "DescribeExportTasks",
        "job": Job(id="taskId", status="status.code"),
        "states": EXPORT_STATES,
    }
    refused("logs", "which input takes the start of the window", window=DAYS, **export)
    refused("logs", "window_span without a window", window_span=DAYS, **export)


@pytest.mark.parametrize(
    ("retention", "declared", "shown"),
    [
        ("90 days", None, None),
        ("3 months", None, None),
        ("12 weeks", None, None),
        ("91 days", None, "jobs of the last 90 days"),
        ("1 year", None, "jobs of the last 90 days"),
        (None, None, "jobs of the last 90 days"),
        ("for ever", None, "jobs of the last 90 days"),
        ("1 year", "audits of the last quarter", "audits of the last quarter"),
    ],
)
def test_a_window_that_is_shorter_than_what_the_service_keeps_is_said(
    retention: str | None, declared: str | None, shown: str | None
) -> None:
    assert family("iot", window=DAYS, retention=retention, lists_only=declared, **AUDIT).lists_only == shown


def test_the_id_that_an_answer_does_not_repeat_is_that_of_a_get_of_one() -> None:
    declared: dict[str, Any] = {
        "list": "ListBuilds",
        "get": "BatchGetBuilds",
        "job": Job(id="@"),
        "got": Job(id=NOT_HERE, status="buildStatus"),
        "states": {RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED FAULT TIMED_OUT STOPPED"},
    }
    refused("codebuild", "the job of BatchGetBuilds has no id", **declared)
    refused("iot", "a record of ListAuditTasks has no id", window=DAYS, **{**AUDIT, "job": Job(status="taskStatus")})
