"""newsfeed: brings the archive up to date with the site's feed and its list of all stories."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import connect, frontier
from kicrawl.arguments import Argument, count, moment, switch
from kicrawl.page import read_feed
from kicrawl.site import urls
from kicrawl.spiders import SiteSpider, explain

Cards = dict[str, items.Card]


class NewsfeedSpider(SiteSpider):
    """Feed, then list pages until one holds nothing new, the stories they show, and profiles of authors not yet known.

    Stories on the first list page and in the feed are read again, known or not: those are the ones that still change.
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
        """The feed; its answer leads on to the list, whose cards add what the feed does not say."""
        self.engine = connect(self.settings["DATABASE_URL"])
        yield Request(self.root + urls.FEED_PATH, self.parse_feed, errback=self.miss_feed)

    def closed(self, reason: str) -> None:
        """Lets go of the database."""
        self.engine.dispose()

    def parse_feed(self, response: Response) -> Request:
        """The newest stories, with facts that pages of layout C keep to themselves."""
        try:
            cards = read_feed(response.body, response.url, root=self.root)
        except ValueError as error:
            return self.without_feed(str(error))
        return self.list_request(self.root + urls.LIST_PATH, 1, by_address(cards))

    def miss_feed(self, failure: Failure) -> Request:
        """No feed: the list alone shows the same stories."""
        return self.without_feed(explain(failure))

    def without_feed(self, why: str) -> Request:
        """The list, where there is no feed."""
        self.logger.info("no feed: %s", why)
        self.tally("newsfeed/feed_unreadable")
        return self.list_request(self.root + urls.LIST_PATH, 1, {})

    def list_request(self, url: str, number: int, fed: Cards) -> Request:
        """A list page, ahead of the stories; `fed` are the feed's cards that no list page has shown yet."""
        cb_kwargs = {"number": number, "fed": fed}
        return Request(url, self.parse_list, errback=self.miss_list, cb_kwargs=cb_kwargs, priority=1)

    def parse_list(self, response: Response, number: int, fed: Cards) -> Iterator[Request]:
        """The stories of one list page, and the next page unless this one held nothing new."""
        page = self.read_response(response)
        listed = by_address(page.cards)
        if not listed:
            self.incomplete(f"the list {response.url} shows no stories (it was read as: {page.kind})")
        known = frontier.known_stories(self.engine, [*listed, *fed])
        for url, card in listed.items():
            yield from self.story_requests(url, card, fed.get(url), fresh=number == 1, known=url in known)
        rest = {url: card for url, card in fed.items() if url not in listed}
        if page.next_url and self.goes_on(listed, known, number):
            yield self.list_request(page.next_url, number + 1, rest)
        else:
            for url, card in rest.items():
                yield from self.story_requests(url, None, card, fresh=True, known=url in known)

    def goes_on(self, listed: Cards, known: set[str], number: int) -> bool:
        """Whether the page after this one may hold something wanted."""
        if number == self.pages or not listed:
            return False
        if self.since:
            return any(card.published_at is None or card.published_at >= self.since for card in listed.values())
        return not known.issuperset(listed)

    def miss_list(self, failure: Failure) -> Iterator[Request]:
        """A list page that cannot be had leaves a gap; the stories of the feed are still fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.incomplete(f"the list {request.url} could not be read: {explain(failure)}")
        fed: Cards = request.cb_kwargs["fed"]
        known = frontier.known_stories(self.engine, fed)
        for url, card in fed.items():
            yield from self.story_requests(url, None, card, fresh=True, known=url in known)

    def story_requests(
        self, url: str, listed: items.Card | None, fed: items.Card | None, *, fresh: bool, known: bool
    ) -> Iterator[Request]:
        """The request for a story that is wanted."""
        if known and not (fresh and self.refresh):
            return
        published = next((card.published_at for card in (listed, fed) if card and card.published_at), None)
        if self.since and published and published < self.since:
            return
        yield Request(url, self.parse_story, errback=self.miss_page, cb_kwargs={"listed": listed, "fed": fed})

    def parse_story(
        self, response: Response, listed: items.Card | None, fed: items.Card | None
    ) -> Iterator[items.Article | Request]:
        """A story, and the profiles of its authors."""
        page = self.read_response(response)
        met_at = [response.url, *response.meta.get("redirect_urls", [])]
        article = self.load_story(page, route="list" if listed else "feed", met_at=met_at)
        if article is None:
            return
        take_card_facts(article, listed, "list")
        take_card_facts(article, fed, "feed")
        yield article
        profiles = {url for author in article.authors if (url := urls.author_url(author.url or "", self.root))}
        for url in sorted(profiles - frontier.known_profiles(self.engine, profiles)):
            yield Request(url, self.parse_author, errback=self.miss_page, priority=-1)

    def parse_author(self, response: Response) -> Iterator[items.Author]:
        """An author's profile."""
        author = self.load_profile(self.read_response(response))
        if author:
            yield author

    def miss_page(self, failure: Failure) -> None:
        """A story or profile that could not be fetched is counted; it is asked for again in the next run."""
        response: Any = getattr(failure.value, "response", None)
        gone = response is not None and response.status in (404, 410)
        self.tally("newsfeed/gone" if gone else "newsfeed/fetch_failed")
        self.logger.info("%s: %s", failure.request.url, explain(failure))  # type: ignore[attr-defined]


def by_address(cards: list[items.Card]) -> Cards:
    """Cards by the address of their story, in their order; without those that lead elsewhere."""
    return {card.url: card for card in cards if card.url}


def take_card_facts(article: items.Article, card: items.Card | None, source: str) -> None:
    """Fills in what the story's own page does not state from a card that showed it.

    A card's time is exact, so it comes before one that is only printed on the page, without a zone.
    """
    if card is None:
        return
    if card.published_at and (article.published_at is None or article.sources.get("published_at") == "text"):
        article.published_at = card.published_at
        article.sources["published_at"] = source
    names = [name.strip() for name in (card.byline or "").removeprefix("by ").split(",")]
    if not article.authors and any(names):
        article.authors = [items.Author(name=name) for name in names if name]
        article.sources["authors"] = source
