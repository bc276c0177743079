"""What each run of a spider did: the table crawl_run."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from kicrawl.archive.connection import writing
from kicrawl.archive.lock import WITHOUT
from kicrawl.archive.models import CrawlRun

DIED = "died"  # the reason of a run that never said how it ended
ENDED = (0, 1, 3)  # exit codes of runs that have fetched
LATEST = 300  # runs; among so many is one that has fetched
PAUSE = "pace/pause_seconds"  # the counter of how long the site wanted to be left alone when a run ended
SILENT = timedelta(minutes=5)  # a run without the lock is taken for dead after so long without a heartbeat


def start_run(engine: Engine, *, spider: str, job: str | None, now: datetime) -> int:
    """A row for a run that begins; returns its id. `job` is the scheduler's name for it.

    A run that fetches must hold the lock: then every other such run without an end is dead, and is marked so.
    """
    values: dict[str, Any] = {"spider": spider, "job": job, "started_at": now, "heartbeat_at": now, "counters": {}}
    dead: list[ColumnElement[bool]] = [and_(CrawlRun.spider.in_(WITHOUT), CrawlRun.heartbeat_at < now - SILENT)]
    if spider not in WITHOUT:
        dead.append(CrawlRun.spider.not_in(WITHOUT))
    unended = and_(CrawlRun.finished_at.is_(None), CrawlRun.reason.is_(None))
    with writing(engine) as connection:
        connection.execute(update(CrawlRun).where(unended, or_(*dead)).values(reason=DIED))
        return int(connection.execute(insert(CrawlRun).values(values).returning(CrawlRun.id)).scalar_one())


def beat(engine: Engine, run: int, *, now: datetime, counters: dict[str, Any]) -> None:
    """A sign of life from a run, with what it has counted so far."""
    unended = update(CrawlRun).where(CrawlRun.id == run, CrawlRun.finished_at.is_(None))
    with writing(engine) as connection:
        connection.execute(unended.values(heartbeat_at=now, counters=counters))


def finish_run(
    engine: Engine,
    run: int,
    *,
    now: datetime,
    reason: str,
    exit_code: int,
    counters: dict[str, Any],
    readings: list[dict[str, Any]] | None = None,
    alarms: list[dict[str, Any]] | None = None,
) -> None:
    """Completes the row of a run that has ended. `readings` and `alarms` as kicrawl.health packs and notes them."""
    values = {"finished_at": now, "heartbeat_at": now, "reason": reason, "exit_code": exit_code, "counters": counters}
    values |= {"readings": readings, "alarms": alarms}
    with writing(engine) as connection:
        connection.execute(update(CrawlRun).where(CrawlRun.id == run).values(values))


def refuse_run(
    engine: Engine, *, spider: str, job: str | None, started_at: datetime, now: datetime, reason: str, exit_code: int
) -> None:
    """A row for a run that was asked for and could not begin."""
    values: dict[str, Any] = {"spider": spider, "job": job, "reason": reason, "exit_code": exit_code, "counters": {}}
    values |= {"started_at": started_at, "heartbeat_at": now, "finished_at": now}
    with writing(engine) as connection:
        connection.execute(insert(CrawlRun).values(values))


def find_pause(engine: Engine, now: datetime) -> datetime | None:
    """Until when the site wants to be left alone, as the last run that fetched was told; None if it is over."""
    newest = select(func.max(CrawlRun.id)).scalar_subquery()
    last = select(CrawlRun.finished_at, CrawlRun.counters).where(CrawlRun.id > newest - LATEST)
    last = last.where(CrawlRun.exit_code.in_(ENDED), CrawlRun.spider.not_in(WITHOUT))
    last = last.order_by(CrawlRun.id.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(last).first()
    seconds = (row.counters or {}).get(PAUSE) if row and row.finished_at else None
    until = row.finished_at + timedelta(seconds=seconds) if row and seconds else None
    return until if until and until > now else None
