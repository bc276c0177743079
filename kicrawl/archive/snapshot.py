"""The archive at one moment, read page by page: as it is now, or as it stood at an earlier time."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from heapq import merge
from itertools import islice

from sqlalchemy import Connection, Engine, Select, func, or_, select

from kicrawl.archive.models import Article, Author, Base, Past, Revision
from kicrawl.archive.past import PARTS, Row, Rows, read_moved, read_parts, read_past
from kicrawl.archive.upserts import chunks

PAGE = 200  # stories or authors in memory at a time
ARTICLE, REVISION, AUTHOR = Article.__table__, Revision.__table__, Author.__table__


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the archive is wanted; None: all of it, as it is."""

    published_since: datetime | None = None
    changed_since: datetime | None = None  # stored, or changed in a field that an export shows
    as_of: datetime | None = None  # as it stood then


@dataclass(frozen=True)
class Snapshot:
    """What a connection sees of an archive in one transaction."""

    connection: Connection
    wanted: Wanted = field(default_factory=Wanted)

    def story_pages(self, parts: Collection[str] = tuple(PARTS)) -> Iterator[Rows]:
        """The rows of article in the order of addresses, each with its rows of `revision` and of these tables."""
        for ids in _paged(self._story_ids()):
            stories = self._read(Article, ids)
            hanging = {name: read_parts(self.connection, name, ids) for name in parts}
            revisions = self._revisions(ids)
            page = []
            for id_ in ids:
                story = {name: hanging[name].get(id_, []) for name in parts} | stories.get((id_, id_), {})
                if self._is_wanted(story):
                    page.append({**story, "id": id_, "revision": revisions.get(id_, [])})
            yield page

    def author_pages(self) -> Iterator[Rows]:
        """The rows of author in the order of names."""
        with self.connection.execute(select(AUTHOR.c.id)) as found:
            ids = list(found.scalars())
        keys = sorted((row["name_key"], id_) for some in chunks(ids) for id_, row in self.authors(some).items())
        for page in _paged(id_ for _, id_ in keys):
            rows = self.authors(page)
            yield [rows[id_] for id_ in page]

    def authors(self, ids: Collection[int]) -> dict[int, Row]:
        """The rows of these authors, by id."""
        found = self._read(Author, ids)
        return {id_: {**row, "id": id_} for (id_, _), row in found.items() if self._is_there(row)}

    def rows(self, table: type[Base], ids: Collection[int]) -> dict[int, Row]:
        """Rows of a table whose rows do not change, by id."""
        columns = table.__table__
        found: dict[int, Row] = {}
        for some in chunks(ids):
            statement = select(columns).where(columns.c.id.in_(some))
            found |= {row["id"]: dict(row) for row in self.connection.execute(statement).mappings()}
        return found

    def addresses(self, ids: Collection[int]) -> dict[int, str]:
        """The addresses of these stories, by id."""
        found: dict[int, str] = {}
        for some in chunks(ids):
            found |= dict(
                self.connection.execute(select(ARTICLE.c.id, ARTICLE.c.url).where(ARTICLE.c.id.in_(some))).all()
            )
        return found | {id_: url for url, id_ in self._moved if id_ in ids}

    def _story_ids(self) -> Iterator[int]:
        elsewhere = {id_ for _, id_ in self._moved}
        return (id_ for _, id_ in merge(self._addresses_but(elsewhere), self._moved))

    def _addresses_but(self, left_out: set[int]) -> Iterator[tuple[str, int]]:
        """Address and id of the stories, in the order of addresses, some at a time."""
        statement = self._choose(select(ARTICLE.c.url, ARTICLE.c.id)).order_by(ARTICLE.c.url).limit(10 * PAGE)
        page = self.connection.execute(statement).all()
        while page:
            yield from ((url, id_) for url, id_ in page if id_ not in left_out)
            page = self.connection.execute(statement.where(ARTICLE.c.url > page[-1][0])).all()

    def _choose(self, stories: Select[str, int]) -> Select[str, int]:
        """Those that may be wanted, as far as their rows of today tell."""
        wanted = self.wanted
        if wanted.as_of is not None:
            stories = stories.where(ARTICLE.c.stored_at <= wanted.as_of)
        elif wanted.published_since is not None:
            stories = stories.where(ARTICLE.c.published_at >= wanted.published_since)
        if wanted.changed_since is not None:
            past = Past.__table__.c
            changed = select(past.owner_id).where(past.until >= wanted.changed_since, past.row_of != "author")
            changed = changed.where(past.weight != "minor")
            found = select(REVISION.c.article_id).where(REVISION.c.stored_at >= wanted.changed_since)
            new = ARTICLE.c.stored_at >= wanted.changed_since
            stories = stories.where(or_(new, ARTICLE.c.id.in_(changed), ARTICLE.c.id.in_(found)))
        return stories

    def _is_wanted(self, story: Row) -> bool:
        since = self.wanted.published_since
        published = story.get("published_at")
        return self._is_there(story) and (since is None or (published is not None and published >= since))

    def _is_there(self, row: Row) -> bool:
        as_of = self.wanted.as_of
        return as_of is None or ("stored_at" in row and row["stored_at"] <= as_of)

    @cached_property
    def _moved(self) -> list[tuple[str, int]]:
        """Address and id of the stories that stood at another address, or are no more; in the order of addresses."""
        if self.wanted.as_of is None:
            return []
        ids = read_moved(self.connection, self.wanted.as_of)
        stories = self._read(Article, ids)
        return sorted((row["url"], id_) for (id_, _), row in stories.items() if self._is_there(row))

    def _revisions(self, ids: Collection[int]) -> dict[int, Rows]:
        revisions: dict[int, Rows] = {}
        for (article_id, id_), row in self._read(Revision, ids, owner="article_id").items():
            if self._is_there(row):
                revisions.setdefault(article_id, []).append({**row, "id": id_})
        for rows in revisions.values():
            rows.sort(key=lambda row: int(row["number"]))
        return revisions

    def _read(self, table: type[Base], owners: Collection[int], owner: str = "id") -> dict[tuple[int, int], Row]:
        """Rows by owner and id, with what they said at the moment that is wanted."""
        columns = table.__table__.c
        read = [column for column in columns if column.name != "search"]
        rows: dict[tuple[int, int], Row] = {}
        for some in chunks(owners):
            found = self.connection.execute(select(*read).where(columns[owner].in_(some))).mappings()
            rows |= {(row[owner], row["id"]): dict(row) for row in found}
        if self.wanted.as_of is not None:
            for key, said in read_past(self.connection, table, owners, self.wanted.as_of).items():
                rows.setdefault(key, {}).update(said)
        return rows


def count_stories(engine: Engine) -> int:
    """How many stories there are today."""
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count(ARTICLE.c.id))) or 0)


def first_stored(engine: Engine) -> datetime | None:
    """When the first of today's stories came into the archive."""
    with engine.connect() as connection:
        return connection.scalar(select(func.min(Article.stored_at)))


@contextmanager
def snapshot(engine: Engine, wanted: Wanted | None = None) -> Iterator[Snapshot]:
    """The archive in one transaction, whatever a crawl writes meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # in SQLite every transaction sees one state
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield Snapshot(connection, wanted or Wanted())


def _paged(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while page := list(islice(rest, PAGE)):
        yield page
