"""The catalogue: every family of jobs that Jobview knows.

What people decide is declared in ``services/``, one module a service, in the words of ``language``. ``make catalogue``
compiles it into ``compiled/``, which the functions read, one service at a time.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from jobview.catalogue import tables
from jobview.catalogue.family import Family

__all__ = ["FAMILIES", "SERVICE_MODELS", "clients", "enabled", "family", "service_names"]

SERVICE_MODELS = Path(__file__).parent.parent / "service_models"
"""Folder of our own botocore models, for services that botocore has dropped."""

service_names = cache(tables.services)
"""The services of all families, in the order of the alphabet."""
_read = cache(tables.read)


def clients() -> tuple[str, ...]:
    """Return the boto3 names of every service that is called: the families' own, and what lists their parents."""
    called = {service for each in FAMILIES.values() for service, _ in each.calls_by_service}
    return tuple(sorted(called))


class _Families(Mapping[str, Family]):
    """Every family by its name; a service's table is read when one of its families is asked for."""

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
"""Every family by its name ``service/type``, in the order of their services and then of their declaration."""


def family(name: str) -> Family:
    """Return the family called ``service/type``.

    Raises
    ------
    ValueError
        There is no such family; the message names it and those with a name that is near.
    """
    try:
        return FAMILIES[name]
    except KeyError:
        near = difflib.get_close_matches(name, FAMILIES) or list(FAMILIES)[:1]
        raise ValueError(f"{name!r} is no family; allowed: service/type, such as {', '.join(near)}") from None


def enabled(names: Iterable[str]) -> tuple[Family, ...]:
    """Return the named families, each once, in the order of ``FAMILIES`` whatever the order of the names.

    Raises
    ------
    ValueError
        One of the names is no family, as for ``family``.
    """
    wanted = {name: family(name) for name in names}
    order = {service: number for number, service in enumerate(service_names())}
    return tuple(sorted(wanted.values(), key=lambda each: (order[each.service], _read(each.service).index(each))))
