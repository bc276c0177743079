"""On which route an address was seen: what that makes due, and what has vanished from a route."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, case, func, select, update

from kicrawl import items
from kicrawl.archive.folding import clean
from kicrawl.archive.frontier import fits, make_due
from kicrawl.archive.models import Article, Frontier, Sighting
from kicrawl.archive.purged import TakenDown, read_purged
from kicrawl.archive.upserts import CHUNK, Insert, chunks, insert_into

SIGHTING = Sighting.__table__
FRONTIER = Frontier.__table__


def write_sightings(connection: Connection, sightings: Sequence[items.Sighting]) -> None:
    """Keep where addresses were seen, from when to when.

    An address never met becomes due; a story becomes due again of which a route says something else than before.
    """
    down = read_purged(connection) if sightings else TakenDown()
    seen = [one for one in map(clean, sightings) if one.seen_at is not None and fits(one.url) and not down.covers(one)]
    if not seen:
        return
    changed = _changed(connection, seen)
    _widen(connection, seen)
    _meet(connection, seen)
    make_due(connection, changed, max(sighting.seen_at for sighting in seen if sighting.seen_at))


def seen_before(engine: Engine, route: str, urls: Sequence[str], moment: datetime, now: datetime) -> set[str]:
    """Which of these addresses were first seen on a route before a moment, be it by a clock that was set back since."""
    earlier = (SIGHTING.c.first_seen_at < moment) | (SIGHTING.c.first_seen_at > now)
    known: set[str] = set()
    with engine.connect() as connection:
        for some in chunks(urls):
            found = select(SIGHTING.c.url).where(SIGHTING.c.url.in_(some), SIGHTING.c.route == route)
            known.update(connection.execute(found.where(earlier)).scalars())
    return known


def see_listed(connection: Connection, file: str, at: datetime) -> None:
    """A sitemap's file is as before: all that it lists was seen once more."""
    listed = update(Sighting).where(SIGHTING.c.route == "sitemap", SIGHTING.c.card["file"].as_string() == file)
    connection.execute(listed.values(last_seen_at=at))


def find_vanished(
    connection: Connection,
    route: str,
    *,
    last_look: datetime,
    this_look: datetime,
    above: datetime | None = None,
    below: datetime | None = None,
) -> list[str]:
    """Stored stories that a route showed at the last look and does not show now.

    `above` and `below`: only those published after, and before, these moments.
    """
    gone_from_there = (SIGHTING.c.route == route, SIGHTING.c.last_seen_at >= last_look)
    found = select(SIGHTING.c.url).join(Article, Article.url == SIGHTING.c.url)
    found = found.where(*gone_from_there, SIGHTING.c.last_seen_at < this_look, Article.gone_at.is_(None))
    if above:
        found = found.where(Article.published_at > above)
    if below:
        found = found.where(Article.published_at < below)
    return list(connection.execute(found).scalars())


def is_told(engine: Engine, url: str, route: str, since: datetime) -> bool:
    """Whether a route has shown an address since a moment."""
    found = select(SIGHTING.c.url).where(SIGHTING.c.url == url, SIGHTING.c.route == route)
    with engine.connect() as connection:
        return connection.execute(found.where(SIGHTING.c.last_seen_at >= since)).first() is not None


def as_json(sighting: items.Sighting) -> dict[str, Any] | None:
    """What is kept of what a route says: of a card what a story's own page may not say, but no excerpt: it is text."""
    card = sighting.card
    if card is None:
        return {"file": sighting.file} if sighting.file else None
    said = {"title": card.title, "byline": card.byline, "ghost_id": getattr(card, "ghost_id", None)}
    if card.published_at:
        said["published_at"] = card.published_at.isoformat()
    return {name: value for name, value in said.items() if value}


def _changed(connection: Connection, seen: Sequence[items.Sighting]) -> set[str]:
    """The stories of which a route says something else than before, or a change after the last look at them."""
    changed: set[str] = set()
    for start in range(0, len(seen), CHUNK):
        some = seen[start : start + CHUNK]
        found = select(SIGHTING).where(SIGHTING.c.url.in_({sighting.url for sighting in some}))
        rows = connection.execute(found.where(SIGHTING.c.route.in_({sighting.route for sighting in some}))).mappings()
        before = {(row["route"], row["url"]): dict(row) for row in rows}
        pairs = [(sighting, before.get((sighting.route, sighting.url))) for sighting in some]
        changed |= {sighting.url for sighting, row in pairs if row and _says_else(row, sighting)}
        new = {sighting.url: sighting.modified_at for sighting, row in pairs if sighting.modified_at and not row}
        changed |= _modified_since_looked(connection, new)
        changed |= _returned(connection, some)
    return changed


def _says_else(before: Mapping[str, Any], sighting: items.Sighting) -> bool:
    return bool(before["fingerprint"] and sighting.fingerprint and before["fingerprint"] != sighting.fingerprint)


def _modified_since_looked(connection: Connection, modified: Mapping[str, datetime]) -> set[str]:
    if not modified:
        return set()
    looked = select(Article.url, Article.last_seen_at).where(Article.url.in_(list(modified)))
    return {url for url, last in connection.execute(looked) if modified[url] > last}


def _returned(connection: Connection, seen: Sequence[items.Sighting]) -> set[str]:
    """Gone stories that are shown again; one that keeps being shown though it is gone is looked at monthly."""
    shown = {sighting.url: sighting.route for sighting in seen}
    gone = select(Frontier.url).where(Frontier.url.in_(list(shown)), Frontier.state == "gone")
    gone = gone.join(SIGHTING, SIGHTING.c.url == Frontier.url).where(SIGHTING.c.route.in_(set(shown.values())))
    return set(connection.execute(gone.where(SIGHTING.c.last_seen_at < Frontier.missing_since)).scalars())


def _widen(connection: Connection, seen: Sequence[items.Sighting]) -> None:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for sighting in seen:
        at: Any = sighting.seen_at
        row = rows.setdefault((sighting.url, sighting.route), {"first_seen_at": at, "last_seen_at": at})
        row |= {"url": sighting.url, "route": sighting.route}
        row["first_seen_at"], row["last_seen_at"] = min(row["first_seen_at"], at), max(row["last_seen_at"], at)
        row["card"] = as_json(sighting) or row.get("card")
        row["fingerprint"] = sighting.fingerprint or row.get("fingerprint")
    connection.execute(_widening(connection.dialect.name), list(rows.values()))


@cache  # building a statement takes as long as running it for a list
def _widening(dialect: str) -> Insert:
    statement = insert_into(dialect, Sighting)
    new, old = statement.excluded, SIGHTING.c
    values = {
        "first_seen_at": case((new.first_seen_at < old.first_seen_at, new.first_seen_at), else_=old.first_seen_at),
        "last_seen_at": case((new.last_seen_at > old.last_seen_at, new.last_seen_at), else_=old.last_seen_at),
        "card": func.coalesce(new.card, old.card),
        "fingerprint": func.coalesce(new.fingerprint, old.fingerprint),
    }
    return statement.on_conflict_do_update(index_elements=["url", "route"], set_=values)


def _meet(connection: Connection, seen: Sequence[items.Sighting]) -> None:
    """Have every address in the frontier, with the times that routes state of its story."""
    rows: dict[str, dict[str, Any]] = {}
    for sighting in seen:
        times = {"first_seen_at": sighting.seen_at, "changed_at": sighting.seen_at}
        row = rows.setdefault(
            sighting.url,
            {"url": sighting.url, "kind": "story", "state": "due", "failures": 0, "urgent": False, **times},
        )
        row["urgent"] = row["urgent"] or sighting.urgent
        row["published_at"] = (sighting.card and sighting.card.published_at) or row.get("published_at")
        row["modified_at"] = sighting.modified_at or row.get("modified_at")
    connection.execute(_meeting(connection.dialect.name), list(rows.values()))


@cache
def _meeting(dialect: str) -> Insert:
    statement = insert_into(dialect, Frontier)
    new, old = statement.excluded, FRONTIER.c
    values = {
        "published_at": func.coalesce(new.published_at, old.published_at),
        "modified_at": func.coalesce(new.modified_at, old.modified_at),
        "urgent": old.urgent | new.urgent,
    }
    return statement.on_conflict_do_update(index_elements=["url"], set_=values)
