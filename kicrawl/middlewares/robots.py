"""What robots.txt says is obeyed."""

import time
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from kicrawl.middlewares.patience import give_up
from kicrawl.middlewares.putback import PutBack
from kicrawl.sitespider import reason_of

LIFETIME = 24 * 3600.0  # seconds that rules hold (RFC 9309, 2.4)
UNREACHABLE = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)


class RobotsTxt(RobotsTxtMiddleware):
    """Obeys robots.txt. Where it cannot be had nothing is fetched; Scrapy would go on as if everything were allowed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, RobotParser] = {}
        self._read_at: dict[str, float] = {}  # by the clock that is never set back

    async def robot_parser(self, request: Request) -> RobotParser:
        """The rules for a request's host. Where there are none to be had, the run gives up and the request is put back.

        Rules that cannot be read again hold on.
        """
        url = urljoin(request.url, "/robots.txt")
        if url not in self._rules or time.monotonic() - self._read_at[url] > LIFETIME:
            try:
                self._rules[url] = await self._fetch_rules(url, request)
            except UNREACHABLE as error:
                if url not in self._rules:
                    why = f"nothing is fetched while robots.txt cannot be had: {what_failed(error)}"
                    give_up(self.crawler, why)
                    raise PutBack(why) from None
            self._read_at[url] = time.monotonic()
        return self._rules[url]

    async def _fetch_rules(self, url: str, request: Request) -> RobotParser:
        meta = {"dont_obey_robotstxt": True}
        response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        if response.status == 429 or response.status >= 500:
            raise IgnoreRequest(f"{url} answers {response.status}")
        rules = response.body if response.status < 300 else b""  # 4xx: there are no rules (RFC 9309, 2.3.1.3)
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, rules)
        self.crawler.signals.send_catch_log(signals.robots_parsed, robotparser=parser, request=request)
        return parser


def what_failed(error: Exception) -> str:
    """Why there are no rules, in words."""
    return str(error) if isinstance(error, IgnoreRequest) else f"the site cannot be reached ({reason_of(error)})"
