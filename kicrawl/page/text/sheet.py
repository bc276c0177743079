"""What is shared while the lines of a plain text are sorted."""

import re
from dataclasses import dataclass, field

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.facts import Facts
from kicrawl.site import words

BULLET = re.compile(r"^[•‣▪◦·*\-–]\s+")
MAX_LINES = 20_000


@dataclass(slots=True)
class Sheet:
    """The lines of a page while they are sorted: the facts they state, and what each of them is."""

    lines: list[str]
    folded: list[str]
    slug: str
    what: list[str | None]  # per line: a fact, a container, or None for the story's own
    kinds: list[items.BlockKind]
    facts: Facts = field(default_factory=Facts)
    names: list[str] = field(default_factory=list)  # of the authors, as the byline has them


def read_lines(text: str) -> list[str]:
    """The non-empty lines of a text, white space folded."""
    return [line for raw in text.splitlines()[:MAX_LINES] if (line := squash(raw))]


def new_sheet(lines: list[str], slug: str) -> Sheet:
    """A sheet of which nothing is sorted yet."""
    return Sheet(
        lines=lines,
        folded=[words.fold(line) for line in lines],
        slug=slug,
        what=[None] * len(lines),
        kinds=["paragraph"] * len(lines),
    )
