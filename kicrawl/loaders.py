"""Pages into items: which of a fact's sources is believed, and how each field is cleaned."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Identity, MapCompose, TakeFirst

from kicrawl import items
from kicrawl.page import Page
from kicrawl.page.characters import squash
from kicrawl.page.shown.people import merge_person
from kicrawl.site import fields, labels, urls, words

MAX_TITLE = 1_000
MAX_AUTHORS = 100
MAX_TAGS = 100


def text_or_none(value: str) -> str | None:
    r"""A text with white space folded, no longer than any real title; None when nothing is left.

    >>> text_or_none(" \u00a0 ") is None
    True
    """
    return squash(value)[:MAX_TITLE] or None


def plain_minutes(value: Any) -> int | None:
    """A reading time in minutes, 0 included; None for what cannot be one.

    >>> plain_minutes(0)
    0
    >>> plain_minutes(-1) is None
    True
    """
    return value if isinstance(value, int) and 0 <= value < 1_000 else None


def each_once(values: Iterable[str]) -> list[str]:
    """Values in order, each once, white space folded, letter case aside.

    >>> each_once(["War ", "war", "Kyiv"])
    ['War', 'Kyiv']
    """
    found: dict[str, str] = {}
    for value in values:
        if text := squash(value):
            found.setdefault(text.casefold(), text)
    return list(found.values())[:MAX_TAGS]


class ArticleLoader(ItemLoader):
    """Cleans the fields of a story that pages state in many spellings."""

    default_item_class = dict
    default_output_processor = TakeFirst()
    title_in = subtitle_in = kicker_in = MapCompose(text_or_none)
    tags_in = Identity()
    tags_out = staticmethod(each_once)
    reading_minutes_in = MapCompose(plain_minutes)
    reading_minutes_out = staticmethod(lambda values: next(iter(values), None))  # 0 is a value


class AuthorLoader(ItemLoader):
    """Cleans the texts of an author."""

    default_item_class = dict
    default_output_processor = TakeFirst()
    name_in = role_in = MapCompose(text_or_none)
    bio_in = MapCompose(str.strip)


CLEANED = ("title", "subtitle", "kicker", "tags", "reading_minutes")
TAKEN = ("published_at", "modified_at", "language", "ghost_id", "images")


def load_article(page: Page, *, seen_at: datetime | None = None) -> items.Article:
    """The story that a page states, all its blocks without roles. The page's kind is the caller's to check."""
    url = page.canonical or page.url
    article = items.Article(
        url=url,
        slug=urls.slug_of(url),
        aliases=[page.url] if page.url != url else [],
        layout=page.layout,
        medium=page.medium,
        access="partial" if page.gated else "full",
        seen_at=seen_at,
        blocks=page.blocks,
        captions=list(page.facts.captions),
        related=list(page.facts.related),
    )
    load_cleaned(article, page)
    load_taken(article, page)
    article.authors = load_byline(page, article.sources)
    source = "visible" if page.medium == "text" else believed(page, "body")[0]
    if source:
        article.sources["body"] = source
    article.kind = kind_of(article)
    return article


def load_cleaned(article: items.Article, page: Page) -> None:
    """Set the fields that pages state in many spellings."""
    loader = ArticleLoader()
    for name in CLEANED:
        source, value = believed(page, name)
        if source:
            loader.add_value(name, value)
            article.sources[name] = source
    for name, value in loader.load_item().items():
        setattr(article, name, value)


def load_taken(article: items.Article, page: Page) -> None:
    """Set the fields that are taken as they are."""
    for name in TAKEN:
        source, value = believed(page, name)
        if source:
            setattr(article, name, value)
            article.sources[name] = source


def believed(page: Page, name: str) -> tuple[str | None, Any]:
    """The first source that states a field, in the order of site.fields, and its value."""
    stated = page.facts.values.get(name)
    for source in fields.ORDER[name] if stated else ():
        if stated and source in stated:
            return source, stated[source]
    return None, None


def load_byline(page: Page, sources: dict[str, str]) -> list[items.Author]:
    """The story's authors in byline order, each with what any part of the page states of them."""
    source, people = believed(page, "authors")
    if source is None:
        return []
    sources["authors"] = source
    others = list(page.facts.people)
    for stated in page.facts.values.get("authors", {}).values():
        others += stated
    found: dict[str, items.Author] = {}
    for person in people[:MAX_AUTHORS]:
        name = squash(person.name)
        if name and words.fold(name) not in found:
            found[words.fold(name)] = replace(person, name=name[:MAX_TITLE])
    for other in others:
        person = found.get(words.fold(squash(other.name)))
        if person is not None:
            merge_person(person, other)
    return list(found.values())


def kind_of(article: items.Article) -> str:
    """The kind of story, by its kicker, first tag or title; `article` where nothing says otherwise."""
    said = [words.fold(label) for label in (article.kicker, *article.tags[:1]) if label]
    for kind, lines in labels.KINDS.items():
        if any(label in lines for label in said):
            return kind
    return "photo" if article.title and labels.PHOTO_TITLE.search(article.title) else "article"


def load_author(page: Page, *, seen_at: datetime | None = None) -> items.Author:
    """The author that an author page states, with the cards it shows."""
    author = page.author or items.Author(url=page.url, slug=urls.slug_of(page.url))
    loader = AuthorLoader()
    for name in ("name", "role", "bio"):
        loader.add_value(name, getattr(author, name))
    return replace(author, **loader.load_item(), seen_at=seen_at)
