"""AWS HealthOmics: reference stores and reference import jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local.standin.plans import Seed
from local.standin.services.service import Handler, Parameters, Service, Surroundings, spread
from local.standin.simulation import Lifetime, Phase, Plan
from local.standin.wire import ServiceError

_WORDS = {
    Phase.SUBMITTED: "SUBMITTED",
    Phase.RUNNING: "IN_PROGRESS",
    Phase.STOPPING: "CANCELLING",
    Phase.CANCELLED: "CANCELLED",
    Phase.SUCCEEDED: "COMPLETED",
    Phase.PARTIAL: "COMPLETED_WITH_FAILURES",
    Phase.FAILED: "FAILED",
}


@dataclass(kw_only=True)
class _Store:
    id: str
    request: Parameters
    created: datetime
    jobs: list["_Job"] = field(default_factory=list)


@dataclass(kw_only=True)
class _Job:
    id: str
    store: _Store
    life: Lifetime
    role: str
    sources: list[dict[str, Any]]
    reference_ids: list[str]


class Omics(Service):
    """HealthOmics' reference stores in one account and region.

    A job works on its sources one after another; the last ones of a partial or failed job are those that
    fail.
    """

    name = "omics"
    signing_name = "omics"
    kinds = ("reference-import",)

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._stores: list[_Store] = []
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._store_tokens: dict[str, _Store] = {}
        self._job_tokens: dict[str, _Job] = {}

    @property
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""
        return {
            "CreateReferenceStore": self._create_store,
            "ListReferenceStores": self._list_stores,
            "StartReferenceImportJob": self._start_import,
            "ListReferenceImportJobs": self._list_imports,
            "GetReferenceImportJob": self._get_import,
        }

    def add_reference_store(self, name: str) -> str:
        """Return the id of the reference store called `name`, made if there is none."""
        with self.lock:
            return self._named(name).id

    def _named(self, name: str) -> _Store:
        for store in self._stores:
            if name in (store.request["name"], store.id):
                return store
        return self._add_store({"name": name})

    def _add_store(self, request: Parameters) -> _Store:
        store = _Store(id=self.ids.digits(), request=request, created=self.clock.now())
        self._stores.append(store)
        return store

    def _store(self, store_id: str) -> _Store:
        for store in self._stores:
            if store.id == store_id:
                return store
        raise ServiceError("ResourceNotFoundException", f"Reference store {store_id} does not exist")

    def _describe_store(self, store: _Store) -> dict[str, Any]:
        return {
            "id": store.id,
            "arn": self.arn(f"referenceStore/{store.id}"),
            "name": store.request["name"],
            "description": store.request.get("description"),
            "sseConfig": store.request.get("sseConfig", {"type": "KMS"}),
            "creationTime": store.created,
        }

    def _create_store(self, parameters: Parameters) -> dict[str, Any]:
        token = parameters.get("clientToken")
        store = self._store_tokens.get(token) if token else None
        if store is None:
            store = self._add_store(parameters)
            if token:
                self._store_tokens[token] = store
        return self._describe_store(store)

    def _list_stores(self, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("filter", {})
        found, token = self.page(
            self._stores,
            operation="ListReferenceStores",
            parameters=parameters,
            size=100,
            keep=lambda store: (
                _created_within(store.created, wanted) and wanted.get("name") in (None, store.request["name"])
            ),
        )
        return {"referenceStores": [self._describe_store(store) for store in found], "nextToken": token}

    def _start_import(self, parameters: Parameters) -> dict[str, Any]:
        store = self._store(parameters["referenceStoreId"])
        token = parameters.get("clientToken")
        job = self._job_tokens.get(token) if token else None
        if job is None:
            planned = self.plans.take(self.name, "reference-import")
            sources = parameters["sources"]
            failed = min(planned.failed_items, len(sources))
            plan = Plan.from_json({**planned.to_json(), "items": len(sources), "failedItems": failed})
            job = self._import(store, parameters["roleArn"], sources, plan, self.clock.now())
            if token:
                self._job_tokens[token] = job
        return {
            "id": job.id,
            "referenceStoreId": store.id,
            "roleArn": job.role,
            "status": "SUBMITTED",
            "creationTime": job.life.created,
        }

    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[tuple[str, ...], str]:
        store = self._named(seed.parent)
        sources = seed.input.get("sources") or [
            {"sourceFile": f"s3://references/{name}/{number}.fasta", "name": f"{name}-{number}"}
            for number in range(1, seed.plan.items + 1)
        ]
        if len(sources) != seed.plan.items:
            raise ValueError(f"the plan has {seed.plan.items} items, but there are {len(sources)} sources")
        role = seed.input.get("roleArn", f"arn:aws:iam::{self.account}:role/ImportRole")
        return (store.id,), self._import(store, role, sources, seed.plan, created).id

    def _import(self, store: _Store, role: str, sources: list[dict[str, Any]], plan: Plan, created: datetime) -> _Job:
        job = _Job(
            id=self.ids.digits(),
            store=store,
            life=Lifetime(plan=plan, created=created),
            role=role,
            sources=sources,
            reference_ids=[self.ids.digits() for _ in sources],
        )
        store.jobs.append(job)
        self._jobs[store.id, job.id] = job
        return job

    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:
        job = self._jobs.pop((parent or "", job_id))
        job.store.jobs.remove(job)

        def remember() -> None:
            job.store.jobs.append(job)
            self._jobs[job.store.id, job.id] = job

        return remember

    def _life(self, parent: str | None, job_id: str) -> Lifetime:
        return self._jobs[parent or "", job_id].life

    def _word(self, job: _Job) -> str:
        return _WORDS[job.life.standing(self.clock.now()).phase]

    def _list_imports(self, parameters: Parameters) -> dict[str, Any]:
        store = self._store(parameters["referenceStoreId"])
        wanted = parameters.get("filter", {})
        found, token = self.page(
            store.jobs,
            operation="ListReferenceImportJobs",
            parameters=parameters,
            size=100,
            keep=lambda job: (
                _created_within(job.life.created, wanted) and wanted.get("status") in (None, self._word(job))
            ),
        )
        return {"importJobs": [self._summary(job) for job in found], "nextToken": token}

    def _summary(self, job: _Job) -> dict[str, Any]:
        standing = job.life.standing(self.clock.now())
        return {
            "id": job.id,
            "referenceStoreId": job.store.id,
            "roleArn": job.role,
            "status": _WORDS[standing.phase],
            "creationTime": job.life.created,
            "completionTime": standing.ended_at,
        }

    def _get_import(self, parameters: Parameters) -> dict[str, Any]:
        store = self._store(parameters["referenceStoreId"])
        job = self._jobs.get((store.id, parameters["id"]))
        if job is None:
            raise ServiceError("ResourceNotFoundException", f"Import job {parameters['id']} does not exist")
        standing = job.life.standing(self.clock.now())
        message = None
        if standing.phase in (Phase.FAILED, Phase.PARTIAL):
            message = job.life.plan.message or "One or more sources could not be imported"
        return {**self._summary(job), "statusMessage": message, "sources": self._sources(job)}

    def _sources(self, job: _Job) -> list[dict[str, Any]]:
        standing = job.life.standing(self.clock.now())
        plan = job.life.plan
        good = len(job.sources) - plan.failed_items
        if standing.phase is Phase.FAILED and not plan.failed_items:
            good = 0
        described: list[dict[str, Any]] = []
        reached = spread(len(job.sources), standing.done)
        for number, (source, through) in enumerate(zip(job.sources, reached, strict=True)):
            item = {key: source.get(key) for key in ("sourceFile", "name", "description", "tags")}
            if not through:
                running = standing.phase is Phase.RUNNING and not any(
                    other["status"] == "IN_PROGRESS" for other in described
                )
                item["status"] = "IN_PROGRESS" if running else "NOT_STARTED"
            elif number < good:
                item |= {"status": "FINISHED", "referenceId": job.reference_ids[number]}
            else:
                item |= {"status": "FAILED", "statusMessage": plan.message or "The file is not a FASTA file"}
            described.append(item)
        return described


def _created_within(created: datetime, wanted: Mapping[str, Any]) -> bool:
    after, before = wanted.get("createdAfter"), wanted.get("createdBefore")
    return (after is None or created > after) and (before is None or created < before)
