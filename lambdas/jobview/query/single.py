"""Answers about one job: its view, its history, its items, its links."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from jobview import catalogue
from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.http import problems
from jobview.http.problems import Problem
from jobview.items.readers import InvalidItemsTokenError
from jobview.model import ErrorKind, JobView, ReadError, SourceKind, State, StoredJob, Target
from jobview.model.jobid import JobKey
from jobview.monitored import Monitored
from jobview.query import tokens
from jobview.query.answer import Answer, dumps
from jobview.query.live import Freshness
from jobview.query.observing import Observer, ReadCounts
from jobview.query.shared_job import SharedJob
from jobview.reader import Reader
from jobview.refresh.refresher import Refresher
from jobview.store import Store


class Single:
    """Answers about one job, from the store or from AWS.

    Parameters
    ----------
    monitored
        The monitored families and targets.
    store, reader, refresher
        The stored jobs; the reader of items; the refresher, which reads a job and stores it.
    now
        The clock: an aware UTC time.
    observe
        Gets the counts of each live read.
    """

    def __init__(
        self,
        *,
        monitored: Monitored,
        store: Store,
        reader: Reader,
        refresher: Refresher,
        now: Callable[[], datetime],
        observe: Observer,
    ) -> None:
        self._monitored = monitored
        self._store = store
        self._reader = reader
        self._shared = SharedJob(refresher=refresher, store=store, now=now, left=reader.left, observe=observe)
        self._now = now
        self._observe = observe

    def job(self, key: JobKey, *, freshness: Freshness, native: bool) -> Answer:
        """Answer with one job. It is read from AWS if the cache is too old, or if the caller wants the native record.

        Callers at the same time share one read. The native record is not stored, so each caller reads it itself.

        Raises
        ------
        Problem
            The job does not exist, AWS could not be read, or the family is retired.
        """
        oldest = self._now() - timedelta(seconds=freshness.max_age or 0)
        stored = self._store.get(str(key))
        key = key if stored is None else stored.view.key
        if not native and freshness.max_age is None:
            if stored is None:
                raise Problem(
                    "job-not-found",
                    f"{key} is not in the cache. Add maxAge=0 to read it from AWS now.",
                    members={"job": str(key)},
                )
            return _plain(stored.view)
        if not native and stored is not None and self._fresh(stored, oldest):
            return _plain(stored.view)
        family = self._askable(key)
        target, deadline = _target(key), freshness.deadline
        if native:
            read = self._shared.read_alone(family, target, key, deadline=deadline, known=stored)
        else:
            read = self._shared.read(family, target, key, oldest=oldest, deadline=deadline, known=stored)
        if read.view is None:
            raise _unread(key, read.error, known=stored is not None)
        if not native:
            return _plain(read.view)
        body = f'{read.view.to_json()[:-1]},"native":{dumps(read.native)}}}'
        return Answer(body=body, keep=False)

    def transitions(self, key: JobKey, *, limit: int, token: str | None) -> Answer:
        """The job's history, oldest first; it may outlive the job itself.

        Raises
        ------
        Problem
            The job is unknown, or the token is of another job.
        """
        name = {"route": "transitions", "job": str(key)}
        after = None if token is None else _number(tokens.unseal(name, token))
        found, last = self._store.transitions(str(key), limit=limit, after=after)
        if not found and self._store.get(str(key)) is None:
            raise Problem("job-not-found", f"There is no history of {key}.", members={"job": str(key)})
        following = None if last is None else tokens.seal(name, str(last))
        body = dumps({"transitions": [change.to_dict() for change in found], "nextToken": following})
        return Answer(body=body, etag=(body,), next_token=following)

    def items(self, key: JobKey, *, limit: int, token: str | None, deadline: float) -> Answer:
        """A page of the job's item-level results, read from AWS now.

        Raises
        ------
        Problem
            The job is not in the cache, its items could not be read, or the token is of another job.
        """
        name = {"route": "items", "job": str(key)}
        after = None if token is None else tokens.unseal(name, token)
        family, view = self._cached(key)
        lost = Unreadable()
        try:
            page = self._reader.items(family, view, deadline, limit=limit, token=after, unreadable=lost)
        except InvalidItemsTokenError as error:
            raise problems.invalid_token("belongs to an earlier state of this job") from error
        except ReadFailure as failure:
            if failure.error.kind == ErrorKind.NOT_FOUND:
                raise _no_items(key, failure.error) from failure
            raise problems.of_read_error(failure.error, str(key)) from failure
        unknown = sum(item["state"] == State.UNKNOWN for item in page.items)
        self._observe(ReadCounts(unknown=unknown, unreadable=lost.count))
        following = None if page.next is None else tokens.seal(name, page.next)
        body = dumps({"items": page.items, "nextToken": following, "how": _how(family, view)})
        return Answer(body=body, next_token=following, keep=False)

    def links(self, key: JobKey, *, deadline: float) -> Answer:
        """The links to the job's data that the service signs now.

        Raises
        ------
        Problem
            The job is not in the cache, or AWS could not be read.
        """
        family, view = self._cached(key)
        try:
            found = self._reader.links(family, view, deadline)
        except ReadFailure as failure:
            raise _unread(key, failure.error, known=False) from failure
        return Answer(body=dumps({"links": found}), keep=False)

    def _cached(self, key: JobKey) -> tuple[Family, JobView]:
        """The cached job, after a check that it can be read from AWS."""
        stored = self._store.get(str(key))
        if stored is None:
            raise Problem(
                "job-not-found",
                f"{key} is not in the cache. GET /v1/jobs/{key}?maxAge=0 reads it from AWS.",
                members={"job": str(key)},
            )
        return self._askable(stored.view.key), stored.view

    def _fresh(self, stored: StoredJob, oldest: datetime) -> bool:
        """True where the job, or its source, was read after ``oldest``."""
        if stored.view.observed_at > oldest:
            return True
        key = stored.view.key
        family = catalogue.FAMILIES.get(f"{key.service}/{key.type}")
        if family is not None and family.list is None and not stored.open:
            return False  # a read of its source asks for open jobs alone
        rows = self._store.coverage([key.service], [_target(key)])
        return any(
            row.as_of is not None
            and row.as_of > oldest
            and row.source.type == key.type
            and row.source.kind is SourceKind.JOBS
            and row.source.parents == stored.view.parents
            for row in rows
        )

    def _askable(self, key: JobKey) -> Family:
        """The job's family, after a check that the job can be read from AWS."""
        family = catalogue.FAMILIES.get(f"{key.service}/{key.type}")
        if family is None:
            raise _not_monitored(key, f"There is no family {key.service}/{key.type}; GET /v1/families lists them.")
        if family not in self._monitored.families:
            if family.retired is not None:
                raise problems.retired(family.name, family.title, family.retired)
            raise _not_monitored(key, f"This deployment does not monitor {family.name}.")
        read_in = family.read_in(self._monitored.targets)
        if _target(key) not in read_in:
            detail = f"This deployment does not monitor {key.region} of account {key.account}."
            for target in read_in if family.global_regions else ():
                if target.account == key.account:
                    detail += f" {family.service} is a global service: its jobs are in {target.region}."
            raise _not_monitored(key, detail)
        if len(key.parents) != len(family.parents):
            raise Problem(
                "job-not-found",
                f"An id of {family.name} has {_parents(family)} before the native id.",
                members={"job": str(key)},
            )
        if not key.sendable:
            raise Problem(
                "job-not-found",
                "AWS has no job with such an id.",
                members={"job": str(key)},
            )
        if not key.exact:
            listed = f" GET /v1/jobs?service={key.service}&type={key.type}&maxAge=0 reads it into the cache."
            raise Problem(
                "job-not-found",
                f"A part of {key} is too long for an id, so the id has a digest instead. "
                "The full text is not in the cache, so the job cannot be read from AWS."
                f"{'' if family.list is None else listed}",
                members={"job": str(key)},
            )
        return family


def _number(cursor: str) -> int:
    """The number of a transition."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", cursor):
        raise problems.invalid_token("has no position in a history")
    return int(cursor)


def _plain(view: JobView) -> Answer:
    body = view.to_json()
    return Answer(body=body, etag=(body,))


def _target(key: JobKey) -> Target:
    return Target(account=key.account, region=key.region)


def _parents(family: Family) -> str:
    """The parts before the native id, in words."""
    return " and ".join(f"a {parent.type}" for parent in family.parents) or "no parent"


def _unread(key: JobKey, error: ReadError | None, *, known: bool) -> Problem:
    """The problem of a job that AWS did not return."""
    if error is None:
        return Problem(
            "job-not-found",
            f"{key} ended longer ago than this deployment keeps jobs.",
            members={"job": str(key)},
        )
    if error.kind == ErrorKind.NOT_FOUND:
        hint = " The cache has its last view: leave maxAge out." if known else ""
        return Problem(
            "job-not-found",
            f"AWS has no job {key}: {error.message}.{hint}",
            members={
                "job": str(key),
                "awsCode": error.code,
                "source": str(key),
                "operation": error.operation,
                "retryable": False,
            },
        )
    return problems.of_read_error(error, str(key))


def _not_monitored(key: JobKey, detail: str) -> Problem:
    return Problem("not-monitored", detail, members={"job": str(key)})


def _no_items(key: JobKey, error: ReadError) -> Problem:
    return Problem(
        "items-not-found",
        f"The item-level results of {key} are not there: {error.message}",
        members={
            "job": str(key),
            "awsCode": error.code,
            "source": str(key),
            "operation": error.operation,
            "retryable": error.retryable,
        },
    )


def _how(family: Family, view: JobView) -> str | None:
    """Where a person finds the items, in words."""
    if view.failures is not None:
        return view.failures.how
    signed = "GET the job's links.data: the service signs links to the job's results." if family.presigned else None
    return family.failures_how or signed
