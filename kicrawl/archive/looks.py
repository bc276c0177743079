"""One look at a story, as the rows it would write: items.Article on one side, columns on the other."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kicrawl import items
from kicrawl.archive.folding import clean, fingerprint, squash

KYIV = ZoneInfo("Europe/Kyiv")  # the newspaper's calendar
LONGEST_KEY = 2000  # bytes; PostgreSQL indexes values up to 2,700, and no true address, slug or tag comes near
# Facts that a look fills in where the stored row has none, and that a later None does not erase.
FACTS = ("ghost_id", "kicker", "language", "published_at", "published_on", "modified_at", "reading_minutes")


@dataclass(kw_only=True)
class Look:
    """What one look at a story says, ready to be compared with what is stored."""

    item: items.Article
    seen_at: datetime
    row: dict[str, Any]  # columns of article
    content: dict[str, Any]  # the text as a revision would keep it
    tags: list[str]
    images: list[dict[str, Any]]
    related: list[dict[str, Any]]
    links: list[dict[str, Any]]
    aliases: list[str]
    store_body: bool
    body: str | None = None  # also where it is not stored
    again: bool = False  # at a capture that is known, and so not a look at the site


def read_look(item: items.Article, *, store_body: bool = True) -> Look:
    """The rows of a story whose blocks have their roles; without `store_body` no text of it but headline and subtitle.

    Raises ValueError if the item does not say when it was seen.
    """
    clean(item)
    if item.seen_at is None:
        raise ValueError(f"nobody said when this was seen: {item.url}")
    story = item.story
    body = "\n\n".join([block.text for block in story]) or None
    words = (body or "").split()
    text = {
        "title": item.title or "",
        "subtitle": item.subtitle or None,
        "body": body if store_body else None,
        "captions": item.captions if store_body else [],
        "modified_at": item.modified_at,
        "reader_version": item.reader_version,
        "text_hash": text_hash(item, " ".join(words)),
    }
    row = {
        **text,
        "url": item.url,
        "slug": item.slug or item.url.rstrip("/").rsplit("/", 1)[-1],
        "ghost_id": item.ghost_id or None,
        "kicker": item.kicker or None,
        "kind": item.kind,
        "language": item.language or None,
        "access": item.access,
        "published_at": item.published_at,
        "published_on": item.published_at and item.published_at.astimezone(KYIV).date(),
        "reading_minutes": item.reading_minutes,
        "word_count": len(words),
        "blocks": [{"kind": block.kind, "text": block.text} for block in story] if store_body else [],
        "sources": item.sources,
        "layout": item.layout,
        "medium": item.medium,
        "capture_id": None,
        "body_hash": body and hashlib.sha256(body.encode()).hexdigest(),
        "first_seen_at": item.seen_at,
        "text_seen_at": item.seen_at,
        "last_seen_at": item.seen_at,
    }
    past = {"authors": [author.name for author in item.authors], "cause": "older_capture", "capture_id": None}
    return Look(
        item=item,
        seen_at=item.seen_at,
        row=row,
        content={**text, **past},
        tags=_keys(squash(tag) for tag in item.tags),
        images=_images(item, store_body),
        related=_related(item, store_body),
        links=_links(story, store_body),
        aliases=_keys(url for url in item.aliases if url != item.url),
        store_body=store_body,
        body=body,
    )


def text_hash(item: items.Article, body: str | None = None) -> str:
    """The digest that tells whether a story's text is as before: title, subtitle, body, captions, names of authors.

    `body`: with its white space folded, where that is at hand.
    """
    body = squash(item.body) if body is None else body
    # Names that only a card gave come and go with the card that led to the page.
    names = [squash(author.name) for author in item.authors if item.sources.get("authors") not in ("list", "feed")]
    captions = [squash(caption) for caption in item.captions]
    lists = ["\x1e".join(captions), "\x1e".join(names)]  # ASCII's separators count as white space: none are left
    text = "\x1d".join([squash(item.title), squash(item.subtitle), body, *lists])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def facts_hash(look: Look) -> str:
    """A digest of what is stored beside the text and may change without being an edit: tags, times, roles, cards."""
    row = {name: look.row[name] for name in (*FACTS, "kind", "access", "layout")}
    kinds = [block["kind"] for block in look.row["blocks"]]
    authors = [[author.slug, author.role, author.bio, author.url] for author in look.item.authors]
    return fingerprint([row, kinds, look.tags, look.images, look.related, look.links, authors])


def _images(item: items.Article, store_body: bool) -> list[dict[str, Any]]:
    return [
        {
            "url": image.url,
            "alt": (image.alt or None) if store_body else None,
            "caption": (image.caption or None) if store_body else None,
            "credit": image.credit or None,
        }
        for image in item.images
        if image.url
    ]


def _related(item: items.Article, store_body: bool) -> list[dict[str, Any]]:
    return [
        {"url": card.url or None, "title": card.title, "excerpt": (card.excerpt or None) if store_body else None}
        for card in item.related
    ]


def _links(story: Sequence[items.Block], store_body: bool) -> list[dict[str, Any]]:
    return [
        {"block": place, "url": link.url, "text": (link.text or None) if store_body else None}
        for place, block in enumerate(story)
        for link in block.links
    ]


def _keys(values: Iterable[str]) -> list[str]:
    """The values that can be keys, each once, in order."""
    return [value for value in dict.fromkeys(values) if value and len(value.encode()) <= LONGEST_KEY]
