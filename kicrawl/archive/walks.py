"""Walks along the list of all stories: where was one left off, and how far up must the next one go?

Every row is a boundary between what was seen of the list and what was not. A walk begins at the top. Where it meets
what an unfinished walk saw, it takes that walk over and goes on from where it was left off; so a gap is closed however
often the walks are killed. What archive left off stays archive's.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from kicrawl.archive import models

WALK = models.Walk.__table__


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A walk that is under way or was left off."""

    id: int | None = None  # None until its first page is written
    spider: str
    started_at: datetime
    next_url: str | None
    reached_at: datetime | None = None


def left_off(engine: Engine, spider: str, *, before: datetime | None = None) -> Walk | None:
    """The newest walk of a spider that has not come to its end, of those that began before a moment."""
    with engine.connect() as connection:
        return _left_off(connection, spider, before)


def go_on(connection: Connection, walk: Walk, next_url: str | None, reached_at: datetime | None) -> Walk:
    """Note how far a walk has come: call it in the transaction that writes what the page showed."""
    reached = min((moment for moment in (walk.reached_at, reached_at) if moment), default=None)
    return _save(connection, replace(walk, next_url=next_url, reached_at=reached))


def take_over(connection: Connection, walk: Walk) -> Walk | None:
    """The walk as one with that which it has met, which is the newest left off before it; None if there is none."""
    older = _left_off(connection, walk.spider, walk.started_at)
    if older is None or walk.id is None:
        return older
    connection.execute(delete(models.Walk).where(WALK.c.id == older.id))
    return _save(connection, replace(older, id=walk.id))


def finish(connection: Connection, walk: Walk) -> None:
    """The walk has met what was seen before."""
    if walk.id is not None:
        connection.execute(delete(models.Walk).where(WALK.c.id == walk.id))


def finish_all(connection: Connection, walk: Walk) -> None:
    """The walk went to the list's end: what older ones left to see, it has seen. What archive is about stays."""
    older = delete(models.Walk).where(WALK.c.started_at <= walk.started_at)
    connection.execute(older.where(WALK.c.spider.in_((walk.spider, "newsfeed"))))


def leave_to(connection: Connection, walk: Walk, spider: str) -> None:
    """Leave what the walk has not seen to another spider."""
    connection.execute(update(models.Walk).where(WALK.c.id == walk.id).values(spider=spider))


def _left_off(connection: Connection, spider: str, before: datetime | None) -> Walk | None:
    found = select(WALK).where(WALK.c.spider == spider)
    if before:
        found = found.where(WALK.c.started_at < before)
    row = connection.execute(found.order_by(WALK.c.started_at.desc()).limit(1)).mappings().first()
    return Walk(**row) if row else None


def _save(connection: Connection, walk: Walk) -> Walk:
    values = {name: value for name, value in vars(walk).items() if name != "id"}
    if walk.id is None:
        row = insert(models.Walk).values(values).returning(WALK.c.id)
        return replace(walk, id=connection.execute(row).scalar_one())
    connection.execute(update(models.Walk).where(WALK.c.id == walk.id).values(values))
    return walk
