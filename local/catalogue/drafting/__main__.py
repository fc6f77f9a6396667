"""``make family``: a draft of a family's declaration, fixtures and expectations, from botocore's model."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from jobview.catalogue import services
from local.catalogue import models
from local.catalogue.declarations import module_of
from local.catalogue.deriving import UndecidedError
from local.catalogue.drafting import module
from local.catalogue.drafting.answers import answers
from local.catalogue.drafting.choosing import draft
from local.catalogue.models import UnknownNameError

_TREE = Path(__file__).parent.parent.parent.parent
_FIXTURES = _TREE / "tests" / "fixtures"
_READ = re.compile(r"(Get|List|Describe|BatchGet|Search)[A-Z]")
_KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")


class InputError(ValueError):
    """A parameter of the command; the message names it, what is wrong with it and what is allowed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the draft; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make family", description=__doc__)
    for name in ("service", "list", "get", "type"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args(arguments)
    try:
        _check(options.service, options.list, options.get, options.type)
        made = draft(options.service, options.list or None, options.get or None, options.type or None)
        files = {_FIXTURES / made.service / name: text for name, text in answers(made).items()}
    except InputError as error:
        print(f"make family: {error}", file=sys.stderr)
        return 2
    except UndecidedError as error:
        named = f"LIST={options.list}" if options.list else f"GET={options.get}"
        print(f"make family: {named}: {error}", file=sys.stderr)
        return 2
    expectation = _FIXTURES / made.service / f"{made.type}.expected.json"
    if expectation.exists():
        print(f"make family: TYPE={made.type}: {_shown(expectation)} exists: choose another TYPE", file=sys.stderr)
        return 2
    declaration = Path(services.__path__[0]) / f"{module_of(made.service)}.py"
    if declaration.exists():
        print(f"{_shown(declaration)} exists and stays as it is. Add this to it:\n\n{module.family_of(made)}")
    else:
        _write(declaration, module.text_of(made))
    for path, text in files.items():
        if path.exists():
            print(f"{_shown(path)} exists and stays as it is")
        else:
            _write(path, text)
    print("Now answer each decide(…); make catalogue names those that are left, and make contract checks the rest.")
    return 0


def _check(service: str, listing: str, get: str, type_: str) -> None:
    """Raises ``InputError``."""
    if not service:
        raise InputError("SERVICE is missing: it is boto3's name of the service, such as SERVICE=healthlake")
    if not listing and not get:
        raise InputError(
            "LIST is missing: it is the operation that lists the jobs, such as LIST=ListFHIRImportJobs; "
            "where nothing lists them, GET alone is the operation that tells one"
        )
    try:
        models.service_model(service)
    except UnknownNameError as error:
        raise InputError(f"SERVICE={service}: {error}") from None
    for name, operation in (("LIST", listing), ("GET", get)):
        if not operation:
            continue
        try:
            models.operation(service, operation)
        except UnknownNameError as error:
            raise InputError(f"{name}={operation}: {error}") from None
        if not _READ.match(operation):
            raise InputError(f"{name}={operation}: Jobview only reads: allowed are List…, Describe…, Get… and Search…")
    if type_ and not _KEBAB.fullmatch(type_):
        raise InputError(f"TYPE={type_}: allowed are words of small letters with - between, such as TYPE=fhir-import")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    print(f"{_shown(path)} is drafted")


def _shown(path: Path) -> Path:
    return path.relative_to(_TREE)


if __name__ == "__main__":
    sys.exit(main())
