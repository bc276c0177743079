"""The commands, statements and programs that README and docs/ show, read out of their code blocks."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[1]
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
PROGRAMS = ("kicrawl", "scrapy")


@dataclass(frozen=True)
class Shown:
    """A code block, or a line of one: the page, the line, its language and its text."""

    page: str
    line: int
    language: str  # sh, sql, python, or "" where the page does not say
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def read_blocks(page: Path) -> Iterator[Shown]:
    """Fenced and indented code blocks."""
    lines = page.read_text(encoding="utf-8").splitlines()
    block: list[str] = []
    language, start, fenced = "", 0, False
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith("```"):
            if fenced or block:
                yield Shown(page.name, start, language, "\n".join(block))
            fenced, block, start, language = not fenced, [], number + 1, line[3:]
        elif fenced:
            block.append(line)
        elif line.startswith("    ") and (block or not lines[number - 2].strip()):
            block, start, language = [*block, line[4:]], start if block else number, ""
        elif block:
            yield Shown(page.name, start, "", "\n".join(block))
            block = []


def of_language(language: str) -> list[Shown]:
    """All blocks of this language."""
    return [block for page in PAGES for block in read_blocks(page) if language_of(block) == language]


def language_of(block: Shown) -> str:
    """What the block says it is, or looks like."""
    if block.language:
        return block.language
    first = block.text.lstrip("$ ").split(maxsplit=1)[0] if block.text.strip() else ""
    return "sql" if first in ("SELECT", "WITH") else "sh"


def commands() -> list[Shown]:
    """Each command, one a line: without prompt, remark and what it printed."""
    return [command for block in of_language("sh") for command in read_commands(block)]


def read_commands(block: Shown) -> Iterator[Shown]:
    """The commands of a block: if any line has a prompt, those with one; else all."""
    lines = block.text.replace("\\\n", "  ").splitlines()
    prompted = any(line.startswith("$ ") for line in lines)
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#") or (prompted and not line.startswith("$ ")):
            continue
        whole = line.removeprefix("$ ")
        rest = iter(lines[number + 1 :])
        while whole.count('"') % 2:  # a quotation goes on in the next line
            whole += " " + next(rest).strip()
        whole = re.split(r"\s#\s", whole)[0]
        for part in [whole] if '"' in whole else re.split(r"; |&& ", whole):
            yield Shown(block.page, block.line + number, "sh", part.strip())


def words_of(command: Shown) -> list[str]:
    """The command as the shell would split it, without the folder of the program and what follows a pipe."""
    words = shlex.split(command.text)
    words[0] = words[0].removeprefix(".venv/bin/")
    return words[: words.index("|")] if "|" in words else words
