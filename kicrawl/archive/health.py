"""What the last runs read, and the texts read last: what a run is compared with to notice that the site has changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from kicrawl.archive.connection import writing
from kicrawl.archive.models import Article, Capture, CrawlRun

RUN = CrawlRun.__table__
NOT_STORIES = 3  # times as many captures are looked through: others are of feeds and authors
MOST_RUNS = 300  # that read anything; many read nothing


def past_readings(engine: Engine, spider: str, since: datetime) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """When the runs of a spider that began since then ended, and what they read; the last one first."""
    read = (RUN.c.spider == spider) & (RUN.c.started_at >= since) & RUN.c.readings.is_not(None)
    found = select(RUN.c.finished_at, RUN.c.readings).where(read).order_by(RUN.c.started_at.desc()).limit(MOST_RUNS)
    with engine.connect() as connection:
        return [(ended_at, readings) for ended_at, readings in connection.execute(found) if ended_at]


def forget_readings(engine: Engine, until: datetime, *, looking_back: timedelta) -> None:
    """Let go of what runs read that ended before then; `looking_back` for such runs only so far saves time."""
    old = (RUN.c.finished_at < until) & (RUN.c.finished_at >= until - looking_back) & RUN.c.readings.is_not(None)
    with writing(engine) as connection:
        connection.execute(update(CrawlRun).where(old).values(readings=None))


def recent_texts(engine: Engine, number: int) -> list[list[str]]:
    """The texts, block by block, of the stories whose pages gave a new reading last, the last first."""
    last = select(Capture.url).order_by(Capture.id.desc()).limit(number * NOT_STORIES)
    with engine.connect() as connection:
        urls = list(dict.fromkeys(connection.execute(last).scalars()))
        found: dict[str, Any] = dict(
            connection.execute(select(Article.url, Article.blocks).where(Article.url.in_(urls))).all()
        )
    return [[block["text"] for block in found[url]] for url in urls if url in found][:number]


def last_of_each(engine: Engine, spiders: Sequence[str]) -> list[dict[str, Any]]:
    """Of each spider the run that ended last, with `completed_at`: when the last one ended that was complete."""
    rows = []
    with engine.connect() as connection:
        for spider in spiders:
            ended = (RUN.c.spider == spider) & RUN.c.finished_at.is_not(None)
            last = select(RUN).where(ended, RUN.c.exit_code != 4).order_by(RUN.c.started_at.desc()).limit(1)
            complete = select(RUN.c.finished_at).where(ended, RUN.c.exit_code == 0)
            row = connection.execute(last).mappings().first()
            if row:
                at = connection.scalar(complete.order_by(RUN.c.started_at.desc()).limit(1))
                rows.append({**row, "completed_at": at})
    return rows
