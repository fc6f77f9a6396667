"""The stand-in's parser and serialiser against botocore's own, over every operation of several services."""

import io
import math
import random
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSRequest, HeadersDict, prepare_request_dict
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.standin.parsing import parse_input
from local.standin.protocol import ServiceProtocol, load_models
from local.standin.serialising import serialise_output
from local.standin.validation import violations
from local.standin.wire import Request, ServiceError

REST = ("medical-imaging", "omics", "sesv2", "panorama", "batch")
JSON = ("stepfunctions", "athena", "transcribe", "healthlake")
XML = ("s3control", "route53", "cloudfront")
FORMS = ("rds", "autoscaling", "ec2")
EVERY = (*REST, *JSON, *XML, *FORMS)
PROTOCOLS = load_models(EVERY)
ROUNDS = 4
LETTERS = string.ascii_letters + string.digits


class Values:
    """Makes values of any shape; patterns are not kept, as neither side of the round trip looks at them."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - made-up values

    def of(self, shape: Shape, depth: int = 0) -> Any:
        if getattr(shape, "is_document_type", False):
            return {"a": [1, None, {"b": "ü"}]}
        if isinstance(shape, StructureShape):
            return self.structure(shape, depth)
        if isinstance(shape, ListShape):
            return [self.of(shape.member, depth + 1) for _ in range(self.random.randint(1, 2))]
        if isinstance(shape, MapShape):
            return {self.of(shape.key): self.of(shape.value, depth + 1) for _ in range(2)}
        return self.scalar(shape)

    def structure(self, shape: StructureShape, depth: int) -> dict[str, Any]:
        chosen = {
            name: member
            for name, member in shape.members.items()
            if name in shape.required_members
            or name == shape.serialization.get("payload")
            or self._always_there(member)
            or (depth < 4 and self.random.random() < 0.7)
        }
        if shape.is_tagged_union:
            name = self.random.choice(sorted(shape.members))
            chosen = {name: shape.members[name]}
        return {
            name: self.located(member) if member.serialization.get("location") else self.of(member, depth + 1)
            for name, member in chosen.items()
        }

    @staticmethod
    def _always_there(member: Shape) -> bool:
        where = member.serialization
        return where.get("location") == "uri" or where.get("name") == "Content-Type"

    def located(self, member: Shape) -> Any:
        where = member.serialization["location"]
        if where == "statusCode":
            return 200
        if where == "headers":
            return {"one": "1", "two": "zwei"}
        if member.serialization.get("jsonvalue"):
            return {"a": 1}
        return self.of(member, 5)

    def scalar(self, shape: Shape) -> Any:
        kind = shape.type_name
        if isinstance(shape, StringShape) and shape.enum:
            return self.random.choice(shape.enum)
        if kind in ("string", "character"):
            return "".join(self.random.choices(LETTERS + " -_/%:+,äß語", k=12)).strip(" ,") + "x"
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "long", "short", "byte"):
            return self.random.randint(-1000, 1000)
        if kind in ("float", "double"):
            return self.random.choice([0.0, 1.5, -2.25, 1e300])
        if kind == "blob":
            return self.random.randbytes(9)
        assert kind == "timestamp", kind
        return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=self.random.randint(0, 10**8))


def operations(protocol: ServiceProtocol) -> Iterator[OperationModel]:
    for name in protocol.model.operation_names:
        operation = protocol.operation(name)
        if not operation.has_event_stream_input and not operation.has_event_stream_output:
            yield operation


def sent(operation: OperationModel, parameters: dict[str, Any]) -> Request:
    """What botocore would send."""
    protocol = operation.service_model.resolved_protocol
    serialised = create_serializer(protocol, include_validation=False).serialize_to_request(parameters, operation)
    prepare_request_dict(serialised, endpoint_url="http://localhost", context={})
    request = AWSRequest(
        method=serialised["method"],
        url=serialised["url"],
        data=serialised["body"],
        headers=serialised["headers"],
    ).prepare()
    url = urlsplit(request.url)
    path, query = Request.split_target(f"{url.path}?{url.query}")
    headers: dict[str, Any] = dict(request.headers.items())
    body: Any = request.body or b""
    return Request(
        method=request.method,
        path=path,
        query=query,
        headers={
            name.lower(): value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()
        },
        body=body.encode() if isinstance(body, str) else body,
    )


def understood(operation: OperationModel, output: dict[str, Any]) -> Any:
    """What botocore reads from what the stand-in answers."""
    response = serialise_output(operation, output)
    assert operation.output_shape is not None
    parsed = create_parser(operation.service_model.resolved_protocol).parse(
        {
            "status_code": response.status,
            "headers": HeadersDict(response.headers),
            "body": io.BytesIO(response.body) if operation.has_streaming_output else response.body,
            "context": {},
        },
        operation.output_shape,
    )
    parsed.pop("ResponseMetadata")
    return {name: v.read() if isinstance(v, io.BytesIO) else v for name, v in parsed.items()}


def without_nothing(value: Any) -> Any:
    """A value without empty structures: a form has no way to write one."""
    if isinstance(value, dict):
        inner = {name: without_nothing(item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [item for item in map(without_nothing, value) if item not in ({}, [])]
    return value


@pytest.mark.parametrize("service", EVERY)
def test_requests_are_matched_and_read_as_botocore_wrote_them(service: str) -> None:
    protocol = PROTOCOLS[service]
    count = 0
    for operation in operations(protocol):
        for number in range(ROUNDS):
            values = Values(f"{service} {operation.name} {number}")
            shape = operation.input_shape
            parameters = values.structure(shape, 0) if shape else {}
            for name, value in list(parameters.items()):
                assert shape is not None
                member = shape.members[name]
                # Headers are ASCII, and nobody keeps the spaces at their ends.
                if member.serialization.get("location") == "header" and isinstance(value, str):
                    parameters[name] = value.encode("ascii", "ignore").decode().strip() + "x"
                if "{" + name + "}" in str(operation.endpoint):
                    parameters[name] = "111122223333"
            request = sent(operation, parameters)
            matched = protocol.match(request)
            assert matched is not None, (operation.name, request.method, request.path)
            assert matched[0] == operation.name
            found = parse_input(operation, request, matched[1])
            if service in FORMS:
                found, parameters = without_nothing(found), without_nothing(parameters)
            assert found == parameters, operation.name
            count += 1
    assert count >= ROUNDS * 3


@pytest.mark.parametrize("service", EVERY)
def test_answers_are_read_by_botocore_as_they_were_meant(service: str) -> None:
    for operation in operations(PROTOCOLS[service]):
        if operation.output_shape is None:
            continue
        for number in range(ROUNDS):
            output = Values(f"{service} {operation.name} {number}").structure(operation.output_shape, 0)
            assert understood(operation, output) == output, operation.name


@pytest.mark.parametrize("service", EVERY)
def test_every_pattern_of_a_model_can_be_checked(service: str) -> None:
    """Drawn values break patterns, but none is a pattern that we cannot compile."""
    for operation in operations(PROTOCOLS[service]):
        if operation.input_shape is not None:
            values = Values(operation.name).structure(operation.input_shape, 0)
            for sentence in violations(operation.input_shape, values):
                assert "failed to satisfy constraint" in sentence


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = st.integers(0, 4 * 10**15).map(lambda micros: EPOCH + timedelta(microseconds=micros))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(store=TEXT, token=TEXT, name=TEXT)
def test_any_text_survives_labels_queries_and_bodies(store: str, token: str, name: str) -> None:
    operation = PROTOCOLS["omics"].operation("ListReferenceImportJobs")
    parameters = {"referenceStoreId": store, "nextToken": token, "filter": {"status": name}}
    request = sent(operation, parameters)
    matched = PROTOCOLS["omics"].match(request)
    assert matched is not None
    assert parse_input(operation, request, matched[1]) == parameters


@settings(max_examples=100, deadline=None)
@given(moment=MOMENT, text=TEXT)
def test_any_moment_and_text_survives_an_answer(moment: datetime, text: str) -> None:
    for service, name, output in (
        ("omics", "GetReferenceImportJob", {"creationTime": moment, "statusMessage": text}),
        ("sesv2", "GetImportJob", {"CreatedTimestamp": moment, "JobId": text}),
        ("athena", "GetQueryExecution", {"QueryExecution": {"Status": {"SubmissionDateTime": moment}}}),
    ):
        assert understood(PROTOCOLS[service].operation(name), output) == output


def test_numbers_that_json_lacks_are_written_as_words() -> None:
    operation = PROTOCOLS["sesv2"].operation("GetDeliverabilityTestReport")
    placement = {"OverallPlacement": {"InboxPercentage": math.inf}}
    assert b'"Infinity"' in serialise_output(operation, placement).body


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"filter": 3}', b'{"filter": {"status": 3}}', b'{"filter": {"createdAfter": "soon"}}'],
)
def test_a_body_that_is_not_its_shape_is_a_serialization_error(body: bytes) -> None:
    operation = PROTOCOLS["omics"].operation("ListReferenceImportJobs")
    request = Request(method="POST", path="/referencestore/1/importjobs", body=body)
    with pytest.raises(ServiceError) as caught:
        parse_input(operation, request, {"referenceStoreId": "1"})
    assert caught.value.code == "SerializationException"
