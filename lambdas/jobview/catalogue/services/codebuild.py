"""AWS CodeBuild (``codebuild`` 2016-10-06): builds of projects."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Job,
    Parent,
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
