"""One hostile input given to everything that reads it: nothing may raise, and the same must come out twice."""

import re
from contextlib import suppress

from kicrawl import items
from kicrawl.boilerplate import strip
from kicrawl.loaders import load_article, load_author
from kicrawl.page import Page, read_page
from kicrawl.page.entry import read_entry
from kicrawl.page.feed import read_feed
from kicrawl.page.sitemap import read_sitemap
from tests import counting
from tests.mutations import Saved

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def read_twice(page: Saved) -> None:
    """Reads a page twice as a crawl would; what comes out is the same, and can be stored and shown."""
    counting.one_more()
    first = told(page)
    assert told(page) == first
    first.encode("utf-8")  # no halves of pairs
    assert not CONTROLS.findall(first)


def told(page: Saved) -> str:
    """All that is read from a page, as one line."""
    read = read_page(page.body, page.url, page.content_type, root=page.root)
    return "\t".join(map(plain, (read.kind, read.next_url, read.canonical, read.cards, item_of(read)))).replace(
        "\t", " "
    )


def item_of(page: Page) -> items.Article | items.Author:
    """The item that a page becomes."""
    return load_author(page) if page.kind == "author" else strip(load_article(page))


def plain(value: object) -> str:
    """A value with its texts as they are, not escaped as repr would."""
    if isinstance(value, str):
        return value.replace("\n", " ")  # the paragraphs of a bio
    if isinstance(value, list | tuple | set):
        return " ".join(map(plain, value))
    if isinstance(value, dict):
        return " ".join(f"{plain(key)} {plain(inner)}" for key, inner in value.items())
    if hasattr(value, "__dataclass_fields__"):
        return " ".join(plain(getattr(value, name)) for name in value.__dataclass_fields__)
    return repr(value)


def read_lists(page: Saved) -> None:
    """Reads bytes as a feed and as a sitemap: read, or refused in one line."""
    counting.one_more()
    for read in (read_entries, read_sitemap):
        told = "refused"
        with suppress(ValueError):
            told = plain(read(page.body, page.url))
        assert not CONTROLS.findall(told)


def read_entries(body: bytes, url: str) -> list[Page | None]:
    """The pages that a feed's entries stand for."""
    return [read_entry(entry) for entry in read_feed(body, url)]
