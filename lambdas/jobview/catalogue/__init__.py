"""The catalogue: every family of jobs that Jobview knows, declared as data, one module per AWS service."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from jobview.catalogue import (
    athena,
    batch,
    glue,
    medical_imaging,
    omics,
    panorama,
    sesv2,
    stepfunctions,
    transcribe,
)
from jobview.catalogue.declaration import Family

__all__ = ["FAMILIES", "SERVICE_MODELS", "enabled", "family", "services"]

SERVICE_MODELS = Path(__file__).parent.parent / "service_models"
"""Folder of our own botocore models, for services that botocore has dropped."""

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        each.name: each
        for each in (
            medical_imaging.DICOM_IMPORT,
            omics.REFERENCE_IMPORT,
            sesv2.IMPORT,
            sesv2.EXPORT,
            panorama.PACKAGE_IMPORT,
            glue.JOB_RUN,
            batch.JOB,
            athena.QUERY_EXECUTION,
            stepfunctions.EXECUTION,
            transcribe.TRANSCRIPTION_JOB,
        )
    }
)
"""Every family by its name ``service/type``, in the order in which they are shown."""


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


def services() -> tuple[str, ...]:
    """Return the services of all families, each once, in the order of the families."""
    return tuple(dict.fromkeys(each.service for each in FAMILIES.values()))


def enabled(names: Iterable[str]) -> tuple[Family, ...]:
    """Return the named families, each once, in the order of ``FAMILIES`` whatever the order of the names.

    Raises
    ------
    ValueError
        One of the names is no family, as for ``family``.
    """
    wanted = {family(name).name for name in names}
    return tuple(each for each in FAMILIES.values() if each.name in wanted)
