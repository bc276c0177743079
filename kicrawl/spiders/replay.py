"""replay: reads saved pages (WARC, WET, .html, .txt) into the archive, in the order in which they were taken."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

from scrapy.settings import BaseSettings

from kicrawl import items
from kicrawl.arguments import Argument, address
from kicrawl.saved import Place, find_files, is_page, read_index, read_note, read_saved
from kicrawl.site import urls
from kicrawl.sitespider import SiteSpider

MOST_NAMES = 1000  # of stories and authors that may be on their way
MAX_WAITING = 100  # items on their way to the database; bounds memory when reading is faster than storing


class ReplaySpider(SiteSpider):
    """Every story and author that the sources hold; nothing is fetched."""

    name = "replay"
    arguments: ClassVar = {
        "source": Argument(find_files, "a .warc, .wet, .html or .txt file (or .gz), a folder or a glob", required=True),
        "url": Argument(address, "the address of a single page (.html or .txt)"),
    }
    source: list[Path]
    url: str | None
    known: int | None = None  # pages in the sources
    done = 0  # of them

    def __init__(self, **kwargs: str) -> None:
        """Raises ValueError for wrong arguments."""
        super().__init__(**kwargs)
        single = len(self.source) == 1 and is_page(self.source[0])
        if self.url and not single:
            raise ValueError("argument url of replay: only for a source that is a single page (.html or .txt)")
        if single and not self.url and not read_note(self.source[0]).get("url"):
            raise ValueError("replay needs -a url=... for a single page: the address it was saved from")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """No waiting for pages to be stored together: they come faster than they are stored."""
        super().update_settings(settings)
        settings.set("STORE_GATHERS", 0, priority="spider")

    async def start(self) -> AsyncIterator[items.Article | items.Author]:
        """The items of all sources."""
        places = sorted(await self.find_places())
        self.known = len(places)
        under_way: set[str] = set()  # names of what was yielded since all was stored
        for self.done, place in enumerate(places, 1):
            item = self.load_item(place)
            if item:
                # No look may overtake an earlier one at the same story.
                if len(under_way) > MOST_NAMES or not under_way.isdisjoint(items.names_of(item)):
                    await self.give_way(0)
                    under_way.clear()
                under_way |= items.names_of(item)
                yield item
            await self.give_way(MAX_WAITING)
        await self.give_way(0)  # or Scrapy would notice the end only at its next heartbeat, seconds later

    async def find_places(self) -> list[Place]:
        """Where the pages stand. What the sources hold beside is counted; damage makes the run incomplete."""
        places: list[Place] = []
        for path in self.source:
            index = await asyncio.to_thread(read_index, path, self.root)
            places += index.places
            for reason, number in index.skipped.items():
                self.crawler.stats.inc_value(f"replay/{reason}", number)
            if index.damage:
                self.incomplete(f"{path} is {index.damage}; what stands before that is stored")
        return places

    async def give_way(self, waiting: int) -> None:
        """Lets the pipelines work, until no more than so many items are on their way."""
        await asyncio.sleep(0)
        pipelines = self.crawler.engine.scraper.slot
        while pipelines and pipelines.itemproc_size > waiting:
            await asyncio.sleep(0.01)

    def load_item(self, place: Place) -> items.Article | items.Author | None:
        """The story or author at a place, or None (counted) if there is none."""
        try:
            saved = read_saved(place)
        except ValueError as error:
            self.tally(f"replay/{error}")
            return None
        url = self.url or saved.url or ""
        if reason := self.useless(url, saved.status):
            self.tally(f"replay/{reason}")
            return None
        page = self.read(saved.body, url, saved.content_type)
        if urls.author_url(url, self.root):
            return self.load_profile(page, capture=saved.capture, seen_at=saved.seen_at)
        return self.load_story(page, route="replay", met_at=[url], capture=saved.capture, seen_at=saved.seen_at)

    def useless(self, url: str, status: int) -> str:
        """Why a saved page is not worth reading; "" if it is."""
        if not url:
            return "no_address"
        if not urls.on_site(url, self.root):
            return "other_site"
        if not (urls.story_url(url, self.root) or urls.author_url(url, self.root)):
            return "not_a_story"
        if status == 200:
            return ""
        return "redirect" if 300 <= status < 400 else "error_status"
