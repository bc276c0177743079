"""newsfeed: brings the archive up to date with the site's feed and its list of all stories."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import connect, frontier, writing
from kicrawl.arguments import Argument, count, moment, switch
from kicrawl.cards import Cards, by_address, take_card_facts
from kicrawl.page.feed import read_feed
from kicrawl.site import urls
from kicrawl.sitespider import SiteSpider, explain, is_gone


class NewsfeedSpider(SiteSpider):
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
        self.engine = connect(self.settings["DATABASE_URL"])
        yield Request(self.root + urls.FEED_PATH, self.parse_feed, errback=self.miss_feed)

    def closed(self, reason: str) -> None:
        """Lets go of the database."""
        self.engine.dispose()

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
        """A list page, ahead of the stories. `fed` are the feed's cards that no list page has shown yet.

        With the walk done first, Scrapy's queue (last in, first out) gives the oldest stories first: what a killed run
        leaves undone is the newest, which the next walk meets before any page that it knows whole.
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
        known = frontier.known_stories(self.engine, listed)
        for url, card in listed.items():
            yield from self.story_request(url, card, fed.get(url), known=url in known, fresh=number == 1)
        rest = {url: card for url, card in fed.items() if url not in listed}
        if page.next_url and self.goes_on(listed, known, number):
            yield self.list_request(page.next_url, number + 1, rest)
        else:
            yield from self.fed_requests(rest)

    def goes_on(self, listed: Cards, known: set[str], number: int) -> bool:
        """Whether the list page after this one may hold something wanted."""
        if number == self.pages or not listed:
            return False
        if self.since:
            return any(card.published_at is None or card.published_at >= self.since for card in listed.values())
        return not known.issuperset(listed)

    def miss_list(self, failure: Failure) -> Iterator[Request]:
        """A list page that cannot be had leaves a gap; the stories of the feed are still fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.incomplete(f"the list {request.url} could not be read: {explain(failure)}")
        yield from self.fed_requests(request.cb_kwargs["fed"])

    def fed_requests(self, fed: Cards) -> Iterator[Request]:
        """The stories that only the feed shows."""
        known = frontier.known_stories(self.engine, fed)
        for url, card in fed.items():
            yield from self.story_request(url, None, card, known=url in known, fresh=True)

    def story_request(
        self, url: str, listed: items.Card | None, fed: items.Card | None, *, known: bool, fresh: bool
    ) -> Iterator[Request]:
        """The request for a story, if it is wanted. `fresh`: it is among the newest."""
        if known and not (fresh and self.refresh):
            return
        published = next((card.published_at for card in (listed, fed) if card and card.published_at), None)
        if self.since and published and published < self.since:
            return
        yield Request(url, self.parse_story, errback=self.miss_page, cb_kwargs={"listed": listed, "fed": fed})

    def parse_story(
        self, response: Response, listed: items.Card | None, fed: items.Card | None
    ) -> Iterator[items.Article | Request]:
        """A story, with the facts of the cards that led to it, and the profiles of its authors."""
        page = self.read_response(response)
        met_at = [*response.meta.get("redirect_urls", []), response.url]
        article = self.load_story(page, route="list" if listed else "feed", met_at=met_at)
        if article is None:
            return
        take_card_facts(article, listed, "list")
        take_card_facts(article, fed, "feed")
        yield article
        profiles = {url for author in article.authors if (url := urls.author_url(author.url or "", self.root))}
        for url in sorted(profiles - frontier.known_profiles(self.engine, profiles)):
            yield Request(url, self.parse_author, errback=self.miss_author, priority=-1)  # after the stories

    def parse_author(self, response: Response) -> Iterator[items.Author]:
        """An author's profile."""
        author = self.load_profile(self.read_response(response))
        if author:
            yield author

    def miss_page(self, failure: Failure) -> None:
        """A story that cannot be had is counted; it is asked for again while the site shows it."""
        self.tally("newsfeed/gone" if is_gone(failure) else "newsfeed/fetch_failed")
        self.logger.info("%s: %s", failure.request.url, explain(failure))  # type: ignore[attr-defined]

    def miss_author(self, failure: Failure) -> None:
        """A profile that cannot be had; not asked for again if there is none (some guests have none)."""
        self.miss_page(failure)
        if is_gone(failure):
            with writing(self.engine) as connection:
                url = failure.request.url  # type: ignore[attr-defined]
                frontier.mark(connection, url, "gone", datetime.now(UTC), kind="author")


def sightings(cards: Cards, route: str) -> Iterator[items.Sighting]:
    """A note of each story's address and where it was seen."""
    now = datetime.now(UTC)
    return (items.Sighting(url=url, route=route, seen_at=now) for url in cards)
