"""The families that a configuration chooses with names, globs and exclusions. Their order matters."""

import difflib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

LIKE = 3
"""How many similar names an error suggests."""


def chosen(patterns: Iterable[str] | None, catalogue: Mapping[str, bool]) -> frozenset[str]:
    """Return the names that patterns choose.

    Each pattern adds the names that it matches; with ``!`` in front it removes them. The last one wins. ``None``, and a
    list that begins with an exclusion, start from every family that AWS has not retired. A glob never matches a retired
    family: it has to be named in full.
    """
    default = {name for name, retired in catalogue.items() if not retired}
    if patterns is None:
        return frozenset(default)
    found: set[str] = set()
    for number, pattern in enumerate(patterns):
        excluding = pattern.startswith("!")
        if excluding and number == 0:
            found |= default
        names = matches(pattern, catalogue)
        found = found - names if excluding else found | names
    return frozenset(found)


def matches(pattern: str, catalogue: Mapping[str, bool]) -> set[str]:
    """Return the names that one pattern adds or removes."""
    name = pattern.removeprefix("!")
    if not _is_glob(name):
        return {name} & catalogue.keys()
    return {each for each, retired in catalogue.items() if not retired and fnmatchcase(each, name)}


def check(pattern: str, catalogue: Mapping[str, bool]) -> str:
    """Return the pattern if it matches a family. Raises ``ValueError``, which suggests similar names."""
    if matches(pattern, catalogue):
        return pattern
    name = pattern.removeprefix("!")
    near = difflib.get_close_matches(name, [*catalogue, *_globs(catalogue)], n=LIKE)
    if "/" not in name:
        near = [f"{name}/*"] if matches(f"{name}/*", catalogue) else difflib.get_close_matches(name, _globs(catalogue))
    hint = f"near: {', '.join(near)}; " if near else ""
    what = "matches no family" if _is_glob(name) else "is not in the catalogue"
    raise ValueError(f"{what}; {hint}allowed: service/type, or a glob such as glue/*, with ! in front to exclude it")


def _globs(catalogue: Mapping[str, bool]) -> list[str]:
    return [f"{service}/*" for service in dict.fromkeys(name.partition("/")[0] for name in catalogue)]


def _is_glob(name: str) -> bool:
    return not {*"*?["}.isdisjoint(name)
