"""The declarations, found by their modules, and the text of their tables."""

import importlib
import json
import pkgutil
from collections.abc import Iterable

from jobview.catalogue import services, tables
from jobview.catalogue.language import Family
from local.catalogue.compiling import compiled


def declarations() -> dict[str, list[Family]]:
    """Return service → its families, in the order in which its module declares them."""
    found: dict[str, list[Family]] = {}
    for module in pkgutil.iter_modules(services.__path__):
        for value in vars(importlib.import_module(f"{services.__name__}.{module.name}")).values():
            if isinstance(value, Family):
                found.setdefault(value.service.name, []).append(value)
    return found


def text_of(declared: Iterable[Family]) -> str:
    """Return the table of a service's families. Raises ``CatalogueError``."""
    rows = {each.type: tables.encoded(compiled(each)) for each in declared}
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
