"""How stories and profiles are fetched: what the frontier says is due, slice by slice, and what became of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, DownloadCancelledError, DropItem, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier, writing
from kicrawl.archive.frontier import Due, State
from kicrawl.archive.moves import find_new_address
from kicrawl.archive.runs import PAUSE, find_pause
from kicrawl.archive.sightings import is_told
from kicrawl.cards import read_cards, take_card_facts
from kicrawl.loaders import load_article
from kicrawl.middlewares import RAW, PutBack, encrypted, fault
from kicrawl.opened import archive_of
from kicrawl.outcome import Outcome
from kicrawl.page.entry import read_entry
from kicrawl.page.feed import Entry
from kicrawl.site import schedule, urls
from kicrawl.sitespider import UNREADABLE, SiteSpider, explain, moment_of
from kicrawl.stopping import stopping_on_failure

SLICE = 50  # stories on their way at a time, and written together where they come fast
UNWANTED = (IgnoreRequest, DownloadCancelledError)  # not to be fetched, or too large
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
# What becomes of an address whose story was dropped, by the first words of the reason. What is unreadable or in doubt
# (None) is asked for again: the first a few times, as the site may mend; the second until it shows a story.
DROPPED: dict[str, State | None] = {
    "not a story": "not_article",
    "no title": "unreadable",
    "no body": "unreadable",
    "no text": None,
    "text lost": None,
    "byline lost": None,
}


class StorySpider(SiteSpider):
    """A spider that fetches stories which are due, with the profiles of authors not yet read."""

    engine: Any  # the archive's
    outcome: Outcome  # what this run's looks met, to be weighed at its end
    agenda: list[Due]  # what is left of the stories to fetch
    asked: set[str]  # the stories and profiles this run has asked for
    met: set[str]  # the profiles that are known, or in the frontier
    fed: dict[str, Entry]  # what the feed holds now, by address
    fed_by: items.RawResponse | None = None  # the feed as it came

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "StorySpider":
        """The spider, with the archive that DATABASE_URL names."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, cls)
        spider.engine = archive_of(crawler)
        spider.outcome, spider.agenda = Outcome(), []
        spider.asked, spider.met, spider.fed = set(), set(), {}
        crawler.signals.connect(spider.heed_pause, signals.spider_opened)
        crawler.signals.connect(spider.go_on, signals.spider_idle)
        crawler.signals.connect(spider.set_aside_dropped, signals.item_dropped)
        return spider

    def heed_pause(self) -> None:
        """Asks nothing while the site wants the pause of which an earlier run was told."""
        until = None
        with stopping_on_failure(self.crawler):
            until = find_pause(self.engine, now())
        if until:
            self.crawler.stats.set_value(PAUSE, (until - now()).total_seconds())
            self.give_up(f"the site wants a pause until {until:%H:%M} UTC")

    def closed(self, reason: str) -> None:
        """Settles."""
        with stopping_on_failure(self.crawler):
            self.settle(reason)

    def settle(self, reason: str) -> None:
        """Writes down what the run's looks together mean."""
        if reason != "storing_failed":
            for _ in self.outcome.missing:
                self.tally(f"{self.name}/gone")
            for line in self.outcome.settle(self.engine, now()):
                self.incomplete(line)

    # What to fetch

    def due_stories(self) -> Iterable[Due]:
        """What to fetch once nothing else is under way; asked again until it names nothing new."""
        return []

    def wanted(self, published_at: datetime | None) -> bool:
        """Whether a story published then is to be stored."""
        return True

    def go_on(self) -> None:
        """Nothing is under way: what comes next."""
        requests: list[Request] = []
        with stopping_on_failure(self.crawler):
            requests = self.next_requests()
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def next_requests(self) -> list[Request]:
        """The next slice of stories; then those that have moved, then the profiles of authors not yet read."""
        if not self.agenda:
            self.agenda = [due for due in self.due_stories() if due.url not in self.asked]
        some, self.agenda = self.agenda[:SLICE], self.agenda[SLICE:]
        return [self.story_request(due) for due in some] or self.moved_requests() or self.profile_requests()

    def moved_requests(self) -> list[Request]:
        """Stories that are missing where they were and stand elsewhere, as now that all is read can be told."""
        moved: list[Request] = []
        for due in self.outcome.take_unexplained():
            url = find_new_address(self.engine, due.url, now())
            known = frontier.find(self.engine, url) if url else None
            if known is None:
                self.outcome.note_missing(due)
                continue
            self.tally("stories/moved")
            if known.state == "due":
                moved.append(self.story_request(known, dont_filter=True))
        return moved

    def profile_requests(self) -> list[Request]:
        """The profiles of authors that were met and never read."""
        met = [due for due in frontier.unread_profiles(self.engine, now()) if due.url not in self.asked]
        self.asked.update(due.url for due in met[:SLICE])
        callbacks: dict[str, Any] = {"callback": self.parse_author, "errback": self.miss_author}
        return [Request(due.url, cb_kwargs={"due": due}, **callbacks) for due in met[:SLICE]]

    def story_request(self, due: Due, **options: Any) -> Request:
        """A story, unless it is as we know it (answered with 304)."""
        self.asked.add(due.url)
        # Scrapy would drop a redirect to a page that was asked for before, a list for one, without a word.
        options |= {"meta": {"dont_redirect": True, "handle_httpstatus_list": [304, *REDIRECTS]}}
        options |= {"headers": validators(due), "cb_kwargs": {"due": due, "met_at": ()}}
        return Request(due.url, self.parse_story, errback=self.miss_story, **options)

    # What came of it

    def parse_story(self, response: Response, due: Due, met_at: tuple[str, ...]) -> Iterator[Any]:
        """The story with the facts of its cards, and what it links to. `met_at`: what redirected to here."""
        self.outcome.note_answer(due)
        if response.status == 304:
            yield self.seen_again(due, response)
            return
        if response.status in REDIRECTS:
            yield from self.follow(response, due, met_at)
            return
        page, capture = self.read_response(response), response.meta.get(RAW)
        article = self.load_story(page, route=route_of(due), met_at=[*met_at, response.url], capture=capture)
        if article is None:
            yield from self.set_aside(due, page.kind)
            return
        for source, card in read_cards(due.cards).items():
            take_card_facts(article, card, source)
        if not self.wanted(article.published_at):
            self.leave_out(due, article.published_at)
            return
        article.seen = self.seen(due, article.url, response, article.published_at)
        article.promised_words, article.tries = self.promised_words(due), due.failures
        yield article
        yield from self.link_sightings(article)
        self.meet_authors(article)

    def follow(self, response: Response, due: Due, met_at: tuple[str, ...]) -> Iterator[Any]:
        """The address leads elsewhere. To a list, the home page or an author's page: then there is no story."""
        location = (response.headers.get("Location") or b"").decode("latin-1") or response.url
        url = encrypted(urls.absolute(location, response.url) or location, self.root)
        reason = fault(url, self.root)
        if reason:
            self.tally(f"refused/{reason}")
            self.refuse(due, f"it leads off the site, to {url}")
        elif urls.is_list(url, self.root) or urls.author_url(url, self.root):
            self.miss(due, f"it leads to {url}")
        elif len(met_at) == MOST_REDIRECTS or url in (response.url, *met_at):
            self.tally(f"{self.name}/fetch_failed")
            self.logger.info("%s: it leads on and on", due.url)
            yield from self.fail(due)
        else:
            cb_kwargs = {"due": due, "met_at": (*met_at, response.url)}
            assert response.request
            yield response.request.replace(url=url, cb_kwargs=cb_kwargs, dont_filter=True)

    def miss_story(self, failure: Failure) -> Iterator[Any]:
        """A story that cannot be had: gone, moved, refused, or for some other time."""
        due: Due = failure.request.cb_kwargs["due"]  # type: ignore[attr-defined]
        why = explain(failure)
        if status_of(failure) in (404, 410):
            self.outcome.note_answer(due)
            self.miss(due, why)
        elif isinstance(failure.value, PutBack):
            self.put_back(due, failure.value)
            yield from self.take_from_feed(due)
        elif isinstance(failure.value, UNWANTED) and not isinstance(failure.value, HttpError):
            self.refuse(due, why)
        else:
            self.tally(f"{self.name}/fetch_failed")
            self.logger.info("%s: %s", due.url, why)
            yield from self.fail(due)

    def refuse(self, due: Due, why: str) -> None:
        """A page that we may not fetch."""
        self.tally(f"{self.name}/refused")
        self.logger.info("%s: %s", due.url, why)
        self.mark(due, "refused", due_at=now() + schedule.REFUSED)

    def miss(self, due: Due, why: str) -> None:
        """There is no page."""
        self.logger.info("%s: %s", due.url, why)
        self.outcome.note_missing(due, known=due.state != "due")

    def fail(self, due: Due) -> Iterator[items.Article]:
        """Not now: later again. What is not stored yet is stored as the feed has it."""
        self.outcome.note_failure(due)
        yield from self.take_from_feed(due)

    def put_back(self, due: Due, why: PutBack) -> None:
        """Not asked for, or asked for too early: it stays due, or is due when the site said."""
        self.tally(f"{self.name}/put_back")
        if why.due_at:
            with writing(self.engine) as connection:
                frontier.fail(connection, due.url, now(), due_at=why.due_at, kind=due.kind)

    def take_from_feed(self, due: Due) -> Iterator[items.Article]:
        """A story as the feed has it, if it is not stored yet."""
        entry = self.fed.get(due.url) if due.state == "due" else None
        page = read_entry(entry, self.root) if entry and self.wanted(entry.published_at) else None
        if page:
            self.tally("stories/from_feed")
            article = load_article(page, seen_at=moment_of(self.fed_by))
            article.route, article.capture = "feed", self.fed_by
            yield article

    def set_aside(self, due: Due, kind: str) -> Iterator[items.Article]:
        """A page that shows no story."""
        self.logger.info("%s: it shows no story (it was read as: %s)", due.url, kind)
        if due.state != "due" and kind not in UNREADABLE:
            self.tally("stories/not_shown")
        if kind in ("challenge", "empty") or due.state != "due" or (due.cards and due.failures < schedule.TRIES):
            yield from self.fail(due)
        else:
            self.mark(due, "unreadable" if kind == "binary" else "not_article")

    def set_aside_dropped(self, item: Any, response: Any, exception: DropItem) -> None:
        """A story that the pipelines refused."""
        reason = str(exception).partition(":")[0]
        page = isinstance(item, items.Article) and isinstance(response, Response)  # a Failure led to the feed's text
        due = response.cb_kwargs.get("due") if page else None
        if due is None or reason not in DROPPED or item.medium == "feed":
            return
        state = DROPPED[reason]
        if state is None or (state == "unreadable" and due.failures < schedule.TRIES):
            self.outcome.note_failure(due)
        else:
            with stopping_on_failure(self.crawler):
                self.mark(due, state)

    def leave_out(self, due: Due, published_at: datetime | None) -> None:
        """A story that is not wanted for the time it was published."""
        self.tally("stories/not_wanted")
        if published_at:
            with writing(self.engine) as connection:
                frontier.move_published(connection, due.url, published_at)

    def mark(self, due: Due, state: State, due_at: datetime | None = None) -> None:
        """Says what became of an address that is no stored story's."""
        if due.kind == "story" and due.state in ("stored", "gone"):
            self.outcome.note_failure(due)
            return
        stated: dict[str, Any] = {"kind": due.kind, "due_at": due_at, "reader_version": items.READER_VERSION}
        with writing(self.engine) as connection:
            frontier.mark(connection, due.url, state, now(), **stated)

    def promised_words(self, due: Due) -> int:
        """As many words the feed has of a story's text; 0 if it shows none."""
        entry = self.fed.get(due.url)
        page = read_entry(entry, self.root) if entry else None
        blocks = page.blocks if page else []
        return sum(len(block.text.split()) for block in blocks if block.container is None and block.kind != "caption")

    def seen(self, due: Due, url: str, response: Response, published_at: datetime | None) -> items.Seen:
        """The note of a fetch, of what was due or of where that led."""
        since = now() - schedule.SITEMAP_TELLS
        told = due.told_at is not None and due.told_at >= since  # a run reads its sitemaps before it asks what is due
        in_sitemap = told if url == due.url else is_told(self.engine, url, "sitemap", since)
        return items.Seen(
            url=url,
            seen_at=now(),
            refresh_at=now() + schedule.refresh_after(published_at, now(), in_sitemap=in_sitemap),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )

    def seen_again(self, due: Due, response: Response) -> items.Seen:
        """The note of a page that is as we know it, with the validators that it still has."""
        seen = self.seen(due, due.url, response, frontier.published_at(self.engine, due.url))
        return replace(seen, etag=seen.etag or due.etag, last_modified=seen.last_modified or due.last_modified)

    # What a story leads to

    def link_sightings(self, article: items.Article) -> Iterator[items.Sighting]:
        """The stories that a story links to."""
        linked = [card.url for card in article.related] + [link.url for block in article.blocks for link in block.links]
        found = {urls.story_url(url, self.root) for url in linked if url} - {None, article.url}
        for url in sorted(url for url in found if url):
            yield items.Sighting(url=url, route="link", seen_at=now(), urgent=False)

    def meet_authors(self, article: items.Article) -> None:
        """Has the profiles of a story's authors read that were not."""
        profiles = {url for author in article.authors if (url := urls.author_url(author.url or "", self.root))}
        unmet = profiles - self.met
        new = sorted(unmet - frontier.known_profiles(self.engine, unmet)) if unmet else []
        if new:
            with writing(self.engine) as connection:
                frontier.meet_profiles(connection, new, now())
        self.met |= profiles

    def parse_author(self, response: Response, due: Due) -> Iterator[items.Author]:
        """An author's profile."""
        author = self.load_profile(self.read_response(response), capture=response.meta.get(RAW))
        if author:
            yield author
        else:
            self.mark(due, "not_article")

    def miss_author(self, failure: Failure) -> None:
        """A profile that cannot be had; not asked for again by newsfeed if there is none (some guests have none)."""
        due = failure.request.cb_kwargs["due"]  # type: ignore[attr-defined]
        if isinstance(failure.value, PutBack):
            self.put_back(due, failure.value)
            return
        gone = status_of(failure) in (404, 410)
        self.tally(f"{self.name}/gone" if gone else f"{self.name}/fetch_failed")
        self.logger.info("%s: %s", due.url, explain(failure))
        if gone:
            self.mark(due, "gone", due_at=now() + schedule.GONE)
        else:
            self.outcome.note_failure(due)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def validators(due: Due | None) -> dict[str, str]:
    """The headers that ask for a page only if it is not as we know it."""
    if due is None or due.state not in ("stored", "gone"):
        return {}
    known = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
    return {name: value for name, value in known.items() if value}


def header(response: Response, name: str) -> str | None:
    """A header of an answer; None if it has none, or one that no database holds."""
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if 0 < len(value) < 500 and value.isprintable() else None


def route_of(due: Due) -> str:
    """How the crawl came to a story."""
    return next((route for route in ("list", "feed") if route in due.cards), "frontier")


def status_of(failure: Failure) -> int | None:
    """The status of the answer that was an error, if it was an answer."""
    response = getattr(failure.value, "response", None)
    return response.status if response is not None else None
