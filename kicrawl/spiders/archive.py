"""archive: fetches everything the site has published, by its sitemaps and its list, from the newest story to the first.

A run that ends before its work does, by giving way to newsfeed or by a kill, is gone on with by the next.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from scrapy import Request

from kicrawl.archive import frontier, walks, writing
from kicrawl.archive.frontier import Due
from kicrawl.arguments import Argument, moment, switch
from kicrawl.listwalk import ListWalker
from kicrawl.plan import Surveyor, is_between
from kicrawl.sitemaps import SitemapReader
from kicrawl.storyspider import now


class ArchiveSpider(ListWalker, SitemapReader):
    """All sitemaps, the list to its end, then every story that is not stored."""

    name = "archive"
    arguments: ClassVar = {
        "since": Argument(moment, "only stories published since then (UTC): 2025-06-01"),
        "until": Argument(moment, "only stories published before then (UTC)"),
        "plan": Argument(switch, "1: only say how many stories, hours and megabytes it would take", default=False),
    }
    since: datetime | None
    until: datetime | None
    plan: bool
    to_the_end = True
    urgent = False
    sitemap_pause = timedelta(0)  # newsfeed looks when it likes

    async def start(self) -> AsyncIterator[Request]:
        """Where the last run was left off, else from the beginning."""
        if self.plan:
            await self.tell_plan()
            return
        left_off = walks.left_off(self.engine, self.name)
        for request in self.walk_on(left_off, 1) if left_off else self.all_sitemaps():
            yield request

    def after_sitemaps(self) -> Iterator[Request]:
        """Then the list, which also tells when stories were published."""
        yield self.walk_from_top()

    def miss_in_sitemaps(self, why: str) -> None:
        """Without all sitemaps nobody knows whether everything was fetched."""
        self.incomplete(why)

    def wanted(self, published_at: datetime | None) -> bool:
        """Whether a story is of the time asked for."""
        return is_between(published_at, self.since, self.until)

    def due_stories(self) -> Iterable[Due]:
        """Every story that is not stored."""
        return frontier.waiting(self.engine, now(), since=self.since, until=self.until)

    def go_on(self) -> None:
        """The next slice of stories; a plan fetches none."""
        if not self.plan:
            super().go_on()

    def settle(self, reason: str) -> None:
        """The work is done unless the list was not walked to its end; what is older than asked for is left."""
        walk = walks.left_off(self.engine, self.name)
        if reason == "finished" and walk and not self.plan:
            with writing(self.engine) as connection:
                if walk.next_url is None:
                    walks.finish_all(connection, walk)
                elif self.since and walk.reached_at and walk.reached_at < self.since:
                    walks.leave_to(connection, walk, "newsfeed")
        super().settle(reason)

    async def tell_plan(self) -> None:
        """Has the command print what the run would take."""
        surveyor = Surveyor(self, self.root)
        plan = await surveyor.survey(self.since, self.until)
        settled = frontier.settled(self.engine, plan.stories)
        done = len(settled) if plan.listed else frontier.count_stories(self.engine)
        delay = max(self.crawler.settings.getfloat("DOWNLOAD_DELAY"), surveyor.crawl_delay())
        self.crawler.stats.set_value("run/told", plan.describe(done, delay, surveyor.robots_in_words()))
