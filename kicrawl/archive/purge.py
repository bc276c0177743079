"""Taking a story down: what the archive holds of it, and taking all of that out of the database."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, delete, or_, select, text, update

from kicrawl.archive.captures import CAPTURE
from kicrawl.archive.connection import writing
from kicrawl.archive.duplicates import find_repeats, link_again
from kicrawl.archive.models import (
    Alias,
    Article,
    ArticleBoilerplate,
    Author,
    Boilerplate,
    Capture,
    Past,
    Related,
    Revision,
    Sighting,
)
from kicrawl.archive.purged import PURGED, refuse
from kicrawl.archive.upserts import chunks

ARTICLE = Article.__table__
REVISION = Revision.__table__
TABLES = (
    "article",
    "revision",
    "boilerplate",
    "article_boilerplate",
    "past",
    "related",
    "author",
    "sketch",
    "sighting",
)


@dataclass(kw_only=True)
class Known:
    """What the archive holds of a story."""

    article_id: int | None = None
    title: str | None = None
    ghost_id: str | None = None
    urls: set[str] = field(default_factory=set)  # all its addresses
    texts: list[str] = field(default_factory=list)  # bodies, standfirsts and captions, of earlier texts too
    revisions: int = 0
    captures: list[dict[str, Any]] = field(default_factory=list)  # rows of what it was read from
    repeats: list[str] = field(default_factory=list)  # stories that say nearly the same
    purged: bool = False  # it was taken down before


def find_known(engine: Engine, url: str) -> Known:
    """What the archive holds of the story at an address, or of one that it is an alias of."""
    with engine.connect() as connection:
        purged = connection.execute(select(PURGED.c.url).where(PURGED.c.url == url)).first() is not None
        alias = select(Alias.article_id).where(Alias.url == url)
        found = select(ARTICLE).where(or_(ARTICLE.c.url == url, ARTICLE.c.id.in_(alias)))
        row = connection.execute(found).mappings().first()
        if row is None:
            return Known(urls={url}, captures=_read_captures(connection, [], {url}), purged=purged)
        aliases = connection.execute(select(Alias.url).where(Alias.article_id == row["id"])).scalars()
        earlier = connection.execute(select(REVISION).where(REVISION.c.article_id == row["id"])).mappings().all()
        known = Known(article_id=row["id"], title=row["title"], ghost_id=row["ghost_id"], purged=purged)
        known.urls = {url, row["url"], *aliases}
        known.revisions = len(earlier)
        known.texts = [part for version in (row, *earlier) for part in _texts(version)]
        ids = [version["capture_id"] for version in (row, *earlier)]
        known.captures = _read_captures(connection, ids, known.urls)
        same = or_(ARTICLE.c.duplicate_of_id == row["id"], ARTICLE.c.id == row["duplicate_of_id"])
        known.repeats = sorted(connection.execute(select(ARTICLE.c.url).where(same)).scalars())
        return known


def keep_from_coming_back(engine: Engine, known: Known, at: datetime, reason: str | None) -> None:
    """Have nothing of the story fetched or stored from now on; what is stored of it stays for the moment."""
    with writing(engine) as connection:
        refuse(connection, known.urls, at, ghost_id=known.ghost_id, reason=reason)


def is_said_elsewhere(engine: Engine, passage: str, known: Known) -> bool:
    """Whether another story says these words too."""
    others = select(ARTICLE.c.id).where(ARTICLE.c.body.contains(passage, autoescape=True))
    if known.article_id is not None:
        others = others.where(ARTICLE.c.id != known.article_id)
    with engine.connect() as connection:
        return connection.execute(others.limit(1)).first() is not None


def update_digests(engine: Engine, digests: Iterable[tuple[str, int, str]]) -> None:
    """Let rows of captures name the digests of records of which a part was cut out: file, offset, digest."""
    with writing(engine) as connection:
        for file, offset, digest in digests:
            row = (CAPTURE.c.file == file) & (CAPTURE.c.offset == offset)
            connection.execute(update(Capture).where(row).values(digest=digest))


def delete_story(
    engine: Engine,
    known: Known,
    records: Collection[tuple[str, int]],
    others: Collection[int],
    holds: Callable[[str], bool],
) -> dict[str, int]:
    """Take a story out of every table, in one transaction; how many rows of what.

    `records`: file and offset of the captures that are no more; `others`: ids of captures of the story in files of
    somebody else; `holds`: whether a text has some of the story's.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        counts = {"earlier texts": known.revisions}
        counts["pieces of boilerplate"] = _delete_boilerplate(connection, known, holds)
        repeats = find_repeats(connection, [known.article_id]) if known.article_id is not None else set()
        if known.article_id is not None:
            connection.execute(delete(Article).where(ARTICLE.c.id == known.article_id))
        link_again(connection, repeats)
        counts["cards"] = _delete_cards(connection, known.urls)
        _delete_captures(connection, records, others)
        sighted = update(Sighting).where(Sighting.url.in_(known.urls))
        connection.execute(sighted.values(card=None, fingerprint=None))
        _delete_past(connection, known)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO article_fts (article_fts) VALUES ('optimize')")
    return counts


def wipe(engine: Engine) -> bool:
    """Have the database give up the pages and rows that nothing points at any more; False if others keep it busy."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
            busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        except sqlite3.OperationalError:
            return False
        finally:
            raw.close()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in TABLES:
            connection.execute(text(f"VACUUM {table}"))
    return True


def _read_captures(connection: Connection, ids: Iterable[int | None], urls: Collection[str]) -> list[dict[str, Any]]:
    found = select(CAPTURE).where(or_(CAPTURE.c.id.in_(list(ids)), CAPTURE.c.url.in_(urls)))
    return [dict(capture) for capture in connection.execute(found).mappings()]


def _texts(version: Any) -> list[str]:
    body = (version["body"] or "").split("\n\n")
    return [part for part in (*body, version["subtitle"], *version["captions"]) if part]


def _delete_boilerplate(connection: Connection, known: Known, holds: Callable[[str], bool]) -> int:
    """What was cut from the story's page alone, and whatever holds some of the story: teasers on other pages."""
    cut = ArticleBoilerplate.__table__.c
    mine = set(connection.execute(select(cut.boilerplate_id).where(cut.article_id == known.article_id)).scalars())
    shared: set[int] = set()
    for some in chunks(mine):
        with_others = select(cut.boilerplate_id).where(cut.boilerplate_id.in_(some), cut.article_id != known.article_id)
        shared.update(connection.execute(with_others).scalars())
    pieces = connection.execute(select(Boilerplate.id, Boilerplate.text))
    gone = (mine - shared) | {id_ for id_, piece in pieces if holds(piece)}
    for some in chunks(gone):
        connection.execute(delete(Boilerplate).where(Boilerplate.id.in_(some)))
    return len(gone)


def _delete_cards(connection: Connection, urls: Collection[str]) -> int:
    """Cards of the story in others and on authors' pages."""
    number = connection.execute(delete(Related).where(Related.url.in_(urls))).rowcount
    shown = or_(*(cast(Author.stories, Text).contains(url, autoescape=True) for url in urls))
    for id_, stories in connection.execute(select(Author.id, Author.stories).where(shown)).all():
        left = without_cards(stories, urls)
        number += len(stories) - len(left)
        connection.execute(update(Author).where(Author.id == id_).values(stories=left))
    return number


def _delete_captures(connection: Connection, records: Collection[tuple[str, int]], others: Collection[int]) -> None:
    for file, offset in records:
        connection.execute(delete(Capture).where(CAPTURE.c.file == file, CAPTURE.c.offset == offset))
    for some in chunks(others):
        connection.execute(delete(Capture).where(CAPTURE.c.id.in_(some)))


def _delete_past(connection: Connection, known: Known) -> None:
    """What the story's rows said before, and its cards in what others said."""
    past = Past.__table__.c
    if known.article_id is not None:
        mine = past.row_of.in_(("article", "revision")) & (past.owner_id == known.article_id)
        connection.execute(delete(Past).where(mine))
    shown = or_(*(cast(past.fields, Text).contains(url, autoescape=True) for url in known.urls))
    for id_, fields in connection.execute(select(past.id, past.fields).where(shown)).all():
        connection.execute(update(Past).where(past.id == id_).values(fields=without_cards(fields, known.urls)))


def without_cards(value: Any, urls: Collection[str]) -> Any:
    """A value of JSON without the cards that lead to these addresses, also in JSON that stands in a text.

    >>> without_cards({"related": [{"url": "a"}, {"url": "b"}], "stories": '[{"url": "a"}]'}, {"a"})
    {'related': [{'url': 'b'}], 'stories': '[]'}
    """
    if isinstance(value, dict):
        return {name: without_cards(part, urls) for name, part in value.items()}
    if isinstance(value, list):
        return [without_cards(part, urls) for part in value if not (isinstance(part, dict) and part.get("url") in urls)]
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.dumps(without_cards(json.loads(value), urls), ensure_ascii=False)
        except ValueError:
            return value
    return value


def names_of(captures: Sequence[dict[str, Any]]) -> list[str]:
    """Captures as a person finds them."""
    return [f"{row['file']} at {row['offset']} ({row['length']} bytes)" for row in captures]
