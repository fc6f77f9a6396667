"""The page of the documentation that lists every family, made from the compiled tables."""

from collections.abc import Iterable
from pathlib import Path

from jobview.catalogue.family import Family
from jobview.model import State
from local import emulated
from local.standin.state import BY_HAND

PAGE = Path(__file__).parents[2] / "docs" / "families.md"

_INTRODUCTION = """\
# Families

The {families} kinds of job that Jobview reads, in {services} AWS services. `make catalogue` writes this page from the
declarations; [Adding a family](adding-a-family.md) explains them. `GET /v1/families` returns the same facts and more,
such as permissions and rates.

- **found by**: the operation that lists the jobs, and the parents that it is called for. "id or event" means that no
  operation lists them: Jobview knows such a job once it is asked for by its id, or once an event names it.
- **one job by**: the operation that returns more about a job than the list.
- **changes by**: "events" where the service sends events about its jobs to EventBridge; else the jobs are polled, often
  while one of them is active and seldom otherwise.
- **failed items by**: how Jobview finds out that a job which the service calls done has failed items: a status word,
  counts, a list of parts, or a file of results. Without it, `SUCCEEDED` means what the service says.
- **items by**: the operation that lists the items of one job, for `GET /v1/jobs/{{id}}/items`.
- **kept**: how long AWS keeps the job's record, where AWS documents it. Jobview keeps its own history.
- **read in tests from**: *ministack* and *moto* are emulators of other authors, whose jobs were made with the services'
  own calls; *by hand* is a service that we wrote from AWS's documents, and *declaration* our stand-in, which plays the
  family as it is declared. The last one shows that Jobview reads what is declared, and not that the declaration is
  right; the answers in `tests/fixtures` are there for that.

| family | what | found by | one job by | changes by | failed items by | items by | kept | states | read in tests from |
|---|---|---|---|---|---|---|---|---|---|
"""


def page(families: Iterable[Family]) -> str:
    """Return the page as Markdown: one row a family, in the order of the names."""
    rows = sorted(families, key=lambda family: family.name)
    introduction = _INTRODUCTION.format(families=len(rows), services=len({row.service for row in rows}))
    return introduction + "".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in _cells(row))} |\n" for row in rows
    )


def _cells(family: Family) -> list[str]:
    cells = (
        f"`{family.name}`",
        family.title + (f" (AWS shut it down on {family.retired})" if family.retired else ""),
        _found_by(family),
        f"`{family.get.operation}`" if family.get is not None else "",
        "events" if family.events is not None else "polling",
        ", ".join(_failed_items_by(family)),
        f"`{family.items_list.operation}`: {family.items_list.unit}" if family.items_list is not None else "",
        family.retention or "",
        "; ".join(_states(family)),
        _read_from(family),
    )
    return [cell.replace("|", "&#124;") for cell in cells]


def _found_by(family: Family) -> str:
    if family.list is None:
        return "id or event"
    under = "".join(f", {parent.type}" for parent in family.parents).replace(",", " of each", 1)
    only = f"; only {family.lists_only}" if family.lists_only else ""
    return f"`{family.list.operation}`{under}{only}"


def _failed_items_by(family: Family) -> list[str]:
    tables = [fields for fields in (family.list_fields, family.get_fields) if fields is not None]
    found = {
        "status": State.PARTIALLY_SUCCEEDED in family.states.values(),
        "counts": any(fields.counts is not None and fields.counts.failed is not None for fields in tables),
        "parts": any(fields.parts is not None for fields in tables),
        "results": family.items_reader is not None,
    }
    return [kind for kind, holds in found.items() if holds]


def _states(family: Family) -> list[str]:
    words: dict[State, list[str]] = {}
    for word, state in family.states.items():
        words.setdefault(state, []).append(f"`{word}`")
    return [f"{state.value}: {' '.join(words[state])}" for state in State if state in words]


def _read_from(family: Family) -> str:
    emulators = {"ministack": emulated.FAMILIES, "moto": emulated.IN_TESTS}
    playing = [name for name, families in emulators.items() if family.name in families]
    if playing:
        return ", ".join(playing)
    by_hand = BY_HAND.get(family.service)
    return "by hand" if by_hand is not None and family.type in by_hand.kinds else "declaration"
