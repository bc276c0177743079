"""What the spiders share: checked arguments, and pages that become items."""

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.arguments import Argument, read_arguments
from kicrawl.loaders import load_article, load_author
from kicrawl.page import Page, read_page

Capture = items.RawResponse | items.SavedResponse | None  # what a page was read from

MOST_FAILURES = 5  # pages in a row that could not be had; then the site is left alone

UNREADABLE = ("empty", "binary", "challenge")  # kinds of page that a run counts by their name; others are no stories


class SiteSpider(Spider):
    """A spider of the newspaper's site: its arguments are checked, its pages become items."""

    arguments: ClassVar[Mapping[str, Argument]] = {}
    root: str  # without a slash at the end
    allowed_domains: list[str]
    failures = 0  # pages in a row that could not be had
    given_up: str | None = None  # why nothing more is asked of the site

    def __init__(self, **kwargs: str) -> None:
        """Raises ValueError for arguments it does not take (the crawl command has asked before)."""
        super().__init__(**read_arguments(self.name, self.arguments, kwargs))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SiteSpider":
        """The spider, bound to the site that SITE_ROOT names."""
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.root = crawler.settings["SITE_ROOT"].rstrip("/")
        spider.allowed_domains = [urlsplit(spider.root).hostname or ""]
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """No delay where the site is a replica on this machine."""
        super().update_settings(settings)
        if is_loopback(settings["SITE_ROOT"]):
            settings.set("DOWNLOAD_DELAY", 0, priority="spider")

    def read(self, body: bytes, url: str, content_type: str | None) -> Page:
        """What a response says; what was odd about it is counted as reading/..."""
        page = read_page(body, url, content_type, root=self.root)
        for warning in page.warnings:
            self.tally(f"reading/{warning}")
        return page

    def read_response(self, response: Response) -> Page:
        """What an answer from the site says."""
        content_type = response.headers.get("Content-Type") or b""
        page = self.read(response.body, response.url, content_type.decode("latin-1") or None)
        if page.kind == "challenge":
            self.not_served(response.url, "it shows a challenge")
        else:
            self.served()
        return page

    def load_story(
        self, page: Page, *, route: str, met_at: Iterable[str], capture: Capture = None, seen_at: datetime | None = None
    ) -> items.Article | None:
        """The story on a page, or None (counted) if it shows none. `met_at`: the addresses that led to it."""
        if page.kind != "story":
            self.tally(f"{self.name}/{page.kind if page.kind in UNREADABLE else 'not_a_story'}")
            return None
        article = load_article(page, seen_at=seen_at or moment_of(capture))
        article.route, article.capture = route, capture
        article.aliases = list(dict.fromkeys(url for url in [*article.aliases, *met_at] if url != article.url))
        return article

    def load_profile(
        self, page: Page, *, capture: Capture = None, seen_at: datetime | None = None
    ) -> items.Author | None:
        """The author whose own page it is, or None (counted) if it is not one."""
        if page.kind != "author":
            self.tally(f"{self.name}/not_an_author")
            return None
        author = load_author(page, seen_at=seen_at or moment_of(capture))
        author.capture = capture
        return author

    def tally(self, counter: str) -> None:
        """Counts one more."""
        self.crawler.stats.inc_value(counter)

    def served(self) -> None:
        """The site answers as a site does."""
        self.failures = 0

    def not_served(self, url: str, why: str) -> None:
        """A page could not be had for a reason that may be all pages'."""
        self.failures += 1
        if self.failures == MOST_FAILURES:
            self.give_up(f"{MOST_FAILURES} pages in a row could not be had, the rest is not asked for ({url}: {why})")

    def give_up(self, why: str) -> None:
        """Asks nothing more of the site in this run."""
        if self.given_up is None:
            self.incomplete(why)
            self.given_up = why

    def incomplete(self, why: str) -> None:
        """Notes why this run will not have done all it should: it goes on, and ends with this line and exit code 3."""
        self.logger.info("incomplete: %s", why)
        if self.given_up:  # which was the reason
            return
        self.crawler.stats.set_value("run/incomplete", [*self.crawler.stats.get_value("run/incomplete", []), why])


def moment_of(capture: Capture) -> datetime:
    """When a page was seen: when the answer was there, else now."""
    return (capture and capture.fetched_at) or datetime.now(UTC)


def is_loopback(root: str) -> bool:
    """Whether the site is on this machine.

    >>> is_loopback("http://127.0.0.1:8800"), is_loopback("https://kyivindependent.com")
    (True, False)
    """
    host = urlsplit(root).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def explain(failure: Failure) -> str:
    """Why a page could not be fetched, in words."""
    response = getattr(failure.value, "response", None)
    if response is not None:
        return f"the site answers {response.status}"
    if isinstance(failure.value, IgnoreRequest):
        return str(failure.value)
    if isinstance(failure.value, DownloadCancelledError):
        return "the page is larger than we take"
    assert failure.value is not None
    return f"the site cannot be reached ({reason_of(failure.value)})"


def reason_of(error: BaseException) -> str:
    """What went wrong on the wire, in words."""
    wrapped = error.__cause__  # Scrapy's error round Twisted's, which has a list of reasons
    first: Failure | None = next(iter(getattr(wrapped, "reasons", [])), None)
    return (first.getErrorMessage() if first else str(error)) or type(error).__name__
