"""Assumed roles: one session for all threads, renewed before it expires; STS is asked once after a refusal."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from jobview.aws.clock import Clock
from jobview.aws.errors import ReadFailure, coverage_status
from jobview.aws.sessions import REFUSED_SECONDS, RoleCredentials
from jobview.model import CoverageStatus, ReadError
from jobview.model.role import Role

ROLE = Role(arn="arn:aws:iam::222233334444:role/JobviewMember", external_id="between-us")
DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, "AssumeRole")
THROTTLED = ClientError({"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}, "AssumeRole")


class Sts:
    """AWS's side: credentials for an hour from the clock's time on, or a configured error."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.asked: list[dict[str, str]] = []
        self.error: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.seconds)

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.seconds, sleep=lambda _: None, now=self.now)

    def assume_role(self, **inputs: str) -> dict[str, Any]:
        self.asked.append(inputs)
        self.before()
        if self.error is not None:
            raise self.error
        number = len(self.asked)
        return {
            "Credentials": {
                "AccessKeyId": f"key-{number}",
                "SecretAccessKey": f"secret-{number}",
                "SessionToken": f"token-{number}",
                "Expiration": self.now() + timedelta(hours=1),
            }
        }


@pytest.fixture
def sts() -> Sts:
    return Sts()


@pytest.fixture
def credentials(sts: Sts) -> RoleCredentials:
    return RoleCredentials(ROLE, lambda: sts, clock=sts.clock)


def refused(credentials: RoleCredentials) -> ReadError:
    with pytest.raises(ReadFailure) as raised:
        credentials.get_frozen_credentials()
    return raised.value.error


def test_nothing_is_asked_before_it_is_needed(sts: Sts, credentials: RoleCredentials) -> None:
    assert sts.asked == []
    assert credentials.get_frozen_credentials().access_key == "key-1"


def test_the_role_the_external_id_and_a_session_name_are_sent(sts: Sts, credentials: RoleCredentials) -> None:
    credentials.get_frozen_credentials()
    assert sts.asked == [{"RoleArn": ROLE.arn, "RoleSessionName": "jobview", "ExternalId": "between-us"}]
    RoleCredentials(Role(arn="arn:aws:iam::1:role/x"), lambda: sts, clock=sts.clock).get_frozen_credentials()
    assert sts.asked[1] == {"RoleArn": "arn:aws:iam::1:role/x", "RoleSessionName": "jobview"}


@pytest.mark.parametrize(
    ("minutes", "key"), [(0, "key-1"), (44, "key-1"), (46, "key-2"), (55, "key-2"), (59.9, "key-2"), (600, "key-2")]
)
def test_a_session_is_kept_and_renewed_before_it_expires(
    sts: Sts, credentials: RoleCredentials, minutes: float, key: str
) -> None:
    credentials.get_frozen_credentials()
    sts.seconds = minutes * 60
    found = credentials.get_frozen_credentials()
    assert (found.access_key, found.token) == (key, key.replace("key", "token"))


def test_early_in_the_renewal_a_failure_is_harmless(sts: Sts, credentials: RoleCredentials) -> None:
    credentials.get_frozen_credentials()
    sts.error = THROTTLED
    sts.seconds = 46 * 60
    assert credentials.get_frozen_credentials().access_key == "key-1"
    sts.seconds = 51 * 60
    assert refused(credentials).code == "Throttling"
    sts.error = None
    assert credentials.get_frozen_credentials().access_key != "key-1"


def test_a_refusal_names_the_role_and_not_the_external_id(sts: Sts, credentials: RoleCredentials) -> None:
    sts.error = DENIED
    error = refused(credentials)
    assert (error.kind, error.code, error.operation, error.retryable) == ("denied", "AccessDenied", "AssumeRole", False)
    assert error.message.startswith(f"{ROLE.arn} cannot be assumed: not authorized (")
    assert "between-us" not in error.message + repr(ROLE)
    assert coverage_status(error) is CoverageStatus.DENIED


def test_a_refusal_is_asked_for_once_a_minute(sts: Sts, credentials: RoleCredentials) -> None:
    sts.error = DENIED
    first = refused(credentials)
    assert refused(credentials) == first
    assert len(sts.asked) == 1
    sts.error = None
    sts.seconds = REFUSED_SECONDS + 1
    assert credentials.get_frozen_credentials().access_key == "key-2"
    sts.seconds += 3600
    assert credentials.get_frozen_credentials().access_key == "key-3"


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (THROTTLED, "throttled", CoverageStatus.THROTTLED),
        (ReadTimeoutError(endpoint_url="https://sts"), "timeout", CoverageStatus.FAILED),
        (EndpointConnectionError(endpoint_url="https://sts"), "connection", CoverageStatus.FAILED),
    ],
)
def test_what_may_pass_is_classified_and_asked_for_again(
    sts: Sts, credentials: RoleCredentials, error: Exception, kind: str, status: CoverageStatus
) -> None:
    sts.error = error
    told = refused(credentials)
    assert (told.kind, told.operation, told.retryable) == (kind, "AssumeRole", True)
    assert coverage_status(told) is status
    sts.error = None
    assert credentials.get_frozen_credentials().access_key == "key-2"


def together(count: int, sts: Sts, ask: Callable[[], object]) -> list[object]:
    """What each of many threads gets that ask while STS has not answered yet."""
    arrived, go = threading.Barrier(count + 1), threading.Event()
    sts.before = lambda: go.wait(10)
    results: list[object] = []

    def run() -> None:
        arrived.wait()
        try:
            results.append(ask())
        except ReadFailure as failure:
            results.append(failure.error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    arrived.wait()
    while not sts.asked:
        pass
    threading.Event().wait(0.1)  # the others have come to wait
    go.set()
    for thread in threads:
        thread.join(10)
    return results


def test_many_threads_ask_once(sts: Sts, credentials: RoleCredentials) -> None:
    found = together(16, sts, lambda: credentials.get_frozen_credentials().access_key)
    assert found == ["key-1"] * 16
    assert len(sts.asked) == 1


def test_many_threads_share_a_failure(sts: Sts, credentials: RoleCredentials) -> None:
    sts.error = THROTTLED
    found = together(16, sts, credentials.get_frozen_credentials)
    assert [error.code for error in found if isinstance(error, ReadError)] == ["Throttling"] * 16
    assert len(sts.asked) == 1


def test_a_deadline_may_be_far_away(sts: Sts) -> None:
    credentials = RoleCredentials(ROLE, lambda: sts, clock=sts.clock, seconds_left=lambda: 1e12)
    assert together(4, sts, lambda: credentials.get_frozen_credentials().access_key) == ["key-1"] * 4


def test_a_thread_waits_no_longer_than_it_may(sts: Sts) -> None:
    go = threading.Event()
    sts.before = lambda: go.wait(10)
    left = threading.local()
    credentials = RoleCredentials(
        ROLE, lambda: sts, clock=sts.clock, seconds_left=lambda: getattr(left, "seconds", None)
    )
    asking = threading.Thread(target=credentials.get_frozen_credentials)
    asking.start()
    while not sts.asked:
        pass
    left.seconds = 0.05
    error = refused(credentials)
    go.set()
    asking.join(10)
    assert (error.kind, error.operation) == ("deadline", "AssumeRole")
    assert credentials.get_frozen_credentials().access_key == "key-1"
