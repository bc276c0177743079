"""The archive as the tables of a copy: what a data package and an SQLite export hold, row by row."""

from collections.abc import Collection, Iterator

from sqlalchemy import Boolean, Date, Float, Integer, select

from kicrawl.archive.models import (
    Alias,
    Article,
    ArticleAuthor,
    ArticleBoilerplate,
    ArticleTag,
    Author,
    AuthorRole,
    Base,
    Boilerplate,
    CrawlRun,
    Image,
    Json,
    Link,
    Moment,
    Related,
    Revision,
    Rule,
    Tag,
)
from kicrawl.archive.past import PARTS, Rows
from kicrawl.archive.snapshot import Snapshot
from kicrawl.archive.upserts import chunks

# In an order in which each row comes after those that it refers to.
TABLES: tuple[type[Base], ...] = (
    *(Tag, Author, AuthorRole, Boilerplate, Rule, CrawlRun, Article, Revision, Alias),
    *(ArticleAuthor, ArticleTag, Image, Related, Link, ArticleBoilerplate),
)
LEFT_OUT = ("capture_id", "search")  # captures stay where they are
Batch = tuple[str, Rows]


def columns_of(table: type[Base]) -> list[str]:
    """The columns of a table that a copy has."""
    return [column.name for column in table.__table__.columns if column.name not in LEFT_OUT]


def kind_of(table: type[Base], name: str) -> str:
    """What a column holds, in the words of Table Schema.

    >>> [kind_of(Article, name) for name in ("id", "title", "published_at", "published_on", "blocks", "sources")]
    ['integer', 'string', 'datetime', 'date', 'array', 'object']
    """
    kind = table.__table__.c[name].type
    if isinstance(kind, type(Json)):
        return "array" if "list" in str(table.__annotations__[name]) else "object"
    known = ((Moment, "datetime"), (Date, "date"), (Boolean, "boolean"), (Integer, "integer"), (Float, "number"))
    return next((word for types, word in known if isinstance(kind, types)), "string")


def read_tables(shot: Snapshot) -> Iterator[Batch]:
    """The rows of all these tables, some at a time, with the name of their table; those of one table come apart."""
    for table in (Tag, Rule):
        yield from _read(shot, table, "id", None)
    for page in shot.author_pages():
        yield "author", page
        yield from _read(shot, AuthorRole, "author_id", [row["id"] for row in page])
    yield from _runs(shot)
    cut: set[int] = set()
    for page in shot.story_pages():
        yield from _stories(shot, page)
        new = {row["boilerplate_id"] for story in page for row in story["article_boilerplate"]} - cut
        yield from _read(shot, Boilerplate, "id", sorted(new))
        cut |= new


def _stories(shot: Snapshot, page: Rows) -> Iterator[Batch]:
    yield "article", page
    yield "revision", [row for story in page for row in story["revision"]]
    yield from _read(shot, Alias, "article_id", [story["id"] for story in page])
    for name in PARTS:
        yield name, [{**row, "article_id": story["id"]} for story in page for row in story[name]]


def _runs(shot: Snapshot) -> Iterator[Batch]:
    as_of = shot.wanted.as_of
    for name, rows in _read(shot, CrawlRun, "id", None):
        yield name, [row for row in rows if as_of is None or row["started_at"] <= as_of]


def _read(shot: Snapshot, table: type[Base], column: str, values: Collection[int] | None) -> Iterator[Batch]:
    """The rows of a table, those with certain values in a column; as they are now."""
    columns = table.__table__.c
    statement = select(table.__table__).order_by(*table.__table__.primary_key)
    some = [statement] if values is None else [statement.where(columns[column].in_(part)) for part in chunks(values)]
    for one in some:
        yield table.__tablename__, [dict(row) for row in shot.connection.execute(one).mappings()]
