"""authors: reads the authors' own pages to the end: who they are, and which stories they wrote."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier
from kicrawl.arguments import Argument, slugs
from kicrawl.cards import by_address
from kicrawl.middlewares import RAW, encrypted
from kicrawl.site import schedule, urls
from kicrawl.sitespider import explain
from kicrawl.storyspider import StorySpider, now

MOST_PAGES = 1_000  # of one author


class AuthorsSpider(StorySpider):
    """The pages of the authors named, else of all known ones whose time has come. Stories met there become due."""

    name = "authors"
    arguments: ClassVar = {
        "author": Argument(slugs, "only these, by the last part of their pages' addresses: martin,chris")
    }
    author: list[str] | None

    async def start(self) -> AsyncIterator[Request]:
        """Each author's first page."""
        named = [f"{self.root}/author/{slug}/" for slug in self.author or []]
        goes_on = self.settings.getint("SLICE", 1) > 1
        for url in named or frontier.due_profiles(self.engine, now()):
            due = frontier.find(self.engine, url) or frontier.Due(url=url, kind="author", state="due")
            if goes_on and due.due_at and due.due_at > now():  # read before this run gave way to newsfeed
                continue
            yield Request(url, self.parse_profile, errback=self.miss_profile, cb_kwargs={"due": due, "first": None})

    def profile_requests(self) -> list[Request]:
        """Nothing beside what was asked for."""
        return []

    def parse_profile(self, response: Response, due: frontier.Due, first: items.Author | None) -> Iterator[Any]:
        """One page of an author, the stories on it, and the next page. What is said of the author, the first says."""
        author = self.load_profile(self.read_response(response), capture=response.meta.get(RAW))
        if author is None:
            return
        if first:
            author = replace(first, stories=author.stories, next_url=author.next_url, capture=author.capture)
        if author.next_url and not is_next(author.next_url, response.url):
            self.incomplete(f"the author's page {response.url} has no end: it leads to {author.next_url}")
            author.next_url = None
        if author.next_url is None:
            author.seen = items.Seen(url=author.url or "", seen_at=now(), refresh_at=now() + schedule.PROFILE)
        yield author
        for url in by_address(author.stories):
            yield items.Sighting(url=url, route="author", seen_at=now(), urgent=False)
        if author.next_url:
            cb_kwargs = {"due": due, "first": first or author}
            callbacks: dict[str, Any] = {"callback": self.parse_profile, "errback": self.miss_profile}
            yield Request(encrypted(author.next_url, self.root), priority=1, cb_kwargs=cb_kwargs, **callbacks)

    def miss_profile(self, failure: Failure) -> None:
        """A page that cannot be had. Who was asked for by name and is not there, was asked for wrongly."""
        request: Request = failure.request  # type: ignore[attr-defined]
        first = request.cb_kwargs["first"]
        if self.author or first:
            self.incomplete(f"the author's page {request.url} could not be read: {explain(failure)}")
        if first is None:
            self.miss_author(failure)


def is_next(next_url: str, url: str) -> bool:
    """Whether the pages of an author go on there: not back, and not for ever."""
    return urls.leads_on(next_url, url) and urls.page_number(next_url) <= MOST_PAGES
