"""The archive's rows as plain objects, with the fields that other programs rely on (docs/columns.md, "Export")."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kicrawl.archive.models import (
    Article,
    ArticleAuthor,
    ArticleTag,
    Author,
    AuthorRole,
    Image,
    Link,
    Related,
    Revision,
    Tag,
)

Object = dict[str, Any]
PAGE = 200  # rows in memory at a time

ARTICLE_FIELDS = (
    "url slug title subtitle kicker tags kind language access published_at published_on modified_at reading_minutes"
    " authors body blocks links captions images related word_count first_seen_at last_seen_at gone_at revision_count"
    " duplicate_of sources"
).split()
AUTHOR_FIELDS = "url slug name role bio links stories".split()
REVISION_FIELDS = (
    "url number title subtitle authors body captions seen_from seen_until modified_at cause reader_version".split()
)


# What hangs on a story: the name of its field, its rows.
PARTS: dict[str, Select[*tuple[Any, ...]]] = {
    "tags": select(ArticleTag.article_id, ArticleTag.position, Tag.name).join_from(ArticleTag, Tag),
    "authors": select(
        *(ArticleAuthor.article_id, ArticleAuthor.position, ArticleAuthor.name),
        *(Author.slug, AuthorRole.role, AuthorRole.bio, Author.url),
    )
    .join_from(ArticleAuthor, Author)
    .join(AuthorRole, ArticleAuthor.author_role_id == AuthorRole.id, isouter=True),
    "links": select(Link.article_id, Link.position, Link.url, Link.text, Link.block),
    "images": select(Image.article_id, Image.position, Image.url, Image.alt, Image.caption, Image.credit),
    "related": select(Related.article_id, Related.position, Related.url, Related.title, Related.excerpt),
}


def export_articles(engine: Engine) -> Iterator[Object]:
    """Every story, in the order of addresses."""
    original = aliased(Article)
    stories = select(Article.__table__, original.url.label("duplicate_of"))
    stories = stories.join(original, Article.duplicate_of_id == original.id, isouter=True)
    with _snapshot(engine) as connection:
        for page in _pages(connection, stories, [Article.url]):
            parts = _read_parts(connection, [row["id"] for row in page])
            for row in page:
                yield _plain({**row, **parts[row["id"]]}, ARTICLE_FIELDS)


def export_authors(engine: Engine) -> Iterator[Object]:
    """Every author, in the order of names."""
    with _snapshot(engine) as connection:
        for page in _pages(connection, select(Author.__table__), [Author.name_key, Author.id]):
            yield from (_plain(row, AUTHOR_FIELDS) for row in page)


def export_revisions(engine: Engine) -> Iterator[Object]:
    """Every earlier text, in the order of addresses and of time."""
    revisions = select(Article.url, Revision.__table__).join_from(Revision, Article)
    with _snapshot(engine) as connection:
        for page in _pages(connection, revisions, [Article.url, Revision.number]):
            yield from (_plain(row, REVISION_FIELDS) for row in page)


def _snapshot(engine: Engine) -> Connection:
    """A connection whose statements all see the archive as it is now, whatever a crawl writes meanwhile."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection  # in SQLite every transaction is one


def _pages(
    connection: Connection, statement: Select[Any], order: Sequence[InstrumentedAttribute[Any]]
) -> Iterator[list[dict[str, Any]]]:
    """The rows, some at a time, each time those whose key follows the last one's."""
    statement = statement.order_by(*order).limit(PAGE)
    page = [dict(row) for row in connection.execute(statement).mappings()]
    while page:
        yield page
        last = [page[-1][column.key] for column in order]
        following = statement.where(tuple_(*order) > tuple_(*last))
        page = [dict(row) for row in connection.execute(following).mappings()]


def _read_parts(connection: Connection, ids: list[int]) -> dict[int, Object]:
    """For each of these stories the fields that stand in tables of their own."""
    parts: dict[int, Object] = {id_: {"revision_count": 0, **{name: [] for name in PARTS}} for id_ in ids}
    for name, statement in PARTS.items():
        story, position = statement.selected_columns[:2]
        for id_, _, *values in connection.execute(statement.where(story.in_(ids)).order_by(story, position)):
            names = statement.selected_columns.keys()[2:]
            parts[id_][name].append(values[0] if name == "tags" else dict(zip(names, values, strict=True)))
    counts = select(Revision.article_id, func.count()).where(Revision.article_id.in_(ids)).group_by(Revision.article_id)
    for id_, count in connection.execute(counts):
        parts[id_]["revision_count"] = count
    return parts


def _plain(row: Object, names: Sequence[str]) -> Object:
    """The named fields, as JSON can hold them: times in UTC ending in Z, days as 2025-06-03."""
    return {name: _value(row[name]) for name in names}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        precision = "milliseconds" if value.microsecond else "seconds"
        return value.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return dict(sorted(value.items()))  # PostgreSQL keeps no order
    return value
