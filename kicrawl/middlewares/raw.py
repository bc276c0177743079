"""Answers as they came."""

from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

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
