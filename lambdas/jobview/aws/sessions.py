"""Credentials for another account: an assumed role, shared by all calls and renewed before it expires."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from botocore.credentials import DeferredRefreshableCredentials, ReadOnlyCredentials

from jobview.aws.clock import SYSTEM, Clock
from jobview.aws.errors import MESSAGE_LIMIT, ReadFailure, classify, failure
from jobview.model import ErrorKind, ReadError
from jobview.model.role import Role

OPERATION = "AssumeRole"
SESSION_NAME = "jobview"
"""The session's name in the other account's CloudTrail."""
RENEWED_SECONDS = 600
"""The seconds before the credentials expire from which every caller waits for new ones. botocore uses the same."""
REFUSED_SECONDS = 60.0
"""How long a refusal is remembered. So STS is called once for all sources of the account, and Jobview notices new
access after a minute."""


class RoleCredentials(DeferredRefreshableCredentials):
    """Credentials of an assumed role for botocore's signers; safe for many threads.

    The role is assumed on first use. Its credentials last an hour, STS's maximum for a role that assumes a role. In
    their last fifteen minutes one caller renews them while the others use the old ones, and a failure does no harm. In
    the last ten minutes, and at first use, all callers wait for the one that calls STS. If it fails, all of them raise
    the same ``ReadFailure`` of the operation ``AssumeRole``, which names the role.

    Parameters
    ----------
    role
        The role and its external id.
    sts
        Returns the STS client.
    clock
        Time, injected.
    seconds_left
        How long the calling thread may wait; ``None``: as long as it takes.
    """

    def __init__(
        self,
        role: Role,
        sts: Callable[[], Any],
        *,
        clock: Clock = SYSTEM,
        seconds_left: Callable[[], float | None] = lambda: None,
    ) -> None:
        super().__init__(refresh_using=self._assume, method="assume-role", time_fetcher=clock.now)
        self._role = role
        self._sts = sts
        self._clock = clock
        self._seconds_left = seconds_left
        self._lock = threading.Lock()
        self._asking: Future[None] | None = None
        self._refused: tuple[ReadError, float] | None = None

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The current credentials.

        Raises
        ------
        ReadFailure
            The role cannot be assumed, or the time to wait for it is over.
        """
        if self.refresh_needed(RENEWED_SECONDS):
            self._together()
        return super().get_frozen_credentials()

    def _together(self) -> None:
        """Call STS, or wait for the thread that is calling it. botocore's own lock would wait without a limit."""
        with self._lock:
            self._raise_if_refused()
            asking = self._asking
            if asking is None:
                mine = self._asking = Future()
        if asking is not None:
            self._wait_for(asking)
            return
        try:
            super().get_frozen_credentials()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(None)
        finally:
            with self._lock:
                self._asking = None

    def _wait_for(self, asking: Future[None]) -> None:
        seconds = self._seconds_left()
        try:
            asking.result(timeout=None if seconds is None else min(seconds, threading.TIMEOUT_MAX))
        except TimeoutError as error:
            message = f"{self._role.arn}: there was no answer before the deadline"
            raise failure(ErrorKind.DEADLINE, "DeadlineExceeded", message, OPERATION) from error
        except ReadFailure as error:
            raise ReadFailure(error.error) from error

    def _assume(self) -> Mapping[str, str]:
        self._raise_if_refused()
        inputs = {"RoleArn": self._role.arn, "RoleSessionName": SESSION_NAME}
        if self._role.external_id is not None:
            inputs["ExternalId"] = self._role.external_id
        try:
            issued = self._sts().assume_role(**inputs)["Credentials"]
        except Exception as error:
            read_error = self._explained(classify(error, OPERATION))
            if not read_error.retryable:
                self._refused = (read_error, self._clock.monotonic() + REFUSED_SECONDS)
            raise ReadFailure(read_error) from error
        self._refused = None
        return {
            "access_key": issued["AccessKeyId"],
            "secret_key": issued["SecretAccessKey"],
            "token": issued["SessionToken"],
            "expiry_time": issued["Expiration"].isoformat(),
        }

    def _raise_if_refused(self) -> None:
        refused = self._refused
        if refused is not None and self._clock.monotonic() < refused[1]:
            raise ReadFailure(refused[0])

    def _explained(self, error: ReadError) -> ReadError:
        hint = ""
        if error.kind == ErrorKind.DENIED:
            hint = " (the role does not exist, does not trust this deployment, or requires another external id)"
        message = f"{self._role.arn} cannot be assumed: {error.message}{hint}"
        return replace(error, message=message[:MESSAGE_LIMIT])
