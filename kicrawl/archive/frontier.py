"""Every address met: its state, when it is due, and the routes on which it was seen."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, select

from kicrawl import items
from kicrawl.archive.folding import clean
from kicrawl.archive.looks import LONGEST_KEY
from kicrawl.archive.models import Alias, Article, Author, Frontier, Sighting
from kicrawl.archive.upserts import chunks, insert_into, insert_new, widen_seen

Kind = Literal["story", "author", "list", "feed", "sitemap"]
State = Literal["due", "stored", "not_article", "refused", "unreadable", "gone"]


def known_stories(engine: Engine, urls: Iterable[str]) -> set[str]:
    """Which of these addresses are those of stored stories, aliases included."""
    return _stored_under(engine, urls, select(Article.url), select(Alias.url))


def known_profiles(engine: Engine, urls: Iterable[str]) -> set[str]:
    """Which of these addresses are those of authors whose own page has been read, or is known not to be there."""
    read = select(Author.url).where(Author.profile_seen_at.is_not(None))
    without = select(Frontier.url).where(Frontier.state.in_(("gone", "refused")))
    return _stored_under(engine, urls, read, without)


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
) -> None:
    """Say what became of an address, and when to fetch it again (None: not before something else makes it due)."""
    row = _row(url, state, at, kind=kind)
    row |= {"due_at": due_at, "failures": failures, "etag": etag, "last_modified": last_modified}
    statement = insert_into(connection, Frontier)
    new = {name: statement.excluded[name] for name in row if name not in ("url", "first_seen_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=new), [row])


def mark_stored(connection: Connection, looks: Sequence[tuple[str, datetime]], *, kind: Kind = "story") -> None:
    """Say that the pages at these addresses are stored; nothing is written where that is known."""
    if not looks:
        return
    statement = insert_into(connection, Frontier)
    stored = statement.on_conflict_do_update(
        index_elements=["url"],
        set_={"state": "stored", "due_at": None, "failures": 0, "changed_at": statement.excluded.changed_at},
        where=Frontier.state != "stored",
    )
    connection.execute(stored, [_row(url, "stored", at, kind=kind) for url, at in dict(looks).items()])


def write_sightings(connection: Connection, sightings: Sequence[items.Sighting]) -> None:
    """Keep on which route an address was seen, from when to when; an address never met becomes due."""
    rows = [
        {
            "url": sighting.url,
            "route": sighting.route,
            "first_seen_at": sighting.seen_at,
            "last_seen_at": sighting.seen_at,
        }
        for sighting in map(clean, sightings)
        if sighting.seen_at is not None and _addresses([sighting.url])
    ]
    widen_seen(connection, Sighting, rows, key=["url", "route"])
    due_rows: list[dict[str, Any]] = [_row(row["url"], "due", row["first_seen_at"], kind="story") for row in rows]
    insert_new(connection, Frontier, due_rows, key=["url"])


def _stored_under(engine: Engine, urls: Iterable[str], *addresses: Select[Any]) -> set[str]:
    known: set[str] = set()
    with engine.connect() as connection:
        for some, found in itertools.product(chunks(urls), addresses):
            known.update(connection.execute(found.where(found.selected_columns[0].in_(some))).scalars())
    return known


def _addresses(urls: Iterable[str]) -> list[str]:
    return [url for url in urls if 0 < len(url.encode()) <= LONGEST_KEY]


def _row(url: str, state: State, at: datetime, *, kind: Kind) -> dict[str, Any]:
    return {"url": url, "kind": kind, "state": state, "failures": 0, "first_seen_at": at, "changed_at": at}
