"""The documents as the tests read them: fenced blocks, links, inline code, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]))

_FENCE = re.compile(r"(?P<indent> *)```(?P<language>[a-z]*)(?P<info>[^`]*)$")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block."""

    document: Path
    line: int
    """Of its first line of text, counted from 1."""
    language: str
    attributes: dict[str, str]
    """``file=docs/api.md`` after the language."""
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    lines = document.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        fence = _FENCE.fullmatch(lines[number])
        number += 1
        if fence is None:
            continue
        begun = number
        while lines[number].strip() != "```":
            number += 1
        indent = len(fence["indent"])
        yield Block(
            document=document,
            line=begun + 1,
            language=fence["language"],
            attributes=dict(part.split("=", 1) for part in fence["info"].split()),
            text="\n".join(line[indent:] for line in lines[begun:number]) + "\n",
        )
        number += 1


def prose(document: Path) -> str:
    """The document without its fenced blocks."""
    kept: list[str] = []
    inside = False
    for line in document.read_text(encoding="utf-8").splitlines():
        if _FENCE.fullmatch(line) or (inside and line.strip() == "```"):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def inline_code(document: Path) -> set[str]:
    """Everything between single back quotes, outside of blocks."""
    return set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(document)))


def section(document: Path, heading: str) -> str:
    """The text under a heading, up to the next heading of its level or above."""
    text = document.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"{document.name} has no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest if end is None else rest[: end.start()]


def rows(text: str) -> list[list[str]]:
    """The rows of all Markdown tables in a text, without heads and rules."""
    found: list[list[str]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        rule = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("|") and not re.fullmatch(r"\|[\s:|-]+\|", line) and not re.fullmatch(r"\|[\s:|-]+\|", rule):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            found.append([cell.replace("\\|", "|").strip() for cell in cells])
    return found
