"""A spider that fetches and does nothing with it: what Scrapy itself takes. python -m benchmarks.nothing FILE

The file holds an address a line.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

# As kicrawl's own, where that changes what a request costs.
SETTINGS = {
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class Nothing(Spider):
    """Fetches addresses."""

    name = "nothing"

    def __init__(self, file: str) -> None:
        super().__init__()
        self.addresses = Path(file).read_text(encoding="utf-8").split()

    async def start(self) -> AsyncIterator[Request]:
        """A request for every address."""
        for address in self.addresses:
            yield Request(address)

    def parse(self, response: Response) -> None:
        """Nothing."""


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(Nothing, file=sys.argv[1])
    process.start()
