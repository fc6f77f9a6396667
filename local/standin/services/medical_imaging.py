"""AWS HealthImaging: data stores, DICOM import jobs and the metadata of image sets."""

import heapq
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from local.standin.objects import WriteError
from local.standin.plans import Seed
from local.standin.services.dicom_output import DicomOutput
from local.standin.services.image_sets import ImageSet, synthetic, version_of
from local.standin.services.service import Handler, Parameters, Service, Surroundings
from local.standin.simulation import Lifetime, Phase, Plan, Standing
from local.standin.wire import ServiceError

_log = logging.getLogger(__name__)

_WORDS = {
    Phase.SUBMITTED: "SUBMITTED",
    Phase.RUNNING: "IN_PROGRESS",
    Phase.SUCCEEDED: "COMPLETED",
    # HealthImaging has no word for it: only the manifest tells.
    Phase.PARTIAL: "COMPLETED",
    Phase.FAILED: "FAILED",
}


@dataclass(kw_only=True)
class _Datastore:
    id: str
    name: str
    created: datetime
    jobs: list["_Job"]


@dataclass(kw_only=True)
class _Job:
    id: str
    name: str
    datastore: _Datastore
    life: Lifetime
    role: str
    input_uri: str
    output_uri: str
    configuration: dict[str, Any] | None
    image_set_id: str
    output_written: bool = False
    output_error: str | None = None


class MedicalImaging(Service):
    """HealthImaging in one account and region.

    When a job's planned end has come, its output files are written before it is called COMPLETED; if they
    cannot be, it is FAILED, as in AWS.
    """

    name = "medical-imaging"
    signing_name = "medical-imaging"
    kinds = ("dicom-import",)
    outcomes: ClassVar[frozenset[Phase]] = frozenset({Phase.SUCCEEDED, Phase.PARTIAL, Phase.FAILED})

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._datastores: list[_Datastore] = []
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._datastore_tokens: dict[str, str] = {}
        self._job_tokens: dict[str, str] = {}
        self._unwritten: list[tuple[datetime, int, _Job]] = []
        self._image_sets: dict[tuple[str, str], ImageSet] = {}

    @property
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""
        return {
            "CreateDatastore": self._create_datastore,
            "ListDatastores": self._list_datastores,
            "StartDICOMImportJob": self._start_import,
            "ListDICOMImportJobs": self._list_imports,
            "GetDICOMImportJob": self._get_import,
            "GetImageSet": self._get_image_set,
            "GetImageSetMetadata": self._get_image_set_metadata,
        }

    def add_datastore(self, name: str) -> str:
        """Return the id of the data store called `name`, made if there is none."""
        with self.lock:
            return self._named(name).id

    def add_image_set(
        self, datastore: str, versions: Sequence[Mapping[str, Any]], *, image_set_id: str | None = None
    ) -> tuple[str, str]:
        """Make an image set; each version is `{"document": …}` or `{"compressedBytes": n}`.

        Answers the ids of the data store and the image set. Raises `ValueError` for no or wrong versions.
        """
        if not versions:
            raise ValueError("an image set has at least one version")
        with self.lock:
            store = self._named(datastore)
            new = image_set_id or self.ids.hex32()
            made = [version_of(one, datastore_id=store.id, image_set_id=new) for one in versions]
            self._keep_image_set(
                ImageSet(datastore_id=store.id, image_set_id=new, created=self.clock.now(), versions=made)
            )
            return store.id, new

    def settle(self) -> None:
        """Write the output of jobs whose end has come; without `lock`, as S3 may be behind this server."""
        now = self.clock.now()
        due: list[_Job] = []
        with self.lock:
            while self._unwritten and self._unwritten[0][0] <= now:
                due.append(heapq.heappop(self._unwritten)[2])
        for job in due:
            error = self._write_output(job)
            with self.lock:
                job.output_error = error
                job.output_written = True
                if error is None:
                    self._add_result(job)

    def _write_output(self, job: _Job) -> str | None:
        plan = job.life.plan
        if self.objects is None or plan.manifest == "absent":
            return None
        output = DicomOutput(
            job_id=job.id,
            datastore_id=job.datastore.id,
            input_uri=job.input_uri,
            output_uri=job.output_uri,
            image_set_id=job.image_set_id,
            files=plan.items,
            failed=plan.failed_items,
            message=plan.message or "DICOM attribute SOPInstanceUID does not exist",
        )
        try:
            for uri, (body, kind) in output.objects(truncated=plan.manifest == "truncated").items():
                self.objects.write(uri, body, kind)
        except WriteError as problem:
            _log.warning("Output of import job %s could not be written: %s", job.id, problem)
            return f"Output could not be written - {problem}"
        return None

    def _add_result(self, job: _Job) -> None:
        imported = job.life.plan.items - job.life.plan.failed_items
        if not imported:
            return
        store, image_set_id = job.datastore.id, job.image_set_id
        self._keep_image_set(
            ImageSet(
                datastore_id=store,
                image_set_id=image_set_id,
                created=self._standing(job).since,
                versions=[lambda: synthetic(store, image_set_id, instances=imported)],
            )
        )

    def _keep_image_set(self, image_set: ImageSet) -> None:
        self._image_sets[image_set.datastore_id, image_set.image_set_id] = image_set

    def _standing(self, job: _Job) -> Standing:
        standing = job.life.standing(self.clock.now())
        if standing.phase not in (Phase.SUCCEEDED, Phase.PARTIAL):
            return standing
        if not job.output_written:
            return Standing(phase=Phase.RUNNING, since=job.life.created, done=1.0)
        if job.output_error is not None:
            return Standing(phase=Phase.FAILED, since=standing.since, done=1.0)
        return standing

    def _named(self, name: str) -> _Datastore:
        for store in self._datastores:
            if name in (store.name, store.id):
                return store
        return self._add_datastore(name)

    def _add_datastore(self, name: str) -> _Datastore:
        store = _Datastore(id=self.ids.hex32(), name=name, created=self.clock.now(), jobs=[])
        self._datastores.append(store)
        return store

    def _datastore(self, datastore_id: str) -> _Datastore:
        for store in self._datastores:
            if store.id == datastore_id:
                return store
        raise ServiceError("ResourceNotFoundException", f"Datastore not found. Datastore ID: {datastore_id}")

    def _create_datastore(self, parameters: Parameters) -> dict[str, Any]:
        token = parameters["clientToken"]
        if token in self._datastore_tokens:
            store = self._datastore(self._datastore_tokens[token])
        else:
            store = self._add_datastore(parameters.get("datastoreName", "datastore"))
            self._datastore_tokens[token] = store.id
        return {"datastoreId": store.id, "datastoreStatus": "ACTIVE"}

    def _list_datastores(self, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("datastoreStatus", "ACTIVE")
        found, token = self.page(
            self._datastores if wanted == "ACTIVE" else [],
            operation="ListDatastores",
            parameters=parameters,
            size=50,
        )
        summaries = [
            {
                "datastoreId": store.id,
                "datastoreName": store.name,
                "datastoreStatus": "ACTIVE",
                "datastoreArn": self.arn(f"datastore/{store.id}"),
                "createdAt": store.created,
                "updatedAt": store.created,
            }
            for store in found
        ]
        return {"datastoreSummaries": summaries, "nextToken": token}

    def _start_import(self, parameters: Parameters) -> dict[str, Any]:
        store = self._datastore(parameters["datastoreId"])
        token = parameters["clientToken"]
        job = self._jobs.get((store.id, self._job_tokens.get(token, "")))
        if job is None:
            plan = self.plans.take(self.name, "dicom-import")
            job = self._import(store, parameters, plan, self.clock.now())
            self._job_tokens[token] = job.id
        return {
            "datastoreId": store.id,
            "jobId": job.id,
            "jobStatus": "SUBMITTED",
            "submittedAt": job.life.created,
        }

    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[tuple[str, ...], str]:
        store = self._named(seed.parent)
        request = {
            "jobName": name,
            "dataAccessRoleArn": f"arn:aws:iam::{self.account}:role/ImportRole",
            "inputS3Uri": f"s3://dicom-input/{name}/",
            "outputS3Uri": "s3://dicom-output/results/",
            **seed.input,
        }
        return (store.id,), self._import(store, request, seed.plan, created).id

    def _import(self, store: _Datastore, request: Parameters, plan: Plan, created: datetime) -> _Job:
        job_id = self.ids.hex32()
        folder = request["outputS3Uri"].rstrip("/")
        job = _Job(
            id=job_id,
            name=request.get("jobName", f"import-{job_id[:8]}"),
            datastore=store,
            life=Lifetime(plan=plan, created=created),
            role=request["dataAccessRoleArn"],
            input_uri=request["inputS3Uri"],
            output_uri=f"{folder}/{store.id}-DicomImport-{job_id}/",
            configuration=request.get("importConfiguration"),
            image_set_id=self.ids.hex32(),
        )
        store.jobs.append(job)
        self._jobs[store.id, job_id] = job
        if plan.outcome in (Phase.SUCCEEDED, Phase.PARTIAL):
            ends = job.life.ends
            heapq.heappush(self._unwritten, (ends, len(self._jobs), job))
        return job

    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:
        job = self._jobs.pop((parent or "", job_id))
        job.datastore.jobs.remove(job)
        left = [entry for entry in self._unwritten if entry[2] is job]
        self._unwritten = [entry for entry in self._unwritten if entry[2] is not job]
        heapq.heapify(self._unwritten)

        def remember() -> None:
            job.datastore.jobs.append(job)
            self._jobs[job.datastore.id, job.id] = job
            for entry in left:
                heapq.heappush(self._unwritten, entry)

        return remember

    def _life(self, parent: str | None, job_id: str) -> Lifetime:
        return self._jobs[parent or "", job_id].life

    def _list_imports(self, parameters: Parameters) -> dict[str, Any]:
        store = self._datastore(parameters["datastoreId"])
        wanted = parameters.get("jobStatus")
        found, token = self.page(
            store.jobs,
            operation="ListDICOMImportJobs",
            parameters=parameters,
            size=50,
            keep=lambda job: wanted is None or _WORDS[self._standing(job).phase] == wanted,
        )
        return {"jobSummaries": [self._summary(job) for job in found], "nextToken": token}

    def _summary(self, job: _Job) -> dict[str, Any]:
        standing = self._standing(job)
        message = None
        if standing.phase is Phase.FAILED:
            message = job.output_error or job.life.plan.message or "Import failed: input could not be read"
        return {
            "jobId": job.id,
            "jobName": job.name,
            "jobStatus": _WORDS[standing.phase],
            "datastoreId": job.datastore.id,
            "dataAccessRoleArn": job.role,
            "submittedAt": job.life.created,
            "endedAt": standing.ended_at,
            "message": message,
        }

    def _get_import(self, parameters: Parameters) -> dict[str, Any]:
        store = self._datastore(parameters["datastoreId"])
        job = self._jobs.get((store.id, parameters["jobId"]))
        if job is None:
            raise ServiceError("ResourceNotFoundException", f"Import job not found: {parameters['jobId']}")
        properties = {
            **self._summary(job),
            "inputS3Uri": job.input_uri,
            "outputS3Uri": job.output_uri,
            "importConfiguration": job.configuration,
        }
        return {"jobProperties": properties}

    def _image_set(self, parameters: Parameters) -> tuple[ImageSet, int]:
        store = self._datastore(parameters["datastoreId"])
        image_set = self._image_sets.get((store.id, parameters["imageSetId"]))
        if image_set is None:
            raise ServiceError("ResourceNotFoundException", f"Image set not found: {parameters['imageSetId']}")
        version = int(parameters.get("versionId", len(image_set.versions)))
        if not 1 <= version <= len(image_set.versions):
            raise ServiceError("ResourceNotFoundException", f"Image set version not found: {version}")
        return image_set, version

    def _get_image_set(self, parameters: Parameters) -> dict[str, Any]:
        image_set, version = self._image_set(parameters)
        return {
            "datastoreId": image_set.datastore_id,
            "imageSetId": image_set.image_set_id,
            "versionId": str(version),
            "imageSetState": "ACTIVE",
            "imageSetWorkflowStatus": "CREATED" if version == 1 else "UPDATED",
            "createdAt": image_set.created,
            "updatedAt": image_set.created,
            "imageSetArn": self.arn(f"datastore/{image_set.datastore_id}/imageset/{image_set.image_set_id}"),
        }

    def _get_image_set_metadata(self, parameters: Parameters) -> dict[str, Any]:
        image_set, version = self._image_set(parameters)
        return {
            "imageSetMetadataBlob": image_set.versions[version - 1](),
            "contentType": "application/json",
            "contentEncoding": "gzip",
        }
