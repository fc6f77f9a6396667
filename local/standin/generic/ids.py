"""Ids that the service's model allows in all places: in the records and in the inputs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random

from botocore.model import ListShape, Shape, StructureShape

from jobview.collect.paths import last_of_arn
from local.standin.generic.decoys import fits
from local.standin.generic.patterns import matching
from local.standin.services.service import Ids

_TRIES = 50
_NAMED = re.compile(r"name$|identifier$", re.IGNORECASE)


def places(template: object, shape: Shape, placeholder: str) -> list[Shape]:
    """Return the shapes of an input's texts that are the placeholder alone, or a list of its values."""
    if template == placeholder:
        return [shape.member if isinstance(shape, ListShape) else shape]
    if isinstance(template, Mapping) and isinstance(shape, StructureShape):
        inner = [(value, shape.members[name]) for name, value in template.items() if name in shape.members]
        return [found for value, member in inner for found in places(value, member, placeholder)]
    if isinstance(template, list | tuple) and isinstance(shape, ListShape):
        return [found for value in template for found in places(value, shape.member, placeholder)]
    return []


def new_id(
    shapes: Iterable[Shape],
    *,
    member: str,
    name: str,
    arn: str,
    ids: Ids,
    taken: Iterable[str] = (),
    arns: Iterable[Shape] = (),
    written: Callable[[str], str] = str,
) -> str:
    """Return an id that all shapes allow and that is not taken.

    Parameters
    ----------
    shapes
        The shapes of the member with the id, and of the inputs that take it.
    member
        What the service calls the id: where that is a name, it is the job's own; where it is an ARN, it is one.
    name, arn
        The name and the ARN that it has by preference.
    ids
        Makes the random ones.
    taken
        Ids of others.
    arns, written
        Of the members and inputs that have an ARN where the id is its last part; and the ARN of an id.

    Raises
    ------
    ValueError
        Nothing was found that the shapes allow.
    """
    known, every, around = set(taken), list(shapes), list(arns)
    for text in _wanted([*every, *around], member, name, arn, ids):
        one = last_of_arn(text) if around else text
        if one and one not in known and all(fits(shape, one) for shape in every):
            whole = written(one)
            if all(fits(shape, whole) for shape in around):
                return one
    raise ValueError(f"no {member} was found that {', '.join(shape.name for shape in every)} allow")


def _wanted(shapes: Iterable[Shape], member: str, name: str, arn: str, ids: Ids) -> Iterator[str]:
    """Ids to try, the likeliest first."""
    if member.lower().endswith(("arn", "arns")):
        yield from (arn, f"{arn}-{ids.hex32()[:8]}")
    if _NAMED.search(member):
        yield from (name, f"{name}-{ids.hex32()[:8]}")
    yield from (ids.uuid(), ids.hex32(), ids.digits(), f"{name}-{ids.hex32()[:8]}")
    every = list(shapes)
    shortest = min((int(shape.metadata.get("max", 64)) for shape in every), default=64)
    yield ids.hex32()[:shortest]
    random = Random(ids.hex32())  # noqa: S311 - ids of a simulation
    patterns = [shape for shape in every if "pattern" in shape.metadata]
    for shape in sorted(patterns, key=lambda each: len(each.metadata["pattern"]), reverse=True):
        least, most = int(shape.metadata.get("min", 0)), shape.metadata.get("max")
        for _ in range(_TRIES):
            # A pattern that allows nearly nothing ("lct-[a-z0-9]*") would give every job the same id.
            made = matching(shape.metadata["pattern"], random, least=max(least, 12), most=most) or matching(
                shape.metadata["pattern"], random, least=least, most=most
            )
            if made is not None:
                yield from (_at_home(made, arn), made)


def _at_home(text: str, arn: str) -> str:
    """Return an ARN with the region and the account of another one; any other text as it is."""
    parts, own = text.split(":", 5), arn.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return text
    return ":".join(["arn", "aws", parts[2], own[3], own[4], parts[5]])
