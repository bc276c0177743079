"""Stories whose page is not there (404, 410, or a redirect to a list): gone is what is missing at two looks apart."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from kicrawl import items
from kicrawl.archive.frontier import fits
from kicrawl.archive.models import Article, Frontier
from kicrawl.archive.upserts import chunks, insert_into


def note_missing(
    connection: Connection, urls: Iterable[str], at: datetime, *, apart: timedelta, again: timedelta
) -> list[str]:
    """Note that pages were not there, and which are gone by that: missing before, at a look at least `apart` from this.

    What is gone is looked at `again` so much later. The stories stay; their `gone_at` is the first look that missed
    them.
    """
    first = _missing_since(connection, urls)
    gone = {url: since for url, since in first.items() if since and at - since >= apart}
    rows = [
        _row(url, at, since or at, due_at=at + again if url in gone else (since or at) + apart, gone=url in gone)
        for url, since in first.items()
    ]
    _write(connection, rows)
    for url, since in gone.items():
        missed = update(Article).where(Article.url == url, Article.gone_at.is_(None), Article.last_seen_at < at)
        connection.execute(missed.values(gone_at=since))
    return list(gone)


def note_returned(connection: Connection, looks: Iterable[tuple[Mapping[str, Any] | None, datetime]]) -> None:
    """Stories that were gone and were seen later are back: pairs of a story's row and the time of a look."""
    back = [row["id"] for row, seen_at in looks if row and row["gone_at"] and row["gone_at"] < seen_at]
    for some in chunks(back):
        connection.execute(update(Article).where(Article.id.in_(some)).values(gone_at=None))


def write_seen(connection: Connection, pages: Sequence[items.Seen]) -> None:
    """Pages that are as before: only the last look moves."""
    for page in pages:
        if page.seen_at:
            story = update(Article).where(Article.url == page.url, Article.last_seen_at < page.seen_at)
            connection.execute(story.values(last_seen_at=page.seen_at, gone_at=None))


def _missing_since(connection: Connection, urls: Iterable[str]) -> dict[str, datetime | None]:
    """For each address the first look in a row that missed it; None if this is it."""
    first: dict[str, datetime | None] = {url: None for url in urls if fits(url)}
    for some in chunks(first):
        found = select(Frontier.url, Frontier.missing_since).where(Frontier.url.in_(some))
        first |= dict(connection.execute(found).all())
    return first


def _row(url: str, at: datetime, since: datetime, *, due_at: datetime, gone: bool) -> dict[str, Any]:
    times = {"missing_since": since, "due_at": due_at, "first_seen_at": at, "changed_at": at}
    return {"url": url, "kind": "story", "state": "gone" if gone else "due", "urgent": True, "failures": 0, **times}


def _write(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """A page missed for the first time keeps its state: `stored` or `due`."""
    for gone in (True, False):
        some = [row for row in rows if (row["state"] == "gone") == gone]
        if some:
            statement = insert_into(connection.dialect.name, Frontier)
            names = ["missing_since", "due_at", "changed_at", *(["state"] if gone else [])]
            new = {name: statement.excluded[name] for name in names}
            connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=new), some)
