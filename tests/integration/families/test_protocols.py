"""What no family of the catalogue needs of the generic stand-in: declared here, and prepared nowhere."""

import pytest

from jobview.catalogue import language
from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Job,
    Parent,
    Service,
)
from local.catalogue import models
from local.catalogue.compiling import compiled
from tests.integration.families.played import run_through
from tests.integration.families.test_every_family import FAMILIES

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
DECLARED = {"ec2": IMAGE_EXPORT, "whole ARNs as ids, under parents with such ids": TASK_EXECUTION}


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
def test_from_start_to_end(declared: language.Family) -> None:
    run_through(compiled(declared))


def test_the_catalogue_needs_everything_else() -> None:
    """The families that ``test_every_family`` reads stay so different that nothing else has to be declared here."""
    protocols = {models.service_model(family.service).resolved_protocol for family in FAMILIES}
    assert protocols | {"ec2"} == {"json", "rest-json", "query", "rest-xml", "ec2"}
    assert {len(family.parents) for family in FAMILIES} == {0, 1, 2, 3}
    assert any(family.get is None for family in FAMILIES)
    assert any(family.get_fields.arns for family in FAMILIES if family.get_fields is not None)
