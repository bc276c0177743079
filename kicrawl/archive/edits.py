"""What the newspaper changed after publication: each earlier text with the one that followed it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select, tuple_

from kicrawl.archive.bylines import read_bylines
from kicrawl.archive.models import Article, Revision
from kicrawl.archive.upserts import chunks

PAGE = 200  # edits in memory at a time
ARTICLE, REVISION = Article.__table__, Revision.__table__
TEXT = (ARTICLE.c.title, ARTICLE.c.subtitle, ARTICLE.c.body, ARTICLE.c.captions)
VERSION = ("title", "subtitle", "body", "captions", "authors")

Version = dict[str, Any]  # the fields of VERSION
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of a story: made after one look (`seen_from`) and before the next (`seen_until`)."""

    id: int  # of the revision that the change ended
    article_id: int
    url: str
    number: int  # the first change of a story is 1
    seen_from: datetime
    seen_until: datetime
    modified_at: datetime | None  # as the publisher states with the later text
    cause: str
    before: Version
    after: Version


def read_edits(engine: Engine, since: datetime | None = None) -> Iterator[Edit]:
    """The changes that were noticed from a time on, the latest first."""
    order: tuple[ColumnElement[Any], ...] = (REVISION.c.seen_until, REVISION.c.id)
    found = select(*order, REVISION.c.article_id).order_by(*(column.desc() for column in order)).limit(PAGE)
    if since is not None:
        found = found.where(REVISION.c.seen_until >= since)
    with engine.connect() as connection:
        page = connection.execute(found).all()
        while page:
            edits = {edit.id: edit for edit in edits_of(connection, {row[2] for row in page})}
            yield from (edits[row[1]] for row in page)
            page = connection.execute(found.where(tuple_(*order) < tuple_(page[-1][0], page[-1][1]))).all()


def edits_of(connection: Connection, articles: Collection[int]) -> Iterator[Edit]:
    """All changes of these stories, each story's in the order of time."""
    for some in chunks(articles):
        current = _current(connection, some)
        revisions: dict[int, list[Row]] = {}
        found = select(REVISION).where(REVISION.c.article_id.in_(some))
        for row in connection.execute(found.order_by(REVISION.c.article_id, REVISION.c.number)).mappings():
            revisions.setdefault(row["article_id"], []).append(dict(row))
        for id_, rows in revisions.items():
            for before, after in zip(rows, [*rows[1:], current[id_]], strict=True):
                yield _edit(before, after, current[id_]["url"])


def _edit(row: Row, after: Row, url: str) -> Edit:
    return Edit(
        **{name: row[name] for name in ("id", "article_id", "number", "seen_from", "seen_until", "cause")},
        url=url,
        modified_at=after["modified_at"],
        before={name: row[name] for name in VERSION},
        after={name: after[name] for name in VERSION},
    )


def _current(connection: Connection, articles: Collection[int]) -> dict[int, dict[str, Any]]:
    """The texts of stories as they are now."""
    columns = (ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.modified_at, *TEXT)
    stories = connection.execute(select(*columns).where(ARTICLE.c.id.in_(articles))).mappings()
    bylines = read_bylines(connection, articles)
    return {row["id"]: {**row, "authors": bylines.get(row["id"], [])} for row in stories}
