"""Presigned links to a job's data. They are got from the service now, returned, and not stored."""

from collections.abc import Iterator, Mapping
from typing import Any

from jobview.aws.presigned import presigned
from jobview.catalogue.family import Family
from jobview.collect.paths import find


def links(family: Family, record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the presigned links in a got job: each URL, and the member of the job view that it belongs to."""
    for path in family.presigned:
        values = find(path, record)
        for url in values if isinstance(values, list) else [values]:
            if isinstance(url, str) and presigned(url):
                yield {"of": "failures" if path == family.failures_link else "outputs", "url": url}
