"""AWS IoT Device Advisor (``iotdeviceadvisor`` 2020-09-18): runs of test suites."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
DEVICE_ADVISOR = Service("iotdeviceadvisor", rate=1)

SUITE_DEFINITION = Parent(DEVICE_ADVISOR, "suite-definition", list="ListSuiteDefinitions", id="suiteDefinitionId")

SUITE_RUN = Family(
    DEVICE_ADVISOR, "suite-run", "AWS IoT Device Advisor suite run",
    under=[SUITE_DEFINITION],
    list="ListSuiteRuns",
    get="GetSuiteRun",
    job=Job(
        id="suiteRunId", parent="suiteDefinitionId", status="status", started="startedAt", ended="endAt",
    ),
    got=Job(
        started="startTime", ended="endTime", reason="errorReason", tags="tags",
    ),
    states={
        PENDING: "PENDING", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "CANCELED STOPPED",
        SUCCEEDED: "PASS PASS_WITH_WARNINGS", FAILED: "FAIL ERROR",
    },
    failures="The native record of a single run has the result of each test case, under testResult.",
)  # fmt: skip
