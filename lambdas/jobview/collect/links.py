"""Links that give access to a job's data: presigned by its service, asked for now, handed on and not kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from jobview.aws.presigned import presigned
from jobview.catalogue.family import Family
from jobview.collect.paths import find


def links(family: Family, record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The presigned links in a got job: the URL, and of which member of the job view what it leads to is."""
    for path in family.presigned:
        told = find(path, record)
        for url in told if isinstance(told, list) else [told]:
            if isinstance(url, str) and presigned(url):
                yield {"of": "failures" if path == family.failures_link else "outputs", "url": url}
