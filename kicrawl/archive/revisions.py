"""The rows of revision: texts a story had before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from kicrawl.archive.changes import Change
from kicrawl.archive.history import Version, add_look
from kicrawl.archive.models import Article, ArticleAuthor, Revision
from kicrawl.archive.upserts import update_by_id

REVISION = Revision.__table__
CONTENT = ("title", "subtitle", "body", "captions", "authors", "modified_at", "reader_version", "text_hash")


def write_history(connection: Connection, changes: Sequence[Change]) -> None:
    """Put each look in its place among the texts the story had; call it before the story's row is replaced."""
    for change in changes:
        if change.stored is not None:
            _write(connection, change, change.stored)


def _write(connection: Connection, change: Change, stored: Mapping[str, Any]) -> None:
    look = change.look
    versions = [*_revisions(connection, change.article_id), _current(connection, stored)]
    seen = Version(
        text_hash=look.content["text_hash"],
        first=look.seen_at,
        last=look.seen_at,
        content={**look.content, "cause": "older_capture"},
    )
    after = add_look(versions, seen)
    if after == versions:
        return
    *past, current = after
    rows = [
        _row(change.article_id, number, version, until=after[number].first) for number, version in enumerate(past, 1)
    ]
    _save(connection, past, rows)
    if current.content is not seen.content:
        times = {"text_seen_at": current.first, "last_seen_at": current.last}
        update_by_id(connection, Article, [{"id": change.article_id, **times}])


def _revisions(connection: Connection, article_id: int) -> list[Version]:
    found = select(REVISION).where(REVISION.c.article_id == article_id).order_by(REVISION.c.number)
    return [
        Version(
            id=row["id"],
            text_hash=row["text_hash"],
            first=row["first_seen_at"],
            last=row["seen_from"],
            content={name: row[name] for name in (*CONTENT, "cause", "capture_id")},
        )
        for row in connection.execute(found).mappings()
    ]


def _current(connection: Connection, stored: Mapping[str, Any]) -> Version:
    names = select(ArticleAuthor.name).where(ArticleAuthor.article_id == stored["id"]).order_by(ArticleAuthor.position)
    content = {name: stored[name] for name in CONTENT if name != "authors"}
    return Version(
        text_hash=stored["text_hash"],
        first=stored["text_seen_at"],
        last=stored["last_seen_at"],
        content={**content, "authors": list(connection.execute(names).scalars()), "cause": "edited"},
    )


def _row(article_id: int, number: int, version: Version, *, until: datetime) -> dict[str, Any]:
    times = {"first_seen_at": version.first, "seen_from": version.last, "seen_until": until}
    return {"capture_id": None, **version.content, **times, "article_id": article_id, "number": number}


def _save(connection: Connection, versions: Sequence[Version], rows: Sequence[dict[str, Any]]) -> None:
    times = ("number", "first_seen_at", "seen_from", "seen_until")
    pairs = list(zip(versions, rows, strict=True))
    for version, row in reversed(pairs):  # numbers only rise: the last one first
        if version.id is not None:
            update_by_id(connection, Revision, [{"id": version.id, **{name: row[name] for name in times}}])
    fresh = [row for version, row in pairs if version.id is None]
    if fresh:
        connection.execute(insert(Revision), fresh)
