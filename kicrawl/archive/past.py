"""What rows said before: triggers note it of stories, revisions and authors, this module of what hangs on a story.

Each entry of the table `past` holds old values and until when they stood; undoing the entries after a moment, newest
first, gives what the archive held at that moment.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Date, insert, select

from kicrawl.archive.models import (
    ArticleAuthor,
    ArticleBoilerplate,
    ArticleTag,
    Base,
    Image,
    Json,
    Link,
    Moment,
    Past,
    Related,
)
from kicrawl.archive.upserts import chunks

Row = dict[str, Any]
Rows = list[Row]

PAST = Past.__table__
# What hangs on a story; replaced as a whole, and so kept as a whole.
PARTS: dict[str, type[Base]] = {
    table.__tablename__: table for table in (ArticleAuthor, ArticleTag, Image, Related, Link, ArticleBoilerplate)
}


def read_parts(connection: Connection, name: str, ids: Iterable[int]) -> dict[int, Rows]:
    """For each of these stories its rows in a table of parts, in order, without `article_id`."""
    table = PARTS[name].__table__
    parts: dict[int, Rows] = {}
    for some in chunks(ids):
        found = select(table).where(table.c.article_id.in_(some)).order_by(table.c.article_id, table.c.position)
        for row in connection.execute(found).mappings():
            part = dict(row)
            parts.setdefault(part.pop("article_id"), []).append(part)
    return parts


def keep_parts(connection: Connection, name: str, parts: Mapping[int, Rows]) -> None:
    """Note the rows that stories have in a table of parts, before they are replaced."""
    now = datetime.now(UTC)
    weight = "minor" if name == ArticleBoilerplate.__tablename__ else "changed"
    rows = [
        {"row_of": "article", "row_id": id_, "owner_id": id_, "until": now, "weight": weight, "fields": {name: rows}}
        for id_, rows in parts.items()
    ]
    if rows:
        connection.execute(insert(Past), rows)


def keep_all_parts(connection: Connection, article_id: int) -> None:
    """Note all that hangs on a story, before it is deleted."""
    for name in PARTS:
        keep_parts(connection, name, {article_id: read_parts(connection, name, [article_id]).get(article_id, [])})


def read_past(
    connection: Connection, table: type[Base], owners: Collection[int], after: datetime
) -> dict[tuple[int, int], Row]:
    """What rows said at a moment, as far as they say something else now: by owner and id, the values that differ."""
    said: dict[tuple[int, int], Row] = {}
    for some in chunks(owners):
        entries = select(PAST.c.owner_id, PAST.c.row_id, PAST.c.fields).where(
            PAST.c.row_of == table.__tablename__, PAST.c.owner_id.in_(some), PAST.c.until > after
        )
        for owner, row, fields in connection.execute(entries.order_by(PAST.c.id.desc())):
            said.setdefault((owner, row), {}).update(_read_fields(connection, table, fields))
    return said


def read_moved(connection: Connection, after: datetime) -> set[int]:
    """The stories that had another address at a moment, or are no more."""
    moved = select(PAST.c.owner_id).where(PAST.c.row_of == "article", PAST.c.until > after, PAST.c.weight == "moved")
    return set(connection.scalars(moved))


def _read_fields(connection: Connection, table: type[Base], fields: Mapping[str, Any]) -> Row:
    return {
        name: value if name in PARTS else _read_value(connection, table, name, value) for name, value in fields.items()
    }


def _read_value(connection: Connection, table: type[Base], name: str, value: Any) -> Any:
    """A value as the column holds it, out of its form in JSON."""
    if value is None:
        return None
    kind = table.__table__.c[name].type
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, type(Json)) and connection.dialect.name == "sqlite":
        return json.loads(value)
    return value


def changed_parts(before: Mapping[int, Rows], after: Mapping[int, Sequence[Row]]) -> dict[int, Rows]:
    """Of the stories whose rows differ, those before."""
    return {id_: before.get(id_, []) for id_, rows in after.items() if before.get(id_, []) != list(rows)}
