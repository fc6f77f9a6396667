"""Reads a family from AWS: its parents, the list of its jobs, single jobs, item-level results."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from jobview.aws.calls import Calls
from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM, Clock
from jobview.aws.errors import ReadFailure, failure
from jobview.aws.rate_limiter import Reservations
from jobview.aws.unreadable import Records, Unreadable, filtered_by
from jobview.catalogue.family import Family
from jobview.collect import finding, getting, paging, templates
from jobview.collect.getting import Got
from jobview.collect.links import links
from jobview.collect.normalise import id_in, job_key, observe_item
from jobview.collect.paging import Position
from jobview.collect.paths import find, last_of_arn
from jobview.collect.retired import judge, judged
from jobview.items.readers import ItemsPage, ItemsReader, asked, items_of
from jobview.model import Depth, ErrorKind, JobView, Observation, Parent, Source, Target, Via
from jobview.model.jobid import JobKey
from jobview.model.utf8 import encodable

__all__ = ["Got", "Listed", "Position", "Reader"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed(Generic[T]):
    """A page of a source's list."""

    records: list[T]
    fingerprint: str
    """A digest that is equal for equal records. It covers the members of a view, and so no presigned link."""
    following: Position | None
    """The position of the next page; ``None``: this is the last one."""


class Reader:
    """Reads AWS as the catalogue declares it; safe for many threads.

    Every ``deadline`` is an absolute value of the clock's ``monotonic``. No call begins after it, and a running call is
    abandoned then.

    Parameters
    ----------
    clients
        The source of boto3 clients.
    clock
        Time, injected.
    attempts
        The largest number of attempts for a call whose error code says that a retry may help.
    reservations
        Assigns the moments at which calls may begin, so that they stay within the quotas.
    share
        The part of the quotas that is used, above 0 and at most 1. The rest is left to others in the account.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        reservations: Reservations,
        clock: Clock = SYSTEM,
        attempts: int = 3,
        share: float = 1.0,
    ) -> None:
        self._calls = Calls(clients, clock=clock, attempts=attempts, reservations=reservations, share=share)

    def parents(
        self, family: Family, discovery: Source, deadline: float, *, unreadable: Unreadable | None = None
    ) -> Iterator[list[Parent]]:
        """Yield pages of a discovery's parents. Values that cannot be read are added to ``unreadable``.

        Raises
        ------
        ReadFailure
            They could not all be listed; the pages before were yielded.
        ValueError
            The family has no such parents.
        """
        depth = len(discovery.parents)
        if depth >= len(family.parents):
            raise ValueError(f"{family.name} has no parents under {discovery.id}")
        kind, target = family.parents[depth], discovery.target
        service = kind.service or family.service
        nameless = 0
        undecided: str | None = None
        with judged(family, self._today()):
            self._support(family, target)
            for page in paging.pages(
                self._calls, service, target, kind.call, templates.values(target, parents=discovery.parents), deadline
            ):
                ids = [find(kind.id, item) for item in page.items]
                if kind.arn:
                    ids = [last_of_arn(each) if isinstance(each, str) else each for each in ids]
                parents = [Parent(type=kind.type, id=each) for each in ids if isinstance(each, str) and _is_name(each)]
                nameless += len(ids) - len(parents)
                undecided = undecided or filtered_by(kind.call.items, page.unreadable)
                _add(unreadable, kind.call.operation, page.unreadable)
                yield parents
        _complain(nameless, kind.call.operation)
        if undecided is not None:
            message = f"{undecided} cannot be read, which decides whether a record counts"
            raise failure(ErrorKind.MALFORMED, "UnreadableRecord", message, kind.call.operation, retryable=False)

    def list_jobs(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        start: Position | None = None,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Listed[Observation]]:
        """Yield pages of the source's jobs: all, or those ``since`` a time, as the family's ``narrowing`` declares.

        A list that requires a period ends at ``until``, when the read began; ``None``: now. ``start`` continues where
        another read with the same ``since`` and ``until`` stopped. Values that cannot be read are added to
        ``unreadable``.

        Raises
        ------
        ReadFailure
            They could not all be listed; the pages before were yielded.
        """
        call, fields = family.listed
        depth = Depth.DETAIL if family.list_tells_all else Depth.SUMMARY
        nameless = 0
        for page in self._pages(family, source, deadline, since, until, start):
            lost = Records(call.items, page.unreadable)
            observed = [
                observe_item(
                    family,
                    source.target,
                    source.parents,
                    item,
                    fields,
                    depth=depth,
                    via=Via.LIST,
                    observed_at=page.asked_at,
                    unreadable=lost.of(number),
                )
                for number, item in enumerate(page.items)
            ]
            _add(unreadable, call.operation, lost.paths())
            observations = [observation for observation in observed if observation is not None]
            nameless += len(observed) - len(observations)
            yield _listed(observations, page, map(_visible, observations))
        _complain(nameless, call.operation)

    def list_ids(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        until: datetime | None = None,
        start: Position | None = None,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Listed[JobKey]]:
        """Yield pages of the keys of the source's jobs, for a family whose list returns ids alone (``lists_ids_only``).

        ``until`` and ``start`` are as of ``list_jobs``.

        Raises
        ------
        ReadFailure
            They could not all be listed; the pages before were yielded.
        """
        call, fields = family.listed
        nameless = 0
        for page in self._pages(family, source, deadline, None, until, start):
            listed = [job_key(family, source.target, source.parents, id_in(fields, item)) for item in page.items]
            _add(unreadable, call.operation, page.unreadable)
            keys = [key for key in listed if key is not None]
            nameless += len(listed) - len(keys)
            yield _listed(keys, page, map(str, keys))
        _complain(nameless, call.operation)

    def get_jobs(
        self,
        family: Family,
        target: Target,
        keys: Sequence[JobKey],
        deadline: float,
        *,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Got]:
        """Get single jobs, in batches where the family allows it: exactly one ``Got`` for every key.

        For a family without a get the list is searched.

        It never raises an error of AWS. If a failure affects more than one job (denied, throttled, out of time …), the
        remaining jobs are not read and get the same error. Values that cannot be read are added to ``unreadable``.
        """
        try:
            self._support(family, target)
        except ReadFailure as stopped:
            answers = iter([Got(key=key, error=stopped.error) for key in keys])
        else:
            ask = finding.find_jobs if family.get is None else getting.get_jobs
            answers = ask(self._calls, family, target, keys, deadline, unreadable)
        for got in answers:
            yield got if got.error is None else replace(got, error=judge(family, got.error, self._today()))

    def require_support(self, family: Family, target: Target) -> None:
        """Refuse a target of which it is known, without asking AWS, that it does not have the family's service.

        Raises
        ------
        ReadFailure
            The region does not have the service, or AWS has ended it.
        """
        with judged(family, self._today()):
            self._support(family, target)

    def refine(
        self,
        reader: ItemsReader,
        view: JobView,
        target: Target,
        deadline: float,
        *,
        unreadable: Unreadable | None = None,
    ) -> Observation:
        """Read the item-level results that lie outside the service: the same job at depth ``ITEMS``.

        Raises
        ------
        ReadFailure
            They could not be read.
        """
        return reader.refine(view, self._calls, target, deadline, Unreadable() if unreadable is None else unreadable)

    def items(
        self,
        family: Family,
        view: JobView,
        deadline: float,
        *,
        limit: int,
        token: str | None = None,
        unreadable: Unreadable | None = None,
    ) -> ItemsPage:
        """Read a page of the job's item-level results. Values that cannot be read are added to ``unreadable``.

        Raises
        ------
        ReadFailure
            They could not be read.
        InvalidItemsTokenError
            The token is not from an earlier page of this job.
        """
        with judged(family, self._today()):
            target = Target(account=view.key.account, region=view.key.region)
            self._support(family, target)
            lost = Unreadable() if unreadable is None else unreadable
            return items_of(self._calls, family, view, target, deadline, unreadable=lost, limit=limit, token=token)

    def links(self, family: Family, view: JobView, deadline: float) -> list[dict[str, str]]:
        """The links to the job's data that the service signs for this answer, if any.

        Raises
        ------
        ReadFailure
            The job could not be read.
        """
        if not family.presigned:
            return []
        with judged(family, self._today()):
            target = Target(account=view.key.account, region=view.key.region)
            self._support(family, target)
            _, record = asked(self._calls, family, view, target, deadline)
            return list(links(family, record))

    def left(self, deadline: float) -> float:
        """Seconds until the deadline; negative after it."""
        return deadline - self._calls.clock.monotonic()

    def is_over(self, deadline: float) -> bool:
        """True from the deadline on."""
        return self.left(deadline) <= 0

    def _pages(
        self,
        family: Family,
        source: Source,
        deadline: float,
        since: datetime | None,
        until: datetime | None,
        start: Position | None,
    ) -> Iterator[paging.Page]:
        with judged(family, self._today()):
            self._support(family, source.target)
            call, _ = family.listed
            filled = templates.values(source.target, parents=source.parents)
            yield from paging.pages(
                self._calls,
                family.service,
                source.target,
                call,
                filled,
                deadline,
                since=since,
                until=until,
                start=start,
            )

    def _today(self) -> date:
        return self._calls.clock.now().date()

    def _support(self, family: Family, target: Target) -> None:
        if not self._calls.clients.supported(family, target.region):
            raise failure(
                ErrorKind.UNSUPPORTED,
                "RegionNotSupported",
                f"{family.service} is not in {target.region}",
            )


def _add(unreadable: Unreadable | None, operation: str, paths: Iterable[str]) -> None:
    if unreadable is not None:
        unreadable.add(operation, paths)


def _listed(records: list[T], page: paging.Page, texts: Iterable[str]) -> Listed[T]:
    digest = hashlib.blake2b(digest_size=9)
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return Listed(
        records=records,
        fingerprint=urlsafe_b64encode(digest.digest()).decode(),
        following=page.following,
    )


def _visible(observation: Observation) -> str:
    """Every part of an observation that a client would see, except the time of the read."""
    return f"{observation.counter} {replace(observation.view, observed_at=_EPOCH).to_json()}"


def _is_name(text: str) -> bool:
    """True for a text that a view can contain: not empty, and without lone surrogates."""
    return text != "" and encodable(text) == text


def _complain(nameless: int, operation: str) -> None:
    """Fail after the last page if there were records without an id, because those cannot be got."""
    if nameless:
        raise failure(
            ErrorKind.MALFORMED, "MissingId", f"{nameless} listed records have no id", operation, retryable=False
        )
