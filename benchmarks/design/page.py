"""What the parts of one page share: the design, the story, and what the page turned out to say."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from benchmarks.design.choice import Design
from benchmarks.design.dom import Child, Node, Raw, el

KYIV = ZoneInfo("Europe/Kyiv")
SITE = "The Kyiv Independent"
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@dataclass
class Page:
    """A page in the making."""

    row: dict[str, Any]
    design: Design
    said: set[str] = field(default_factory=set)  # facts that a reader of the page can know
    used: dict[str, list[str]] = field(default_factory=dict)  # boilerplate lines on the page, by sort
    optional: list[dict[str, str]] = field(default_factory=list)  # cards that may count as related or not

    def line(self, sort: str, text: str) -> str:
        """The text, noted as boilerplate of that sort."""
        self.used.setdefault(sort, []).append(text)
        return text

    def chrome(self, text: str) -> str:
        """A button or label."""
        return self.line("chrome", text)

    def link(self, text: str, section: str = "") -> str:
        """An address on the site for a text, written as the design writes addresses."""
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower())[:60].strip("-") or "x"
        form = self.design.pick("hrefs", {"relative": 3, "absolute": 2, "no slash": 1})
        path = f"{section}/{slug}" + ("" if form == "no slash" else "/")
        return f"https://kyivindependent.com{path}" if form == "absolute" else path

    def author_link(self, name: str) -> str:
        """The address of an author's page."""
        return self.link(name, "/author")

    def tag_link(self, name: str) -> str:
        """The address of a tag's page."""
        return self.link(name, "/tag")

    def lines(self, sort: str) -> list[str]:
        """The lines of a sort that the story's page had elsewhere."""
        return list(dict.fromkeys((self.row.get("furniture") or {}).get(sort) or []))

    def some(self, sort: str, least: int, most: int) -> list[str]:
        """Some lines of a sort, at random."""
        found = self.lines(sort)
        return self.design.rng.sample(found, min(len(found), self.design.rng.randint(least, most)))

    def image(self, alt: str, *, address: str | None = None, lead: bool = False) -> list[Child]:
        """An image as the design brings it: plain, resized, or lazy with its copy in noscript."""
        design = self.design
        file = f"https://assets.kyivindependent.com/content/images/2024/07/{design.token(10)}.jpg"
        src = address or file
        form = design.pick("images", {"plain": 3, "next": 2, "lazy": 2, "srcset": 1, "picture": 1})
        resized = f"/_next/image?url={quote(src, safe='')}&w=1200&q=75"
        if form == "next":
            return [el("img", alt=alt, src=resized, srcset=f"{resized} 1x", decoding="async")]
        if form == "lazy" and not lead:
            copy = el("noscript", el("img", alt=alt, src=src))
            return [el("img", alt=alt, src=PLACEHOLDER, data_src=src, cls="lazy"), copy]
        if form == "srcset":
            return [el("img", alt=alt, src=src, srcset=f"{src} 600w, {src} 1200w", width="1200", height="800")]
        if form == "picture":
            return [el("picture", el("source", srcset=src, type="image/webp"), el("img", alt=alt, src=src))]
        return [el("img", alt=alt, src=src)]

    def icon(self) -> Child:
        """A small drawing."""
        return Raw('<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 9l-3 9z"/></svg>')

    def published(self) -> datetime | None:
        """When the story appeared, if the row says so."""
        return moment(self.row.get("published_at"))

    def modified(self) -> datetime | None:
        """When the story was changed, if the row says so."""
        return moment(self.row.get("modified_at"))

    def between(self, nodes: list[Node]) -> list[Child]:
        """Nodes with white space between them, as visible text needs it."""
        out: list[Child] = []
        for node in nodes:
            out += [node, " "]
        return out[:-1]


def moment(text: str | None) -> datetime | None:
    """The time of a gold row."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def iso(when: datetime) -> str:
    """The time as a gold row writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
