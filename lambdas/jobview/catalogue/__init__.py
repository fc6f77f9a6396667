"""The catalogue: every family of jobs that Jobview knows.

People's decisions are declared in ``services/``, one module for each service, with the classes of ``language``. ``make
catalogue`` compiles them into ``compiled/``, which the functions read, one service at a time.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from jobview.catalogue import tables
from jobview.catalogue.family import Family

__all__ = ["FAMILIES", "SERVICE_MODELS", "clients", "enabled", "family", "service_names"]

SERVICE_MODELS = Path(__file__).parent.parent / "service_models"
"""The folder of our own botocore models, for services that botocore has dropped."""

service_names = cache(tables.services)
"""The services of all families, in alphabetical order."""
_read = cache(tables.read)


def clients() -> tuple[str, ...]:
    """Return boto3's names of all called services: the families' services and the services that list their parents."""
    called = {service for each in FAMILIES.values() for service, _ in each.calls_by_service}
    return tuple(sorted(called))


class _Families(Mapping[str, Family]):
    """Every family by its name. A service's table is read when one of its families is used."""

    def __getitem__(self, name: str) -> Family:
        service, _, type_ = name.partition("/")
        if service in service_names():
            for each in _read(service):
                if each.type == type_:
                    return each
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (each.name for service in service_names() for each in _read(service))

    def __len__(self) -> int:
        return sum(len(_read(service)) for service in service_names())


FAMILIES: Mapping[str, Family] = _Families()
"""Every family by its name ``service/type``, ordered by service and then by declaration."""


def family(name: str) -> Family:
    """Return the family called ``service/type``.

    Raises
    ------
    ValueError
        There is no such family; the message suggests similar names.
    """
    try:
        return FAMILIES[name]
    except KeyError:
        near = difflib.get_close_matches(name, FAMILIES) or list(FAMILIES)[:1]
        raise ValueError(f"{name!r} is not a family; allowed: service/type, such as {', '.join(near)}") from None


def enabled(names: Iterable[str]) -> tuple[Family, ...]:
    """Return the named families, each once, in the order of ``FAMILIES``.

    Raises
    ------
    ValueError
        One of the names is not a family; see ``family``.
    """
    wanted = {name: family(name) for name in names}
    order = {service: number for number, service in enumerate(service_names())}
    return tuple(sorted(wanted.values(), key=lambda each: (order[each.service], _read(each.service).index(each))))
