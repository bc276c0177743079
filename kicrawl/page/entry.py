"""A story as the feed holds it, for when its page cannot be had."""

import re

from kicrawl import items
from kicrawl.page.blocks import read_blocks
from kicrawl.page.document import post_story
from kicrawl.page.feed import Entry
from kicrawl.page.page import Page
from kicrawl.page.shown.pictures import original, read_images
from kicrawl.page.shown.related import read_related
from kicrawl.page.stated import Stated
from kicrawl.site import urls

LEAD = re.compile(r"\s*<img\b[^>]*>")  # Ghost puts the lead picture before the text, without its caption


def read_entry(entry: Entry, root: str = urls.ROOT) -> Page | None:
    """The page that an entry with its full text stands for, read as an embedded post is; None without a text."""
    url = entry.url or ""
    stated = Stated(url=url, root=root, titles=[entry.title])
    story = post_story({"html": without_lead(entry)}, stated)
    if story is None or urls.story_url(url, root) is None:
        return None
    page = Page(kind="story", url=url, root=root, canonical=url, medium="feed")
    page.facts.related = read_related(story, stated)
    images, page.facts.captions = read_images(story, stated)
    if entry.image:
        images = [items.Image(url=original(entry.image)), *images]
    names = [name.strip() for name in (entry.byline or "").split(",") if name.strip()]
    facts = {
        "title": entry.title,
        "published_at": entry.published_at,
        "tags": entry.tags,
        "kicker": entry.tags[0] if entry.tags else None,
        "ghost_id": entry.ghost_id,
        "authors": [items.Author(name=name) for name in names],
        "images": images,
        "body": "stated",
    }
    for name, value in facts.items():
        page.facts.state(name, "feed", value)
    page.blocks = read_blocks(story, {}, stated)
    return page


def without_lead(entry: Entry) -> str:
    """The text of an entry without its lead picture, which the entry names beside."""
    html = entry.html or ""
    return html[found.end() :] if entry.image and (found := LEAD.match(html)) else html
