"""Ending a crawl because the archive cannot be read or written: every further page would be lost as well."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy.crawler import Crawler
from sqlalchemy.exc import SQLAlchemyError

from kicrawl.archive import ArchiveError, first_line
from kicrawl.logs import SafeRecord
from kicrawl.runs import STORING_FAILED

ENDS = "storing_failed"  # the reason with which such a crawl ends
FAILURES = (SQLAlchemyError, ArchiveError)

logger = logging.getLogger(__name__)


@contextmanager
def stopping_on_failure(crawler: Crawler) -> Iterator[None]:
    """Ends the crawl, instead of raising, if the archive fails."""
    try:
        yield
    except FAILURES as error:
        stop(crawler, error)


def stop(crawler: Crawler, error: SQLAlchemyError | ArchiveError) -> None:
    """Ends the crawl, and says once why."""
    if not crawler.stats.get_value(STORING_FAILED):
        logger.error("Storing failed, the crawl stops: %s", first_line(error))
        if crawler.engine.scraper.slot is not None:  # else it is at its end already
            # Not awaited: it waits for the item or page at hand. Not kept: while it sleeps, the loop has it.
            asyncio.ensure_future(close(crawler))  # noqa: RUF006
    crawler.stats.inc_value(STORING_FAILED)


async def close(crawler: Crawler) -> None:
    """Ends the crawl with its reason, once the items on their way are through."""
    items_under_way, spider = crawler.engine.scraper.slot, crawler.spider
    assert items_under_way is not None
    assert spider is not None
    closing = asyncio.ensure_future(crawler.engine.close_spider_async(reason=ENDS))
    while not closing.done():
        # Scrapy asks whether all items are through only when a response is; those of start() have none.
        through = items_under_way.closing
        if through and not through.called and items_under_way.is_idle():
            through.callback(spider)
        await asyncio.sleep(0.05)


class CrawlRecord(SafeRecord):
    """A log record in which a failure of the archive is a line: where in Scrapy it struck tells nobody anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        error = self.exc_info[1] if self.exc_info else None
        if isinstance(error, FAILURES):
            self.msg, self.args = "The archive cannot be used: %s", (first_line(error),)
            self.exc_info = self.exc_text = None
