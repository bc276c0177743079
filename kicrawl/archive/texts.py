"""Sketches of the stories' texts in SQL: written with the stories, looked up by their keys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import aliased

from kicrawl.archive import sketches
from kicrawl.archive.changes import Change
from kicrawl.archive.models import Article, Sketch, SketchKey
from kicrawl.archive.upserts import chunks, insert_rows

DAYS = 30  # between a story and one that repeats it: the same words a season later are news again
CANDIDATES = 200  # compared with one story: those that share most keys, then the earliest
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """A story's text, as far as it matters here."""

    id: int
    url: str
    at: datetime  # when it was published; where nobody says, first seen
    sketch: sketches.Sketch

    def is_before(self, other: "Text") -> bool:
        """Whether this is the earlier of two, or comes first in the order of addresses."""
        return (self.at, self.url) < (other.at, other.url)

    def is_near(self, other: "Text") -> bool:
        """Whether one can repeat the other at all."""
        return abs(self.at - other.at) <= timedelta(days=DAYS)


def write_texts(connection: Connection, changes: Sequence[Change]) -> set[int]:
    """Bring the sketches up to what was written; the stories that have another text or moment than before."""
    moments = _read_moments(connection, changes)
    rewritten = {change.article_id: change for change in changes if change.replaces and _has_new_text(change)}
    moved = {change.article_id for change in changes if change.article_id in moments and _has_moved(change, moments)}
    _replace(connection, rewritten, moments)
    _move(connection, {id_: moments[id_] for id_ in moved - rewritten.keys()})
    return rewritten.keys() | moved


def find_candidates(connection: Connection, ids: Collection[int]) -> list[tuple[Text, Text]]:
    """For each of these stories those that may be nearly the same, as pairs."""
    pairs = [pair for some in chunks(ids) for pair in connection.execute(select_candidates(), {"ids": some})]
    texts = _read_texts(connection, {id_ for pair in pairs for id_ in pair})
    return [(texts[one], texts[other]) for one, other in pairs]


@cache  # building it takes longer than running it for one story
def select_candidates() -> Select[int, int]:
    """Pairs of a story among :ids and another that shares a key with it and stands within DAYS of it, or a day more."""
    mine, their = aliased(SketchKey), aliased(SketchKey)
    on = and_(
        their.key == mine.key,
        their.day.between(mine.day - DAYS, mine.day + DAYS),
        their.article_id != mine.article_id,
    )
    pairs = (
        select(mine.article_id.label("story"), their.article_id.label("other"))
        .add_columns(func.count().label("shared"), func.min(their.day).label("day"))
        .join_from(mine, their, on)
        .where(mine.article_id.in_(bindparam("ids", expanding=True)))
        .group_by(mine.article_id, their.article_id)
        .subquery()
        .c
    )
    order = (pairs.shared.desc(), pairs.day, pairs.other)
    place = func.row_number().over(partition_by=pairs.story, order_by=order).label("place")
    ranked = select(pairs.story, pairs.other, place).subquery().c
    return select(ranked.story, ranked.other).where(ranked.place <= CANDIDATES)


def _read_moments(connection: Connection, changes: Sequence[Change]) -> dict[int, datetime]:
    """When each story that was written was published, or else first seen."""
    rows = {change.article_id: change.look.row for change in changes if change.verdict == "new"}
    moments: dict[int, datetime] = {id_: row["published_at"] or row["first_seen_at"] for id_, row in rows.items()}
    moment = func.coalesce(Article.published_at, Article.first_seen_at)
    for some in chunks(change.article_id for change in changes if change.verdict not in ("new", "unchanged")):
        moments |= dict(connection.execute(select(Article.id, moment).where(Article.id.in_(some))).all())
    return moments


def _has_new_text(change: Change) -> bool:
    stored, row = change.stored, change.look.row
    return stored is None or (stored["body_hash"], stored["title"]) != (row["body_hash"], row["title"])


def _has_moved(change: Change, moments: Mapping[int, datetime]) -> bool:
    stored = change.stored
    return stored is not None and moments[change.article_id] != (stored["published_at"] or stored["first_seen_at"])


def _replace(connection: Connection, changes: Mapping[int, Change], moments: Mapping[int, datetime]) -> None:
    old = [id_ for id_, change in changes.items() if change.verdict != "new"]
    for some in chunks(old):
        connection.execute(delete(SketchKey).where(SketchKey.article_id.in_(some)))
        connection.execute(delete(Sketch).where(Sketch.article_id.in_(some)))
    texts = [
        Text(id_, change.look.row["url"], moments[id_], sketch)
        for id_, change in changes.items()
        if (sketch := sketches.sketch(change.look.row["title"], change.look.body))
    ]
    insert_rows(connection, Sketch, [_row(text) for text in texts])
    insert_rows(connection, SketchKey, [row for text in texts for row in _key_rows(text)])


def _move(connection: Connection, moments: Mapping[int, datetime]) -> None:
    """Give texts their new moments."""
    if not moments:
        return
    rows = [{"story": id_, "new_at": at, "new_day": _day(at)} for id_, at in moments.items()]
    to_at = update(Sketch).where(Sketch.article_id == bindparam("story")).values(at=bindparam("new_at"))
    to_day = update(SketchKey).where(SketchKey.article_id == bindparam("story")).values(day=bindparam("new_day"))
    for statement in (to_at, to_day):
        connection.execute(statement, rows)


def _row(text: Text) -> dict[str, Any]:
    sketch = text.sketch
    digests = {name: sketches.pack(getattr(sketch, name)) for name in ("minima", "lead", "names", "numbers")}
    return {"article_id": text.id, "at": text.at, "figures": sketch.figures, **digests}


def _key_rows(text: Text) -> list[dict[str, Any]]:
    return [{"article_id": text.id, "key": key, "day": _day(text.at)} for key in text.sketch.keys]


def _read_texts(connection: Connection, ids: Collection[int]) -> dict[int, Text]:
    found = select(Sketch.__table__, Article.url).join_from(Sketch, Article)
    rows = (row for some in chunks(ids) for row in connection.execute(found.where(Sketch.article_id.in_(some))))
    return {row.article_id: Text(row.article_id, row.url, row.at, _sketch(row)) for row in rows}


def _sketch(row: Row[Any]) -> sketches.Sketch:
    return sketches.Sketch(
        figures=row.figures,
        minima=sketches.unpack(row.minima),
        lead=frozenset(sketches.unpack(row.lead)),
        names=frozenset(sketches.unpack(row.names)),
        numbers=frozenset(sketches.unpack(row.numbers)),
    )


def _day(moment: datetime) -> int:
    return (moment - EPOCH).days
