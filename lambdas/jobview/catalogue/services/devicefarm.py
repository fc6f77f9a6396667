"""AWS Device Farm (``devicefarm`` 2015-06-23): test runs, and uploads of apps and tests.

The jobs, suites and tests of a run are its parts. A remote access session is a session of a person.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
DEVICE_FARM = Service("devicefarm", rate=1)

PROJECT = Parent(DEVICE_FARM, "project", list="ListProjects", id="arn")

RUN = Family(
    DEVICE_FARM, "run", "AWS Device Farm run",
    under=[PROJECT],
    list="ListRuns", inputs={"arn": "{parent}"},
    get="GetRun", get_inputs={"arn": "{id}"},
    job=Job(
        id="arn", status="status", name="name", created="created", started="started", ended="stopped",
        reason="message", role="executionRoleArn",
        # The status says that the run ended, the result how. SKIPPED: the tests could not be read or set up.
        when=(
            When(SUCCEEDED, "result", ("FAILED", "ERRORED", "SKIPPED"), FAILED),
            When(SUCCEEDED, "result", ("STOPPED",), CANCELLED),
        ),
        counts=Counts(
            unit="tests", total="counters.total", succeeded=("counters.passed", "counters.warned"),
            failed=("counters.failed", "counters.errored"), skipped=("counters.skipped", "counters.stopped"),
        ),
    ),
    # PROCESSING is in the middle of a run: Device Farm processes its results.
    states={
        PENDING: "PENDING PENDING_CONCURRENCY PENDING_DEVICE SCHEDULING PREPARING", RUNNING: "RUNNING PROCESSING",
        CANCELLING: "STOPPING", SUCCEEDED: "COMPLETED",
    },
    failures="ListJobs, ListSuites and ListTests have the result and the message of each part of the run.",
    presigned=("parsingResultUrl",),
    withheld=("environmentVariables",),
    retention="400 days",
)  # fmt: skip

UPLOAD = Family(
    DEVICE_FARM, "upload", "AWS Device Farm upload",
    under=[PROJECT],
    list="ListUploads", inputs={"arn": "{parent}"},
    get="GetUpload", get_inputs={"arn": "{id}"},
    job=Job(id="arn", status="status", name="name", created="created", reason="message"),
    # INITIALIZED: Device Farm waits for the file.
    states={PENDING: "INITIALIZED", RUNNING: "PROCESSING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    presigned=("url",),
)  # fmt: skip
