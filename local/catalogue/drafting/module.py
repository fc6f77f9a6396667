"""The text of a drafted declaration."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobview.catalogue.language import Service
from local.catalogue import models, regions
from local.catalogue.deriving import UndecidedError
from local.catalogue.drafting import words
from local.catalogue.drafting.choosing import Draft
from local.catalogue.drafting.inputs import Above, Ask

_WIDTH = 88
_STATES = ("PENDING", "RUNNING", "PAUSED", "CANCELLING", "SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED")


def text_of(made: Draft) -> str:
    """The module of the service, with the drafted family as its only one."""
    metadata = models.service_model(made.service).metadata
    name = title_of(made.service)
    declared = "\n\n".join(_statements(made))
    imported = [word for word in _STATES if word in made.states]
    imported += [word for word in ("NOT_HERE",) if any(path is None for path in made.got_facts.values())]
    named = [
        "Family",
        "Job",
        *(["Parent"] if made.under else []),
        "Service",
        *(["decide"] if "decide(" in declared else []),
    ]
    noun = words.spaced(words.noun_of(_operation(made)))
    return formatted(
        f'"""{name} (``{made.service}`` {metadata["apiVersion"]}): {_lower(noun)}s."""\n\n'
        f"from jobview.catalogue.language import ({', '.join([*sorted(imported), *named])},)\n\n"
        f"{declared}\n"
    )


def family_of(made: Draft) -> str:
    """The text of the family alone, for a module that is there."""
    _, *statements = _statements(made)
    return formatted("\n\n".join(statements) + "\n")


def title_of(service: str) -> str:
    """The service's name for people, such as ``AWS Glue``."""
    metadata = models.service_model(service).metadata
    names = [metadata[name] for name in ("serviceAbbreviation", "serviceFullName") if name in metadata]
    return str(next((name for name in names if name.startswith(("AWS", "Amazon"))), names[-1]))


def formatted(text: str) -> str:
    """Python as the project formats it."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "120", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _operation(made: Draft) -> str:
    """The operation that the family has its name from."""
    return made.listing or made.get or ""


def _lower(text: str) -> str:
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())


def _constant(type_: str) -> str:
    return type_.replace("-", "_").upper()


def _service(service: str, opened: str) -> str:
    """The statement of a service, with what is known and what is open of the regions in which it answers."""
    try:
        answering = regions.global_regions(Service(service, rate=1))
    except UndecidedError as error:
        return f"{opened}, global_regions={_value(Ask(str(error)))})"
    if answering:
        where = f"{next(iter(answering.values()))} (one region in each partition)"
        return f"# A global service: its jobs are read once for each account, in {where}.\n{opened})"
    known = models.session().get_available_regions(service)
    if len(known) == 1:
        ask = Ask(
            f"botocore has the service in {known[0]} alone. Does it answer there for all regions? Then it is global: "
            f'{{"aws": "{known[0]}"}}. Leave it out where other regions just do not have the service'
        )
        return f"{opened}, global_regions={_value(ask)})"
    return f"{opened})"


def _statements(made: Draft) -> Iterator[str]:
    service = made.service.replace("-", "_").upper()
    ask = Ask(
        f"how many calls a second does AWS allow of {_operation(made)} and its like? Look at the service's quotas; "
        "where AWS publishes none, 1 is careful. Say which in a comment"
    )
    yield _service(made.service, f"{service} = Service({_value(made.service)}, rate={_value(ask)}")
    names = {}
    for above in made.under:
        names[above.type] = _distinct(_constant(above.type), {service})
        yield f"{names[above.type]} = {_parent(service, above)}"
    own = _distinct(_constant(made.type), {service, *names.values()})
    title = f"{title_of(made.service)} {_lower(words.spaced(words.noun_of(_operation(made))))}"
    given: dict[str, str] = {}
    if made.under:
        given["under"] = f"[{', '.join(names[above.type] for above in made.under)}]"
    if made.listing is not None:
        given["list"] = _value(made.listing)
    options = {name: _value(value) for name, value in made.options.items()}
    given |= {name: options[name] for name in ("inputs", "items", "page_size", "window", "each") if name in options}
    if made.get is not None:
        given["get"] = _value(made.get)
    given |= {name: options[name] for name in ("get_inputs", "get_resource", "batch", "missing") if name in options}
    given["job"] = _job(made.listed_facts)
    if made.got_facts:
        given["got"] = _job(made.got_facts)
    given["states"] = _states(made)
    if made.withheld:
        given["withheld"] = _value(made.withheld)
    yield (
        "# Does the service send events to EventBridge when these jobs change? Then say so with Events.\n"
        f"{own} = Family({service}, {_value(made.type)}, {_value(title)}, "
        + ", ".join(f"{name}={value}" for name, value in given.items())
        + ",)"
    )


def _distinct(name: str, taken: set[str]) -> str:
    return f"{name}_" if name in taken else name


def _parent(service: str, above: Above) -> str:
    given = {"list": _value(above.operation), "id": _value(above.id)}
    if above.inputs:
        given["inputs"] = _value(above.inputs)
    if above.page_size is not None:
        given["page_size"] = _value(above.page_size)
    return f"Parent({service}, {_value(above.type)}, {', '.join(f'{name}={value}' for name, value in given.items())})"


def _job(facts: Mapping[str, object]) -> str:
    order = ("id", "status", "parent", "name", "created", "started", "updated", "ended", "reason", "role", "progress",
             "inputs", "outputs", "counts")  # fmt: skip
    pairs = [f"{name}={'NOT_HERE' if facts[name] is None else _value(facts[name])}" for name in order if name in facts]
    return f"Job({', '.join(pairs)},)" if pairs else "Job()"


def _words(words: Sequence[str]) -> str:
    return _value(tuple(words) if any(" " in word for word in words) else " ".join(words))


def _states(made: Draft) -> str:
    rows = [f"{state}: {_words(made.states[state])}" for state in _STATES if state in made.states]
    if made.doubtful:
        ask = Ask(f"the state of {', '.join(made.doubtful)}? One line a state: {', '.join(_STATES)}, UNKNOWN")
        rows.append(f"{_value(ask)}: {_words(made.doubtful)}")
    elif made.free and not made.states:
        rows.append(
            f'{_value(Ask("the status words are no enum: which does the documentation have? One line a state"))}: ""'
        )
    if made.free and made.states:
        ask = Ask("the status is free text, and these words are what its model mentions: are they all?")
        rows.append(f'{_value(ask)}: ""')
    return "{" + ", ".join(rows) + ",}"


def _wrapped(text: str) -> str:
    """A text as one literal a line."""
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    texts = [*(f"{line} " for line in lines[:-1]), lines[-1]]
    return " ".join(json.dumps(line, ensure_ascii=False) for line in texts)


def _value(value: Any) -> str:
    """A value as Python."""
    if isinstance(value, Ask):
        return f"decide({_wrapped(value.question)})"
    if isinstance(value, str):
        return f"({_wrapped(value)})" if len(value) > _WIDTH and " " in value else _wrapped(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(name)}: {_value(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{_value(each)}, " for each in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"no declaration has a {type(value).__name__}")
