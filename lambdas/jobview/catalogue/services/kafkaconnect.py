"""Amazon MSK Connect (``kafkaconnect`` 2021-09-14): operations on connectors."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Parts,
    Service,
)

# A guess on the safe side.
KAFKA_CONNECT = Service("kafkaconnect", rate=2)

CONNECTOR = Parent(KAFKA_CONNECT, "connector", list="ListConnectors", id="connectorArn")

CONNECTOR_OPERATION = Family(
    KAFKA_CONNECT, "connector-operation", "Amazon MSK Connect connector operation",
    under=[CONNECTOR],
    list="ListConnectorOperations",
    get="DescribeConnectorOperation",
    job=Job(id="connectorOperationArn", status="connectorOperationState", created="creationTime", ended="endTime"),
    got=Job(
        parent="connectorArn", reason="errorInfo.message",
        parts=Parts(
            unit="steps", path="operationSteps", status="stepState",
            outcomes={
                "PENDING": PENDING, "IN_PROGRESS": RUNNING, "COMPLETED": SUCCEEDED, "FAILED": FAILED,
                "CANCELLED": CANCELLED,
            },
        ),
    ),
    # ROLLBACK_COMPLETE: the update failed, and MSK Connect undid it.
    states={
        PENDING: "PENDING",
        RUNNING: "UPDATE_IN_PROGRESS PAUSE_IN_PROGRESS RESUME_IN_PROGRESS RESTART_IN_PROGRESS ROLLBACK_IN_PROGRESS",
        SUCCEEDED: "UPDATE_COMPLETE PAUSE_COMPLETE RESUME_COMPLETE RESTART_COMPLETE",
        FAILED: "UPDATE_FAILED PAUSE_FAILED RESUME_FAILED RESTART_FAILED ROLLBACK_FAILED ROLLBACK_COMPLETE",
    },
)  # fmt: skip
