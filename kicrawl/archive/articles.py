"""Writing looks at stories: which rows each look makes, changes or leaves alone."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select

from kicrawl import items
from kicrawl.archive import frontier
from kicrawl.archive.captures import Captures, read_captures
from kicrawl.archive.changes import Change, facts_missing, judge
from kicrawl.archive.duplicates import link_duplicates
from kicrawl.archive.gone import note_returned
from kicrawl.archive.history import Verdict, quality
from kicrawl.archive.looks import Look, read_look, text_hash
from kicrawl.archive.models import Alias, Article
from kicrawl.archive.moves import follow_moves
from kicrawl.archive.parts import write_parts
from kicrawl.archive.revisions import captures_by_older_readers, plan_history, write_history
from kicrawl.archive.upserts import chunks, insert_new, insert_returning_ids, update_by_id

ARTICLE = Article.__table__
ALIASED = select(Alias.article_id).where(Alias.url == bindparam("address")).scalar_subquery()
UNDER_ADDRESS = select(ARTICLE).where((Article.url == bindparam("address")) | (Article.id == ALIASED))


def find_stories(connection: Connection, urls: Iterable[str]) -> dict[str, dict[str, Any]]:
    """For each address that is a stored story's, or an alias of it: the story's row."""
    found: dict[str, dict[str, Any]] = {}
    for some in chunks(urls):
        for row in connection.execute(select(ARTICLE).where(Article.url.in_(some))).mappings():
            found[row["url"]] = dict(row)
        aliases = select(Alias.url.label("alias"), ARTICLE).join_from(Alias, ARTICLE).where(Alias.url.in_(some))
        for row in connection.execute(aliases).mappings():
            found.setdefault(row["alias"], dict(row))
    return found


def find_story(engine: Engine, url: str) -> dict[str, Any] | None:
    """The row of the story stored under an address or alias. Asked for every page: in one statement, made once."""
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(UNDER_ADDRESS, {"address": url}).mappings()]
    return next((row for row in found if row["url"] == url), found[0] if found else None)


def captures_in_doubt(
    engine: Engine, stored: Mapping[str, Any], item: items.Article, folder: Path
) -> list[items.SavedResponse]:
    """The captures to be read again before a look at a stored story is compared with it, the current text's first.

    None if the look cannot differ by our own doing. `folder`: where captures are kept.
    """
    if quality(stored) != quality(vars(item)) or item.reader_version < stored["reader_version"]:
        return []
    newer = item.reader_version > stored["reader_version"]
    if not newer and stored["text_hash"] == text_hash(item):
        return []
    with engine.connect() as connection:
        older = captures_by_older_readers(connection, stored["id"], item.reader_version) if newer else []
        return read_captures(connection, [stored["capture_id"], *older], folder)


def write_articles(
    connection: Connection,
    articles: Sequence[items.Article],
    *,
    store_body: bool = True,
    captures: Captures | None = None,
) -> list[Verdict]:
    """Write looks at stories, in the order given, and say what each one meant for the archive."""
    verdicts: list[Verdict] = []
    for some in _rounds(articles):
        verdicts += _write_round(connection, [read_look(item, store_body=store_body) for item in some], captures)
    return verdicts


def _rounds(articles: Sequence[items.Article]) -> Iterable[list[items.Article]]:
    """The looks in pieces in which no address comes twice: a second look must find what the first one wrote."""
    piece: list[items.Article] = []
    met: set[str] = set()
    for item in articles:
        urls = {item.url, *item.aliases}
        if urls & met:
            yield piece
            piece, met = [], set()
        piece.append(item)
        met |= urls
    if piece:
        yield piece


def _write_round(connection: Connection, looks: list[Look], captures: Captures | None) -> list[Verdict]:
    known = find_stories(connection, [url for look in looks for url in (look.item.url, *look.aliases)])
    follow_moves(connection, looks, known)
    if captures:
        _find_captures(connection, looks, captures)
    changes = [judge(look, known.get(look.item.url)) for look in looks]
    written = [change for change in changes if change.replaces]
    histories = plan_history(connection, changes)
    if captures:
        _keep_captures(connection, [change.look for change in changes if change.is_reading], captures)
    write_history(connection, histories)
    _insert(connection, [change for change in changes if change.verdict == "new"])
    _replace(connection, [change for change in written if change.verdict != "new"])
    _touch(connection, [change for change in changes if change.verdict == "unchanged"])
    _fill_in(connection, [change for change in changes if change.verdict in ("older", "lesser")])
    write_parts(connection, written)
    link_duplicates(connection, changes)
    _add_aliases(connection, changes, known)
    _mark(connection, changes)
    return [change.verdict for change in changes]


def _mark(connection: Connection, changes: list[Change]) -> None:
    """Tell the frontier which pages are stored; a story from the feed still waits for its page."""
    pages = [change.look for change in changes if change.look.item.medium != "feed" and not change.look.again]
    frontier.mark_fetched(connection, [look.item.seen for look in pages if look.item.seen])
    frontier.mark_stored(connection, [(look.item.url, look.seen_at) for look in pages if not look.item.seen])
    note_returned(connection, [(change.stored, change.look.seen_at) for change in changes])


def _find_captures(connection: Connection, looks: list[Look], captures: Captures) -> None:
    """Let looks name what they were read from, where that is a capture already."""
    saved = [look.item.capture for look in looks if isinstance(look.item.capture, items.SavedResponse)]
    ids = captures.find(connection, saved)
    for look in looks:
        look.row["capture_id"] = look.content["capture_id"] = captures.id_of(look.item.capture, ids)
        look.again = look.row["capture_id"] is not None


def _keep_captures(connection: Connection, looks: list[Look], captures: Captures) -> None:
    """Keep what looks were read from."""
    pairs = [(look, look.item.capture) for look in looks if look.item.capture and look.store_body]
    ids = captures.keep(connection, [response for _, response in pairs])
    for (look, _), capture_id in zip(pairs, ids, strict=True):
        look.row["capture_id"] = look.content["capture_id"] = capture_id


def _insert(connection: Connection, changes: list[Change]) -> None:
    ids = insert_returning_ids(connection, Article, [change.look.row for change in changes])
    for change, article_id in zip(changes, ids, strict=True):
        change.article_id = article_id


def _replace(connection: Connection, changes: list[Change]) -> None:
    rows = []
    for change in changes:
        stored, row = change.stored or {}, dict(change.look.row)
        row["url"], row["slug"] = stored["url"], stored["slug"]
        row["first_seen_at"] = min(row["first_seen_at"], stored["first_seen_at"])
        if change.verdict == "refreshed":
            row["capture_id"] = stored["capture_id"]
        same_text = row["text_hash"] == stored["text_hash"]
        if same_text or change.verdict == "reread":
            row["text_seen_at"] = min(row["text_seen_at"], stored["text_seen_at"])
            row["last_seen_at"] = max(row["last_seen_at"], stored["last_seen_at"])
        rows.append({**row, "id": change.article_id})
    update_by_id(connection, Article, rows)


def _touch(connection: Connection, changes: list[Change]) -> None:
    later = [change for change in changes if change.stored and change.look.seen_at > change.stored["last_seen_at"]]
    update_by_id(
        connection, Article, [{"id": change.article_id, "last_seen_at": change.look.seen_at} for change in later]
    )


def _fill_in(connection: Connection, changes: list[Change]) -> None:
    """Let looks that may not replace the text give the facts that were missing, and the time of the first look."""
    for change in changes:
        stored = change.stored or {}
        filled = facts_missing(stored, change.look.row)
        if change.look.seen_at < stored["first_seen_at"]:
            filled["first_seen_at"] = change.look.seen_at
        if filled:
            update_by_id(connection, Article, [{"id": change.article_id, **filled}])


def _add_aliases(connection: Connection, changes: list[Change], known: Mapping[str, object]) -> None:
    rows = [
        {"url": url, "article_id": change.article_id, "first_seen_at": change.look.seen_at}
        for change in changes
        for url in change.look.aliases
        if url not in known
    ]
    insert_new(connection, Alias, rows, key=["url"])
