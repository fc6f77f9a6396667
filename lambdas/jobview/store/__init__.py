"""The store: one DynamoDB table of views, histories, counts and coverage. See ``Store``; the layout is in ``table``."""

from jobview.store.change import Change
from jobview.store.coverage import with_staleness
from jobview.store.listing import ListQuery
from jobview.store.paging import Page
from jobview.store.retention import Retention
from jobview.store.retry import StoreBusyError
from jobview.store.store import Store
from jobview.store.summary import Summary
from jobview.store.writing import OversizedJobError

__all__ = [
    "Change",
    "ListQuery",
    "OversizedJobError",
    "Page",
    "Retention",
    "Store",
    "StoreBusyError",
    "Summary",
    "with_staleness",
]
