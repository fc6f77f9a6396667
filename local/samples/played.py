"""Sample jobs of the families that the stand-in plays: seeded with a plan that says how each of them ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.samples.emulated import BUCKET, ensure_bucket

Administer = Callable[[str, str, Mapping[str, Any]], Any]
"""Sends ``(method, path, document)`` to the stand-in's own paths."""

HOUR = 3600.0


class Played:
    """Jobs of one family, which end one after the other in each of its outcomes.

    :param parents: names of the data stores or reference stores, used in turn
    :param names: names of the jobs, used in turn
    :param plans: what jobs do, used in turn; ``running`` is in seconds
    :param given: members of the operation's input that starts such a job
    :param past: how many jobs there have been before
    """

    def __init__(
        self,
        administer: Administer,
        *,
        service: str,
        kind: str,
        names: Sequence[str],
        plans: Sequence[Mapping[str, Any]],
        parents: Sequence[str] = ("default",),
        given: Mapping[str, Any] | None = None,
        past: int = 8,
    ) -> None:
        self.name = f"{service}/{kind}"
        self._administer = administer
        self._service = service
        self._kind = kind
        self._parents = parents
        self._names = names
        self._plans = plans
        self._given = given or {}
        self._past = past

    def prepare(self) -> None:
        """Make the jobs of the last hours."""
        self._seed([self._job(number, age=(self._past - number) * HOUR) for number in range(self._past)])

    def start(self, number: int) -> None:
        """Start a job."""
        self._seed([self._job(self._past + number, age=0.0)])

    def tend(self) -> None:
        """Nothing: the stand-in follows the plan."""

    def _job(self, number: int, *, age: float) -> dict[str, Any]:
        return {
            "service": self._service,
            "type": self._kind,
            "parent": self._parents[number % len(self._parents)],
            "name": f"{self._names[number % len(self._names)]}-{number}",
            "age": age,
            "plan": self._plans[number % len(self._plans)],
            "input": self._given,
        }

    def _seed(self, jobs: Sequence[Mapping[str, Any]]) -> None:
        self._administer("POST", "seed", {"jobs": list(jobs)})


class DicomImports(Played):
    """Import jobs, whose manifests and failures go into the samples' bucket."""

    def __init__(self, administer: Administer, s3: Any) -> None:
        super().__init__(
            administer,
            service="medical-imaging",
            kind="dicom-import",
            parents=("radiology", "cardiology"),
            names=("ct-thorax", "mr-head", "us-heart"),
            plans=(
                {"outcome": "succeeded", "submitted": 4, "running": 25, "items": 120},
                {"outcome": "partial", "submitted": 4, "running": 35, "items": 90, "failedItems": 31},
                {"outcome": "failed", "submitted": 4, "running": 12, "items": 40, "failedItems": 40},
                {"outcome": "succeeded", "submitted": 4, "running": 150, "items": 2000},
            ),
            given={"outputS3Uri": f"s3://{BUCKET}/dicom/"},
        )
        self._s3 = s3

    def prepare(self) -> None:
        """Make the bucket and the jobs of the last hours."""
        ensure_bucket(self._s3)
        super().prepare()


def played(administer: Administer, s3: Any) -> tuple[Played, ...]:
    """Return the sample jobs of every family that the stand-in plays."""
    every: tuple[dict[str, Any], ...] = (
        {"outcome": "succeeded", "submitted": 3, "running": 30, "items": 40},
        {"outcome": "partial", "submitted": 3, "running": 40, "items": 40, "failedItems": 7},
        {"outcome": "failed", "submitted": 3, "running": 15, "items": 40, "failedItems": 40},
        {"outcome": "cancelled", "submitted": 3, "running": 20, "stopping": 10, "items": 40},
    )
    few = (
        every[0] | {"items": 4},
        every[1] | {"items": 4, "failedItems": 2},
        every[2] | {"items": 4, "failedItems": 4},
        every[3] | {"items": 4},
    )
    return (
        DicomImports(administer, s3),
        Played(
            administer,
            service="omics",
            kind="reference-import",
            parents=("genomes", "microbes"),
            names=("grch38", "t2t-chm13", "ecoli"),
            plans=few,
        ),
        Played(administer, service="sesv2", kind="import", names=("suppressed", "newsletter"), plans=every),
        Played(administer, service="sesv2", kind="export", names=("bounces", "metrics"), plans=every),
        Played(
            administer,
            service="panorama",
            kind="package-import",
            names=("people-counter", "forklift-watch"),
            plans=(every[0], every[2]),
            past=4,
        ),
    )
