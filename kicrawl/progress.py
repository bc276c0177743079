"""How far has it come? A live line on a terminal, a line a minute in logs, nothing under Scrapyd."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from kicrawl import runs
from kicrawl.logs import escape_controls
from kicrawl.middlewares import Pace

REFRESH = 0.2  # seconds between two drawings
SAID = 60.0  # seconds between two lines in a log

logger = logging.getLogger(__name__)


class LiveLine:
    """A line on a terminal that is drawn anew; where there is no terminal it is not there."""

    def __init__(self, output: TextIO | None = None) -> None:
        self.output = output or sys.stderr
        self.shown = is_terminal(self.output)
        self.drawn = False

    def draw(self, text: str) -> None:
        """Put a text in place of the last one, cut to the terminal's width."""
        if self.shown:
            width = terminal_width(self.output)
            self.output.write("\r\x1b[2K" + escape_controls(text)[: width - 1])
            self.output.flush()
            self.drawn = True

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self.drawn:
            self.output.write("\r\x1b[2K")
            self.output.flush()
            self.drawn = False


class Progress:
    """The progress of a command that goes through so many things, one after the other."""

    def __init__(self, what: str, total: int | None = None, *, to_terminal: bool = True) -> None:
        self.what, self.total = what, total
        self.line = LiveLine() if to_terminal else None
        self.done = 0
        self.began = time.monotonic()
        self.drawn_at = 0.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.line:
            self.line.clear()

    def step(self, number: int = 1) -> None:
        """So many more are done."""
        self.done += number
        now = time.monotonic()
        if self.line and now - self.drawn_at >= REFRESH:
            self.drawn_at = now
            self.line.draw(describe(self.what, self.done, self.total, now - self.began))


class CrawlProgress:
    """The progress of a run: drawn on a terminal, said once a minute in its log."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.line = LiveLine()
        self.began = self.said_at = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        self.pace: Pace | None = None
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CrawlProgress":
        """Scrapyd's jobs have nobody who looks on, and tell by their row in crawl_run how far they are."""
        if "SCRAPY_JOB" in os.environ:
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """The run begins."""
        self.pace = self.crawler.get_downloader_middleware(Pace)
        self.began = self.said_at = time.monotonic()
        for handler in logging.getLogger().handlers if self.line.shown else []:
            handler.addFilter(self.make_room)
        self.task = asyncio.create_task(self.repeat(spider))

    async def repeat(self, spider: Spider) -> None:
        """Draws, and says, until the run is over."""
        while True:
            await asyncio.sleep(REFRESH)
            self.tell(spider, time.monotonic())

    def tell(self, spider: Spider, now: float) -> None:
        """Draws how far it is; says it if that is due."""
        due = now - self.said_at >= SAID
        if due or self.line.shown:
            text = describe_run(spider, self.crawler, self.pace, now - self.began)
            self.line.draw(text)
            if due:
                self.said_at = now
                logger.info("%s", text)

    def make_room(self, record: logging.LogRecord) -> bool:
        """A log line is to be written: the live line goes, and comes again below it."""
        self.line.clear()
        return True

    def spider_closed(self, spider: Spider) -> None:
        """The run is over."""
        if self.task:
            self.task.cancel()
        self.line.clear()
        for handler in logging.getLogger().handlers:
            handler.removeFilter(self.make_room)


def describe_run(spider: Spider, crawler: Crawler, pace: Pace | None, seconds: float) -> str:
    """How far a run is, in words."""
    stats = crawler.stats.get_stats()
    done, known = reach(spider, crawler, stats)
    new, changed, as_before = (stats.get(name, 0) for name in runs.READ)
    parts = [describe("pages", done, known, seconds), f"stories: {new} new, {changed} changed, {as_before} as before"]
    pause = describe_pause(pace)
    return f"{spider.name}: {'; '.join([*parts, pause] if pause else parts)}"


def reach(spider: Spider, crawler: Crawler, stats: Mapping[str, float]) -> tuple[int, int | None]:
    """How many pages are done, and how many are known to be there; None before anybody knows."""
    if hasattr(spider, "done"):
        return spider.done, getattr(spider, "known", None)
    slot = crawler.engine._slot  # Scrapy says it nowhere else
    waiting = len(getattr(spider, "agenda", ())) + (len(slot.inprogress) + len(slot.scheduler) if slot else 0)  # type: ignore[arg-type]
    done = int(stats.get("response_received_count", 0))
    return done, done + waiting


def describe_pause(pace: Pace | None) -> str:
    """How long nothing is fetched, and why; "" if something is."""
    left = pace.ready_at - time.monotonic() if pace else 0
    if pace is None or left < 1:
        return ""
    if pace.pauses:
        why = "the site asks for it"
    else:
        why = "robots.txt asks for it" if pace.asked_delay >= pace.lag else "the site is slow"
    return f"pausing {in_time(left)}: {why}"


def describe(what: str, done: int, total: int | None, seconds: float) -> str:
    """How far it has come, in words.

    >>> describe("stories", 500, 2000, 10.0)
    '500 / 2,000 stories, 50 a second, 30 s left'
    """
    rate = done / seconds if seconds > 0 else 0.0
    of = f" / {total:,}" if total is not None else ""
    parts = [f"{done:,}{of} {what}", f"{in_figures(rate)} a second"]
    if total is not None and rate:
        parts.append(f"{in_time(max(0, total - done) / rate)} left")
    return ", ".join(parts)


def in_figures(number: float) -> str:
    """A rate, as exact as it matters.

    >>> in_figures(0.52), in_figures(4.2), in_figures(1234.5)
    ('0.5', '4.2', '1,234')
    """
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def in_time(seconds: float) -> str:
    """A time to wait.

    >>> in_time(42), in_time(125), in_time(7300)
    ('42 s', '2 min', '2 h 2 min')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def is_terminal(output: TextIO) -> bool:
    """Whether a person looks on; nobody does under Scrapyd, whatever it gives its jobs for an output."""
    return output.isatty() and "SCRAPY_JOB" not in os.environ and os.environ.get("TERM") != "dumb"


def terminal_width(output: TextIO) -> int:
    """The terminal's columns."""
    try:
        return os.get_terminal_size(output.fileno()).columns or 80
    except OSError:
        return 80
