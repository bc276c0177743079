"""Finding stories by words: what a user may ask, the same on SQLite (FTS5) and PostgreSQL (tsvector).

A query is words, "a phrase" and -word or -"a phrase": all of the first two, none of the last. Everything else in it is
white space, so that no text can be a mistake.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from kicrawl.archive.bylines import read_bylines
from kicrawl.archive.folding import clean, squash
from kicrawl.archive.models import Article, ArticleAuthor, ArticleTag, Author, Tag

TERM = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"?|(-?)([^\s"]+)')
MOST_TERMS = 64  # of a query; what stands behind is not looked for
ARTICLE = Article.__table__
FTS = table("article_fts", column("rowid"))
TEXTS: ColumnElement[Any] = literal_column("article_fts")  # as FTS5 names the index itself
SEARCH: ColumnElement[Any] = column("search", TSVECTOR)  # PostgreSQL's index of texts
COMMON = 1000  # stories with some words, for these to be called common
# Around what was found, in texts that are shown: characters that no text has a use for.
BEGIN, END = "\ue000", "\ue001"
WORDS = 30  # of a text that is shown
BODY = 2  # its place among the columns of article_fts; captions are JSON there


@dataclass(frozen=True)
class Query:
    """What is looked for: words and phrases."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which stories count."""

    published_since: datetime | None = None
    published_until: datetime | None = None  # not included
    author: str | None = None  # a name, or the last part of the address of an author's page
    tag: str | None = None


@dataclass(kw_only=True)
class Found:
    """A story that was found, and where its words stand: BEGIN and END are around them."""

    url: str
    title: str
    subtitle: str | None
    published_at: datetime | None
    excerpt: str = ""
    authors: list[str] = field(default_factory=list)


def read_query(asked: str) -> Query:
    """A query out of what a user wrote.

    >>> read_query('drone "air defense" -Kyiv -"second wave"')
    Query(wanted=('drone', 'air defense'), unwanted=('Kyiv', 'second wave'))
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in TERM.finditer(clean(asked)):
        minus, term = (found[1], found[2]) if found[2] is not None else (found[3], found[4])
        if any(character.isalnum() for character in term):
            (unwanted if minus else wanted).append(squash(term))
    return Query(tuple(dict.fromkeys(wanted[:MOST_TERMS])), tuple(dict.fromkeys(unwanted[:MOST_TERMS])))


def search(
    engine: Engine, query: Query, filters: Filters | None = None, *, limit: int = 20, by_rank: bool = False
) -> list[Found]:
    """The stories with all that is wanted and nothing that is not: the newest first, or by rank those that say most."""
    with engine.connect() as connection:
        rows = connection.execute(statement(connection, query, filters or Filters(), limit, by_rank)).mappings().all()
        ids = [row["id"] for row in rows]
        authors, excerpts = read_bylines(connection, ids), _excerpts(connection, query, ids)
    return [
        Found(
            **{name: row[name] for name in ("url", "title", "subtitle", "published_at")},
            excerpt=squash(excerpts.get(row["id"], "")),
            authors=authors.get(row["id"], []),
        )
        for row in rows
    ]


def find_unknown(engine: Engine, filters: Filters) -> list[str]:
    """What may be why nothing was found: an author or a tag that no story has, with those that are called nearly so."""
    names = {
        "author": select(Author.name).join(ArticleAuthor, ArticleAuthor.author_id == Author.id).distinct(),
        "tag": select(Tag.name).join(ArticleTag, ArticleTag.tag_id == Tag.id).distinct(),
    }
    said = []
    with engine.connect() as connection:
        for what, asked in (("author", filters.author), ("tag", filters.tag)):
            if asked is None or connection.scalar(_stories_of(what, asked).limit(1)) is not None:
                continue
            known = {name.casefold(): name for name in connection.scalars(names[what]) if name}
            near = [known[name] for name in get_close_matches(squash(asked).casefold(), known, 3)]
            said.append(f"no story has the {what} {asked!r}" + (f"; there are {', '.join(near)}" if near else ""))
    return said


def statement(connection: Connection, query: Query, filters: Filters, limit: int, by_rank: bool) -> Select[Any]:
    """The SELECT that finds stories."""
    columns = (ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.title, ARTICLE.c.subtitle, ARTICLE.c.published_at)
    stories: Select[Any] = select(*columns).where(*_conditions(filters)).limit(limit)
    if connection.dialect.name == "sqlite":
        stories, rank = _match_in_sqlite(stories, query)
    else:
        stories, rank = _match_in_postgresql(stories, query)
    if by_rank and rank is not None:
        return stories.order_by(rank, *_newest(ARTICLE.c))
    if connection.dialect.name == "sqlite":
        return stories.order_by(*_newest(ARTICLE.c))
    few = filters.author or filters.tag or (query.wanted and not _are_common(connection, query))
    return _sorted(stories, limit) if few else _walked(stories, limit)


def _newest(columns: Any) -> tuple[ColumnElement[Any], ...]:
    """The newest first, those without a date last."""
    return columns.published_at.desc().nulls_last(), columns.id.desc()


def _are_common(connection: Connection, query: Query) -> bool:
    """Whether so many stories have all these words, wherever they stand, that the newest few are soon met.

    PostgreSQL does not know: it guesses the share of a rare word, and that of a phrase from its words.
    """
    words = _all_of([func.plainto_tsquery("english", term) for term in query.wanted])
    some = select(ARTICLE.c.id).where(SEARCH.op("@@", is_comparison=True)(words)).limit(COMMON)
    return (connection.scalar(select(func.count()).select_from(some.subquery())) or 0) >= COMMON


def _sorted(stories: Select[Any], limit: int) -> Select[Any]:
    """The newest of these stories, asked so that PostgreSQL finds all of them by their words and sorts them."""
    found = stories.limit(None).cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found).order_by(*_newest(found.c)).limit(limit)


def _walked(stories: Select[Any], limit: int) -> Select[Any]:
    """The newest of these stories, asked so that PostgreSQL may walk back through its index of dates.

    That index has those without a date at the other end, so they are asked for apart.
    """
    date = ARTICLE.c.published_at
    dated = stories.where(date.is_not(None)).order_by(date.desc(), ARTICLE.c.id.desc())
    undated = stories.where(date.is_(None)).order_by(ARTICLE.c.id.desc())
    both = union_all(dated.subquery().select(), undated.subquery().select()).subquery()
    return select(both).order_by(*_newest(both.c)).limit(limit)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.published_since is not None:
        found.append(ARTICLE.c.published_at >= filters.published_since)
    if filters.published_until is not None:
        found.append(ARTICLE.c.published_at < filters.published_until)
    for what, asked in (("author", filters.author), ("tag", filters.tag)):
        if asked is not None:
            found.append(ARTICLE.c.id.in_(_stories_of(what, asked)))
    return found


def _stories_of(what: str, asked: str) -> Select[int]:
    """The ids of the stories with this author or tag."""
    name = clean(squash(asked))
    if what == "tag":
        return select(ArticleTag.article_id).join_from(ArticleTag, Tag).where(func.lower(Tag.name) == name.lower())
    who = (Author.name_key == name.casefold()) | (Author.slug == name)
    return select(ArticleAuthor.article_id).join_from(ArticleAuthor, Author).where(who)


def _match_in_sqlite(stories: Select[Any], query: Query) -> tuple[Select[Any], ColumnElement[Any] | None]:
    if not query.wanted:
        if not query.unwanted:
            return stories, None
        unwanted = select(FTS.c.rowid).where(_match(" OR ".join(map(_quoted, query.unwanted))))
        return stories.where(ARTICLE.c.id.not_in(unwanted)), None
    asked = " AND ".join(map(_quoted, query.wanted))
    if query.unwanted:
        asked = f"({asked}) NOT ({' OR '.join(map(_quoted, query.unwanted))})"
    found = stories.join_from(FTS, ARTICLE, ARTICLE.c.id == FTS.c.rowid).where(_match(asked))
    return found, func.bm25(TEXTS, 10.0, 5.0, 1.0, 1.0)


def _match(asked: str) -> ColumnElement[bool]:
    return TEXTS.op("MATCH", is_comparison=True)(literal(asked))


def _quoted(term: str) -> str:
    """A word or phrase as FTS5 takes it, whatever is in it."""
    return '"' + term.replace('"', '""') + '"'


def _match_in_postgresql(stories: Select[Any], query: Query) -> tuple[Select[Any], ColumnElement[Any] | None]:
    for term in query.unwanted:
        stories = stories.where(~SEARCH.op("@@", is_comparison=True)(_phrase(term)))
    if not query.wanted:
        return stories, None
    asked = _all_of([*map(_phrase, query.wanted)])
    return stories.where(SEARCH.op("@@", is_comparison=True)(asked)), -func.ts_rank(SEARCH, asked)


def _phrase(term: str) -> ColumnElement[Any]:
    return func.phraseto_tsquery("english", term)


def _all_of(terms: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    asked = terms[0]
    for term in terms[1:]:
        asked = asked.op("&&")(term)
    return asked


def _excerpts(connection: Connection, query: Query, ids: Collection[int]) -> dict[int, str]:
    """Of each of these stories the part where what is wanted stands; its beginning if nothing is."""
    if not ids:
        return {}
    if not query.wanted:
        beginning = select(ARTICLE.c.id, func.substr(func.coalesce(ARTICLE.c.body, ""), 1, 200))
        return dict(connection.execute(beginning.where(ARTICLE.c.id.in_(ids))).all())
    if connection.dialect.name == "sqlite":
        asked = _match(" AND ".join(map(_quoted, query.wanted)))
        shown = func.snippet(TEXTS, BODY, BEGIN, END, "…", WORDS)
        found = select(FTS.c.rowid, shown).where(asked, FTS.c.rowid.in_(ids))
        return dict(connection.execute(found).all())
    options = f'StartSel="{BEGIN}", StopSel="{END}", MaxWords={WORDS}, MinWords={WORDS // 2}'
    body = func.coalesce(ARTICLE.c.body, ARTICLE.c.subtitle, ARTICLE.c.title)
    shown = func.ts_headline("english", func.left(body, 150_000), _all_of([*map(_phrase, query.wanted)]), options)
    return dict(connection.execute(select(ARTICLE.c.id, shown).where(ARTICLE.c.id.in_(ids))).all())
