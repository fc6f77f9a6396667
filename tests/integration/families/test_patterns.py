"""The patterns of models, which are Java's: each is either read, or left out; none stops the stand-in."""

import re
from random import Random

import pytest

from local.standin.generic.patterns import matching
from local.standin.validation import compile_pattern
from tests.contract.shapes import service_model


@pytest.mark.parametrize("service", ["iot", "datasync", "s3control", "sagemaker", "ssm", "backup"])
def test_every_pattern_of_a_model_is_read_or_left_out(service: str) -> None:
    model = service_model(service)
    patterns = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names} - {None}
    assert len(patterns) > 3
    read = [compiled for compiled in map(compile_pattern, patterns) if compiled is not None]
    assert len(read) > 0.9 * len(patterns)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"[\p{Graph}\x20]*", "a b", True),
        (r"[\p{Graph}\x20]*", "ä", False),
        (r"\P{Digit}+", "ab", True),
        (r"\P{Digit}+", "a1", False),
        (r"[\p{L}\p{N}]+", "ä1", True),
    ],
)
def test_classes_of_java_are_those_of_python(pattern: str, text: str, *, matches: bool) -> None:
    compiled = compile_pattern(pattern)
    assert compiled is not None
    assert bool(compiled.fullmatch(text)) is matches


def test_what_python_cannot_read_is_no_pattern() -> None:
    assert compile_pattern(r"(?<name>a)\k<name>") is None
    assert matching(r"(?<name>a)\k<name>", Random(1)) is None  # noqa: S311 - made-up values


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        (r"^[0-9]+$", 12, 12),
        (r"^arn:(aws|aws-cn):datasync:[a-z\-0-9]+:[0-9]{12}:task/task-[0-9a-f]{17}$", 0, 128),
        (r"[A-Z]{3}|x.y", 0, None),
        (r"(?!aws)[a-z]{3}", 3, 3),
    ],
)
def test_a_text_of_a_pattern_is_found(pattern: str, least: int, most: int | None) -> None:
    text = matching(pattern, Random(1), least=least, most=most)  # noqa: S311 - made-up values
    assert text is not None
    assert re.fullmatch(pattern, text)
    assert least <= len(text)
