"""The configuration in docs/operations.md against ``infra/configuration.py``: every field, and its default."""

import json
from collections.abc import Iterator

from pydantic import BaseModel

from infra.configuration import MEMBER_ROLE, MOST_TARGETS, Configuration, parse
from jobview.catalogue import FAMILIES
from tests.unit.docs.blocks import ROOT, blocks, rows, section

DOCUMENT = ROOT / "docs" / "operations.md"
IN_WORDS = {
    "account": "the credentials'",
    "region": "the credentials'",
    "targets.account": "the home account",
    "targets.roleName": '`"JobviewMember"`',
    "targets.externalId": "required in other accounts",
    "targets.regions": "required",
    "families.enabled": '`"default"`',
}
"""Defaults that are no value of their own."""
SECTIONS = {"targets": "targets", "families": "families", "retention": "retention"} | {
    name: name for name in ("throttling", "bundle")
}


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field by the name that the configuration has for it, with its default as the document writes it."""
    for name, field in model.model_fields.items():
        alias = f"{prefix}{field.alias or name}"
        inner = field.annotation if isinstance(field.annotation, type) else None
        if inner is not None and issubclass(inner, BaseModel):
            yield from fields(inner, f"{alias}.")
            continue
        if alias in IN_WORDS:
            yield alias, IN_WORDS[alias]
        else:
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            yield alias, f"`{json.dumps(default)}`"
        if alias == "targets":
            target = Configuration.model_fields["targets"].annotation.__args__[0]  # type: ignore[union-attr]
            yield from fields(target, "targets.")


def test_every_field_is_there_with_its_default_and_nothing_else() -> None:
    table = {row[0].strip("`"): row[1] for row in rows(section(DOCUMENT, "Configuration"))}
    assert table == dict(fields(Configuration))


def example(file: str) -> Configuration:
    [found] = [block for block in blocks(DOCUMENT) if block.attributes.get("file") == file]
    known = {name: family.retired is not None for name, family in FAMILIES.items()}
    return parse(json.loads(found.text), catalogue=known, origin="docs")


def test_the_example_of_many_accounts_is_a_valid_configuration() -> None:
    configuration = example("many.json")
    assert configuration.home_regions == ("us-east-1", "eu-west-1")
    assert [target.account for target in configuration.members] == ["222233334444", "333344445555"]
    assert MEMBER_ROLE == "JobviewMember"
    assert f"at most {MOST_TARGETS};" in section(DOCUMENT, "Configuration")


def test_the_example_is_a_valid_configuration() -> None:
    configuration = example("jobview.json")
    assert configuration.alarm_email is not None
    assert configuration.import_buckets


def test_the_example_of_families_reads_everything_but_batch_and_step_functions() -> None:
    known = {name: family.retired is not None for name, family in FAMILIES.items()}
    left_out = {name for name, retired in known.items() if retired or name.startswith(("batch/", "stepfunctions/"))}
    assert example("families.json").families.chosen(known) == FAMILIES.keys() - left_out
    assert {"batch/job", "stepfunctions/execution"} < left_out
