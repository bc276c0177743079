"""What goes with every run: clean log lines, and the record of the run."""

import logging
from datetime import UTC, datetime
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from kicrawl import runs
from kicrawl.archive import connect, migrate
from kicrawl.archive.runs import finish_run, start_run
from kicrawl.logs import SafeRecord


class SafeLog:
    """Escapes control characters in all log lines of this process, wherever they go."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SafeLog":
        """Takes over the making of log records."""
        logging.setLogRecordFactory(SafeRecord)
        return cls()


class RunRecord:
    """Keeps the run's row in crawl_run, and says in `run/exit_code` how the program must end."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.engine = connect(crawler.settings["DATABASE_URL"])
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)
        for failure in (signals.item_error, signals.spider_error):
            crawler.signals.connect(self.count_error, failure)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RunRecord":
        """One for each run of our spiders; `scrapy shell` and the like leave no row."""
        if not crawler.spidercls.__module__.startswith(tuple(crawler.settings.getlist("SPIDER_MODULES"))):
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """A run begins."""
        migrate(self.engine)
        job = getattr(spider, "_job", None)
        self.run = start_run(self.engine, spider=spider.name, job=job, now=datetime.now(UTC))

    def count_error(self, **signal: Any) -> None:
        """An item or a page broke the program: whatever else the run did, it failed."""
        self.stats.inc_value(runs.ERRORS)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """A run has ended, and everything it stored is stored."""
        counters = {name: value for name, value in self.stats.get_stats().items() if isinstance(value, (int, float))}
        missing = [*self.stats.get_value("run/incomplete", []), *runs.signs_of_trouble(counters, reason)]
        code = runs.exit_code(counters, missing)
        self.stats.set_value("run/incomplete", missing)
        self.stats.set_value("run/exit_code", code)
        spider.logger.info(runs.summary(spider.name, counters, missing))
        why = "; ".join(missing) or reason
        finish_run(self.engine, self.run, now=datetime.now(UTC), reason=why, exit_code=code, counters=counters)
        self.engine.dispose()
