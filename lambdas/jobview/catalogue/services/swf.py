"""Amazon SWF (``swf`` 2012-01-25): workflow executions that have closed."""

from datetime import timedelta

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNTIL,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# A guess on the safe side.
SWF = Service("swf", rate=2)

DOMAIN = Parent(
    SWF, "domain", list="ListDomains", inputs={"registrationStatus": "REGISTERED"}, id="name", page_size=1000,
)  # fmt: skip

WORKFLOW_EXECUTION = Family(
    SWF, "workflow-execution", "Amazon SWF workflow execution",
    under=[DOMAIN],
    # A domain keeps closed executions for 90 days at the most.
    list="ListClosedWorkflowExecutions", window=timedelta(days=90),
    inputs={"closeTimeFilter": {"oldestDate": SINCE, "latestDate": UNTIL}}, page_size=1000,
    lists_only="executions that have closed",
    # A get needs the workflow's id too, and says nothing more about a closed execution.
    job=Job(
        id="execution.runId", status="executionStatus", name="execution.workflowId", created="startTimestamp",
        started="startTimestamp", ended="closeTimestamp",
        # CONTINUED_AS_NEW: it was completed, and another execution goes on. TERMINATED: somebody ended it by force.
        when=(
            When(SUCCEEDED, "closeStatus", ("FAILED", "TIMED_OUT"), FAILED),
            When(SUCCEEDED, "closeStatus", ("CANCELED", "TERMINATED"), CANCELLED),
        ),
    ),
    states={RUNNING: "OPEN", SUCCEEDED: "CLOSED"},
    retention="as the domain says, 90 days at the most",
)  # fmt: skip
