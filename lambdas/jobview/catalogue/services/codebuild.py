"""AWS CodeBuild (``codebuild`` 2016-10-06): builds of projects, batch builds and test reports."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Cause,
    Counts,
    Events,
    Family,
    Job,
    Logs,
    Parent,
    Parts,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
CODEBUILD = Service("codebuild", rate=2)

PROJECT = Parent(CODEBUILD, "project", list="ListProjects", id="@")

BUILD = Family(
    CODEBUILD, "build", "AWS CodeBuild build",
    under=[PROJECT],
    # The list returns ids alone. For one project they are ordered by build number, for all projects no order is
    # documented.
    list="ListBuildsForProject", inputs={"sortOrder": "DESCENDING"},
    newest_first="the sort order in the inputs, by build number",
    get="BatchGetBuilds",
    job=Job(id="@"),
    got=Job(
        id="id", status="buildStatus",
        # A build is in progress as soon as somebody has requested it.
        when=(When(RUNNING, "currentPhase", ("SUBMITTED", "QUEUED"), PENDING),), parent="projectName",
        name="projectName", started="startTime", ended="endTime",
        causes=(Cause(at="phases[].contexts[]", message="message"),), role="serviceRole",
        logs=Logs(group="{logs.groupName}", stream="{logs.streamName}"),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED FAULT TIMED_OUT", CANCELLED: "STOPPED"},
    # A build specification inside the project contains commands.
    withheld=(
        "environment.environmentVariables", "environment.registryCredential", "exportedEnvironmentVariables",
        "source.buildspec", "secondarySources[].buildspec",
    ),
    console="codebuild/home#/builds/{id}/view/new",
    events=Events("CodeBuild Build State Change", id='"build-id"', parent='"project-name"', status='"build-status"'),
)  # fmt: skip

BUILD_BATCH = Family(
    CODEBUILD, "build-batch", "AWS CodeBuild batch build",
    # The list returns ids alone, in the order of the ids.
    list="ListBuildBatches",
    get="BatchGetBuildBatches",
    job=Job(id="@"),
    got=Job(
        id="id", name="projectName", status="buildBatchStatus", started="startTime", ended="endTime",
        when=(When(RUNNING, "currentPhase", ("SUBMITTED",), PENDING),),
        causes=(Cause(at="phases[].contexts[]", message="message"),), role="serviceRole",
        outputs=("artifacts.location",),
        parts=Parts(
            unit="builds", path="buildGroups", status="currentBuildSummary.buildStatus",
            outcomes={
                "IN_PROGRESS": RUNNING, "SUCCEEDED": SUCCEEDED, "FAILED": FAILED, "FAULT": FAILED,
                "TIMED_OUT": FAILED, "STOPPED": CANCELLED,
            },
            uri="currentBuildSummary.arn",
        ),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED FAULT TIMED_OUT", CANCELLED: "STOPPED"},
    failures="Each build group of the batch has the id of its build, which has its own reason.",
    withheld=(
        "environment.environmentVariables", "environment.registryCredential", "source.buildspec",
        "secondarySources[].buildspec",
    ),
)  # fmt: skip

REPORT = Family(
    CODEBUILD, "report", "AWS CodeBuild test report",
    list="ListReports", inputs={"sortOrder": "DESCENDING"}, newest_first="the sort order in the inputs",
    get="BatchGetReports",
    job=Job(id="@"),
    got=Job(
        id="arn", name="name", status="status", created="created", inputs=("executionId",),
        # FAILED does not count the tests that ended with an ERROR.
        counts=Counts(
            unit="tests", total="testSummary.total", succeeded="testSummary.statusCounts.SUCCEEDED",
        ),
    ),
    # FAILED is the tests' result. No document says how an INCOMPLETE report came about, and a deletion does not show
    # how the report ended.
    states={RUNNING: "GENERATING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", UNKNOWN: "INCOMPLETE DELETING"},
    failures="DescribeTestCases has the message of each test.",
    retention="30 days",
)  # fmt: skip
