"""The few shapes of writing that all tables share, the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Update, bindparam, case, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement

from kicrawl.archive.models import Base

Row = Mapping[str, Any]
Insert = sqlite.Insert | postgresql.Insert
T = TypeVar("T")
CHUNK = 500  # addresses in one IN (...)


def insert_into(dialect: str, table: type[Base]) -> Insert:
    """An INSERT that can say ON CONFLICT, in the database's own kind."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(connection: Connection, table: type[Base], rows: Sequence[Row], *, key: Sequence[str]) -> None:
    """Insert the rows whose key is not there yet; leave the others alone."""
    if rows:
        connection.execute(_inserting(connection.dialect.name, table, tuple(key)), list(_once(rows, key)))


def insert_rows(connection: Connection, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that have the same columns, by the driver's own executemany: a story has dozens of them."""
    if not rows:
        return
    unstated = [column for column in table.__table__.columns if column.default and column.name not in rows[0]]
    stated = {column.name: column.default.arg(None) for column in unstated}
    rows = [{**row, **stated} for row in rows] if stated else rows
    names = tuple(rows[0])
    statement, binders = _plain_insert(connection.dialect, table, names)
    columns = list(zip(*map(itemgetter(*names), rows), strict=True))
    for place, bind in binders:
        columns[place] = tuple(map(bind, columns[place]))
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def insert_returning_ids(connection: Connection, table: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert the rows and give their ids, in order. The caller's transaction is the only one that writes."""
    if not rows:
        return []
    id_ = table.__table__.c.id
    if connection.dialect.name == "sqlite":  # which would return them in order only one by one
        last = connection.execute(select(func.max(id_))).scalar() or 0
        ids = list(range(last + 1, last + 1 + len(rows)))
        insert_rows(connection, table, [{"id": new, **row} for new, row in zip(ids, rows, strict=True)])
        return ids
    statement = insert(table).returning(id_, sort_by_parameter_order=True)
    return list(connection.execute(statement, [dict(row) for row in rows]).scalars())


def update_by_id(connection: Connection, table: type[Base], rows: Sequence[Row]) -> None:
    """Update rows, each with its `id` and the new values of the same columns."""
    if not rows:
        return
    columns = tuple(name for name in rows[0] if name != "id")
    values = [{"key": row["id"], **{name: row[name] for name in columns}} for row in rows]
    connection.execute(_updating(table, columns), values)


def widen_seen(connection: Connection, table: type[Base], rows: Sequence[Row], *, key: Sequence[str]) -> None:
    """Insert the rows, or widen first_seen_at and last_seen_at of those that are there."""
    if rows:
        connection.execute(_widening(connection.dialect.name, table, tuple(key)), list(_widest(rows, key)))


def chunks(values: Iterable[T]) -> Iterable[list[T]]:
    """The values, each once, in lists short enough for one statement."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), CHUNK):
        yield unique[start : start + CHUNK]


# Building a statement takes as long as running it for a story: each is built once.


@cache
def _inserting(dialect: str, table: type[Base], key: tuple[str, ...]) -> Insert:
    return insert_into(dialect, table).on_conflict_do_nothing(index_elements=key)


@cache
def _updating(table: type[Base], columns: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(table).where(table.__table__.c.id == bindparam("key")).values(values)


@cache
def _widening(dialect: str, table: type[Base], key: tuple[str, ...]) -> Insert:
    statement = insert_into(dialect, table)
    new, old = statement.excluded, table.__table__.c
    earlier = case((new.first_seen_at < old.first_seen_at, new.first_seen_at), else_=old.first_seen_at)
    later = case((new.last_seen_at > old.last_seen_at, new.last_seen_at), else_=old.last_seen_at)
    outside: ColumnElement[bool] = (new.first_seen_at < old.first_seen_at) | (new.last_seen_at > old.last_seen_at)
    return statement.on_conflict_do_update(
        index_elements=key, set_={"first_seen_at": earlier, "last_seen_at": later}, where=outside
    )


@lru_cache(maxsize=256)
def _plain_insert(dialect: Dialect, table: type[Base], names: tuple[str, ...]) -> tuple[str, list[tuple[int, Any]]]:
    """An INSERT of one row for the driver, and by the place of a column how its values are put for the driver."""
    marks = ", ".join(["?" if dialect.name == "sqlite" else "%s"] * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    columns = [table.__table__.c[name] for name in names]
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    binders = [(place, bind) for place, bind in enumerate(processors) if bind]
    return f"INSERT INTO {table.__tablename__} ({quoted}) VALUES ({marks})", binders


def _once(rows: Sequence[Row], key: Sequence[str]) -> Iterable[dict[str, Any]]:
    """The rows, the last one for each key: PostgreSQL refuses to touch a row twice in one statement."""
    return {tuple(row[name] for name in key): dict(row) for row in rows}.values()


def _widest(rows: Sequence[Row], key: Sequence[str]) -> Iterable[dict[str, Any]]:
    """The rows, one for each key, from the earliest to the latest time that any of them was seen."""
    widest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        kept = widest.setdefault(tuple(row[name] for name in key), dict(row))
        kept["first_seen_at"] = min(kept["first_seen_at"], row["first_seen_at"])
        kept["last_seen_at"] = max(kept["last_seen_at"], row["last_seen_at"])
    return widest.values()
