"""Finds single jobs of a family without a get by reading its list."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from jobview.aws.calls import Calls
from jobview.aws.errors import ReadFailure, failure
from jobview.aws.unreadable import Records, Unreadable
from jobview.catalogue.family import Family
from jobview.collect import paging, templates
from jobview.collect.getting import Got
from jobview.collect.native import native_record
from jobview.collect.normalise import id_in, job_key, observe_item
from jobview.model import Depth, ErrorKind, Target, Via
from jobview.model.jobid import JobKey


def find_jobs(
    calls: Calls,
    family: Family,
    target: Target,
    keys: Sequence[JobKey],
    deadline: float,
    unreadable: Unreadable | None = None,
) -> Iterator[Got]:
    """Yield exactly one ``Got`` for every key: the listed job, or kind ``not_found`` after everything was listed."""
    for _, together in groupby(keys, key=lambda key: key.parents):
        lost = Unreadable() if unreadable is None else unreadable
        yield from _under_one_parent(calls, family, target, list(together), deadline, lost)


def _under_one_parent(
    calls: Calls, family: Family, target: Target, keys: list[JobKey], deadline: float, unreadable: Unreadable
) -> Iterator[Got]:
    parents = family.path(keys[0].parents)
    left = {str(key): key for key in keys}
    call, fields = family.listed
    error = failure(ErrorKind.NOT_FOUND, "NotListed", "the service does not list the job", call.operation).error
    filled = templates.values(target, parents=parents)
    try:
        for page in paging.pages(calls, family.service, target, call, filled, deadline):
            lost = Records(call.items, page.unreadable)
            for number, record in enumerate(page.items):
                key = left.pop(str(job_key(family, target, parents, id_in(fields, record))), None)
                if key is None:
                    continue
                observation = observe_item(
                    family,
                    target,
                    parents,
                    record,
                    fields,
                    depth=Depth.DETAIL,
                    via=Via.LIST,
                    observed_at=page.asked_at,
                    key=key,
                    unreadable=lost.of(number),
                )
                native = native_record(record, (*family.withheld, *call.sensitive))
                yield Got(key=key, observation=observation, native=native, record=record)
            unreadable.add(call.operation, lost.paths())
            if not left:
                return
    except ReadFailure as stopped:
        error = stopped.error
    yield from (Got(key=key, error=error) for key in left.values())
