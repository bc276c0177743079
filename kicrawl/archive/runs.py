"""What each run of a spider did: the table crawl_run."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, update

from kicrawl.archive.connection import writing
from kicrawl.archive.models import CrawlRun


def start_run(engine: Engine, *, spider: str, job: str | None, now: datetime) -> int:
    """A row for a run that begins; returns its id. `job` is the scheduler's name for it."""
    values: dict[str, Any] = {"spider": spider, "job": job, "started_at": now, "heartbeat_at": now, "counters": {}}
    with writing(engine) as connection:
        return int(connection.execute(insert(CrawlRun).values(values).returning(CrawlRun.id)).scalar_one())


def finish_run(
    engine: Engine, run: int, *, now: datetime, reason: str, exit_code: int, counters: dict[str, Any]
) -> None:
    """Completes the row of a run that has ended."""
    values = {"finished_at": now, "heartbeat_at": now, "reason": reason, "exit_code": exit_code, "counters": counters}
    with writing(engine) as connection:
        connection.execute(update(CrawlRun).where(CrawlRun.id == run).values(values))
