"""Walking the list of all stories: from the top to what an earlier walk has seen, or to a time, or to the end.

Stories published meanwhile push those listed down a page, so that a walk sees some twice and misses none; the new ones
stand at the top when the next walk begins. What each page shows is written before the next page is asked for.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier, walks, writing
from kicrawl.archive.sightings import find_vanished, seen_before, write_sightings
from kicrawl.archive.walks import Walk
from kicrawl.cards import Cards, by_address, fingerprint
from kicrawl.middlewares import encrypted
from kicrawl.site import urls
from kicrawl.sitespider import explain
from kicrawl.storyspider import StorySpider, header, now, validators

MOST_PAGES = 5_000  # in one run: several times as many as there are
MOST_REPEATED = 2  # pages in succession that show only what pages before them showed


class ListWalker(StorySpider):
    """A spider that walks the list."""

    repeated = 0  # pages in succession that showed nothing new to this run
    since: datetime | None = None  # how far back
    pages: int | None = None  # at most so many
    to_the_end = False  # also past what earlier walks have seen
    urgent = True  # whether newsfeed is to fetch at once what the walk meets

    @cached_property
    def shown(self) -> set[str]:
        """The stories on the pages of this run."""
        return set()

    @property
    def list_url(self) -> str:
        """The first page of the list."""
        return self.root + urls.LIST_PATH

    def walk_from_top(self) -> Request:
        """A new walk. The first page is asked for only if it has changed, unless the walk must go further anyway."""
        walk = Walk(spider=self.name, started_at=now(), next_url=self.list_url)
        known = None if self.to_the_end or self.since else frontier.find(self.engine, self.list_url)
        return self.list_request(walk, 1, headers=validators(known))

    def walk_on(
        self, walk: Walk, number: int, *, past: str | None = None, next_url: str | None = None
    ) -> Iterator[Request]:
        """A walk that was left off goes on one page back from where it was, if it has anything left to see.

        Since then new stories have pushed the list down: it goes on below the page that is `past`, if that is further.
        """
        if walk.next_url is None or (self.since and walk.reached_at and walk.reached_at < self.since):
            return
        url = urls.page_before(walk.next_url)
        if past and urls.page_number(url) <= urls.page_number(past):
            url = next_url or walk.next_url
        yield self.list_request(walk, number, url=url)

    def list_request(
        self, walk: Walk, number: int, *, url: str | None = None, above: datetime | None = None, **options: Any
    ) -> Request:
        """A list page. `number` counts those of this run; `above` is the time of the last story of the page before."""
        cb_kwargs = {"walk": walk, "number": number, "above": above}
        meta = {"handle_httpstatus_list": [304]}
        callbacks: dict[str, Any] = {"callback": self.parse_list, "errback": self.miss_list}
        url = encrypted(url or walk.next_url or "", self.root)
        return Request(url, priority=1, cb_kwargs=cb_kwargs, meta=meta, **callbacks, **options)

    def parse_list(self, response: Response, walk: Walk, number: int, above: datetime | None) -> Iterator[Request]:
        """The stories of one list page, and the next page unless everything below is known."""
        if response.status == 304:  # so is everything below, down to where a walk was left off
            yield from self.join_walks(walk, number, response.url, None)
            return
        page = self.read_response(response)
        listed = by_address(page.cards)
        if not listed:
            self.incomplete(f"the list {response.url} shows no stories (it was read as: {page.kind})")
            return
        endless = self.find_no_end(response.url, listed, page.next_url, number)
        before = seen_before(self.engine, "list", list(listed), walk.started_at, now())
        times = [card.published_at for card in listed.values() if card.published_at]
        oldest = min(times, default=None)
        walk = self.write_page(response, walk, listed, page.next_url, oldest=oldest, above=above)
        dated = len(times) == len(listed)
        if page.next_url is None:
            self.end_walk(walk, at_end=True)
        elif self.since and dated and max(times) < self.since:
            self.end_walk(walk, at_end=False)
        elif not self.to_the_end and is_known(listed, before, first=response.url == self.list_url):
            yield from self.join_walks(walk, number, response.url, page.next_url)
        elif endless:
            self.incomplete(endless)
        elif number != self.pages:
            yield self.list_request(walk, number + 1, above=oldest if dated else None)

    def find_no_end(self, url: str, listed: Cards, next_url: str | None, number: int) -> str | None:
        """Why the list would be walked for ever; None if it would not."""
        self.repeated = self.repeated + 1 if self.shown.issuperset(listed) else 0
        self.shown.update(listed)
        if next_url and not urls.leads_on(next_url, url):
            return f"the list {url} leads back to {next_url}"
        if self.repeated >= MOST_REPEATED:
            return f"the list {url} shows only what pages before it showed, and leads on"
        return f"the list has more than {MOST_PAGES} pages" if number >= MOST_PAGES else None

    def write_page(
        self,
        response: Response,
        walk: Walk,
        listed: Cards,
        next_url: str | None,
        *,
        oldest: datetime | None,
        above: datetime | None,
    ) -> Walk:
        """Writes what a page shows, what it no longer shows, and how far the walk has come: all or nothing."""
        at = now()
        first = response.url == self.list_url
        known = frontier.find(self.engine, self.list_url)
        with writing(self.engine) as connection:
            write_sightings(connection, [self.sighting(url, card, at) for url, card in listed.items()])
            if known and known.changed_at and oldest and (first or above):
                looks = {"last_look": known.changed_at, "this_look": at}
                vanished = find_vanished(connection, "list", **looks, above=oldest, below=above)
                frontier.make_due(connection, vanished, at)
            if first:
                seen = items.Seen(url=self.list_url, seen_at=at, etag=header(response, "ETag"))
                frontier.mark_fetched(connection, [seen], kind="list")
            return walks.go_on(connection, walk, next_url, oldest)

    def sighting(self, url: str, card: items.Card, at: datetime) -> items.Sighting:
        """The note that the list shows a story."""
        return items.Sighting(
            url=url, route="list", seen_at=at, card=card, fingerprint=fingerprint(card), urgent=self.urgent
        )

    def join_walks(self, walk: Walk, number: int, url: str, next_url: str | None) -> Iterator[Request]:
        """The walk has met what was seen before: it goes on where a walk was left off, or is finished."""
        with writing(self.engine) as connection:
            older = walks.take_over(connection, walk)
            if older is None:
                walks.finish(connection, walk)
        if older and number != self.pages:
            yield from self.walk_on(older, number + 1, past=url, next_url=next_url)

    def end_walk(self, walk: Walk, *, at_end: bool) -> None:
        """The walk saw all it was to see: the list's end, or a time. Archive's is left until its stories are stored."""
        if at_end and not self.to_the_end:
            with writing(self.engine) as connection:
                walks.finish_all(connection, walk)

    def miss_list(self, failure: Failure) -> None:
        """A list page that cannot be had: the next run goes on there."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.incomplete(f"the list {request.url} could not be read: {explain(failure)}")


def is_known(listed: Cards, before: set[str], *, first: bool) -> bool:
    """Whether a page shows only what was seen before: a page of overlap.

    On the first page its lower half will do, so that a run with little news asks for one page.
    """
    shown = list(listed)
    return before.issuperset(shown[(len(shown) + 1) // 2 :] if first and len(shown) > 1 else shown)
