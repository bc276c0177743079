"""What do today's rules read from a capture? Only that tells an edit by the publisher from a better rule of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kicrawl import boilerplate, items
from kicrawl.cards import read_cards, take_card_facts
from kicrawl.loaders import load_article
from kicrawl.page import Page, read_page
from kicrawl.page.entry import read_entry
from kicrawl.page.feed import read_feed
from kicrawl.saved import Saved, read_capture
from kicrawl.site import urls


@dataclass(frozen=True, kw_only=True)
class Task:
    """A capture to be read again."""

    capture: items.SavedResponse
    id: int | None = None  # of its row; None for a record that the archive may not know
    cards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by route: what feed and list said of it


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a capture says today: one story, or several of a feed."""

    task: Task
    stories: list[items.Article] = field(default_factory=list)
    fault: str | None = None  # why there are none: lost, author, no_story


def reread(capture: items.SavedResponse, root: str, rules: boilerplate.Rules) -> items.Article | None:
    """The story in a capture, its blocks with their roles; None where the record is lost or tells no story."""
    saved = read_capture(capture)
    if saved is None:
        return None
    page = read_page(saved.body, capture.url, saved.content_type, root=root)
    return load_story(page, capture, rules)


def read_tasks(tasks: Sequence[Task], root: str, rules: boilerplate.Rules) -> list[Reading]:
    """The readings of some captures, in order. Needs nothing but the files: it may run on another machine."""
    return [read_task(task, root, rules) for task in tasks]


def read_task(task: Task, root: str, rules: boilerplate.Rules) -> Reading:
    """What a capture says by today's rules, with the facts that only cards know."""
    saved = read_capture(task.capture)
    if saved is None or saved.capture is None:
        return Reading(task=task, fault="lost")
    pages = read_pages(saved, root) if saved.status == 200 else []
    if any(page.kind == "author" for page in pages):
        return Reading(task=task, fault="author")
    read = [(load_story(page, saved.capture, rules), page.url) for page in pages]
    stories = [with_addresses(story, url) for story, url in read if story is not None]
    for story in stories:
        for source, card in read_cards(task.cards).items():
            take_card_facts(story, card, source)
    return Reading(task=task, stories=stories, fault=None if stories else "no_story")


def read_pages(saved: Saved, root: str) -> list[Page]:
    """The pages in an answer: one, or an entry of a feed for each story."""
    url = saved.url or ""
    if url != root + urls.FEED_PATH:
        return [read_page(saved.body, url, saved.content_type, root=root)]
    try:
        pages = [read_entry(entry, root) for entry in read_feed(saved.body, url, root=root)]
    except ValueError:
        return []
    return [page for page in pages if page is not None]


def load_story(page: Page, capture: items.SavedResponse, rules: boilerplate.Rules) -> items.Article | None:
    """The story on a page, its blocks with their roles; None if it is none."""
    if page.kind != "story":
        return None
    article = load_article(page, seen_at=capture.fetched_at)
    article.capture = capture
    boilerplate.strip(article, rules)
    return article if is_story(article, page.root) else None


def is_story(article: items.Article, root: str) -> bool:
    """Whether a crawl would store it."""
    if urls.story_url(article.url, root) is None or urls.NOT_STORY_TAGS.intersection(article.tags):
        return False
    said = article.body or article.captions or article.access == "partial"
    return bool(said and (article.title or article.medium == "text"))


def with_addresses(article: items.Article, met_at: str) -> items.Article:
    """The story with the address it was met at, if that is not its own."""
    others = dict.fromkeys([*article.aliases, met_at])
    article.aliases = [url for url in others if url and url != article.url]
    return article
