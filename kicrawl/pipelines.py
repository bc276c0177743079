"""What happens to each item on its way into the archive: Check, StripBoilerplate, Deduplicate, Store."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector
from sqlalchemy import Engine
from twisted.python.failure import Failure

from kicrawl import archive, boilerplate, items
from kicrawl.archive.articles import captures_in_doubt, find_story
from kicrawl.archive.captures import Captures
from kicrawl.archive.looks import LONGEST_KEY, text_hash
from kicrawl.archive.rules import exact_lines
from kicrawl.archive.store import Writer
from kicrawl.doubts import doubt
from kicrawl.opened import archive_of
from kicrawl.rereading import reread
from kicrawl.runs import STORING_FAILED
from kicrawl.site import urls
from kicrawl.stopping import FAILURES, stop

# What a look meant for the archive, as a run's summary counts it; the verdict itself is counted beside it.
COUNTED = {
    "upgraded": "updated",
    "reread": "unchanged",
    "older": "updated",
    "refreshed": "unchanged",
    "lesser": "unchanged",
}


class Check:
    """Drops what is not a story, an author or a sighting at all, with a counter check/<reason>."""

    def __init__(self, stats: StatsCollector, root: str) -> None:
        self.stats = stats
        self.root = root

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Check":
        """Reads SITE_ROOT."""
        return cls(crawler.stats, crawler.settings.get("SITE_ROOT", urls.ROOT))

    def process_item(self, item: Any) -> Any:
        """The item, unchanged."""
        reason = self.fault(item)
        if reason:
            self.stats.inc_value(f"check/{reason}")
            raise DropItem(f"{reason.replace('_', ' ')}: {item.url}")
        return item

    def fault(self, item: items.Article | items.Author | items.Sighting | items.Seen) -> str | None:
        """What is wrong with an item, as its counter is called; None for a sound one."""
        if len(item.url or "") > LONGEST_KEY:
            return "address_too_long"
        if isinstance(item, items.Article):
            return self.article_fault(item)
        if isinstance(item, items.Author):
            return None if item.name or item.slug else "no_name"
        if isinstance(item, items.Seen):
            return None
        return None if item.url and item.route else "no_address"

    def article_fault(self, article: items.Article) -> str | None:
        """What a story must state and does not. Which of its text is story is not known yet."""
        if urls.story_url(article.url, self.root) is None or urls.NOT_STORY_TAGS.intersection(article.tags):
            return "not_a_story"
        if not article.title and article.medium != "text":  # a stored text may begin with its first paragraph
            return "no_title"
        if not article.blocks and lacks_text(article):
            return "no_body"
        return None


def lacks_text(article: items.Article) -> bool:
    """Whether a story without a body must have one: no picture tells it, no gate hides it, no page denies it."""
    return not article.captions and article.access == "full" and article.sources.get("body") != "none"


class StripBoilerplate:
    """Gives every block of a story its role, and counts what was cut as strip/<rule>."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.rules: boilerplate.Rules = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StripBoilerplate":
        """Reads nothing."""
        return cls(crawler)

    def open_spider(self) -> None:
        """The user's own rules, from the archive, which has its tables from here on."""
        engine = archive_of(self.crawler)
        archive.migrate(engine)
        self.rules = read_rules(engine)

    def process_item(self, item: Any) -> Any:
        """The item with its roles. A story of which nothing is left is dropped: it had a headline and boilerplate."""
        if not isinstance(item, items.Article):
            return item
        boilerplate.strip(item, self.rules)
        for rule, count in Counter(block.rule for block in item.boilerplate).items():
            self.stats.inc_value(f"strip/{rule}", count)
        if not item.body and lacks_text(item):
            self.stats.inc_value("check/no_body")
            raise DropItem(f"no body: {item.url}")
        return item


class UnderWay:
    """A look at a story that is not committed yet."""

    def __init__(self, names: set[str]) -> None:
        self.names = names  # all by which another look may know the story
        self.through = asyncio.get_running_loop().create_future()


class Deduplicate:
    """Finds the stored story that an item is about, by its address or an alias, and counts what it will mean.

    Looks at one story pass in the order in which they came, each once the one before it is committed.
    Where the item differs from what is stored, the story's captures are read again with today's rules, so that a better
    rule does not pass for an edit. A look that shows far less than the story has is dropped (doubts.py).
    """

    def __init__(self, crawler: Crawler, root: str, folder: Path) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.root = root
        self.folder = folder  # of the captures
        self.under_way: dict[int, UnderWay] = {}  # by item, in the order in which they came
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(self.forget, signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Deduplicate":
        """Reads SITE_ROOT and WARC_DIR."""
        return cls(crawler, crawler.settings.get("SITE_ROOT", urls.ROOT), warc_folder(crawler))

    def open_spider(self) -> None:
        """Opens the archive; the rules are those that StripBoilerplate obeys."""
        self.engine = archive_of(self.crawler)
        self.rules = read_rules(self.engine)

    async def process_item(self, item: Any) -> Any:
        """The item, once earlier looks at its story are committed; met under an alias, it gets its story's address."""
        if not isinstance(item, items.Article):
            return item
        stored = self.find(item)
        names = items.names_of(item)
        if stored:
            names |= {name for name in (stored["url"], stored["ghost_id"]) if name}
        earlier = [look.through for look in self.under_way.values() if not names.isdisjoint(look.names)]
        self.under_way[id(item)] = UnderWay(names)
        if earlier:
            await asyncio.wait(earlier)
            stored = self.find(item)
        return self.compare(item, stored)

    def forget(self, item: Any) -> None:
        """An item is through, or given up: the next look at its story may go on."""
        if look := self.under_way.pop(id(item), None):
            look.through.set_result(None)

    def find(self, item: items.Article) -> dict[str, Any] | None:
        """The row of an item's story."""
        with storing(self.crawler, item):
            return find_story(self.engine, item.url)

    def compare(self, item: items.Article, stored: dict[str, Any] | None) -> items.Article:
        """The item, with what is to be read again because of it. `stored`: its story's row."""
        doubted = doubt(item, stored)
        if doubted:
            self.stats.inc_value(f"dedup/{doubted}")
            raise DropItem(f"{doubted.replace('_', ' ')}: {item.url}")
        if stored is None:
            self.stats.inc_value("dedup/new")
            return item
        if stored["url"] != item.url:
            item.aliases = [item.url, *item.aliases]
            item.url, item.slug = stored["url"], stored["slug"]
            self.stats.inc_value("dedup/alias")
        same = stored["text_hash"] == text_hash(item) and stored["reader_version"] == item.reader_version
        self.stats.inc_value("dedup/unchanged" if same else "dedup/updated")
        with storing(self.crawler, item):
            captures = captures_in_doubt(self.engine, stored, item, self.folder)
        found = [reread(capture, self.root, self.rules) for capture in captures]
        item.rereadings = [replace(again, url=stored["url"], slug=stored["slug"]) for again in found if again]
        return item


class Store:
    """Writes items in groups; an item is through when its group is committed. Counts store/<kind>_<what it meant>."""

    def __init__(self, crawler: Crawler, store_body: bool, folder: Path, gathers: float) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.store_body = store_body
        self.gathers = gathers  # seconds
        self.folder = folder  # of the captures

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Store":
        """Reads STORE_BODY, WARC_DIR and STORE_GATHERS."""
        settings = crawler.settings
        gathers = settings.getfloat("STORE_GATHERS")
        return cls(crawler, settings.getbool("STORE_BODY", True), warc_folder(crawler), gathers)

    def open_spider(self) -> None:
        """Starts the writer."""
        engine = archive_of(self.crawler)
        captures = Captures(self.folder)
        self.writer = Writer(engine, store_body=self.store_body, captures=captures, gathers=self.gathers)

    def close_spider(self) -> None:
        """Ends the writer; nothing waits by now, because every item awaits its commit."""
        self.writer.close()

    async def process_item(self, item: Any) -> Any:
        """The item, once it is committed."""
        for again in getattr(item, "rereadings", []):
            await self.write(again)
            self.stats.inc_value("store/captures_reread")
        kind, _, verdict = (await self.write(item)).partition("_")
        if verdict in COUNTED:
            self.stats.inc_value(f"store/{verdict}")
        self.stats.inc_value(f"store/{kind}_{COUNTED.get(verdict, verdict)}" if verdict else f"store/{kind}")
        self.stats.set_value("store/commits", self.writer.commits)
        return item

    async def write(self, item: Any) -> str:
        """What the item meant, once it is committed."""
        with storing(self.crawler, item):
            ticket = self.writer.submit(item)
            if is_last(self.crawler):
                self.writer.hurry()
            # Shielded: giving up on one item must not cancel the group it is committed with.
            await asyncio.shield(asyncio.wrap_future(ticket.future))
        return ticket.outcome


def is_last(crawler: Crawler) -> bool:
    """Whether no page is under way, or waits to be, so that no item need wait for others."""
    engine = crawler.engine
    slot = engine._slot  # Scrapy says it nowhere else
    return not engine.downloader.active and not (slot and slot.scheduler and slot.scheduler.has_pending_requests())


def warc_folder(crawler: Crawler) -> Path:
    """Where captures are kept."""
    return Path(crawler.settings.get("WARC_DIR", "warc"))


def read_rules(engine: Engine) -> boilerplate.Rules:
    """The user's own rules."""
    return {name: boilerplate.fold_lines(lines) for name, lines in exact_lines(engine).items()}


@contextmanager
def storing(crawler: Crawler, item: Any) -> Iterator[None]:
    """Drops the item and ends the crawl when the archive cannot be read or written."""
    if crawler.stats.get_value(STORING_FAILED):
        raise DropItem(f"not stored, the crawl is ending: {item.url}")
    try:
        yield
    except FAILURES as error:
        stop(crawler, error)
        # Raising it would have Scrapy print a traceback for every item on its way; the signal says the same.
        failure = Failure()  # type: ignore[no-untyped-call]
        signal = {"item": item, "response": None, "spider": crawler.spider, "failure": failure}
        crawler.signals.send_catch_log(signals.item_error, **signal)
        raise DropItem(f"not stored: {item.url}") from None
