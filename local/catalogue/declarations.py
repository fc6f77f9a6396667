"""The declarations, found by their modules, and the text of their tables.

Each module is read by itself: what is wrong with one is said of it and hinders no other.
"""

import importlib
import json
import pkgutil
import traceback
from collections.abc import Iterable
from pathlib import Path

from jobview.catalogue import services, tables
from jobview.catalogue.language import Family
from local.catalogue.compiling import CatalogueError, compiled


def modules() -> tuple[str, ...]:
    """Return the names of the modules of declarations, in the order of the alphabet. None of them is imported."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(services.__path__)))


def service_of(module: str) -> str:
    """Return boto3's name of the service that a module declares families of."""
    return module.replace("_", "-")


def module_of(service: str) -> str:
    """Return the name of the module with the families of a service."""
    return service.replace("-", "_")


def table_of(module: str) -> Path:
    """Return the file of the compiled table of a module."""
    return tables.FOLDER / f"{service_of(module)}.json"


def declared_in(module: str) -> tuple[Family, ...]:
    """Return the families of a module, in the order of their declaration.

    Raises
    ------
    CatalogueError
        The module cannot be imported, has no family, or has one of another service. The message names the module.
    """
    name = f"{services.__name__}.{module}"
    try:
        content = vars(importlib.import_module(name))
    except Exception as error:
        raise CatalogueError(f"{module}.py{_line(error, module)}: {type(error).__name__}: {error}") from error
    found = tuple(value for value in content.values() if isinstance(value, Family))
    if not found:
        raise CatalogueError(f"{module}.py declares no family")
    for family in found:
        if family.service.name != service_of(module):
            right = f"{module_of(family.service.name)}.py"
            raise CatalogueError(
                f"{family.service.name}/{family.type}: it is declared in {module}.py, and not in {right}"
            )
    return found


def text_of(declared: Iterable[Family]) -> str:
    """Return the table of a service's families. Raises ``CatalogueError``."""
    rows = {each.type: tables.encoded(compiled(each)) for each in declared}
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _line(error: Exception, module: str) -> str:
    """Where in the module something went wrong, as ``:12``."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}"
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(f"{module}.py")
    ]
    return f":{lines[-1]}" if lines else ""
