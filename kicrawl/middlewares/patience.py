"""A site that does not serve us is left alone: what is left of the run is for the next one."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from kicrawl.middlewares.putback import PutBack
from kicrawl.sitespider import SiteSpider


class Patience:
    """Tells the spider which pages could not be had; once it gives up, nothing more is asked.

    Stands before Scrapy's retries: an answer counts when no more is tried for it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Patience":
        """One for each crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Puts back what a run that has given up still wanted."""
        why = given_up(self.crawler)
        if why:
            raise PutBack(why)

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
            self.note(request, str(exception) or type(exception).__name__)

    def note(self, request: Request, why: str) -> None:
        """A page could not be had. robots.txt has its own rule."""
        spider = self.crawler.spider
        if isinstance(spider, SiteSpider) and "dont_obey_robotstxt" not in request.meta:
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


def given_up(crawler: Crawler) -> str | None:
    """Why nothing more is asked, if so."""
    return crawler.spider.given_up if isinstance(crawler.spider, SiteSpider) else None
