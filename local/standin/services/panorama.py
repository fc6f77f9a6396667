"""AWS Panorama: package import jobs, as they were until the service ended on 2026-05-31."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from local.standin.plans import Seed
from local.standin.services.service import Handler, Parameters, Service, Surroundings
from local.standin.simulation import Lifetime, Phase, Plan
from local.standin.wire import ServiceError

_WORDS = {
    Phase.SUBMITTED: "PENDING",
    Phase.RUNNING: "PENDING",
    Phase.SUCCEEDED: "SUCCEEDED",
    Phase.FAILED: "FAILED",
}


@dataclass(kw_only=True)
class _Job:
    id: str
    life: Lifetime
    request: Parameters
    package_id: str


class Panorama(Service):
    """Panorama's package import jobs in one account and region."""

    name = "panorama"
    signing_name = "panorama"
    kinds = ("package-import",)
    outcomes: ClassVar[frozenset[Phase]] = frozenset({Phase.SUCCEEDED, Phase.FAILED})

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._jobs: dict[str, _Job] = {}
        self._tokens: dict[str, str] = {}

    @property
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""
        return {
            "CreatePackageImportJob": self._create,
            "ListPackageImportJobs": self._list,
            "DescribePackageImportJob": self._describe,
        }

    def _create(self, parameters: Parameters) -> dict[str, Any]:
        token = parameters["ClientToken"]
        if token not in self._tokens:
            plan = self.plans.take(self.name, "package-import")
            self._tokens[token] = self._add(parameters, plan, self.clock.now())
        return {"JobId": self._tokens[token]}

    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[tuple[str, ...], str]:
        request = {
            "ClientToken": self.ids.hex32(),
            "JobType": "NODE_PACKAGE_VERSION",
            "InputConfig": {
                "PackageVersionInputConfig": {
                    "S3Location": {
                        "BucketName": "packages",
                        "ObjectKey": f"{name}.tar.gz",
                        "Region": self.region,
                    }
                }
            },
            "OutputConfig": {
                "PackageVersionOutputConfig": {
                    "PackageName": name,
                    "PackageVersion": "1.0",
                    "MarkLatest": True,
                }
            },
            **seed.input,
        }
        return (), self._add(request, seed.plan, created)

    def _add(self, request: Parameters, plan: Plan, created: datetime) -> str:
        alphabet = "abcdefghijklmnopqrstuvwxyz234567"
        job = _Job(
            id=f"packageimport-{self.ids.of(alphabet, 26)}",
            life=Lifetime(plan=plan, created=created),
            request=request,
            package_id=f"package-{self.ids.of(alphabet, 26)}",
        )
        self._jobs[job.id] = job
        return job.id

    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:  # noqa: ARG002
        job = self._jobs.pop(job_id)
        return lambda: self._jobs.update({job_id: job})

    def _life(self, parent: str | None, job_id: str) -> Lifetime:  # noqa: ARG002
        return self._jobs[job_id].life

    def _list(self, parameters: Parameters) -> dict[str, Any]:
        found, token = self.page(
            list(self._jobs.values()), operation="ListPackageImportJobs", parameters=parameters, size=25
        )
        return {"PackageImportJobs": [self._summary(job) for job in found], "NextToken": token}

    def _summary(self, job: _Job) -> dict[str, Any]:
        standing = job.life.standing(self.clock.now())
        message = ""
        if standing.phase is Phase.FAILED:
            message = job.life.plan.message or "The package could not be validated"
        return {
            "JobId": job.id,
            "JobType": job.request["JobType"],
            "Status": _WORDS[standing.phase],
            "StatusMessage": message,
            "CreatedTime": job.life.created,
            "LastUpdatedTime": standing.since,
        }

    def _describe(self, parameters: Parameters) -> dict[str, Any]:
        job = self._jobs.get(parameters["JobId"])
        if job is None:
            # The model of DescribePackageImportJob has no ResourceNotFoundException.
            raise ServiceError("ValidationException", f"Job {parameters['JobId']} does not exist")
        wanted = job.request["OutputConfig"].get("PackageVersionOutputConfig", {})
        version = wanted.get("PackageVersion", "1.0")
        return {
            **self._summary(job),
            "ClientToken": job.request["ClientToken"],
            "InputConfig": job.request["InputConfig"],
            "OutputConfig": job.request["OutputConfig"],
            "JobTags": job.request.get("JobTags"),
            "Output": {
                "PackageId": job.package_id,
                "PackageVersion": version,
                "PatchVersion": job.package_id[-10:],
                "OutputS3Location": {
                    "BucketName": f"panorama-{self.account}-{self.region}",
                    "ObjectKey": f"{job.package_id}/{version}/package.tar.gz",
                },
            },
        }
