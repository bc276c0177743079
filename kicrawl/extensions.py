"""What goes with every run: clean log lines, and the record of the run."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.statscollectors import StatsCollector
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from kicrawl import runs
from kicrawl.archive import ArchiveError, first_line
from kicrawl.archive.lock import GAVE_WAY, Locked
from kicrawl.archive.runs import beat, finish_run, refuse_run, start_run
from kicrawl.health import Alarm
from kicrawl.opened import archive_of
from kicrawl.stopping import FAILURES, CrawlRecord, stop
from kicrawl.turns import Turn
from kicrawl.watch import Watch, tell

HEARTBEAT = 15.0  # seconds between two signs of life
LOOK = 2.0  # seconds between two looks whether newsfeed wants to fetch

logger = logging.getLogger(__name__)


class SafeLog:
    """Keeps all log lines of this process to one line, without control characters, wherever they go."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SafeLog":
        """Takes over the making of log records."""
        logging.setLogRecordFactory(CrawlRecord)
        return cls()


class KeepLoaded:
    """Leaves what a program has loaded once a crawl begins out of every later search for garbage: it stays anyway."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "KeepLoaded":
        """Waits for the spider."""
        extension = cls()
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """All is loaded. What is garbage already goes first, or it would be kept, too."""
        gc.collect()
        gc.freeze()


class RunRecord:
    """Keeps the run's row in crawl_run and its turn to fetch; says in `run/exit_code` how the program must end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.engine = archive_of(crawler)
        self.turn = Turn(self.engine, crawler.spidercls.name, crawler.settings.getint("SLICE", 1))
        self.watch = Watch(crawler)
        self.job: str | None = None
        self.asked_at = datetime.now(UTC)
        self.run: int | None = None  # once its turn has come
        self.over = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.ending: asyncio.Future[None] | None = None
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)
        crawler.signals.connect(self.count_error, signals.item_error)
        crawler.signals.connect(self.spider_error, signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RunRecord":
        """One for each run of our spiders; `scrapy shell` and the like leave no row."""
        if not crawler.spidercls.__module__.startswith(tuple(crawler.settings.getlist("SPIDER_MODULES"))):
            raise NotConfigured
        return cls(crawler)

    async def spider_opened(self, spider: Spider) -> None:
        """Waits for the run's turn, and begins it. Closes the spider if there is none to be had."""
        self.job = getattr(spider, "_job", None)
        try:
            await self.turn.come()
            self.run = start_run(self.engine, spider=spider.name, job=self.job, now=datetime.now(UTC))
            self.turn.begin(self.run)
        except Locked as locked:
            self.stats.set_value("run/refused", str(locked))
            raise CloseSpider("locked") from None
        except (ArchiveError, SQLAlchemyError) as error:
            self.fail(f"the run could not begin: {in_a_line(error)}")
            raise CloseSpider("not_begun") from None
        self.tasks = [asyncio.create_task(self.repeat(HEARTBEAT, self.beat))]
        if self.turn.gives_way:
            self.tasks.append(asyncio.create_task(self.repeat(LOOK, self.look)))

    async def repeat(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Does something every so many seconds until the run is over."""
        while True:
            try:
                await asyncio.wait_for(self.over.wait(), seconds)
            except TimeoutError:
                await act()
            else:
                return

    async def beat(self) -> None:
        """Gives a sign of life, and ends a run whose lock is lost. Whether the archive can be written, Store finds."""
        assert self.run is not None
        counters = numbers(self.stats)
        try:
            kept = await asyncio.to_thread(self.turn.kept)
            await asyncio.to_thread(beat, self.engine, self.run, now=datetime.now(UTC), counters=counters)
        except SQLAlchemyError as error:
            logger.warning("No sign of life could be given: %s", first_line(error))
        else:
            if not kept:
                self.end("lock_lost")

    async def look(self) -> None:
        """Ends the run's slice of its work if newsfeed asks for it."""
        try:
            if await asyncio.to_thread(self.turn.wanted):
                self.end(GAVE_WAY)
        except SQLAlchemyError as error:
            logger.warning("Nobody can ask this run to give way: %s", first_line(error))

    def end(self, reason: str) -> None:
        """Ends the crawl; what is on its way is stored first."""
        if self.ending is None:
            # Not awaited: it waits for this very task.
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def count_error(self, **signal: Any) -> None:
        """An item or a page broke the program: whatever else the run did, it failed."""
        self.stats.inc_value(runs.ERRORS)

    def spider_error(self, failure: Failure) -> None:
        """A page, or the spider's start, broke the program; if that was the archive's fault, nothing more can come."""
        if isinstance(failure.value, FAILURES):
            stop(self.crawler, failure.value)
        else:
            self.count_error()

    def fail(self, why: str) -> None:
        """Notes what makes the run a failed one."""
        self.stats.inc_value(runs.BROKEN)
        self.stats.set_value("run/incomplete", [*self.stats.get_value("run/incomplete", []), why])

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """A run has ended, and everything it stored is stored."""
        self.over.set()
        await asyncio.gather(*self.tasks)
        try:
            self.write_end(spider, reason)
        except SQLAlchemyError as error:
            self.fail(f"the end of the run could not be noted: {first_line(error)}")
            self.stats.set_value("run/exit_code", runs.FAILED)
        self.turn.over()

    def write_end(self, spider: Spider, reason: str) -> None:
        """Works out how the run went, and keeps it."""
        now = datetime.now(UTC)
        refused = self.stats.get_value("run/refused")
        if refused:
            self.stats.set_value("run/exit_code", runs.LOCKED)
            times = {"started_at": self.asked_at, "now": now}
            refuse_run(self.engine, spider=spider.name, job=self.job, reason=refused, exit_code=runs.LOCKED, **times)
            return
        if self.run is not None and reason == "finished" and self.turn.wanted():
            reason = GAVE_WAY  # a spider that looked for itself, between two pages
        alarms = self.raise_alarms(now) if self.run is not None else []
        counters = numbers(self.stats)
        missing = [*self.stats.get_value("run/incomplete", []), *runs.signs_of_trouble(counters, reason)]
        missing += [alarm.line for alarm in alarms if alarm.grave]
        code = runs.exit_code(counters, missing)
        self.stats.set_value("run/reason", reason)
        self.stats.set_value("run/incomplete", missing)
        self.stats.set_value("run/exit_code", code)
        spider.logger.info(runs.summary(spider.name, counters))
        if self.run is not None:
            why = "; ".join(missing) or reason
            end = {"reason": why, "exit_code": code, "counters": counters, **self.watch.notes(alarms)}
            finish_run(self.engine, self.run, now=now, **end)
            tell(self.engine, now, self.crawler.settings["METRICS_FILE"])

    def raise_alarms(self, now: datetime) -> list[Alarm]:
        """What the pages that were read say of the site."""
        alarms = self.watch.judge(self.engine, now)
        self.stats.set_value("run/alarms", len(alarms))
        self.stats.set_value("run/grave_alarms", sum(alarm.grave for alarm in alarms))
        return alarms


def numbers(stats: StatsCollector) -> dict[str, float]:
    """What was counted."""
    return {name: value for name, value in stats.get_stats().items() if isinstance(value, (int, float))}


def in_a_line(error: ArchiveError | SQLAlchemyError) -> str:
    """What went wrong, for the user."""
    return first_line(error) if isinstance(error, SQLAlchemyError) else str(error)
