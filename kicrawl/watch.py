"""Keeps watch over what a run reads, and raises the alarms when it ends (the judgement is in health.py)."""

import logging
from collections import deque
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from sqlalchemy import Engine

from kicrawl import boilerplate, health, items, metrics
from kicrawl.archive.frontier import count_stories
from kicrawl.archive.health import forget_readings, last_of_each, past_readings, recent_texts
from kicrawl.archive.lock import WITHOUT
from kicrawl.site import norms

SPIDERS = ("newsfeed", "archive", "authors")  # that fetch

NOT_SHOWN = "stories/not_shown"  # counts known stories whose page shows something else

logger = logging.getLogger(__name__)


class Watch:
    """The readings of one run. Saved pages say nothing of the site as it is now: replay raises no alarm."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats: Any = crawler.stats
        self.spider: str = crawler.spidercls.name
        self.readings: deque[health.Reading] = deque(maxlen=norms.MOST_READINGS)
        if self.spider not in WITHOUT:
            crawler.signals.connect(self.note, signals.item_scraped)
            crawler.signals.connect(self.note_dropped, signals.item_dropped)

    def note(self, item: Any) -> None:
        """A story was read."""
        if isinstance(item, items.Article) and item.seen:
            if any(block.role is None for block in item.blocks):  # dropped before it was stripped
                item = boilerplate.strip(replace(item, blocks=[replace(block) for block in item.blocks]))
            self.readings.append(health.read(item))

    def note_dropped(self, item: Any, exception: DropItem) -> None:
        """Nothing could be made of a story, unless it was none."""
        if not str(exception).startswith("not a story"):
            self.note(item)

    def judge(self, engine: Engine, at: datetime) -> list[health.Alarm]:
        """What is wrong with what was read, logged in one line."""
        not_shown = min(self.stats.get_value(NOT_SHOWN, 0), norms.MOST_READINGS)
        unread = [health.Reading(story=str(number), sources={}) for number in range(not_shown)]
        if not self.readings and not unread:
            return []
        past = [
            health.Past(ended_at=ended_at, readings=health.unpack(packed))
            for ended_at, packed in past_readings(engine, self.spider, at - norms.MEMORY)
        ]
        alarms = health.judge([*self.readings, *unread], past, at, compared=self.spider in norms.COMPARED)
        alarms += health.recurring(recent_texts(engine, norms.RECURS_AMONG))
        if alarms:
            logger.warning("The site has changed: %s", "; ".join(alarm.line for alarm in alarms))
        return alarms

    def notes(self, alarms: list[health.Alarm]) -> dict[str, Any]:
        """The columns of crawl_run that keep what was read and what was wrong with it."""
        if not self.readings and not alarms:
            return {}
        return {"readings": health.pack(self.readings), "alarms": [health.note(alarm) for alarm in alarms]}


def tell(engine: Engine, at: datetime, path: str | None) -> None:
    """After a run has ended: let old readings go, and write the file for Prometheus if one is wanted."""
    forget_readings(engine, at - norms.MEMORY, looking_back=norms.FORGETS)
    if not path:
        return
    text = metrics.render(last_of_each(engine, SPIDERS), count_stories(engine))
    try:
        metrics.write(Path(path), text)
    except OSError as error:
        logger.warning("The figures for Prometheus could not be written to %s: %s", path, error.strerror)
