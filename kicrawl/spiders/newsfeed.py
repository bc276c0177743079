"""newsfeed: brings the archive up to date with the site's feed and its list of all stories."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier
from kicrawl.arguments import Argument, count, moment, switch
from kicrawl.cards import Cards, by_address
from kicrawl.page.feed import read_feed
from kicrawl.site import urls
from kicrawl.sitespider import StorySpider, explain


class NewsfeedSpider(StorySpider):
    """The feed, list pages until one holds nothing new, the stories they show, and profiles of authors not yet read.

    Stories in the feed and on the first list page are read again, known or not: those are the ones that still change.
    """

    name = "newsfeed"
    arguments: ClassVar = {
        "since": Argument(moment, "only stories published since then (UTC), however far back: 2025-06-01"),
        "pages": Argument(count, "read at most so many list pages"),
        "refresh": Argument(switch, "0: do not read known stories again", default=True),
    }
    since: datetime | None
    pages: int | None
    refresh: bool

    async def start(self) -> AsyncIterator[Request]:
        """The feed; what comes of it leads on to the list, whose cards add what the feed does not say."""
        yield Request(self.root + urls.FEED_PATH, self.parse_feed, errback=self.miss_feed)

    def parse_feed(self, response: Response) -> Iterator[Request | items.Sighting]:
        """The newest stories, with facts that pages of layout C keep to themselves."""
        try:
            fed = by_address(read_feed(response.body, response.url, root=self.root))
        except ValueError as error:
            yield self.without_feed(str(error))
            return
        yield from sightings(fed, "feed")
        yield self.list_request(self.root + urls.LIST_PATH, 1, fed)

    def miss_feed(self, failure: Failure) -> Request:
        """The feed cannot be had."""
        return self.without_feed(explain(failure))

    def without_feed(self, why: str) -> Request:
        """The list, which shows the same stories; only facts that the feed alone knows are lost."""
        self.logger.info("no feed: %s", why)
        self.tally("newsfeed/feed_unreadable")
        return self.list_request(self.root + urls.LIST_PATH, 1, {})

    def list_request(self, url: str, number: int, fed: Cards) -> Request:
        """A list page; the first one brings the feed's cards along.

        With the walk done ahead of the stories, Scrapy's queue (last in, first out) gives the oldest first: what a
        killed run leaves undone is the newest, which the next walk meets before any page that it knows whole.
        """
        cb_kwargs = {"number": number, "fed": fed}
        return Request(url, self.parse_list, errback=self.miss_list, cb_kwargs=cb_kwargs, priority=1)

    def parse_list(self, response: Response, number: int, fed: Cards) -> Iterator[Request | items.Sighting]:
        """The stories of one list page, and the next page unless this one held nothing new."""
        page = self.read_response(response)
        listed = by_address(page.cards)
        if not listed:
            self.incomplete(f"the list {response.url} shows no stories (it was read as: {page.kind})")
        yield from sightings(listed, "list")
        known = frontier.known_stories(self.engine, [*listed, *fed])
        yield from self.story_requests(listed, fed, known, fresh=number == 1)
        if page.next_url and self.goes_on(listed, known, number):
            yield self.list_request(page.next_url, number + 1, {})

    def miss_list(self, failure: Failure) -> Iterator[Request]:
        """A list page that cannot be had leaves a gap; the stories of the feed are fetched all the same."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.incomplete(f"the list {request.url} could not be read: {explain(failure)}")
        fed: Cards = request.cb_kwargs["fed"]
        yield from self.story_requests({}, fed, frontier.known_stories(self.engine, fed), fresh=True)

    def goes_on(self, listed: Cards, known: set[str], number: int) -> bool:
        """Whether the list page after this one may hold something wanted."""
        if number == self.pages:
            return False
        if self.since:
            return any(card.published_at is None or card.published_at >= self.since for card in listed.values())
        return not known.issuperset(listed)

    def story_requests(self, listed: Cards, fed: Cards, known: set[str], *, fresh: bool) -> Iterator[Request]:
        """The stories that are wanted. `fresh`: they are among the newest, so known ones are read again."""
        for url in {**fed, **listed}:
            cards = [card for card in (listed.get(url), fed.get(url)) if card]
            published = next((card.published_at for card in cards if card.published_at), None)
            too_old = self.since and published and published < self.since
            if not too_old and (url not in known or (fresh and self.refresh)):
                yield self.story_request(url, listed=listed.get(url), fed=fed.get(url))


def sightings(cards: Cards, route: str) -> Iterator[items.Sighting]:
    """A note of each story's address and where it was seen."""
    now = datetime.now(UTC)
    return (items.Sighting(url=url, route=route, seen_at=now) for url in cards)
