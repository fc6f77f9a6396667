"""The store: one DynamoDB table of views, histories, counts and coverage. ``Store`` is its API, ``table`` its layout.

Its costs (on demand, write units of 1 KB; a view takes 1 to 2 KB, transactions count double, each of the two
indexes that hold views counts once, or twice where its key changes, the third, of open jobs, where one opens or ends):

=====================================  ===========================================================================
a new job                              view 4, transition 2, indexes 5: about 11
a change of state                      view 4, transition 2, indexes 2 + 4: about 12; a failure 3 more
a change without one                   view 4, indexes 4: about 8
an observation that changes nothing    no write; half a read unit
counters                               2 for each family and state touched, once for some 33 jobs
coverage and schedule of a source      1 and 2 in the index, at each read
lease of a lane                        2 for each run
reservations of a quota                1 for up to a second's worth of calls
claim of a source                      1 for each source that a live read reads; half a read unit for each check of one
a page of 100 jobs                     about 35 read units (of 4 KB), from all 8 partitions of the index
=====================================  ===========================================================================

Its limits: DynamoDB allows a partition 1,000 write units and 3,000 read units a second.

- ``newest`` has ``LIST_SHARDS`` (8) partitions: about 4,000 changed jobs a second. ``byState`` has ``STATE_SHARDS``
  (4) for each state: about 2,000 jobs a second that enter or leave one state. Both are far above what the quotas of
  the listed services let a refresh find. An index that is throttled throttles the writes to the table; they are
  repeated, then given up as ``StoreBusyError`` and found again by the next refresh. Raise the numbers when that
  happens: jobs move to their new partition when they are next written, all partitions are read. Never lower them.
- Counters are spread over ``COUNT_SHARDS`` (8) rows, chosen anew after each conflict: some 500 transactions a second
  and row, of some 33 jobs each. A summary reads all of them, at the most about 50 small rows a family and shard.
- A list with a filter that few jobs match also reads jobs that do not match. A page reads at most
  ``paging.MOST_QUERIES`` (64) times 1 MB, about 8,000 read units and a second or two; then it ends early, with a
  ``next``. Searching a million jobs takes about 25 such pages. Filters by state and by creation time read only matching
  jobs.
- The indexes follow the table after some milliseconds: a list may not yet show a job that was saved just before.
  ``get`` with ``consistent=True`` does.
- A job's place in lists changes at most once, when its creation time becomes known later than the job.
"""

from jobview.store.change import Change, Saved
from jobview.store.claims import CLAIM_SECONDS, Claim, is_active_claim
from jobview.store.coverage import with_staleness
from jobview.store.job_claims import JobClaim, JobResult
from jobview.store.listing import is_position
from jobview.store.paging import Bounds, Page
from jobview.store.retention import Retention
from jobview.store.retry import StoreBusyError
from jobview.store.store import Store
from jobview.store.summary import Summary
from jobview.store.transitions import decode as decode_transition
from jobview.store.writing import OversizedJobError

__all__ = [
    "CLAIM_SECONDS",
    "Bounds",
    "Change",
    "Claim",
    "JobClaim",
    "JobResult",
    "OversizedJobError",
    "Page",
    "Retention",
    "Saved",
    "Store",
    "StoreBusyError",
    "Summary",
    "decode_transition",
    "is_active_claim",
    "is_position",
    "with_staleness",
]
