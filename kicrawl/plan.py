"""What would an archive run take? Counted from the sitemaps, or from the list, in a few requests; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from kicrawl.middlewares import RAW
from kicrawl.page import read_page
from kicrawl.page.sitemap import MAX_SIZE, Sitemap, read_sitemap
from kicrawl.site import urls
from kicrawl.sitemaps import is_for_stories

UNREACHABLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
MOST_FILES = 6  # sitemaps to read; more are estimated
MOST_PAGES = 8  # list pages to try where there is no sitemap
SAMPLES = 3  # stories to weigh
FAR = 1 << 12  # no list has so many pages


@dataclass(kw_only=True)
class Plan:
    """What an archive run would fetch."""

    stories: list[str]
    listed: bool  # whether `stories` are all there are, by the sitemaps
    estimated: int  # how many there are, where not all sitemaps were read, or none
    per_page: int  # stories on a list page
    source: str
    sizes: list[int]  # bytes of the sampled stories, as sent
    seconds: list[float]  # what they took
    requests: int

    def describe(self, done: int, delay: float, robots: str) -> list[str]:
        """The plan in words. `done`: how many need no fetch any more; `delay`: seconds between two requests."""
        to_fetch = max(self.estimated - done, 0)
        pages = -(-self.estimated // self.per_page) if self.per_page else 0
        pace = max(delay, mean(self.seconds) if self.seconds else 0)
        size = mean(self.sizes) if self.sizes else 0
        hours = (to_fetch + pages) * pace / 3600
        return [
            f"{self.estimated:,} stories {self.source}: {to_fetch:,} to fetch, the others are known",
            f"{to_fetch + pages:,} requests with {pages:,} list pages: {hours:.1f} hours at {pace:.1f} s each",
            f"{to_fetch * size / 1e6:,.1f} megabytes at {size / 1e3:,.0f} kB a story, by {len(self.sizes)} of them",
            robots,
            f"{self.requests} requests were made for this; nothing is stored",
        ]


class Surveyor:
    """Asks the site what a plan needs to know."""

    def __init__(self, spider: Spider, root: str) -> None:
        self.spider, self.root = spider, root
        self.crawler: Crawler = spider.crawler
        self.parser: Any = None  # of robots.txt
        self.requests = 1  # robots.txt
        self.crawler.signals.connect(self.note_robots, signals.robots_parsed)

    def note_robots(self, robotparser: Any) -> None:
        """The rules of the site."""
        self.parser = robotparser

    async def get(self, path: str) -> Response | None:
        """A page; None if it cannot be had."""
        self.requests += 1
        request = Request(path, callback=NO_CALLBACK, meta={"download_maxsize": MAX_SIZE, "dont_retry": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except UNREACHABLE as error:
            self.spider.logger.info("%s: %s", path, error)
            return None
        return response if response.status == 200 else None

    async def survey(self, since: datetime | None, until: datetime | None) -> Plan:
        """Everything a plan needs."""
        first = await self.get(self.root + urls.LIST_PATH)
        listed = self.read_cards(first)
        found, share = await self.read_sitemaps(since, until)
        source = "in the sitemap" if share == 1 else f"by the first {MOST_FILES} sitemaps"
        estimated = round(len(found) * share)
        has_sitemap = bool(found)
        if not has_sitemap:
            found, source = listed, "by the length of the list (there is no sitemap)"
            estimated = len(listed) * await self.count_pages()
        responses = [response for url in spread(found, SAMPLES) if (response := await self.get(url))]
        return Plan(
            stories=found,
            listed=has_sitemap,
            estimated=estimated,
            per_page=len(listed),
            source=source,
            sizes=[len(response.meta[RAW].body if RAW in response.meta else response.body) for response in responses],
            seconds=[response.meta.get("download_latency", 0.0) for response in responses],
            requests=self.requests,
        )

    async def read_sitemaps(self, since: datetime | None, until: datetime | None) -> tuple[list[str], float]:
        """The stories that the sitemaps list, and by how much the unread ones multiply them."""
        index = await self.get_sitemap(self.root + urls.SITEMAP_PATH)
        files = [file for file in index.files if is_for_stories(file, self.root)]
        read = [index, *[await self.get_sitemap(file) for file in files[:MOST_FILES]]]
        found = {
            url
            for sitemap in read
            for place in sitemap.places
            if (url := urls.story_url(place.url, self.root)) and is_between(place.modified_at, since, until)
        }
        return sorted(found), max(len(files) / MOST_FILES, 1)

    async def get_sitemap(self, url: str) -> Sitemap:
        """A sitemap; an empty one if it cannot be had or read."""
        response = await self.get(url)
        try:
            return read_sitemap(response.body, response.url) if response else Sitemap()
        except ValueError as error:
            self.spider.logger.info("%s", error)
            return Sitemap()

    async def count_pages(self) -> int:
        """About how many pages the list has: doubled until there is none, then halved, while requests are left."""
        low, high = 1, FAR
        step = 32
        for _ in range(MOST_PAGES):
            if high - low <= 1:
                break
            middle = min(low * step, high - 1) if high == FAR else (low + high) // 2
            if await self.get(f"{self.root}{urls.LIST_PATH}page/{middle}/"):
                low = middle
            else:
                high = middle
        return low if high == FAR else (low + high) // 2

    def read_cards(self, response: Response | None) -> list[str]:
        """The stories that a list page shows."""
        page = read_page(response.body, response.url, root=self.root) if response else None
        return [card.url for card in page.cards if card.url] if page else []

    def robots_in_words(self) -> str:
        """What robots.txt allows and asks for."""
        if self.parser is None:
            return "robots.txt could not be read: nothing will be fetched"
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        kinds = {
            "stories": "/some-story/",
            "lists": urls.LIST_PATH + "page/2/",
            "sitemaps": urls.SITEMAP_PATH,
            "author pages": "/author/x/",
        }
        allowed = {name: self.parser.allowed(self.root + path, agent) for name, path in kinds.items()}
        told = [
            f"{verb} {', '.join(names)}"
            for verb, names in (
                ("allows", [name for name, free in allowed.items() if free]),
                ("forbids", [name for name, free in allowed.items() if not free]),
            )
            if names
        ]
        wait = self.crawl_delay()
        return f"robots.txt {' and '.join(told)}" + (f", and asks for {wait:g} s between requests" if wait else "")

    def crawl_delay(self) -> float:
        """The seconds that robots.txt asks for between requests."""
        rules = getattr(self.parser, "rp", None)
        return float(rules.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0) if rules else 0.0


def spread(values: Sequence[str], number: int) -> list[str]:
    """Some of the values, evenly from first to last.

    >>> spread("abcdefg", 3)
    ['a', 'd', 'g']
    """
    if len(values) <= number:
        return list(values)
    return [values[i * (len(values) - 1) // (number - 1)] for i in range(number)]


def is_between(moment: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    """Whether a moment, where there is one, is in [since, until)."""
    return moment is None or ((since is None or moment >= since) and (until is None or moment < until))
