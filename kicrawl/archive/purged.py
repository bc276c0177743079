"""Stories that were taken down, and keeping them from coming back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kicrawl import items
from kicrawl.archive import frontier
from kicrawl.archive.models import Frontier, Purged
from kicrawl.archive.upserts import insert_into, insert_new

PURGED = Purged.__table__
Item = items.Article | items.Author | items.Sighting | items.Seen


@dataclass(frozen=True)
class TakenDown:
    """What must not be stored again."""

    urls: frozenset[str] = frozenset()
    ghost_ids: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.urls)

    def covers(self, item: Item) -> bool:
        """Whether an item is about a story that was taken down."""
        if isinstance(item, items.Article):
            return not self.urls.isdisjoint([item.url, *item.aliases]) or item.ghost_id in self.ghost_ids
        return not isinstance(item, items.Author) and item.url in self.urls

    def strip(self, item: Item) -> None:
        """Take the cards away that lead to such a story: they show some of its text."""
        if isinstance(item, items.Article):
            item.related = [card for card in item.related if card.url not in self.urls]
        elif isinstance(item, items.Author):
            item.stories = [card for card in item.stories if card.url not in self.urls]


def read_purged(connection: Connection) -> TakenDown:
    """The stories that were taken down: few, if any."""
    rows = connection.execute(select(PURGED.c.url, PURGED.c.ghost_id)).all()
    return TakenDown(frozenset(row.url for row in rows), frozenset(row.ghost_id for row in rows if row.ghost_id))


def keep_away(connection: Connection, some: Sequence[Item]) -> list[bool]:
    """Which of these items may be written; addresses that lead to a story that was taken down are refused from now on.

    Cards of such stories are taken off the others.
    """
    down = read_purged(connection)
    if not down:
        return [True] * len(some)
    for item in some:
        if not down.covers(item):
            down.strip(item)
        elif isinstance(item, items.Article) and item.seen_at:
            new = {item.url, *item.aliases} - down.urls
            refuse(connection, new, item.seen_at, reason="leads to a story that was taken down")
    return [not down.covers(item) for item in some]


def refuse(
    connection: Connection, urls: Iterable[str], at: datetime, *, ghost_id: str | None = None, reason: str | None = None
) -> None:
    """Have nothing at these addresses fetched or stored any more."""
    fitting = sorted(url for url in set(urls) if frontier.fits(url))
    rows = [{"url": url, "ghost_id": ghost_id, "purged_at": at, "reason": reason} for url in fitting]
    insert_new(connection, Purged, rows, key=["url"])
    never = {"state": "refused", "due_at": None, "changed_at": at, "etag": None, "last_modified": None, "failures": 0}
    for url in fitting:
        row = {"url": url, "kind": "story", "urgent": False, "first_seen_at": at, **never}
        statement = insert_into(connection.dialect.name, Frontier).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=never))
