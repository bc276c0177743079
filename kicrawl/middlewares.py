"""What is done to each request on its way to the site."""

from datetime import UTC, datetime
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadFailedError, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from kicrawl import items

RAW = "raw"  # the key of a request's meta under which its answer stands as it came


class KeepRaw:
    """Notes each answer as it came, before anything decodes it, so that it can be kept as a capture."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "KeepRaw":
        """Reads STORE_BODY: without texts there are no captures."""
        if not crawler.settings.getbool("STORE_BODY"):
            raise NotConfigured
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer, unchanged."""
        request.meta[RAW] = items.RawResponse(
            url=response.url,
            status=response.status,
            headers=[
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ],
            body=response.body,
            fetched_at=datetime.now(UTC),
        )
        return response


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
