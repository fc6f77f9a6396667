"""Jobs two parents deep: knowledge bases are listed, under each its data sources, and under each of those its jobs."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

import boto3
import pytest

from jobview.catalogue import language
from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Job, Parent, Service
from jobview.model import CoverageStatus, SourceKind, State, Target
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from jobview.refresh.source import SourceRead
from jobview.store import Retention, Store
from local.catalogue.compiling import CatalogueError, compiled
from local.smoke import Memory
from tests.integration.collect.canned import Asked, Canned, FrozenTime, Told
from tests.local_aws import create_table

TARGET = Target(account="111122223333", region="us-east-1")
BEDROCK = Service("bedrock-agent", rate=100)
BASE = Parent(BEDROCK, "knowledge-base", list="ListKnowledgeBases", id="knowledgeBaseId")
DATA = Parent(BEDROCK, "data-source", list="ListDataSources", id="dataSourceId")
DECLARED: dict[str, Any] = {
    "under": [BASE, DATA],
    "list": "ListIngestionJobs",
    "get": "GetIngestionJob",
    "job": Job(id="ingestionJobId", status="status", parent="dataSourceId", started="startedAt"),
    "states": {
        PENDING: "STARTING",
        RUNNING: "IN_PROGRESS STOPPING",
        SUCCEEDED: "COMPLETE",
        FAILED: "FAILED STOPPED",
    },
}
INGESTION = compiled(language.Family(BEDROCK, "ingestion-job", "Ingestion job", **DECLARED))
ACCOUNT = {"KB1": {"DS1": ["IJ1", "IJ2"], "DS2": []}, "KB2": {"DS1": ["IJ1"]}}
"""What is there: data sources of two knowledge bases have one id, and so have two jobs."""


def served(asked: Asked, *, denied: str = "", bases: Collection[str] = tuple(ACCOUNT)) -> Told:
    """The service's answer, from what of ``ACCOUNT`` is under ``bases``; a path that holds ``denied`` is refused."""
    if denied and denied in asked.path:
        return Told('{"message": "no"}', status=403, headers={"x-amzn-ErrorType": "AccessDeniedException"})
    base, data, job = (re.findall(r"/(?:knowledgebases|datasources|ingestionjobs)/(\w+)", asked.path) + [""] * 3)[:3]
    if base and base not in bases:
        return Told('{"message": "no"}', status=404, headers={"x-amzn-ErrorType": "ResourceNotFoundException"})
    if not base:
        body: Any = {"knowledgeBaseSummaries": [{"knowledgeBaseId": each} for each in bases]}
    elif not data:
        body = {"dataSourceSummaries": [{"knowledgeBaseId": base, "dataSourceId": each} for each in ACCOUNT[base]]}
    elif not job:
        body = {"ingestionJobSummaries": [told(base, data, each) for each in ACCOUNT[base][data]]}
    else:
        body = {"ingestionJob": told(base, data, job)}
    return Told(json.dumps(body))


def told(base: str, data: str, job: str) -> dict[str, str]:
    return {
        "knowledgeBaseId": base,
        "dataSourceId": data,
        "ingestionJobId": job,
        "status": "COMPLETE",
        "startedAt": "2025-12-04T11:00:00Z",
    }


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    canned.answer = served
    return reader_of(canned.url, attempts=1)


def read(reader: Reader) -> tuple[dict[str, SourceRead], Memory]:
    memory, frozen_time = Memory(), FrozenTime()
    refresher = Refresher(Dependencies(reader=reader, store=memory, now=frozen_time.clock.now))
    reads = refresher.read_families([INGESTION], [TARGET], deadline=1e9)
    return {one.coverage.source.id: one for one in reads}, memory


WHOLE = "bedrock-agent:us-east-1:111122223333:ingestion-job"


def test_every_level_is_a_source_of_its_own(reader: Reader) -> None:
    reads, memory = read(reader)
    assert {name.removeprefix(WHOLE): one.coverage.source.kind for name, one in reads.items()} == {
        "": SourceKind.DISCOVERY,
        ":KB1": SourceKind.DISCOVERY,
        ":KB2": SourceKind.DISCOVERY,
        ":KB1:DS1": SourceKind.JOBS,
        ":KB1:DS2": SourceKind.JOBS,
        ":KB2:DS1": SourceKind.JOBS,
    }
    assert {one.coverage.status for one in reads.values()} == {CoverageStatus.COMPLETE}
    assert {name.removeprefix(WHOLE) for name in memory.jobs} == {":KB1:DS1:IJ1", ":KB1:DS1:IJ2", ":KB2:DS1:IJ1"}
    view = memory.jobs[f"{WHOLE}:KB2:DS1:IJ1"].view.to_dict()
    assert view["parent"] == {"type": "data-source", "id": "DS1"}
    assert view["parents"] == [{"type": "knowledge-base", "id": "KB2"}, {"type": "data-source", "id": "DS1"}]


def test_what_is_denied_on_the_way_costs_what_lies_behind_it(canned: Canned, reader: Reader) -> None:
    canned.answer = lambda asked: served(asked, denied="/knowledgebases/KB1/")
    reads, memory = read(reader)
    assert {name.removeprefix(WHOLE): one.coverage.status for name, one in reads.items()} == {
        "": CoverageStatus.COMPLETE,
        ":KB1": CoverageStatus.DENIED,
        ":KB2": CoverageStatus.COMPLETE,
        ":KB2:DS1": CoverageStatus.COMPLETE,
    }
    assert list(memory.jobs) == [f"{WHOLE}:KB2:DS1:IJ1"]


def test_what_hung_under_a_parent_that_is_gone_is_forgotten_with_it(canned: Canned, reader: Reader, moto: str) -> None:
    client = boto3.client("dynamodb", endpoint_url=moto, region_name="us-east-1")
    clock = FrozenTime().clock
    store = Store(client, create_table(client), Retention(days=400), clock=clock.now, sleep=clock.sleep)
    refresher = Refresher(Dependencies(reader=reader, store=store, now=clock.now))
    refresher.read_families([INGESTION], [TARGET], deadline=1e9)
    rows = {row.source.id.removeprefix(WHOLE): row.source.kind for row in store.coverage()}
    assert (len(rows), rows[":KB1"], rows[":KB1:DS1"]) == (6, SourceKind.DISCOVERY, SourceKind.JOBS)
    canned.answer = lambda asked: served(asked, bases=["KB2"])
    refresher.read_families([INGESTION], [TARGET], deadline=1e9)
    assert {row.source.id.removeprefix(WHOLE) for row in store.coverage()} == {"", ":KB2", ":KB2:DS1"}
    assert store.get(f"{WHOLE}:KB1:DS1:IJ1") is not None, "a job that has ended outlives its parents"


def test_a_job_is_got_under_its_own_path(canned: Canned, reader: Reader) -> None:
    [got] = reader.get_jobs(INGESTION, TARGET, [JobKey.parse(f"{WHOLE}:KB2:DS1:IJ1")], 1e9)
    assert got.observation is not None
    assert (got.observation.view.id, got.observation.view.state) == (f"{WHOLE}:KB2:DS1:IJ1", State.SUCCEEDED)
    assert canned.asked[-1].path == "/knowledgebases/KB2/datasources/DS1/ingestionjobs/IJ1"


def test_the_inputs_of_each_level_are_derived() -> None:
    first, second = INGESTION.parents
    assert (first.call.inputs, second.call.inputs) == ({}, {"knowledgeBaseId": "{parent}"})
    assert INGESTION.listed[0].inputs == {"knowledgeBaseId": "{knowledge-base}", "dataSourceId": "{parent}"}
    assert INGESTION.get is not None
    assert INGESTION.get.inputs == {**INGESTION.listed[0].inputs, "ingestionJobId": "{id}"}


def test_an_event_has_every_parent_or_the_declaration_is_refused() -> None:
    events = language.Events("Ingestion", id="jobId", parent="dataSourceId")
    with pytest.raises(CatalogueError, match="events: 1 parents, and the family has 2"):
        compiled(language.Family(BEDROCK, "ingestion-job", "Ingestion job", events=events, **DECLARED))
    both = language.Events("Ingestion", id="jobId", parent=("knowledgeBaseId", "dataSourceId"))
    family = compiled(language.Family(BEDROCK, "ingestion-job", "Ingestion job", events=both, **DECLARED))
    assert family.events is not None
    assert family.events.parents == ("detail.knowledgeBaseId", "detail.dataSourceId")
