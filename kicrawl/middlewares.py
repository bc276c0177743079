"""What is done to each request on its way to the site."""

from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadFailedError
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler


class RobotsTxt(RobotsTxtMiddleware):
    """Obeys robots.txt. Where it cannot be had nothing is fetched; Scrapy would go on as if everything were allowed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, RobotParser] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """The rules for a request's host. Raises what went wrong where they cannot be had."""
        url = urljoin(request.url, "/robots.txt")
        if url not in self._rules:
            self._rules[url] = await self._fetch_rules(url, request)
        return self._rules[url]

    async def _fetch_rules(self, url: str, request: Request) -> RobotParser:
        # One try here: the request that waits for the rules fails with it, and is what gets retried.
        meta = {"dont_obey_robotstxt": True, "dont_retry": True}
        response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        if response.status == 429 or response.status >= 500:
            raise DownloadFailedError(f"{url} answers {response.status}")
        rules = response.body if response.status < 300 else b""  # 4xx: there are no rules (RFC 9309, 2.3.1.3)
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, rules)
        self.crawler.signals.send_catch_log(signals.robots_parsed, robotparser=parser, request=request)
        return parser
