"""The check of XML fixtures finds what the models do not allow, and what is written in XML is what botocore parses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import OperationModel
from botocore.parsers import create_parser

from local.catalogue.models import operation
from tests.contract.xml_answers import flaws, written

EXPORTS = operation("rds", "DescribeExportTasks")
JOBS = operation("s3control", "ListJobs")
IMPORTS = operation("ec2", "DescribeImportSnapshotTasks")
RESULT = """<DescribeExportTasksResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
<DescribeExportTasksResult>{}</DescribeExportTasksResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeExportTasksResponse>"""
TASK = "<ExportTasks><ExportTask>{}</ExportTask></ExportTasks>"
JOB = '<ListJobsResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Jobs><member>{}</member></Jobs></ListJobsResult>'


def test_a_true_answer_has_no_flaw() -> None:
    task = "<ExportOnly><member>db.t</member></ExportOnly><PercentProgress>0</PercentProgress>"
    times = "<TaskStartTime>2025-12-04T09:00:00.250Z</TaskStartTime><Status>A_NEW_WORD</Status>"
    assert flaws(RESULT.format(f"{TASK.format(task + times)}<Marker>m</Marker>"), EXPORTS) == []
    assert flaws(JOB.format("<JobId>j</JobId><Status>Complete</Status>"), JOBS) == []
    item = "<item><importTaskId>a</importTaskId><tagSet><item><key>k</key><value>v</value></item></tagSet></item>"
    body = f"<R><requestId>r</requestId><importSnapshotTaskSet>{item}</importSnapshotTaskSet></R>"
    assert flaws(body, IMPORTS) == []


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("<Colour>red</Colour>", "$.ExportTasks[0].Colour is unknown"),
        ("<PercentProgress>half</PercentProgress>", "$.ExportTasks[0].PercentProgress: 'half' is no integer"),
        ("<TaskStartTime>2025-12-04T09:00:00</TaskStartTime>", "is no timestamp"),
        ("<TaskStartTime>1764838800</TaskStartTime>", "is no timestamp"),
        ("<Status><Word>COMPLETE</Word></Status>", "$.ExportTasks[0].Status has elements"),
        ("<Status>COMPLETE</Status><Status>FAILED</Status>", "$.ExportTasks[0].Status is there 2 times"),
        ("<SourceType>TABLE</SourceType>", "'TABLE' is no string of"),
        ("<ExportOnly><item>db.t</item></ExportOnly>", "$.ExportTasks[0].ExportOnly: item is no member"),
        ("COMPLETE", "$.ExportTasks[0] has a text"),
    ],
)
def test_what_a_model_does_not_allow_is_a_flaw(task: str, said: str) -> None:
    [flaw] = flaws(RESULT.format(TASK.format(task)), EXPORTS)
    assert said in flaw


def test_the_parts_of_an_answer_are_where_its_protocol_has_them() -> None:
    assert flaws(f"<R>{TASK.format('')}</R>", EXPORTS)
    assert flaws(JOB.format("<Status>COMPLETE</Status>"), JOBS)
    assert flaws(JOB.format("<requestId>r</requestId>"), JOBS) == ["$.Jobs[0].requestId is unknown"]


def parsed(protocol: str, body: bytes, model: OperationModel) -> Any:
    assert model.output_shape is not None
    return create_parser(protocol).parse({"status_code": 200, "headers": {}, "body": body}, model.output_shape)


def test_what_is_written_is_what_botocore_parses() -> None:
    body = written(EXPORTS, {"ExportTasks": [{"Status": "x", "PercentProgress": 7, "ExportOnly": ["a", "b"]}]})
    answer = parsed("query", body, EXPORTS)
    assert answer["ExportTasks"] == [{"Status": "x", "PercentProgress": 7, "ExportOnly": ["a", "b"]}]
    body = written(JOBS, {"Jobs": [{"JobId": "j", "CreationTime": "2025-12-04T09:00:00Z"}]})
    answer = parsed("rest-xml", body, JOBS)
    assert answer["Jobs"] == [{"JobId": "j", "CreationTime": datetime(2025, 12, 4, 9, tzinfo=UTC)}]
