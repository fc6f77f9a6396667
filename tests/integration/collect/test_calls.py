"""One call over real HTTP: retries by code, deadlines, pace, and answers that are none."""

import json
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from jobview.aws.calls import Calls
from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM
from jobview.aws.errors import ReadFailure
from jobview.model import ErrorKind, Target
from jobview.model.role import Role
from local.reservations import OwnReservations
from local.standin import Fault, StandIn
from tests.integration.collect.canned import Asked, Canned, FrozenTime, Told

TARGET = Target(account="111122223333", region="us-east-1")
CallsOf = Callable[..., Calls]


def refused(calls: Calls, *, deadline: float = 60.0, service: str = "sesv2", **options: Any) -> ReadFailure:
    operation = {"sesv2": "ListImportJobs", "omics": "ListReferenceStores", "glue": "GetJobs"}[service]
    with pytest.raises(ReadFailure) as raised:
        calls.call(service, TARGET, operation, {}, deadline=deadline, **options)
    return raised.value


def error(code: str, status: int = 400, message: str = "no") -> Told:
    return Told(status=status, headers={"x-amzn-ErrorType": code}, body=json.dumps({"message": message}))


@pytest.mark.parametrize("status", [400, 429, 503])
def test_a_throttled_call_is_tried_again_whatever_its_status(
    canned: Canned, calls_of: CallsOf, frozen_time: FrozenTime, status: int
) -> None:
    canned.answer = lambda _: (
        error("TooManyRequestsException", status) if len(canned.asked) < 3 else Told('{"ImportJobs": []}')
    )
    answer = calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60)
    assert answer.members["ImportJobs"] == []
    assert frozen_time.slept == [1.0, 2.0]


def test_trying_again_has_an_end(canned: Canned, calls_of: CallsOf) -> None:
    canned.answer = lambda _: error("TooManyRequestsException")
    told = refused(calls_of(canned.url, attempts=4)).error
    assert (told.kind, told.code, told.operation) == ("throttled", "TooManyRequestsException", "ListImportJobs")
    assert len(canned.asked) == 4


def test_pauses_vary(canned: Canned, at: Callable[..., Clients], frozen_time: FrozenTime) -> None:
    canned.answer = lambda _: error("TooManyRequestsException")
    refused(
        Calls(
            at(canned.url), clock=frozen_time.clock, reservations=OwnReservations(frozen_time.clock), jitter=lambda: 0.0
        )
    )
    assert frozen_time.slept == [0.5, 1.0]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "BadRequestException", "Other"])
def test_what_trying_again_cannot_help_is_asked_once(canned: Canned, calls_of: CallsOf, code: str) -> None:
    canned.answer = lambda _: error(code, status=503)
    assert refused(calls_of(canned.url)).error.code == code
    assert len(canned.asked) == 1


def test_a_pause_over_the_deadline_is_not_begun(canned: Canned, calls_of: CallsOf, frozen_time: FrozenTime) -> None:
    canned.answer = lambda _: error("TooManyRequestsException")
    told = refused(calls_of(canned.url), deadline=2.5).error
    assert told.kind == ErrorKind.THROTTLED
    assert frozen_time.slept == [1.0]


def test_no_call_begins_after_the_deadline(canned: Canned, calls_of: CallsOf) -> None:
    assert refused(calls_of(canned.url), deadline=0.0).error.kind == ErrorKind.DEADLINE
    assert refused(calls_of(canned.url), deadline=0.0, rate=1.0).error.kind == ErrorKind.DEADLINE
    assert canned.asked == []


def test_a_call_under_way_is_given_up_at_the_deadline(standin: StandIn, at: Callable[..., Clients]) -> None:
    standin.faults.add(Fault(kind="latency", seconds=5), service="omics")
    calls = Calls(at(standin.url), reservations=OwnReservations(SYSTEM))
    before = SYSTEM.monotonic()
    told = refused(calls, service="omics", deadline=before + 0.3).error
    assert told.kind == ErrorKind.DEADLINE
    assert SYSTEM.monotonic() - before < 4


def test_a_slow_service_is_a_timeout(standin: StandIn, at: Callable[..., Clients], frozen_time: FrozenTime) -> None:
    standin.faults.add(Fault(kind="latency", seconds=5), service="omics")
    calls = Calls(
        at(standin.url, read_timeout=0.2),
        clock=frozen_time.clock,
        reservations=OwnReservations(frozen_time.clock),
        attempts=2,
    )
    told = refused(calls, service="omics").error
    assert (told.kind, told.code, told.retryable) == ("timeout", "ReadTimeoutError", True)


@pytest.mark.parametrize("kind", ["drop", "reset"])
def test_a_dropped_connection_is_tried_again(standin: StandIn, calls_of: CallsOf, kind: str) -> None:
    standin.faults.add(Fault(kind=kind), service="sesv2", times=1)
    assert calls_of(standin.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60).members["ImportJobs"] == []
    standin.faults.add(Fault(kind=kind), service="sesv2")
    assert refused(calls_of(standin.url)).error.kind == ErrorKind.CONNECTION


def test_nobody_at_home_is_a_connection_failure(calls_of: CallsOf) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    told = refused(calls_of(url)).error
    assert (told.kind, told.code) == ("connection", "EndpointConnectionError")


def test_a_host_that_does_not_exist_is_a_region_without_the_service(calls_of: CallsOf) -> None:
    told = refused(calls_of("http://no-such-host.invalid")).error
    if "does not exist" not in told.message:  # a resolver that is itself away says so for every name
        assert told.kind == ErrorKind.CONNECTION
    else:
        assert (told.kind, told.retryable) == ("unsupported", False)


def test_missing_credentials_are_reported_as_such(
    canned: Canned, calls_of: CallsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in [name for name in os.environ if name.startswith("AWS_CONTAINER")]:
        monkeypatch.delenv(name)
    assert refused(calls_of(canned.url, fresh=True)).error.kind == ErrorKind.EXPIRED
    assert canned.asked == []


def test_an_input_that_the_model_forbids_never_leaves(canned: Canned, calls_of: CallsOf) -> None:
    with pytest.raises(ReadFailure) as raised:
        calls_of(canned.url).call("sesv2", TARGET, "GetImportJob", {"JobId": 3}, deadline=60)
    assert raised.value.error.kind == ErrorKind.INVALID
    assert canned.asked == []


def test_an_unknown_service_is_unsupported(calls_of: CallsOf, canned: Canned) -> None:
    with pytest.raises(ReadFailure) as raised:
        calls_of(canned.url).call("nosuchservice", TARGET, "List", {}, deadline=60)
    assert raised.value.error.kind == ErrorKind.UNSUPPORTED


@pytest.mark.parametrize("service", ["sesv2", "omics", "glue"])
@pytest.mark.parametrize(
    "body", ["", "{", '{"ImportJobs": [{"JobId": "a"}', "<html>busy</html>", "[]", "null", '"text"', "3", "\u0000"]
)
def test_status_200_without_a_json_object_is_malformed(
    canned: Canned, calls_of: CallsOf, service: str, body: str
) -> None:
    canned.answer = lambda _: Told(body)
    told = refused(calls_of(canned.url), service=service).error
    assert (told.kind, told.retryable) == ("malformed", True)
    assert len(canned.asked) == 3


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"ImportJobs": [3]}', "ImportJobs[0]"),
        ('{"ImportJobs": [{"CreatedTimestamp": "soon"}]}', "ImportJobs[0].CreatedTimestamp"),
    ],
)
def test_a_value_of_another_type_than_the_model_s_is_null(
    canned: Canned, calls_of: CallsOf, body: str, path: str
) -> None:
    canned.answer = lambda _: Told(body)
    answer = calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60)
    assert answer.unreadable == (path,)


@pytest.mark.parametrize("kind", ["malformed", "truncated", "cut"])
def test_an_answer_spoilt_on_its_way_is_tried_again(standin: StandIn, calls_of: CallsOf, kind: str) -> None:
    standin.seed("sesv2", "import")
    standin.faults.add(Fault(kind=kind), service="sesv2", times=1)
    members = calls_of(standin.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60).members
    assert len(members["ImportJobs"]) == 1


@pytest.mark.parametrize("body", ["{}", '{"ImportJobs": []}', '{"message": "hello"}', '{"unknown": 1}'])
def test_an_honest_empty_answer_is_an_answer(canned: Canned, calls_of: CallsOf, body: str) -> None:
    canned.answer = lambda _: Told(body)
    assert not calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60).members.get("ImportJobs")


def test_an_operation_without_output_members_needs_no_body(canned: Canned, calls_of: CallsOf) -> None:
    canned.answer = lambda _: Told("")
    answer = calls_of(canned.url).call("sesv2", TARGET, "CancelExportJob", {"JobId": "j"}, deadline=60)
    assert set(answer.members) == {"ResponseMetadata"}


def test_calls_keep_the_pace_of_their_lane_only(canned: Canned, calls_of: CallsOf, frozen_time: FrozenTime) -> None:
    calls = calls_of(canned.url)
    for region in ("us-east-1", "us-east-1", "eu-west-1"):
        target = Target(account="111122223333", region=region)
        calls.call("sesv2", target, "ListImportJobs", {}, deadline=60, rate=1.0)
    assert frozen_time.slept == [1.0]


def test_a_share_of_the_rate_is_left_to_others(
    canned: Canned, at: Callable[..., Clients], frozen_time: FrozenTime
) -> None:
    calls = Calls(at(canned.url), clock=frozen_time.clock, reservations=OwnReservations(frozen_time.clock), share=0.25)
    for _ in range(2):
        calls.call("sesv2", TARGET, "ListImportJobs", {}, deadline=60, rate=1.0)
    assert frozen_time.slept == [4.0]


def test_retries_keep_the_pace_too(canned: Canned, calls_of: CallsOf, frozen_time: FrozenTime) -> None:
    canned.answer = lambda _: error("InternalServerException") if len(canned.asked) == 1 else Told()
    calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60, rate=1.0)
    assert frozen_time.slept == [0.2, pytest.approx(0.8)]


def test_the_answer_has_the_time_of_its_request(canned: Canned, at: Callable[..., Clients]) -> None:
    calls = Calls(at(canned.url), reservations=OwnReservations(SYSTEM))
    before = SYSTEM.now()
    asked_at = calls.call("sesv2", TARGET, "ListImportJobs", {}, deadline=SYSTEM.monotonic() + 10).asked_at
    assert before <= asked_at <= SYSTEM.now()


def test_calls_name_their_software(canned: Canned, calls_of: CallsOf) -> None:
    calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60)
    assert "jobview/0.1" in canned.asked[0].headers["User-Agent"].split()


def test_many_threads_share_one_client(canned: Canned, at: Callable[..., Clients]) -> None:
    clients = at(canned.url)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(clients.client("sesv2", TARGET))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(client) for client in found}) == 1


def test_the_clients_used_last_are_kept(canned: Canned, at: Callable[..., Clients]) -> None:
    clients = at(canned.url, fresh=True, most=2)
    one, two, three = (replace(TARGET, region=region) for region in ("us-east-1", "us-west-2", "eu-west-1"))
    first, second = clients.client("sesv2", one), clients.client("sesv2", two)
    assert clients.client("sesv2", one) is first
    clients.client("sesv2", three)
    assert clients.client("sesv2", one) is first
    assert clients.client("sesv2", two) is not second


def test_times_are_parsed_by_the_fast_parser(canned: Canned, calls_of: CallsOf) -> None:
    canned.answer = lambda _: Told('{"ImportJobs": [{"CreatedTimestamp": 1795342272.5}]}')
    [job] = calls_of(canned.url).call("sesv2", TARGET, "ListImportJobs", {}, deadline=60).members["ImportJobs"]
    assert job["CreatedTimestamp"].isoformat() == "2026-11-22T10:11:12.500000+00:00"


def test_an_answer_in_xml_is_not_taken_for_json(moto: str, calls_of: CallsOf) -> None:
    answer = calls_of(moto).call("sts", TARGET, "GetCallerIdentity", {}, deadline=60)
    assert answer.members["Account"].isdigit()


def test_a_client_is_made_before_the_turn_comes(
    canned: Canned, frozen_time: FrozenTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make one takes as long as some turns are apart: the call would begin when others have theirs."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", canned.url)
    canned.answer = lambda _: Told('{"ImportJobs": []}')
    order: list[str] = []

    class Ordered(Clients):
        def client(self, service: str, target: Target) -> Any:
            order.append("client")
            return super().client(service, target)

    class OrderedReservations(OwnReservations):
        def reserve(self, *args: Any, **options: Any) -> Any:
            order.append("reservation")
            return super().reserve(*args, **options)

    calls = Calls(Ordered(), clock=frozen_time.clock, reservations=OrderedReservations(frozen_time.clock))
    calls.call("sesv2", TARGET, "ListImportJobs", {}, deadline=60, rate=1.0)
    assert order == ["client", "reservation"]


ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


@pytest.mark.parametrize("refused_role", [False, True])
def test_a_role_is_assumed_before_the_turn_comes(
    canned: Canned, frozen_time: FrozenTime, monkeypatch: pytest.MonkeyPatch, refused_role: bool
) -> None:
    """And with a role that cannot be assumed nothing is reserved."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", canned.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", TARGET.region)
    order: list[str] = []

    def answer(asked: Asked) -> Told:
        if b"Action=AssumeRole" not in asked.body:
            order.append("list")
            return Told('{"ImportJobs": []}')
        order.append("role")
        return error("AccessDenied", 403) if refused_role else Told(ASSUMED, headers={"Content-Type": "text/xml"})

    class OrderedReservations(OwnReservations):
        def reserve(self, *args: Any, **options: Any) -> Any:
            order.append("reservation")
            return super().reserve(*args, **options)

    canned.answer = answer
    clients = Clients(roles={TARGET.account: Role(arn=f"arn:aws:iam::{TARGET.account}:role/JobviewMember")})
    calls = Calls(clients, clock=frozen_time.clock, reservations=OrderedReservations(frozen_time.clock), attempts=1)
    if refused_role:
        assert refused(calls, rate=1.0).error.operation == "AssumeRole"
        assert order == ["role"]
    else:
        calls.call("sesv2", TARGET, "ListImportJobs", {}, deadline=60, rate=1.0)
        assert order == ["role", "reservation", "list"]
