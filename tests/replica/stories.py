"""The invented stories: what a story file says, and how it is read.

A story is stories/<slug>.txt: facts in TOML between two +++ lines, then its text (see markup.py).
"""

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

from .markup import Block, inline_html, plain, read_blocks

FOLDER = Path(__file__).parent / "stories"
ERAS = (("A", datetime(2023, 3, 20, tzinfo=UTC)), ("B", datetime(2025, 5, 10, tzinfo=UTC)))  # then C
WORDS_A_MINUTE = 275  # Ghost's own figure


@dataclass(frozen=True)
class Author:
    """A person or desk of the invented paper; read from stories/authors.toml."""

    slug: str
    name: str
    role: str | None = None
    bio: str | None = None
    photo: str | None = None  # file name
    links: tuple[str, ...] = ()  # pages elsewhere
    email: str | None = None  # "For media & speaking inquiries:"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One story as the newsroom wrote it. What is stated here is what kicrawl must find."""

    slug: str
    title: str
    published: datetime
    text: str
    updated: datetime | None = None  # None: never changed since it was published
    authors: tuple[str, ...] = ()  # slugs, in byline order
    tags: tuple[str, ...] = ("News Feed",)  # the first is shown as the kicker; those with # are internal
    subtitle: str | None = None  # Ghost's custom excerpt
    kind: str = "article"
    minutes: int | None = None  # None: counted from the words
    lead: str | None = None  # file of the lead picture
    caption: str = ""  # of the lead picture
    credit: str = ""  # of the lead picture, with its brackets
    alt: str | None = None  # of the lead picture; None: the headline
    layout: str | None = None  # A, B, C; None: by the date it was published
    variant: str | None = None  # of layout C: data or chunks; None: by the slug
    sidebar: str | None = None  # before or after the story; None: by the slug
    byline: bool = True  # False: the page's text has no byline (metadata may name authors)
    empty_updated: bool = False  # the page prints "(Updated: )"
    meta_title: str | None = None  # for search engines, where it differs from the headline
    is_story: bool = True  # False: a post that only its internal tags tell from a story; in the sitemap, in no list
    section: str = "news-feed"  # the path of era A, which redirects
    extra: dict[str, str] = field(default_factory=dict, hash=False)  # id: of Ghost, where it is not made from the slug

    @cached_property
    def blocks(self) -> list[Block]:
        return read_blocks(self.text)

    @cached_property
    def public_blocks(self) -> list[Block]:
        """The blocks before the gate."""
        kinds = [block.kind for block in self.blocks]
        return self.blocks[: kinds.index("gate")] if "gate" in kinds else self.blocks

    @property
    def gated(self) -> bool:
        return len(self.public_blocks) < len(self.blocks)

    @property
    def public_tags(self) -> list[str]:
        return [tag for tag in self.tags if not tag.startswith("#")]

    @property
    def kicker(self) -> str | None:
        return self.public_tags[0] if self.public_tags else None

    @property
    def modified(self) -> datetime:
        return self.updated or self.published

    @property
    def era(self) -> str:
        return self.layout or next((name for name, end in ERAS if self.published < end), "C")

    @cached_property
    def id(self) -> str:
        """The Ghost id: it stays when slug or headline change."""
        return self.extra.get("id") or hashlib.sha256(self.slug.encode()).hexdigest()[:24]

    @cached_property
    def words(self) -> int:
        return sum(len(plain(block.text).split()) for block in self.blocks) + sum(
            len(plain(item).split()) for block in self.blocks for item in block.items
        )

    @property
    def reading_minutes(self) -> int:
        return self.minutes if self.minutes is not None else round(self.words / WORDS_A_MINUTE)

    @cached_property
    def prose(self) -> str:
        """The public paragraphs as one text."""
        return " ".join(plain(block.text) for block in self.public_blocks if block.kind == "p")

    @property
    def excerpt(self) -> str:
        """What Ghost makes of a text without an excerpt of its own: 500 characters, cut anywhere."""
        return self.subtitle or self.prose[:500]

    def lead_caption(self) -> str:
        return " ".join(filter(None, (self.caption, self.credit)))

    def caption_html(self) -> str:
        return inline_html(self.lead_caption())


def read_story(path: Path) -> Story:
    """A story file."""
    _, facts, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    return story_from({"slug": path.stem, **tomllib.loads(facts)}, text)


def story_from(facts: dict, text: str) -> Story:
    """A story from the facts of its file; lists become tuples, times are in UTC."""
    facts = {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
    return Story(**facts, text=text.strip("\n"))


@cache
def written_stories() -> tuple[Story, ...]:
    """The stories written by hand, newest first."""
    return newest_first(story for story in written_posts() if story.is_story)


@cache
def written_posts() -> tuple[Story, ...]:
    """What was written by hand, posts that are not stories included."""
    return tuple(read_story(path) for path in sorted(FOLDER.glob("*.txt")))


def newest_first(stories) -> tuple[Story, ...]:
    return tuple(sorted(stories, key=lambda story: (story.published, story.slug), reverse=True))


@cache
def all_authors() -> dict[str, Author]:
    """The invented authors, by slug."""
    rows = tomllib.loads((FOLDER / "authors.toml").read_text(encoding="utf-8"))
    return {slug: Author(slug, **{**facts, "links": tuple(facts.get("links", ()))}) for slug, facts in rows.items()}


def changed(story: Story, **changes) -> Story:
    """The story with other facts. It stays the same post for Ghost."""
    return replace(story, **{"extra": {**story.extra, "id": story.id}, **changes})
