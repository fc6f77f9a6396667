"""Sample jobs of the families that the stand-in plays: seeded with a plan that says how each of them ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobview.catalogue import FAMILIES
from local.samples import chosen
from local.samples.emulated import BUCKET, ensure_bucket

Administer = Callable[[str, str, Mapping[str, Any]], Any]
"""Sends ``(method, path, document)`` to the stand-in's own paths."""

HOUR = 3600.0
PLANS: Mapping[str, Mapping[str, Any]] = {
    "succeeded": {"outcome": "succeeded", "submitted": 3, "running": 30, "items": 8},
    "partial": {"outcome": "partial", "submitted": 3, "running": 40, "items": 8, "failedItems": 3},
    "failed": {"outcome": "failed", "submitted": 3, "running": 15, "items": 8, "failedItems": 8},
    "cancelled": {"outcome": "cancelled", "submitted": 3, "running": 20, "stopping": 10, "items": 8},
}
"""What jobs do, by how they end."""


class Played:
    """Jobs of one family, which end one after the other in each of its outcomes.

    :param parents: names of what they hang under, used in turn
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
    """Return the sample jobs of every family that the stand-in plays, as it tells which those are.

    Those that nothing lists are not among them (``unlisted``).
    """
    imaging = DicomImports(administer, s3)
    families = administer("GET", "health", {})["families"]
    wanted = chosen.names() - {imaging.name}
    others = (each for each in families if _name(each) in wanted and FAMILIES[_name(each)].list is not None)
    return (imaging, *(_derived(administer, each) for each in others))


def _name(family: Mapping[str, Any]) -> str:
    return f"{family['service']}/{family['type']}"


def _derived(administer: Administer, family: Mapping[str, Any]) -> Played:
    return Played(
        administer,
        service=family["service"],
        kind=family["type"],
        names=(f"nightly-{family['type']}", f"urgent-{family['type']}"),
        parents=("nightly", "urgent"),
        plans=[PLANS[outcome] for outcome in PLANS if outcome in family["outcomes"]],
        past=6,
    )
