"""The rows of revision: texts a story had before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from kicrawl.archive.changes import Change
from kicrawl.archive.history import Version, add_look, merge
from kicrawl.archive.looks import Look
from kicrawl.archive.models import Article, ArticleAuthor, Revision
from kicrawl.archive.upserts import update_by_id

REVISION = Revision.__table__
CONTENT = ("title", "subtitle", "body", "captions", "authors", "modified_at", "reader_version", "text_hash")
KEPT = (*CONTENT, "cause", "capture_id")


@dataclass
class History:
    """The texts a story had, the current one last, before a look and after it."""

    change: Change
    before: list[Version]
    after: list[Version]


def plan_history(connection: Connection, changes: Sequence[Change]) -> list[History]:
    """Find for each look its place among the texts the story had; changes learn whether they add one."""
    touching = [change for change in changes if change.verdict in ("updated", "older", "reread") or _is_earlier(change)]
    histories = [_plan(connection, change, change.stored) for change in touching if change.stored is not None]
    for history in histories:
        change = history.change
        change.adds_text = any(version.content is change.look.content for version in history.after)
    return histories


def write_history(connection: Connection, histories: Sequence[History]) -> None:
    """Write the texts the stories had; call it before the stories' rows are replaced."""
    for history in histories:
        if history.after != history.before:
            _write(connection, history)


def captures_by_older_readers(connection: Connection, article_id: int, reader_version: int) -> list[int]:
    """The captures of a story's earlier texts that were read by older rules than these."""
    read = (REVISION.c.article_id == article_id) & (REVISION.c.reader_version < reader_version)
    found = select(REVISION.c.capture_id).where(read, REVISION.c.capture_id.is_not(None))
    return list(connection.execute(found.order_by(REVISION.c.number.desc())).scalars())


def _is_earlier(change: Change) -> bool:
    """Whether this may be a better reading of a text from before the story was had in full, or in HTML."""
    stored, item = change.stored, change.look.item
    return bool(
        item.afresh and stored and change.verdict == "lesser" and item.reader_version >= stored["reader_version"]
    )


def _plan(connection: Connection, change: Change, stored: Mapping[str, Any]) -> History:
    before = [*_revisions(connection, change.article_id), _current(connection, stored)]
    read_again = _read_again(before, change.look)
    if read_again is not None:
        return History(change, before, merge(read_again))
    if change.verdict in ("reread", "lesser"):  # there is no capture to tell a better reading from an edit
        return History(change, before, before)
    look = change.look
    seen = Version(text_hash=look.content["text_hash"], first=look.seen_at, last=look.seen_at, content=look.content)
    return History(change, before, add_look(before, seen))


def _read_again(versions: list[Version], look: Look) -> list[Version] | None:
    """The versions with the look's reading of its capture; None if none of them was read from that."""
    capture = look.content["capture_id"]
    if capture is None or all(version.content["capture_id"] != capture for version in versions):
        return None
    return [
        replace(
            version, text_hash=look.content["text_hash"], content={**look.content, "cause": version.content["cause"]}
        )
        if version.content["capture_id"] == capture
        else version
        for version in versions
    ]


def _revisions(connection: Connection, article_id: int) -> list[Version]:
    found = select(REVISION).where(REVISION.c.article_id == article_id).order_by(REVISION.c.number)
    return [
        Version(
            id=row["id"],
            text_hash=row["text_hash"],
            first=row["first_seen_at"],
            last=row["seen_from"],
            content={name: row[name] for name in KEPT},
        )
        for row in connection.execute(found).mappings()
    ]


def _current(connection: Connection, stored: Mapping[str, Any]) -> Version:
    names = select(ArticleAuthor.name).where(ArticleAuthor.article_id == stored["id"]).order_by(ArticleAuthor.position)
    content = {name: stored[name] for name in (*CONTENT, "capture_id") if name != "authors"}
    return Version(
        text_hash=stored["text_hash"],
        first=stored["text_seen_at"],
        last=stored["last_seen_at"],
        content={**content, "authors": list(connection.execute(names).scalars()), "cause": "edited"},
    )


def _write(connection: Connection, history: History) -> None:
    change, current = history.change, history.after[-1]
    _save(connection, _rows(change, history.before), _rows(change, history.after))
    if change.replaces:
        change.look.row["text_seen_at"] = current.first
    else:
        times = {"text_seen_at": current.first, "last_seen_at": current.last}
        update_by_id(connection, Article, [{"id": change.article_id, **times}])


def _rows(change: Change, versions: Sequence[Version]) -> list[dict[str, Any]]:
    """The rows of all versions but the current one."""
    pairs = enumerate(pairwise(versions), 1)
    return [_row(change.article_id, number, version, after.first) for number, (version, after) in pairs]


def _row(article_id: int, number: int, version: Version, until: datetime) -> dict[str, Any]:
    times = {"first_seen_at": version.first, "seen_from": version.last, "seen_until": until}
    return {"id": version.id, **version.content, **times, "article_id": article_id, "number": number}


def _save(connection: Connection, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    kept = {row["id"] for row in after}
    gone = [row["id"] for row in before if row["id"] not in kept]
    if gone:
        connection.execute(delete(Revision).where(REVISION.c.id.in_(gone)))
    # Numbers only rise when a text comes between, and only fall when one goes: no two rows may meet on the way.
    for row in after if gone else reversed(after):
        if row["id"] is not None and row not in before:
            update_by_id(connection, Revision, [row])
    fresh = [{name: value for name, value in row.items() if name != "id"} for row in after if row["id"] is None]
    if fresh:
        connection.execute(insert(Revision), fresh)
