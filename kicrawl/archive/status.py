"""What is in the archive, in numbers, and what its last runs did."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, Select, and_, exists, func, or_, select

from kicrawl.archive.models import (
    Article,
    ArticleAuthor,
    ArticleTag,
    Author,
    Capture,
    CrawlRun,
    Frontier,
    Image,
    Revision,
)

RUN = CrawlRun.__table__
# Fields that a story may lack: columns, and tables in which it may have no row.
FIELDS = ("published_at", "body", "subtitle", "kicker", "language", "reading_minutes", "modified_at")
LISTS = {"authors": ArticleAuthor, "tags": ArticleTag, "images": Image}


def last_runs(engine: Engine, number: int) -> list[dict[str, Any]]:
    """The rows of the runs that began last, newest first."""
    with engine.connect() as connection:
        rows = connection.execute(select(RUN).order_by(RUN.c.id.desc()).limit(number)).mappings()
        return [dict(row) for row in rows]


def last_finished(engine: Engine, spider: str, *exit_codes: int) -> dict[str, Any] | None:
    """The row of the run of a spider that ended last, of those that ended so (or in any way, if none is given)."""
    found = select(RUN).where(RUN.c.spider == spider, RUN.c.finished_at.is_not(None))
    if exit_codes:
        found = found.where(RUN.c.exit_code.in_(exit_codes))
    with engine.connect() as connection:
        row = connection.execute(found.order_by(RUN.c.finished_at.desc()).limit(1)).mappings().first()
    return dict(row) if row else None


def last_read(engine: Engine, spider: str) -> dict[str, Any] | None:
    """The row of the run of a spider that began last, of those that read any story's page: it knows of alarms."""
    found = select(RUN).where(RUN.c.spider == spider, RUN.c.alarms.is_not(None))
    with engine.connect() as connection:
        row = connection.execute(found.order_by(RUN.c.started_at.desc()).limit(1)).mappings().first()
    return dict(row) if row else None


def count_contents(engine: Engine) -> dict[str, Any]:
    """How much is stored, and from when the newest story is."""
    counts: dict[str, Select[Any]] = {
        "stories": select(func.count(Article.id)),
        "partial": select(func.count(Article.id)).where(Article.access != "full"),
        "gone": select(func.count(Article.id)).where(Article.gone_at.is_not(None)),
        "duplicates": select(func.count(Article.id)).where(Article.duplicate_of_id.is_not(None)),
        "newest": select(func.max(Article.published_at)),
        "revisions": select(func.count(Revision.id)),
        "authors": select(func.count(Author.id)),
        "captures": select(func.count(Capture.id)),
    }
    with engine.connect() as connection:
        return {name: connection.scalar(count) for name, count in counts.items()}


def count_frontier(engine: Engine, now: datetime) -> dict[str, dict[str, int]]:
    """How many addresses are in each state, by kind; `now` are those whose time to be fetched has come."""
    late = or_(Frontier.due_at <= now, and_(Frontier.state == "due", Frontier.due_at.is_(None)))
    counted = select(Frontier.kind, Frontier.state, func.count(Frontier.url), func.count(Frontier.url).filter(late))
    counts: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for kind, state, number, ripe in connection.execute(counted.group_by(Frontier.kind, Frontier.state)):
            of_kind = counts.setdefault(kind, {"now": 0})
            of_kind[state] = number
            of_kind["now"] += ripe
    return counts


def count_missing(engine: Engine) -> dict[str, int]:
    """How many stories lack each field, those that most lack first."""
    columns = Article.__table__.c
    lacking = {name: select(func.count(Article.id)).where(columns[name].is_(None)) for name in FIELDS}
    for name, table in LISTS.items():
        there = exists().where(table.__table__.c.article_id == Article.id)
        lacking[name] = select(func.count(Article.id)).where(~there)
    with engine.connect() as connection:
        counts = {name: int(connection.scalar(count) or 0) for name, count in lacking.items()}
    return dict(sorted(counts.items(), key=lambda one: -one[1]))


def find_gaps(engine: Engine) -> list[tuple[date, date]]:
    """The days in Kyiv between the first story and the last of which there is none: from and to, the latest first."""
    days = select(Article.published_on).where(Article.published_on.is_not(None)).distinct()
    with engine.connect() as connection:
        stored = sorted(day for day in connection.scalars(days) if day)
    day = timedelta(days=1)
    return [(one + day, other - day) for one, other in pairwise(stored) if other - one > day][::-1]
