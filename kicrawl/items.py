"""What one page says, as plain data: the items that spiders yield and pipelines pass on.

Every field has a default. Texts are None, never "", when the page does not state them; lists are empty, never None.
Times are aware and in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

READER_VERSION = 1  # raised whenever the same bytes may give another reading

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "caption", "card", "embed", "other"]
Place = Literal["before", "head", "body", "after"]
Role = Literal["story", "caption", "fact", "boilerplate"]
Medium = Literal["html", "text", "feed"]


@dataclass(kw_only=True)
class RawResponse:
    """A response as it came over the wire: kept as a capture if it gives a new reading."""

    url: str = ""  # asked for last, after redirects
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""  # its Content-Encoding is not undone
    fetched_at: datetime | None = None  # when the answer was there
    saved: "SavedResponse | None" = None  # where it stands once it is kept


@dataclass(kw_only=True)
class SavedResponse:
    """A response that stands in a WARC file already."""

    url: str = ""
    status: int = 200
    fetched_at: datetime | None = None
    file: str = ""  # a path, absolute or from WARC_DIR
    offset: int = 0  # where its record begins, in bytes
    length: int = 0  # of its record in the file, in bytes
    digest: str = ""  # of the payload as it stands there: sha1: and base 32


@dataclass(kw_only=True)
class Link:
    """A link inside the story."""

    url: str = ""  # absolute; the `ref=` that Ghost adds to outside links is removed
    text: str = ""  # the linked words, white space folded


@dataclass(kw_only=True)
class Block:
    """One piece of a page's visible text, in reading order."""

    kind: BlockKind = "paragraph"
    text: str = ""  # white space folded; a list item has no bullet
    place: Place = "body"  # before the headline, between headline and story, in the story's container, after it
    container: str | None = None  # what it stood in, if that was a card, author box, form, navigation ...; else None
    role: Role | None = None  # given by boilerplate.strip; None until then
    rule: str | None = None  # the rule that called it boilerplate; None for every other role
    links: list[Link] = field(default_factory=list)


@dataclass(kw_only=True)
class Image:
    """A picture of the story, the lead picture first."""

    url: str = ""  # absolute, of the original file: resizing services are undone
    alt: str | None = None
    caption: str | None = None  # without the credit
    credit: str | None = None  # without brackets, e.g. "Volodymyr Petrov"


@dataclass(kw_only=True)
class Related:
    """A card in the story that leads to another story."""

    url: str | None = None  # None where plain text gives no address
    title: str = ""
    excerpt: str | None = None


@dataclass(kw_only=True)
class Card:
    """A story as a list, a feed or an author page shows it."""

    url: str | None = None
    title: str = ""
    byline: str | None = None  # as shown, e.g. "by Ann Example, Bob Example"
    excerpt: str | None = None  # as shown, often cut in the middle of a word
    published_at: datetime | None = None


@dataclass(kw_only=True)
class Author:
    """A person or desk, as a byline, an author box or the author's own page states it."""

    name: str = ""
    slug: str | None = None  # the last part of the author page's address; never derived from the name
    url: str | None = None
    role: str | None = None  # "Reporter"; roles change over time
    bio: str | None = None
    photo: str | None = None  # address of the portrait
    links: list[str] = field(default_factory=list)  # the author's pages elsewhere
    stories: list[Card] = field(default_factory=list)  # cards on the author's own page; empty in a byline
    seen_at: datetime | None = None
    sources: dict[str, str] = field(default_factory=dict)
    next_url: str | None = None  # the next page of the author's stories
    capture: RawResponse | SavedResponse | None = None  # what it was read from
    seen: "Seen | None" = None  # the fetch it comes from


@dataclass(kw_only=True)
class Article:
    """One story as one page states it."""

    url: str = ""  # the canonical address
    slug: str = ""
    aliases: list[str] = field(default_factory=list)  # other addresses under which this page was met
    title: str | None = None
    subtitle: str | None = None  # a standfirst or custom excerpt; never an automatic excerpt
    kicker: str | None = None  # the first or only tag shown above the headline
    tags: list[str] = field(default_factory=list)  # public tags, in the page's order
    kind: str = "article"  # article, opinion, newsletter, podcast, video, photo
    language: str | None = None  # as the page states it, e.g. "en"
    access: str = "full"  # full, or partial where the rest is for members
    published_at: datetime | None = None
    modified_at: datetime | None = None
    reading_minutes: int | None = None  # 0 is a value
    authors: list[Author] = field(default_factory=list)  # in byline order
    blocks: list[Block] = field(default_factory=list)  # the whole page; after strip, each with its role
    images: list[Image] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)  # page order, credit included
    related: list[Related] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)  # field -> where its value came from
    layout: str = "unknown"  # A, B, C, or unknown
    medium: Medium = "html"
    ghost_id: str | None = None  # the publisher's own id of the post, where stated
    reader_version: int = field(default_factory=lambda: READER_VERSION)
    seen_at: datetime | None = None  # when the page was fetched
    route: str | None = None  # feed, list, replay, ...: how the crawl came to it
    capture: RawResponse | SavedResponse | None = None  # what it was read from; None: no evidence can be kept
    seen: "Seen | None" = None  # the fetch it comes from; None for saved pages and for stories from the feed
    promised_words: int = 0  # as many has the text that the feed shows of it
    tries: int = 0  # how often before its page could not be had or read
    rereadings: list["Article"] = field(default_factory=list)  # of captures of this story, by today's rules
    afresh: bool = False  # read again from what is stored: replaces that even if only what was cut differs

    @property
    def story(self) -> list[Block]:
        """The blocks that are the story's text, in order (empty until roles are given)."""
        return [block for block in self.blocks if block.role == "story"]

    @property
    def body(self) -> str | None:
        """The story's text: its blocks joined by a blank line; None when there is none."""
        return "\n\n".join(block.text for block in self.story) or None

    @property
    def boilerplate(self) -> list[Block]:
        """The blocks that were cut, each with its rule, in page order."""
        return [block for block in self.blocks if block.role == "boilerplate"]


@dataclass(kw_only=True)
class Sighting:
    """One route on which an address was seen, and what it said of the story there."""

    url: str = ""
    route: str = ""  # feed, list, sitemap, author, link
    seen_at: datetime | None = None
    card: Card | None = None
    fingerprint: str | None = None  # of all that the route says of it: another one means that the story changed
    modified_at: datetime | None = None  # as a sitemap says
    file: str | None = None  # the sitemap's
    urgent: bool = True  # whether newsfeed fetches it in its next run, however many wait


@dataclass(kw_only=True)
class Seen:
    """A page that the site answered with, or with 304: it is as before."""

    url: str = ""
    seen_at: datetime | None = None
    refresh_at: datetime | None = None  # when to look again; None: not of itself
    etag: str | None = None
    last_modified: str | None = None  # as sent


def names_of(item: Article | Author) -> set[str]:
    """All by which the archive may know what an item is about."""
    if isinstance(item, Author):
        return {name for name in (item.url, item.slug, item.name) if name}
    return {name for name in (item.url, item.ghost_id, *item.aliases) if name}
