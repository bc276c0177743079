"""What one response states, as the reader hands it on."""

from dataclasses import dataclass, field
from typing import Literal

from kicrawl import items
from kicrawl.page.facts import Facts
from kicrawl.site import urls

PageKind = Literal["story", "author", "list", "other", "empty", "binary", "challenge"]


@dataclass(slots=True, kw_only=True)
class Page:
    """What one response states."""

    kind: PageKind
    url: str  # the address it was read from
    root: str = urls.ROOT
    any_address: bool = False
    canonical: str | None = None  # the story's canonical address, where the page states a fit one
    medium: items.Medium = "html"
    layout: str = "unknown"
    facts: Facts = field(default_factory=Facts)
    blocks: list[items.Block] = field(default_factory=list)
    gated: bool = False  # part of the story is for members
    author: items.Author | None = None  # of an author page
    cards: list[items.Card] = field(default_factory=list)  # of a list or an author page
    next_url: str | None = None  # rel=next, absolute
    warnings: list[str] = field(default_factory=list)
