"""What no answer of Jobview shows: presigned links, what a model marks sensitive, and what looks like a secret."""

import re
from collections.abc import Iterator

from botocore.model import ListShape, Shape, StructureShape

from jobview.catalogue.family import Family
from tests.contract.each import each_family, each_job
from tests.contract.shapes import PATHS, Job, jobs, resolve


def deepest(declared: Family) -> Shape:
    """The shape of a got job; of a listed one where there is no get."""
    *_, last = jobs(declared)
    return last.shape


@each_family
def test_presigned_and_withheld_paths_exist_in_the_deepest_record(declared: Family) -> None:
    if not declared.presigned and not declared.withheld:
        return
    shape = deepest(declared)
    assert declared.failures_link is None or declared.failures_link in declared.presigned
    assert declared.get is not None or not declared.presigned
    for path in declared.presigned:
        assert resolve(path, shape).kind in {"string", "list of string"}
    for path in declared.withheld:
        assert all(re.fullmatch(r"\w+(\[\])?|\*", name) for name in path.split(".")), (
            "withheld members are dotted names"
        )
        assert not is_sensitive(path, shape), f"{path} is left out without being named"


def is_sensitive(path: str, shape: Shape) -> bool:
    """True where the path leads to, or through, what the model marks sensitive."""
    for name in path.replace("[-1]", "[]").replace("[]", "").split("."):
        found = resolve(name, shape).shape if name != "@" else shape
        whole = shape.members[name] if isinstance(shape, StructureShape) else found
        if whole.metadata.get("sensitive") or found.metadata.get("sensitive"):
            return True
        shape = found
    return False


@each_job
def test_no_fact_of_a_view_is_taken_from_a_sensitive_member(job: Job) -> None:
    declared = job.fields
    told = [getattr(declared, name) for name in PATHS if getattr(declared, name) is not None]
    causes = [cause.at if cause.message == "@" else f"{cause.at}.{cause.message}" for cause in declared.causes]
    for path in (*told, *causes, *declared.inputs, *declared.outputs):
        assert not is_sensitive(path, job.shape), path


SECRET = re.compile(
    r"command|^args$|^env$|environment|secret|password|credential|token|^options$|parameters?$|annotations|^query$"
    r"|arguments",
    re.IGNORECASE,
)
HARMLESS = frozenset(
    {
        # A switch, what a container may do on its host, whose rights pull an image, and what makes a request the same
        # request.
        "enableExecuteCommand",
        "linuxParameters",
        "imagePullCredentialsType",
        "ClientToken",
        # Of a table: its keys, indexes and rates.
        "TableCreationParameters",
        # The id of a place to run in.
        "environmentId",
        # How files are transferred, and how many tokens were paid for.
        "Options",
        "BillableTokenCount",
        # The id of a command, and the name of an environment.
        "CommandId",
        "environmentName",
        # Ids of requests and of the sharing of a portfolio.
        "RequestToken",
        "HooksRequestToken",
        "PortfolioShareToken",
    }
)
"""Members whose names look like a secret's and whose values are none."""


def members(shape: Shape, path: str = "", around: tuple[str, ...] = ()) -> Iterator[tuple[str, Shape]]:
    """Every member of a shape, at any depth, with the path to it."""
    if isinstance(shape, ListShape):
        yield from members(shape.member, f"{path}[]", around)
    elif isinstance(shape, StructureShape) and shape.name not in around:
        for name, member in shape.members.items():
            inner = f"{path}.{name}" if path else name
            yield inner, member
            yield from members(member, inner, (*around, shape.name))


@each_family
def test_what_looks_like_a_secret_is_withheld(declared: Family) -> None:
    shape = deepest(declared)
    for path, member in members(shape):
        name = path.rpartition(".")[2]
        if name == "environment" and isinstance(member, StructureShape):
            continue  # a place to run in, of which each member is looked at by itself
        if not SECRET.search(name) or name in HARMLESS or is_sensitive(path, shape):
            continue
        above = [path[:at] for at in range(len(path) + 1) if at == len(path) or path[at] in ".["]
        assert set(above) & set(declared.withheld), path
