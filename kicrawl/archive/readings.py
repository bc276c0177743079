"""Captures read again: which are due for it, what today's reading would change, and writing that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, case, exists, select, update

from kicrawl import items
from kicrawl.archive.articles import find_stories
from kicrawl.archive.captures import CAPTURE, Captures, read_captures
from kicrawl.archive.changes import judge
from kicrawl.archive.connection import writing
from kicrawl.archive.looks import FACTS, Look, read_look
from kicrawl.archive.models import Article, ArticleBoilerplate, Boilerplate, Capture, Revision, Sighting
from kicrawl.archive.parts import cut_pieces
from kicrawl.archive.store import write_items
from kicrawl.archive.upserts import chunks

ARTICLE = Article.__table__
REVISION = Revision.__table__
Row = Mapping[str, Any]

TEXT = ("title", "subtitle", "body", "captions")
COMPARED = (*TEXT, "blocks", *FACTS, "kind", "access", "layout")
Cards = dict[str, dict[str, Any]]  # by route


@dataclass(kw_only=True)
class Difference:
    """What today's reading of a capture says otherwise than what is stored of it."""

    url: str
    is_current: bool  # of the story's current text; else of an earlier one, or of none that is stored
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # before and now
    cut: tuple[int, int] = (0, 0)  # characters of boilerplate, before and now; of the current text only
    kept: tuple[int, int] = (0, 0)  # characters of the story, before and now
    to_write: bool = False


def captures_to_read(engine: Engine, by: str, *, since: datetime | None = None, again: bool = False) -> list[int]:
    """The captures not yet read by these rules: first those of current texts, then of earlier ones, then the others.

    `again`: those that were as well. A story's current text is read first, so that nothing is compared with a reading
    by other rules.
    """
    current = exists().where(ARTICLE.c.capture_id == CAPTURE.c.id)
    earlier = exists().where(REVISION.c.capture_id == CAPTURE.c.id)
    rank = case((current, 0), (earlier, 1), else_=2)
    found = select(CAPTURE.c.id).order_by(rank, CAPTURE.c.id)
    if not again:
        found = found.where(CAPTURE.c.reread_by.is_distinct_from(by))
    if since:
        found = found.where(CAPTURE.c.fetched_at >= since)
    with engine.connect() as connection:
        return list(connection.execute(found).scalars())


def read_tasks(engine: Engine, ids: Sequence[int], folder: Path | str) -> list[tuple[int, items.SavedResponse, Cards]]:
    """These captures, in order, with what feed and list said of the stories at their addresses."""
    with engine.connect() as connection:
        there = connection.execute(select(CAPTURE.c.id).where(CAPTURE.c.id.in_(ids))).scalars().all()
        known = [id_ for id_ in ids if id_ in set(there)]  # purge may have taken some away meanwhile
        captures = read_captures(connection, known, folder)
        said = select(Sighting.url, Sighting.route, Sighting.card).where(
            Sighting.url.in_({capture.url for capture in captures}), Sighting.route.in_(("feed", "list"))
        )
        cards: dict[str, Cards] = {}
        for url, route, card in connection.execute(said):
            if card:
                cards.setdefault(url, {})[route] = card
    return [(id_, capture, cards.get(capture.url, {})) for id_, capture in zip(known, captures, strict=True)]


def find_differences(
    connection: Connection, stories: Sequence[tuple[int | None, items.Article]], *, store_body: bool = True
) -> list[Difference]:
    """What each of these readings, each with the row of its capture, says otherwise than what is stored.

    The readings get the addresses under which their stories are stored.
    """
    stored = _find_stored(connection, stories)
    revisions = _find_revisions(connection, [id_ for id_, _ in stories if id_ is not None])
    found = [
        _compare(read_look(story, store_body=store_body), row, capture_id, revisions)
        for (capture_id, story), row in zip(stories, stored, strict=True)
    ]
    _compare_cut(connection, found)
    return [difference for _, _, difference in found]


def write_readings(
    engine: Engine,
    stories: Sequence[tuple[int | None, items.Article]],
    read: Iterable[int],
    by: str,
    captures: Captures,
    *,
    store_body: bool = True,
) -> list[Difference]:
    """Write readings where they differ, and note in the same transaction by which rules these captures were read."""
    with writing(engine) as connection:
        found = find_differences(connection, stories, store_body=store_body)
        pairs = zip(stories, found, strict=True)
        changed = [story for (_, story), difference in pairs if difference.to_write]
        write_items(connection, changed, store_body=store_body, captures=captures)
        captures.sync()
        for some in chunks(read):
            connection.execute(update(Capture).where(CAPTURE.c.id.in_(some)).values(reread_by=by))
    return found


def _find_stored(
    connection: Connection, stories: Sequence[tuple[int | None, items.Article]]
) -> list[dict[str, Any] | None]:
    """The row of each reading's story; found by its address now or then, or by its capture."""
    urls = [url for _, story in stories for url in (story.url, *story.aliases)]
    by_url = find_stories(connection, urls)
    ids = [id_ for id_, _ in stories if id_ is not None]
    by_capture: dict[int, list[dict[str, Any]]] = {}
    for some in chunks(ids):
        for told in connection.execute(select(ARTICLE).where(ARTICLE.c.capture_id.in_(some))).mappings():
            by_capture.setdefault(told["capture_id"], []).append(dict(told))
    found: list[dict[str, Any] | None] = []
    for id_, story in stories:
        own = by_capture.get(id_, []) if id_ is not None else []
        row = by_url.get(story.url) or (own[0] if len(own) == 1 else None)
        if row:
            story.aliases = [url for url in (story.url, *story.aliases) if url != row["url"]]
            story.url, story.slug = row["url"], row["slug"]
        found.append(row)
    return found


def _find_revisions(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, int], Row]:
    rows: dict[tuple[int, int], Row] = {}
    for some in chunks(ids):
        found = select(REVISION).where(REVISION.c.capture_id.in_(some))
        rows |= {(row["article_id"], row["capture_id"]): row for row in connection.execute(found).mappings()}
    return rows


def _compare(
    look: Look, stored: dict[str, Any] | None, capture_id: int | None, revisions: Mapping[tuple[int, int], Row]
) -> tuple[Look, dict[str, Any] | None, Difference]:
    story, difference = look.item, Difference(url=look.item.url, is_current=False)
    story.afresh = True
    if stored is None or capture_id is None or capture_id != stored["capture_id"]:
        before = revisions.get((stored["id"], capture_id)) if stored and capture_id is not None else None
        if before:
            difference.fields = _differing(before, look.row, TEXT)
        same = before and all(before[name] == look.content[name] for name in ("text_hash", "reader_version"))
        difference.to_write = not same
        return look, stored, difference
    judge(look, stored)
    difference.is_current = True
    newer = story.reader_version > stored["reader_version"]
    difference.fields = _differing(stored, look.row, COMPARED if newer else (*TEXT, "blocks"))
    texts = ("text_hash", "blocks", "captions")
    difference.to_write = newer or any(stored[name] != look.row[name] for name in texts)
    if look.row["text_hash"] != stored["text_hash"] and not difference.fields:
        difference.fields["authors"] = ("", ", ".join(look.content["authors"]))
    if newer and look.row["facts_hash"] != stored["facts_hash"] and not difference.fields:
        difference.fields["tags, pictures, links or cards"] = ("", "")
    difference.kept = (len(stored["body"] or ""), len(look.row["body"] or ""))
    _keep_later_facts(story, stored, newer)
    return look, stored, difference


def _keep_later_facts(story: items.Article, stored: Row, newer: bool) -> None:
    """Let facts stay that were seen after the capture; a newer reader may know better, but for the latest change."""
    if newer:
        if stored["modified_at"] and story.modified_at:
            story.modified_at = max(stored["modified_at"], story.modified_at)
        return
    for name in FACTS:
        if name != "published_on":
            setattr(story, name, stored[name])
    story.tags = []  # not stated: what is stored stays


def _differing(before: Row, now: Row, names: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    return {name: (before[name], now[name]) for name in names if before[name] != now[name]}


def _compare_cut(connection: Connection, found: Sequence[tuple[Look, dict[str, Any] | None, Difference]]) -> None:
    """Add what was cut from the pages of current texts to the differences."""
    current = {
        stored["id"]: (look, difference) for look, stored, difference in found if difference.is_current and stored
    }
    cut = ArticleBoilerplate.__table__.c
    before: dict[int, list[tuple[Any, ...]]] = {}
    for some in chunks(current):
        rows = select(cut.article_id, cut.block, cut.rule, Boilerplate.fingerprint, Boilerplate.text)
        rows = rows.join_from(ArticleBoilerplate, Boilerplate).where(cut.article_id.in_(some))
        for id_, *piece in connection.execute(rows.order_by(cut.article_id, cut.position)):
            before.setdefault(id_, []).append(tuple(piece))
    for id_, (look, difference) in current.items():
        old = before.get(id_, [])
        new = [(row["block"], row["rule"], row["fingerprint"], row["text"]) for row in cut_pieces(look)]
        difference.cut = (sum(len(piece[3]) for piece in old), sum(len(piece[3]) for piece in new))
        if [piece[:3] for piece in old] != [piece[:3] for piece in new]:
            difference.fields["boilerplate"] = (_lines(old), _lines(new))
            difference.to_write = True


def _lines(pieces: Sequence[tuple[Any, ...]]) -> str:
    return "\n".join(f"{piece[1]}: {piece[3]}" for piece in pieces)
