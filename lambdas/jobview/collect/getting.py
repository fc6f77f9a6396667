"""Gets single jobs, one by one or in batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from jobview.aws.calls import Answer, Calls
from jobview.aws.errors import ReadFailure, classify_code, failure
from jobview.aws.unreadable import Records, Unreadable
from jobview.catalogue.family import Family
from jobview.catalogue.operations import GetCall
from jobview.catalogue.records import Fields
from jobview.collect import paging, templates
from jobview.collect.native import native_record
from jobview.collect.normalise import id_in, observe_item, parent_in
from jobview.collect.paths import find, last_of_arn
from jobview.model import Depth, ErrorKind, Observation, ReadError, Target, Via
from jobview.model.jobid import JobKey

FAILURES_IN_A_ROW = 3
"""After this many failed jobs in a row the service is considered down, and no more jobs are read."""

WRONG_PARENT = "WrongParent"
"""Jobview's own error code: the service has the job under another parent."""

_ITS_OWN = frozenset({ErrorKind.NOT_FOUND, ErrorKind.INVALID, ErrorKind.MALFORMED, ErrorKind.SERVICE})
"""Kinds of failure that may affect one job only. All others affect every job."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """The result of getting one job: an observation with the native record, or an error."""

    key: JobKey
    observation: Observation | None = None
    error: ReadError | None = None
    """The kind is ``not_found`` where the service says that there is no such job."""
    native: Mapping[str, Any] | None = field(default=None, repr=False)
    """The service's own record as JSON types, for ``include=native``; never stored or logged."""
    record: Mapping[str, Any] | None = field(default=None, repr=False)
    """boto3's record, including presigned URLs: for item-level results only."""


def get_jobs(
    calls: Calls,
    family: Family,
    target: Target,
    keys: Sequence[JobKey],
    deadline: float,
    unreadable: Unreadable | None = None,
) -> Iterator[Got]:
    """Yield exactly one ``Got`` for every key, in their order except within batches; see ``Reader.get_jobs``."""
    call = family.get
    if call is None or family.get_fields is None:
        raise ValueError(f"{family.name} has no get")
    lost = Unreadable() if unreadable is None else unreadable
    asking = _Asking(calls, family, target, call, family.get_fields, deadline, lost)
    in_a_row = 0
    stopped: ReadError | None = None
    for chunk in _chunks(keys, call.batch):
        if stopped is not None:
            yield from (Got(key=key, error=stopped) for key in chunk)
            continue
        for got in asking.ask(chunk):
            yield got
            if got.error is None or got.error.kind in {ErrorKind.NOT_FOUND, ErrorKind.INVALID}:
                in_a_row = 0
            else:
                in_a_row += 1
                if got.error.kind not in _ITS_OWN or in_a_row >= FAILURES_IN_A_ROW:
                    stopped = got.error


def _chunks(keys: Sequence[JobKey], batch: int | None) -> Iterator[list[JobKey]]:
    for _, same_parent in groupby(keys, key=lambda key: key.parents):
        together = list(same_parent)
        for start in range(0, len(together), batch or 1):
            yield together[start : start + (batch or 1)]


@dataclass(frozen=True, slots=True)
class _Asking:
    """The get operation of a family in a target."""

    calls: Calls
    family: Family
    target: Target
    get: GetCall
    fields: Fields
    deadline: float
    unreadable: Unreadable

    def ask(self, keys: list[JobKey]) -> Iterator[Got]:
        askable = [key for key in keys if key.exact]
        for key in keys:
            if not key.exact:
                message = "the id is too long for a job id, and its digest cannot be used in a call"
                yield self._failed(key, ErrorKind.INVALID, "InexactId", message)
        if askable:
            yield from self._ask(askable)

    def _ask(self, keys: list[JobKey]) -> Iterator[Got]:
        parents = self.family.path(keys[0].parents)
        filled = templates.values(self.target, parents=parents, native_id=keys[0].native_id)
        inputs = templates.inputs(self.get.inputs, filled, ids=[key.native_id for key in keys])
        try:
            answer = self.calls.call(
                self.family.service,
                self.target,
                self.get.operation,
                inputs,
                deadline=self.deadline,
                rate=self.get.rate,
                quota=self.get.quota_name,
            )
            paging.require_readable(self.get.item, answer, self.get.operation)
            if self.get.unanswered is not None:
                paging.require_readable(self.get.unanswered.path, answer, self.get.operation)
            if find(self.get.item, answer.members) is None:
                paging.require(self.get, self.get.item, answer)
        except ReadFailure as stopped:
            error = stopped.error
            error = missing(error, self.get.missing)
            if len(keys) > 1 and error.kind in {ErrorKind.INVALID, ErrorKind.NOT_FOUND}:
                # In some services one bad id fails the whole batch.
                half = len(keys) // 2
                yield from self._ask(keys[:half])
                yield from self._ask(keys[half:])
                return
            yield from (Got(key=key, error=error) for key in keys)
            return
        lost = Records(self.get.item, answer.unreadable)
        if self.get.batch is None:
            answers = [self._got(keys[0], find(self.get.item, answer.members), answer.asked_at, lost.of(None))]
        else:
            answers = list(self._matched(keys, answer, lost))
        self.unreadable.add(self.get.operation, lost.paths())
        yield from answers

    def _matched(self, keys: list[JobKey], answer: Answer, lost: Records) -> Iterator[Got]:
        records = find(self.get.item, answer.members) or ()
        listed = {id_in(self.fields, record): (number, record) for number, record in enumerate(records)}
        refused = dict(self._refused(answer))
        for key in keys:
            if key.native_id in listed:
                number, record = listed[key.native_id]
                yield self._got(key, record, answer.asked_at, lost.of(number))
            elif key.native_id in refused:
                yield Got(key=key, error=refused[key.native_id])
            elif None in listed or None in refused:
                message = "the answer has a record without an id, which may be this job"
                yield self._failed(key, ErrorKind.MALFORMED, "MissingId", message)
            else:
                message = "the service's answer does not have the job"
                yield self._failed(key, ErrorKind.NOT_FOUND, "NotInAnswer", message)

    def _refused(self, answer: Answer) -> Iterator[tuple[str, ReadError]]:
        declared = self.get.unanswered
        if declared is None:
            return
        for refusal in find(declared.path, answer.members) or ():
            code, message = find(declared.code, refusal), find(declared.message, refusal)
            error = classify_code(str(code or "Unknown"), str(message or ""), self.get.operation)
            named = find(declared.id, refusal)
            if "id" in self.fields.arns and isinstance(named, str):
                named = last_of_arn(named)
            yield named, missing(error, declared.missing)

    def _got(self, key: JobKey, record: Any, asked_at: datetime, unreadable: set[str]) -> Got:
        if not isinstance(record, Mapping):
            return self._failed(key, ErrorKind.MALFORMED, "MalformedAnswer", "the answer has no job")
        own_id = id_in(self.fields, record)
        if own_id not in (None, key.native_id):
            return self._failed(key, ErrorKind.MALFORMED, "WrongJob", "the service answered with another job")
        if own_id is None and find(self.fields.status, record) is None:
            return self._failed(key, ErrorKind.MALFORMED, "MalformedAnswer", "the answer has neither id nor status")
        own_parent = parent_in(self.fields, record)
        if key.parents and own_parent not in (None, key.parents[-1]):
            # Some operations use only the id. Under another parent the job would be stored as another job.
            return self._failed(key, ErrorKind.NOT_FOUND, WRONG_PARENT, "the service has the job under another parent")
        observation = observe_item(
            self.family,
            self.target,
            self.family.path(key.parents),
            record,
            self.fields,
            depth=Depth.DETAIL,
            via=Via.GET,
            observed_at=asked_at,
            key=key,
            unreadable=unreadable,
        )
        native = native_record(record, (*self.family.withheld, *self.get.sensitive))
        return Got(key=key, observation=observation, native=native, record=record)

    def _failed(self, key: JobKey, kind: ErrorKind, code: str, message: str) -> Got:
        return Got(key=key, error=failure(kind, code, message, self.get.operation).error)


def missing(error: ReadError, declared: Mapping[str, str]) -> ReadError:
    """Return the error, with the kind ``not_found`` if its code and message are declared (``GetCall.missing``)."""
    text = declared.get(error.code)
    if text is None or text not in error.message.lower():
        return error
    return replace(error, kind=ErrorKind.NOT_FOUND.value, retryable=False)
