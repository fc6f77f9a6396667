"""The content of one account and region: jobs of declared families, and their parents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jobview.catalogue.family import Family, ParentKind
from local.standin.generic.jobs import Job

Path = tuple[str, ...]
"""Ids of parents, the farthest first."""


def kind_key(family: Family, kind: ParentKind) -> tuple[str, str]:
    """Return the service that lists a kind of parents, and the kind: families of one service share their parents."""
    return kind.service or family.service, kind.type


def placeholders_of(kinds: Sequence[ParentKind], path: Path) -> dict[str, str]:
    """Return the values of an input's placeholders under a path: each parent by its type, the nearest as ``parent``."""
    filled = {kind.type: each for kind, each in zip(kinds, path, strict=False)}
    return filled | {"parent": path[-1]} if path else filled


def agrees(kinds: Sequence[ParentKind], path: Path, found: Mapping[str, object]) -> bool:
    """True where the values in a call's inputs match this path, as far as they name parents."""
    return all(found.get(name, value) == value for name, value in placeholders_of(kinds, path).items())


@dataclass(kw_only=True)
class World:
    """The jobs, and the parents of all kinds, each under those before it."""

    def __post_init__(self) -> None:
        self._jobs: dict[str, dict[tuple[Path, str], Job]] = {}
        self._by_id: dict[tuple[str, str], list[Job]] = {}
        self._parents: dict[tuple[str, str], dict[Path, str]] = {}

    def jobs(self, family: Family) -> list[Job]:
        """Return the jobs of a family, in the order in which they were made."""
        return list(self._jobs.get(family.name, {}).values())

    def named(self, family: Family, job_id: str) -> list[Job]:
        """Return the jobs of an id; under several parents there may be several."""
        return list(self._by_id.get((family.name, job_id), ()))

    def add(self, job: Job) -> None:
        """Add a job."""
        self._jobs.setdefault(job.family.name, {})[job.parents, job.id] = job
        self._by_id.setdefault((job.family.name, job.id), []).append(job)

    def remove(self, job: Job) -> None:
        """Remove a job."""
        del self._jobs[job.family.name][job.parents, job.id]
        self._by_id[job.family.name, job.id].remove(job)

    def parents(self, key: tuple[str, str]) -> Iterator[tuple[Path, str]]:
        """Each parent of a kind with its path, which ends in its own id, and its name."""
        yield from list(self._parents.get(key, {}).items())

    def add_parent(self, key: tuple[str, str], path: Path, name: str) -> None:
        """Add a parent."""
        self._parents.setdefault(key, {})[path] = name
