"""Parsing a page of 100 list items with two ISO 8601 times each: botocore's timestamp parser, or ours."""

import json

import boto3
from botocore.parsers import ResponseParserFactory

from bench.measuring import Contender, Result, compared, interleaved
from jobview.aws.timestamps import parse

ITEMS = 100


def measure(*, rounds: int) -> Result:
    """Compare the two, in whole pages as botocore parses them."""
    session = boto3.Session(region_name="us-east-1")
    core = session._session  # noqa: SLF001 - boto3 hands out the service models nowhere else
    shape = core.get_service_model("omics").operation_model("ListReferenceImportJobs").output_shape
    if shape is None:
        raise AssertionError("the operation has an answer")
    item = {
        "referenceStoreId": "1234567890",
        "roleArn": "arn:aws:iam::111122223333:role/OmicsImport",
        "status": "COMPLETED",
        "creationTime": "2026-11-20T10:00:00.123Z",
        "completionTime": "2026-11-20T10:12:00.456Z",
    }
    body = json.dumps({"importJobs": [{**item, "id": f"{number:010d}"} for number in range(ITEMS)]}).encode()
    response = {"status_code": 200, "headers": {}, "body": body}
    slow = ResponseParserFactory().create_parser("rest-json")
    ours = ResponseParserFactory()
    ours.set_parser_defaults(timestamp_parser=parse)
    fast = ours.create_parser("rest-json")
    if slow.parse(response, shape) != fast.parse(response, shape):
        raise AssertionError("the two parsers do not give the same page")
    medians = interleaved(
        [
            Contender(name="with our timestamp parser", run=lambda: fast.parse(response, shape)),
            Contender(name="with botocore's own", run=lambda: slow.parse(response, shape)),
            Contender(name="the JSON alone", run=lambda: json.loads(body)),
        ],
        rounds=rounds,
        repeat=5,
    )
    return Result(
        title=f"3. A page of {ITEMS} list items from bytes to Python values",
        what="CPU time for one page; ratio to the first",
        rows=compared(medians),
    )
