"""Amazon SES v2: import jobs (suppression and contact lists) and export jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from local.standin.plans import Seed
from local.standin.services.service import Handler, Parameters, Service, Surroundings
from local.standin.simulation import Lifetime, Phase, Plan
from local.standin.wire import ServiceError

_WORDS = {
    Phase.SUBMITTED: "CREATED",
    Phase.RUNNING: "PROCESSING",
    Phase.STOPPING: "PROCESSING",
    Phase.SUCCEEDED: "COMPLETED",
    # SES has no word for it: only the counts tell.
    Phase.PARTIAL: "COMPLETED",
    Phase.FAILED: "FAILED",
    Phase.CANCELLED: "CANCELLED",
}
_PAGE = 10


@dataclass(kw_only=True)
class _Job:
    id: str
    life: Lifetime
    request: Parameters

    def counts(self, now: datetime) -> tuple[int, int]:
        """Return records processed and failed so far."""
        standing, plan = self.life.standing(now), self.life.plan
        return int(plan.items * standing.done + 1e-9), int(plan.failed_items * standing.done + 1e-9)


class SesV2(Service):
    """The import and export jobs of SES in one account and region."""

    name = "sesv2"
    signing_name = "ses"
    kinds = ("import", "export")
    invalid_code: ClassVar[str] = "BadRequestException"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._imports: dict[str, _Job] = {}
        self._exports: dict[str, _Job] = {}

    @property
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""
        return {
            "CreateImportJob": self._create_import,
            "ListImportJobs": self._list_imports,
            "GetImportJob": self._get_import,
            "CreateExportJob": self._create_export,
            "ListExportJobs": self._list_exports,
            "GetExportJob": self._get_export,
            "CancelExportJob": self._cancel_export,
        }

    def _add(self, jobs: dict[str, _Job], request: Parameters, plan: Plan, created: datetime) -> str:
        job = _Job(id=self.ids.uuid(), life=Lifetime(plan=plan, created=created), request=request)
        jobs[job.id] = job
        return job.id

    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[tuple[str, ...], str]:
        if seed.type == "import":
            request = {
                "ImportDestination": {
                    "ContactListDestination": {"ContactListName": name, "ContactListImportAction": "PUT"}
                },
                "ImportDataSource": {"S3Url": f"s3://contacts/{name}.csv", "DataFormat": "CSV"},
                **seed.input,
            }
            return (), self._add(self._imports, request, seed.plan, created)
        request = {
            "ExportDataSource": {
                "MetricsDataSource": {
                    "Dimensions": {"ISP": ["*"]},
                    "Namespace": "VDM",
                    "Metrics": [{"Name": "SEND", "Aggregation": "VOLUME"}],
                    "StartDate": created - timedelta(days=7),
                    "EndDate": created,
                }
            },
            "ExportDestination": {"DataFormat": "CSV"},
            **seed.input,
        }
        return (), self._add(self._exports, request, seed.plan, created)

    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:  # noqa: ARG002
        jobs = self._imports if job_id in self._imports else self._exports
        job = jobs.pop(job_id)
        return lambda: jobs.update({job_id: job})

    def _life(self, parent: str | None, job_id: str) -> Lifetime:  # noqa: ARG002
        return (self._imports if job_id in self._imports else self._exports)[job_id].life

    def _found(self, jobs: dict[str, _Job], parameters: Parameters) -> _Job:
        job = jobs.get(parameters["JobId"])
        if job is None:
            raise ServiceError("NotFoundException", f"Job {parameters['JobId']} does not exist.")
        return job

    def _word(self, job: _Job) -> str:
        return _WORDS[job.life.standing(self.clock.now()).phase]

    def _presigned(self, folder: str, job: _Job) -> str:
        """Return a link in the form of a presigned one: another at every call, valid for five minutes.

        It leads nowhere.
        """
        stamp = self.clock.now().strftime("%Y%m%dT%H%M%SZ")
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"STANDIN/{stamp[:8]}/{self.region}/s3/aws4_request",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": "300",
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Security-Token": self.ids.hex32(),
            "X-Amz-Signature": self.ids.hex32() * 2,
        }
        host = f"ses-jobs-{self.region}.s3.{self.region}.amazonaws.com"
        return f"https://{host}/{folder}/{job.id}?{urlencode(query)}"

    def _failure(self, job: _Job) -> dict[str, Any] | None:
        standing = job.life.standing(self.clock.now())
        if standing.phase not in (Phase.PARTIAL, Phase.FAILED):
            return None
        info: dict[str, Any] = {}
        if job.life.plan.failed_items:
            info["FailedRecordsS3Url"] = self._presigned("failed-records", job)
        if standing.phase is Phase.FAILED:
            info["ErrorMessage"] = job.life.plan.message or "The source file could not be read."
        elif job.life.plan.message:
            info["ErrorMessage"] = job.life.plan.message
        return info

    # Import jobs

    def _create_import(self, parameters: Parameters) -> dict[str, Any]:
        if len(parameters["ImportDestination"]) != 1:
            raise ServiceError("BadRequestException", "Exactly one import destination must be given.")
        plan = self.plans.take(self.name, "import")
        return {"JobId": self._add(self._imports, parameters, plan, self.clock.now())}

    def _list_imports(self, parameters: Parameters) -> dict[str, Any]:
        member = {
            "SUPPRESSION_LIST": "SuppressionListDestination",
            "CONTACT_LIST": "ContactListDestination",
        }.get(parameters.get("ImportDestinationType", ""))
        found, token = self.page(
            list(self._imports.values()),
            operation="ListImportJobs",
            parameters=self._checked(parameters),
            size=_PAGE,
            keep=lambda job: member is None or member in job.request["ImportDestination"],
        )
        return {"ImportJobs": [self._import_summary(job) for job in found], "NextToken": token}

    def _checked(self, parameters: Parameters) -> Parameters:
        size = parameters.get("PageSize")
        if size is not None and size < 1:
            raise ServiceError("BadRequestException", "PageSize must be at least 1.")
        return parameters

    def _import_summary(self, job: _Job) -> dict[str, Any]:
        processed, failed = job.counts(self.clock.now())
        return {
            "JobId": job.id,
            "ImportDestination": job.request["ImportDestination"],
            "JobStatus": self._word(job),
            "CreatedTimestamp": job.life.created,
            "ProcessedRecordsCount": processed,
            "FailedRecordsCount": failed,
        }

    def _get_import(self, parameters: Parameters) -> dict[str, Any]:
        job = self._found(self._imports, parameters)
        return {
            **self._import_summary(job),
            "ImportDataSource": job.request["ImportDataSource"],
            "FailureInfo": self._failure(job),
            "CompletedTimestamp": job.life.standing(self.clock.now()).ended_at,
        }

    # Export jobs

    def _create_export(self, parameters: Parameters) -> dict[str, Any]:
        if len(parameters["ExportDataSource"]) != 1:
            raise ServiceError("BadRequestException", "Exactly one export data source must be given.")
        plan = self.plans.take(self.name, "export")
        return {"JobId": self._add(self._exports, parameters, plan, self.clock.now())}

    def _list_exports(self, parameters: Parameters) -> dict[str, Any]:
        source, word = parameters.get("ExportSourceType"), parameters.get("JobStatus")
        found, token = self.page(
            list(self._exports.values()),
            operation="ListExportJobs",
            parameters=self._checked(parameters),
            size=_PAGE,
            keep=lambda job: source in (None, _source_type(job)) and word in (None, self._word(job)),
        )
        return {"ExportJobs": [self._export_summary(job) for job in found], "NextToken": token}

    def _export_summary(self, job: _Job) -> dict[str, Any]:
        return {
            "JobId": job.id,
            "ExportSourceType": _source_type(job),
            "JobStatus": self._word(job),
            "CreatedTimestamp": job.life.created,
            "CompletedTimestamp": job.life.standing(self.clock.now()).ended_at,
        }

    def _get_export(self, parameters: Parameters) -> dict[str, Any]:
        job = self._found(self._exports, parameters)
        processed, failed = job.counts(self.clock.now())
        destination = dict(job.request["ExportDestination"])
        if job.life.standing(self.clock.now()).phase in (Phase.SUCCEEDED, Phase.PARTIAL):
            destination["S3Url"] = self._presigned("exports", job)
        return {
            **self._export_summary(job),
            "ExportDestination": destination,
            "ExportDataSource": job.request["ExportDataSource"],
            "FailureInfo": self._failure(job),
            "Statistics": {"ProcessedRecordsCount": processed, "ExportedRecordsCount": processed - failed},
        }

    def _cancel_export(self, parameters: Parameters) -> dict[str, Any]:
        job = self._found(self._exports, parameters)
        now = self.clock.now()
        if job.life.cancelled is not None or job.life.standing(now).phase.ended:
            raise ServiceError("BadRequestException", f"Job {job.id} cannot be cancelled any more.")
        job.life.cancelled = now
        return {}


def _source_type(job: _Job) -> str:
    metrics = "MetricsDataSource" in job.request["ExportDataSource"]
    return "METRICS_DATA" if metrics else "MESSAGE_INSIGHTS"
