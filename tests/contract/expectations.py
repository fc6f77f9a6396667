"""What the fixtures of a family come to, as somebody wrote it down, and what the catalogue makes of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.catalogue.operations import Call
from jobview.collect import templates
from jobview.collect.normalise import job_key, observe_item
from jobview.collect.paths import find
from jobview.model import Depth, JobView, Parent, Target, Via
from tests.contract.fixtures import FOLDER, answers, parsed, variant
from tests.contract.shapes import jobs

TARGET = Target(account="111122223333", region="us-east-1")
NOW = datetime(2025, 12, 5, 12, 0, 0, 999_999, tzinfo=UTC)
PERIOD = {"since": NOW - timedelta(days=1), "until": NOW}
"""The times of a list that requires a period."""


def expected(name: str) -> dict[str, Any]:
    """What the fixtures of a family come to: ``<type>.expected.json`` beside them.

    ``parents`` are the ids that each list of parents tells, of which the first is the fixtures' own. ``listed`` and
    ``got`` have native id → state, verified, and whatever else of the view is to be held; ``listed`` is left out for a
    list of ids alone, and where there is no list. ``logs`` has native id → the link to the log. ``event``
    has the ``detail`` of an event as the service documents it, and the ``job`` that it names.
    """
    declared = family(name)
    text = (FOLDER / declared.service / f"{declared.type}.expected.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(text)
    return told


def parents_of(declared: Family) -> tuple[Parent, ...]:
    """The parents that the fixtures of a family are under, the farthest first."""
    return declared.path([expected(declared.name)["parents"][kind.type][0] for kind in declared.parents])


def views(name: str, kind: str) -> dict[str, dict[str, Any]]:
    """Native id → job view as the API shows it, of all the fixtures of the family's list or get.

    Where a got record does not repeat the id, it is the fixture's variant: ``<operation>-<id>.json``.
    """
    declared = family(name)
    [job] = [job for job in jobs(declared) if job.kind == kind]
    made = {}
    for path in answers(declared.service, job.call.operation):
        found = find(job.at, parsed(path))
        key = None if job.fields.id is not None else job_key(declared, TARGET, parents_of(declared), variant(path))
        for one in found if isinstance(found, list) else [found]:
            observation = observe_item(
                declared,
                TARGET,
                parents_of(declared),
                one,
                job.fields,
                depth=Depth.DETAIL if kind == "get" else Depth.SUMMARY,
                via=Via.GET if kind == "get" else Via.LIST,
                observed_at=NOW,
                key=key,
            )
            assert observation is not None
            assert JobView.from_json(observation.view.to_json()) == observation.view
            made[observation.view.key.native_id] = json.loads(observation.view.to_json())
    return made


def known_ids(declared: Family) -> list[str]:
    """The native ids of the family's fixtures: those that are listed, or else those that are got."""
    return list(views(declared.name, "get" if declared.list is None else "list"))


def filled(declared: Family, call: Call, native_id: str | None = None) -> dict[str, object]:
    """The inputs of one of the family's calls with values from the fixtures: the parents above it, and a job's id."""
    above = next((depth for depth, kind in enumerate(declared.parents) if kind.call is call), len(declared.parents))
    told = templates.values(TARGET, parents=parents_of(declared)[:above], native_id=native_id)
    own = {name: templates.moments(value, PERIOD) for name, value in call.inputs.items()}
    return templates.inputs(own, told, ids=[] if native_id is None else [native_id])
