"""A site that does not serve us is left alone: what is left of the run is for the next one."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from kicrawl.middlewares.putback import PutBack
from kicrawl.sitespider import SiteSpider, reason_of


class GivenUp:
    """Puts back whatever a run still wanted that has given up."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GivenUp":
        """One for each crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Lets a request pass, or not."""
        spider = self.crawler.spider
        if isinstance(spider, SiteSpider) and spider.given_up:
            raise PutBack(spider.given_up)


class Patience:
    """Tells the spider which pages could not be had, so that it gives up after many in a row.

    Each counts when it is asked for the first time: Scrapy asks again at the end of a slice, for one after the other.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Patience":
        """One for each crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer, unchanged. Whether one of 200 serves us, whoever reads it can tell."""
        if is_refusal(response.status):
            self.note(request, f"it answers {response.status}")
        elif isinstance(self.crawler.spider, SiteSpider) and not 200 <= response.status < 300:
            self.crawler.spider.served()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Pages that we do not want are not the site's failures."""
        if not isinstance(exception, (IgnoreRequest, DownloadCancelledError)):
            self.note(request, reason_of(exception))

    def note(self, request: Request, why: str) -> None:
        """A page could not be had. robots.txt has its own rule."""
        spider, meta = self.crawler.spider, request.meta
        if isinstance(spider, SiteSpider) and not ("retry_times" in meta or "dont_obey_robotstxt" in meta):
            spider.not_served(request.url, why)


def is_refusal(status: int) -> bool:
    """Whether an answer says that the site does not serve us, or nobody.

    >>> [status for status in (200, 304, 401, 403, 404, 410, 429, 500, 503) if is_refusal(status)]
    [403, 429, 500, 503]
    """
    return status in (403, 429) or status >= 500


def give_up(crawler: Crawler, why: str) -> None:
    """Asks nothing more in this crawl."""
    if isinstance(crawler.spider, SiteSpider):
        crawler.spider.give_up(why)
