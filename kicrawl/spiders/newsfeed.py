"""newsfeed: brings the archive up to date with the site's feed, its list of all stories and its sitemap."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier, writing
from kicrawl.archive.frontier import Due
from kicrawl.archive.sightings import write_sightings
from kicrawl.arguments import Argument, count, moment, switch
from kicrawl.cards import fingerprint
from kicrawl.listwalk import ListWalker
from kicrawl.middlewares import RAW
from kicrawl.page.feed import read_feed
from kicrawl.site import schedule, urls
from kicrawl.sitemaps import SitemapReader
from kicrawl.sitespider import explain
from kicrawl.storyspider import header, now, validators


class NewsfeedSpider(ListWalker, SitemapReader):
    """The feed, the list down to what is known, the sitemap once an hour; then what is new, changed or due."""

    name = "newsfeed"
    arguments: ClassVar = {
        "since": Argument(moment, "only stories published since then (UTC), however far back: 2025-06-01"),
        "pages": Argument(count, "read at most so many list pages, and no sitemap"),
        "refresh": Argument(switch, "0: do not read known stories again", default=True),
    }
    since: datetime | None
    pages: int | None
    refresh: bool
    feed_etag: str | None = None
    left = schedule.MOST_REFRESHES

    async def start(self) -> AsyncIterator[Request]:
        """What tells of news; the stories follow when all of it is read."""
        known = validators(frontier.find(self.engine, self.feed_url))
        meta = {"handle_httpstatus_list": [304]}
        yield Request(self.feed_url, self.parse_feed, errback=self.miss_feed, headers=known, meta=meta, priority=3)
        yield self.walk_from_top()
        if not self.pages:
            for request in self.sitemaps_if_due():
                yield request

    @property
    def feed_url(self) -> str:
        """The feed."""
        return self.root + urls.FEED_PATH

    def parse_feed(self, response: Response) -> None:
        """The newest stories, with facts that pages of layout C keep to themselves, and with their texts."""
        if response.status == 304:
            return
        try:
            entries = read_feed(response.body, response.url, root=self.root)
        except ValueError as error:
            self.without_feed(str(error))
            return
        self.fed = {entry.url: entry for entry in entries if entry.url}
        self.fed_by = response.meta.get(RAW)
        self.feed_etag = header(response, "ETag")
        seen = [
            items.Sighting(url=url, route="feed", seen_at=now(), card=entry, fingerprint=fingerprint(entry))
            for url, entry in self.fed.items()
        ]
        with writing(self.engine) as connection:
            write_sightings(connection, seen)

    def miss_feed(self, failure: Failure) -> None:
        """The feed cannot be had."""
        self.without_feed(explain(failure))

    def without_feed(self, why: str) -> None:
        """The list shows the same stories; only facts that the feed alone knows are lost."""
        self.logger.info("no feed: %s", why)
        self.tally("newsfeed/feed_unreadable")

    def wanted(self, published_at: datetime | None) -> bool:
        """Whether a story is not too old."""
        return not (self.since and published_at and published_at < self.since)

    def due_stories(self) -> Iterable[Due]:
        """All that feed and list have shown and is not stored; of the rest so many that a run stays short."""
        at, new = now(), frontier.waiting(self.engine, now(), urgent=True, since=self.since)
        again = frontier.refreshes(self.engine, at, reader_version=items.READER_VERSION, limit=self.left)
        met = frontier.waiting(self.engine, at, urgent=False, since=self.since, limit=self.left)
        rest = [*(again if self.refresh else []), *([] if self.pages else met)]
        some = [due for due in rest if due.url not in self.asked][: self.left]
        self.left -= len(some)
        return [*new, *some]

    def settle(self, reason: str) -> None:
        """Lets the next run skip a feed that is as now, unless that holds stories still to be fetched."""
        if reason == "finished" and self.feed_etag and not frontier.any_waits(self.engine, self.fed):
            seen = items.Seen(url=self.feed_url, seen_at=now(), etag=self.feed_etag)
            with writing(self.engine) as connection:
                frontier.mark_fetched(connection, [seen], kind="feed")
        super().settle(reason)
