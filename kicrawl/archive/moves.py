"""Stories that got another address: one story with an alias, known by a redirect, Ghost's id, or text and time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, or_, select, update

from kicrawl.archive import frontier
from kicrawl.archive.connection import writing
from kicrawl.archive.duplicates import find_repeats, link_again
from kicrawl.archive.looks import Look
from kicrawl.archive.models import Alias, Article, Frontier
from kicrawl.archive.past import keep_all_parts
from kicrawl.archive.upserts import chunks, insert_new

ARTICLE = Article.__table__
Rows = dict[str, dict[str, Any]]  # the row of a story by any of its addresses


def follow_moves(connection: Connection, looks: Sequence[Look], known: Rows) -> None:
    """Let looks at stories that have moved find their rows in `known`; the rows get the address seen last."""
    by_id = _find_by_ghost_id(connection, [look for look in looks if look.item.url not in known])
    for look in looks:
        here = known.get(look.item.url)
        before = _moved_from(look, known, by_id)
        if before is None or (here is not None and not _is_one_post(before, here)):
            continue
        if here is not None:
            _merge(connection, before, here, look.item.url)
        known[look.item.url] = _move(connection, before, look)


def find_new_address(engine: Engine, url: str, at: datetime) -> str | None:
    """Where a stored story has gone whose page is not there any more; it is one story then, and due if not yet read so.

    Ghost answers 404 for a renamed slug: the same post is looked for, then the same text published at the same time.
    """
    with engine.connect() as connection:
        followed = select(ARTICLE.c.url).join(Alias, Alias.article_id == ARTICLE.c.id).where(Alias.url == url)
        known = connection.execute(followed).scalar()
        if known or not _find_twin(connection, url):
            return known
    with writing(engine) as connection:
        found = _find_twin(connection, url)
        if found is None:
            return None
        before, here = found
        _merge(connection, before, here, here["url"])
        _set_address(connection, before, here["url"], here["slug"], at)
        frontier.mark(connection, here["url"], "due", at)
    return str(here["url"])


def _find_by_ghost_id(connection: Connection, looks: Sequence[Look]) -> Rows:
    rows: Rows = {}
    for some in chunks(look.item.ghost_id for look in looks if look.item.ghost_id):
        for row in connection.execute(select(ARTICLE).where(ARTICLE.c.ghost_id.in_(some))).mappings():
            rows.setdefault(row["ghost_id"], dict(row))
    return rows


def _moved_from(look: Look, known: Rows, by_id: Rows) -> dict[str, Any] | None:
    """The row of the look's story under another address, if there is one."""
    here = known.get(look.item.url)
    rows = [known[url] for url in look.aliases if url in known]
    if here is None and look.item.ghost_id:
        rows += [by_id[look.item.ghost_id]] if look.item.ghost_id in by_id else []
    others = (row for row in rows if here is None or row["id"] != here["id"])
    return next((row for row in others if _may_be(row, look.item.ghost_id)), None)


def _may_be(row: Mapping[str, Any], ghost_id: str | None) -> bool:
    return not (row["ghost_id"] and ghost_id and row["ghost_id"] != ghost_id)


def _is_one_post(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two stored stories are the same: not only a wrong statement of a page says so."""
    if one["ghost_id"] and other["ghost_id"]:
        return bool(one["ghost_id"] == other["ghost_id"])
    same_time = one["published_at"] is not None and one["published_at"] == other["published_at"]
    return same_time or (one["body_hash"] is not None and one["body_hash"] == other["body_hash"])


def _move(connection: Connection, row: dict[str, Any], look: Look) -> dict[str, Any]:
    """The row under the address of the latest look."""
    new, slug = look.item.url, look.row["slug"]
    if look.seen_at < row["last_seen_at"]:  # an old capture: the story has since moved from there
        insert_new(connection, Alias, [_alias(new, row["id"], look.seen_at)], key=["url"])
        return row
    return _set_address(connection, row, new, slug, look.seen_at)


def _set_address(connection: Connection, row: dict[str, Any], url: str, slug: str, at: datetime) -> dict[str, Any]:
    if row["url"] == url:
        return row
    connection.execute(delete(Alias).where(Alias.url == url))
    connection.execute(update(Article).where(ARTICLE.c.id == row["id"]).values(url=url, slug=slug, gone_at=None))
    insert_new(connection, Alias, [_alias(row["url"], row["id"], at)], key=["url"])
    # Nothing to fetch at the old address any more.
    old = update(Frontier).where(Frontier.url == row["url"])
    connection.execute(old.values(state="stored", due_at=None, missing_since=None, changed_at=at))
    return {**row, "url": url, "slug": slug, "gone_at": None}


def _merge(connection: Connection, kept: Mapping[str, Any], dropped: Mapping[str, Any], url: str) -> None:
    """Make one row of two. What only the dropped one says, the next look at its address says again."""
    connection.execute(update(Alias).where(Alias.article_id == dropped["id"]).values(article_id=kept["id"]))
    repeats = find_repeats(connection, [dropped["id"]])
    keep_all_parts(connection, dropped["id"])
    connection.execute(delete(Article).where(ARTICLE.c.id == dropped["id"]))
    link_again(connection, repeats | {kept["id"]})


def _find_twin(connection: Connection, url: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A stored story, and the younger row that is the same story at another address."""
    found = connection.execute(select(ARTICLE).where(ARTICLE.c.url == url)).mappings().first()
    if found is None:
        return None
    before = dict(found)
    same = []
    if before["ghost_id"]:
        same.append(ARTICLE.c.ghost_id == before["ghost_id"])
    if before["body_hash"] and before["published_at"]:
        same.append((ARTICLE.c.body_hash == before["body_hash"]) & (ARTICLE.c.published_at == before["published_at"]))
    younger = select(ARTICLE).where(
        or_(*same), ARTICLE.c.id != before["id"], ARTICLE.c.first_seen_at >= before["first_seen_at"]
    )
    here = connection.execute(younger.order_by(ARTICLE.c.id)).mappings().first() if same else None
    if here is None or not _may_be(before, here["ghost_id"]):
        return None
    return before, dict(here)


def _alias(url: str, article_id: int, at: datetime) -> dict[str, Any]:
    return {"url": url, "article_id": article_id, "first_seen_at": at}
