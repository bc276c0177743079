"""Every address met: its state, and when it is due."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, or_, select, update

from kicrawl import items
from kicrawl.archive.looks import LONGEST_KEY
from kicrawl.archive.models import Alias, Article, Author, Frontier, Sighting
from kicrawl.archive.upserts import Insert, chunks, insert_into, insert_new

Kind = Literal["story", "author", "list", "feed", "sitemap"]
State = Literal["due", "stored", "not_article", "refused", "unreadable", "gone"]

FRONTIER = Frontier.__table__


@dataclass(frozen=True, kw_only=True)
class Due:
    """An address to fetch."""

    url: str
    kind: Kind
    state: State
    due_at: datetime | None = None
    failures: int = 0
    missing_since: datetime | None = None
    changed_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    told_at: datetime | None = None  # when a sitemap last listed it
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)  # by route: what feed and list said of it


def known_stories(engine: Engine, urls: Iterable[str]) -> set[str]:
    """Which of these addresses are those of stored stories, aliases included."""
    return _stored_under(engine, urls, select(Article.url), select(Alias.url))


def settled(engine: Engine, urls: Iterable[str]) -> set[str]:
    """Which of these addresses need no first fetch: they are stored, or known to be no story's."""
    return _stored_under(engine, urls, select(Article.url), select(Frontier.url).where(Frontier.state != "due"))


def count_stories(engine: Engine) -> int:
    """How many stories are stored."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Article)).scalar_one()


def known_profiles(engine: Engine, urls: Iterable[str]) -> set[str]:
    """Which of these addresses are those of authors whose own page has been read, or is known not to be there."""
    read = select(Author.url).where(Author.profile_seen_at.is_not(None))
    without = select(Frontier.url).where(Frontier.state.in_(("gone", "refused")))
    return _stored_under(engine, urls, read, without)


def waiting(
    engine: Engine,
    now: datetime,
    *,
    urgent: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[Due]:
    """Stories met and never stored, newest first, then those that have failed before.

    `since` and `until` leave out those known to be older or newer.
    """
    published = func.coalesce(FRONTIER.c.published_at, FRONTIER.c.modified_at)
    wanted: list[ColumnElement[bool]] = [
        FRONTIER.c.state == "due",
        FRONTIER.c.kind == "story",
        or_(FRONTIER.c.due_at.is_(None), FRONTIER.c.due_at <= now),
    ]
    if urgent is not None:
        wanted.append(FRONTIER.c.urgent == urgent)
    if since:
        wanted.append(or_(published.is_(None), published >= since))
    if until:
        wanted.append(or_(FRONTIER.c.published_at.is_(None), FRONTIER.c.published_at < until))
    newest = func.coalesce(published, FRONTIER.c.first_seen_at).desc()
    order = (FRONTIER.c.due_at.nulls_first(), newest, FRONTIER.c.url)
    return _due(engine, select(FRONTIER).where(*wanted).order_by(*order).limit(limit))


def refreshes(engine: Engine, now: datetime, *, reader_version: int, limit: int) -> list[Due]:
    """Stories to look at again: those whose time has come, and what an older reader could make nothing of."""
    again = (
        FRONTIER.c.state.in_(("stored", "gone", "refused")) & (FRONTIER.c.due_at <= now) & (FRONTIER.c.kind == "story")
    )
    found = _due(engine, select(FRONTIER).where(again).order_by(FRONTIER.c.due_at, FRONTIER.c.url).limit(limit))
    lost = (
        FRONTIER.c.state.in_(("unreadable", "not_article"))
        & (FRONTIER.c.reader_version < reader_version)
        & or_(FRONTIER.c.due_at.is_(None), FRONTIER.c.due_at <= now)
    )
    left = limit - len(found)
    return found + (_due(engine, select(FRONTIER).where(lost).order_by(FRONTIER.c.url).limit(left)) if left else [])


def published_at(engine: Engine, url: str) -> datetime | None:
    """When a stored story was published."""
    with engine.connect() as connection:
        return connection.execute(select(Article.published_at).where(Article.url == url)).scalar()


def any_waits(engine: Engine, urls: Iterable[str]) -> bool:
    """Whether any of these addresses is still to be fetched for the first time."""
    return bool(_stored_under(engine, urls, select(Frontier.url).where(Frontier.state == "due")))


def find(engine: Engine, url: str) -> Due | None:
    """What is known of an address."""
    return next(iter(_due(engine, select(FRONTIER).where(FRONTIER.c.url == url))), None)


def meet_profiles(connection: Connection, urls: Iterable[str], at: datetime) -> None:
    """Have authors' own pages fetched that nobody has met."""
    insert_new(connection, Frontier, [_row(url, "due", at, kind="author") for url in urls if fits(url)], key=["url"])


def unread_profiles(engine: Engine, now: datetime) -> list[Due]:
    """The own pages of authors that were met and never read."""
    wanted = (FRONTIER.c.state == "due") & (FRONTIER.c.kind == "author")
    due = or_(FRONTIER.c.due_at.is_(None), FRONTIER.c.due_at <= now)
    return _due(engine, select(FRONTIER).where(wanted & due).order_by(FRONTIER.c.url))


def due_profiles(engine: Engine, now: datetime) -> list[str]:
    """The authors' own pages to read: first those never read, then those whose time has come."""
    row = FRONTIER.alias()
    mine = select(Author.url).outerjoin(row, row.c.url == Author.url).where(Author.url.is_not(None))
    never = row.c.url.is_(None) | ((row.c.state == "due") & (row.c.due_at.is_(None) | (row.c.due_at <= now)))
    again = row.c.state.in_(("stored", "gone")) & (row.c.due_at.is_(None) | (row.c.due_at <= now))
    found = mine.where(never | again).order_by(Author.profile_seen_at, Author.url)
    with engine.connect() as connection:
        return [url for url in connection.execute(found).scalars() if url]


def mark(
    connection: Connection,
    url: str,
    state: State,
    at: datetime,
    *,
    kind: Kind = "story",
    due_at: datetime | None = None,
    failures: int = 0,
    etag: str | None = None,
    last_modified: str | None = None,
    reader_version: int | None = None,
) -> None:
    """Say what became of an address, and when to fetch it again (None: not before something else makes it due)."""
    row = _row(url, state, at, kind=kind)
    row |= {"due_at": due_at, "failures": failures, "etag": etag, "last_modified": last_modified}
    row |= {"reader_version": reader_version, "missing_since": None}
    _put(connection, [row], without=("first_seen_at", "urgent"))


def mark_fetched(connection: Connection, pages: Sequence[items.Seen], *, kind: Kind = "story") -> None:
    """Say that the pages at these addresses were fetched and are stored, and when to look at them again."""
    rows = [
        _row(page.url, "stored", page.seen_at, kind=kind)
        | {"due_at": page.refresh_at, "etag": page.etag, "last_modified": page.last_modified, "missing_since": None}
        for page in {page.url: page for page in pages}.values()
        if page.seen_at and fits(page.url)
    ]
    _put(connection, rows, without=("first_seen_at", "urgent"))


def mark_stored(connection: Connection, looks: Sequence[tuple[str, datetime]], *, kind: Kind = "story") -> None:
    """Say that stories at these addresses are stored, though nothing was fetched; what is known stays."""
    rows = [_row(url, "stored", at, kind=kind) for url, at in dict(looks).items()]
    if not rows:
        return
    connection.execute(_storing(connection.dialect.name), rows)


def fail(connection: Connection, url: str, at: datetime, *, due_at: datetime, kind: Kind = "story") -> None:
    """Say that an address could not be had once more, and when to try again; its state stays."""
    statement = insert_into(connection.dialect.name, Frontier)
    failed = statement.on_conflict_do_update(
        index_elements=["url"], set_={"failures": Frontier.failures + 1, "due_at": due_at, "changed_at": at}
    )
    connection.execute(failed, [_row(url, "due", at, kind=kind) | {"failures": 1, "due_at": due_at}])


def make_due(connection: Connection, urls: Iterable[str], at: datetime) -> None:
    """Have stories that are stored, or gone, looked at again."""
    for some in chunks(urls):
        again = update(Frontier).where(Frontier.url.in_(some), Frontier.state.in_(("stored", "gone")))
        connection.execute(again.values(due_at=at))


def put_off(connection: Connection, url: str, due_at: datetime) -> None:
    """Have an address fetched again only then; all else about it stays."""
    connection.execute(update(Frontier).where(Frontier.url == url).values(due_at=due_at))


def move_published(connection: Connection, url: str, published_at: datetime) -> None:
    """Note when a story was published that is not wanted for it."""
    connection.execute(update(Frontier).where(Frontier.url == url).values(published_at=published_at))


def fits(url: str) -> bool:
    """Whether an address is short enough to be a key."""
    return 0 < len(url.encode()) <= LONGEST_KEY


def _due(engine: Engine, found: Select[Any]) -> list[Due]:
    names = ("url", "kind", "state", "due_at", "failures", "missing_since", "changed_at", "etag", "last_modified")
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(found).mappings()]
        cards: dict[str, dict[str, Any]] = {}
        told: dict[str, datetime] = {}
        for some in chunks(row["url"] for row in rows):
            said = select(Sighting.url, Sighting.route, Sighting.card, Sighting.last_seen_at)
            said = said.where(Sighting.url.in_(some), Sighting.route.in_(("feed", "list", "sitemap")))
            for url, route, card, seen_at in connection.execute(said):
                if route == "sitemap":
                    told[url] = seen_at
                elif card:
                    cards.setdefault(url, {})[route] = card
    known = [(row["url"], {name: row[name] for name in names}) for row in rows]
    return [Due(**stated, told_at=told.get(url), cards=cards.get(url, {})) for url, stated in known]


def _stored_under(engine: Engine, urls: Iterable[str], *addresses: Select[Any]) -> set[str]:
    known: set[str] = set()
    with engine.connect() as connection:
        for some, found in itertools.product(chunks(urls), addresses):
            known.update(connection.execute(found.where(found.selected_columns[0].in_(some))).scalars())
    return known


def _put(connection: Connection, rows: Sequence[dict[str, Any]], *, without: Sequence[str]) -> None:
    if not rows:
        return
    names = tuple(name for name in rows[0] if name not in ("url", *without))
    connection.execute(_putting(connection.dialect.name, names), list(rows))


@cache  # building a statement takes as long as running it for a story
def _putting(dialect: str, names: tuple[str, ...]) -> Insert:
    statement = insert_into(dialect, Frontier)
    return statement.on_conflict_do_update(
        index_elements=["url"], set_={name: statement.excluded[name] for name in names}
    )


@cache
def _storing(dialect: str) -> Insert:
    statement = insert_into(dialect, Frontier)
    return statement.on_conflict_do_update(
        index_elements=["url"],
        set_={"state": "stored", "due_at": None, "failures": 0, "changed_at": statement.excluded.changed_at},
        where=(Frontier.state != "stored") & (Frontier.state != "gone"),
    )


def _row(url: str, state: State, at: datetime, *, kind: Kind) -> dict[str, Any]:
    times = {"first_seen_at": at, "changed_at": at}
    return {"url": url, "kind": kind, "state": state, "failures": 0, "urgent": True, **times}
