"""What hangs on a story's row: authors, tags, images, related cards, links, boilerplate. Replaced as a whole."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, delete, select

from kicrawl.archive.authors import Mention, name_authors
from kicrawl.archive.changes import Change
from kicrawl.archive.folding import fingerprint, fold_numbers
from kicrawl.archive.looks import Look
from kicrawl.archive.models import (
    ArticleAuthor,
    ArticleBoilerplate,
    ArticleTag,
    Base,
    Boilerplate,
    Image,
    Link,
    Related,
    Tag,
)
from kicrawl.archive.past import changed_parts, keep_parts, read_parts
from kicrawl.archive.upserts import chunks, insert_new, insert_rows, widen_seen

Rows = list[dict[str, Any]]


def write_parts(connection: Connection, changes: Sequence[Change]) -> None:
    """Write what each look says beside its story's own row, in place of what was said before.

    A look that states no authors or tags erases those stated before only if the publisher changed the story: another
    look may have had them from a better source.
    """
    _replace(connection, Image, [(change, change.look.images) for change in changes])
    _replace(connection, Related, [(change, change.look.related) for change in changes])
    _replace(connection, Link, [(change, change.look.links) for change in changes])
    _write_tags(connection, [change for change in changes if change.look.tags or change.verdict == "updated"])
    _write_authors(
        connection, [change for change in changes if change.look.item.authors or change.verdict == "updated"]
    )
    _write_boilerplate(connection, changes)


def _replace(connection: Connection, table: type[Base], parts: Sequence[tuple[Change, Rows]]) -> None:
    """Write the rows of those stories whose rows are not so already; what stood there is kept in `past`."""
    name, column = table.__tablename__, table.__table__.c.article_id
    rows = {change.article_id: part for change, part in parts}
    known = {change.article_id for change, _ in parts if change.verdict != "new"}
    placed = {id_: [{"position": position, **row} for position, row in enumerate(rows[id_])] for id_ in known}
    old = changed_parts(read_parts(connection, name, known), placed)
    keep_parts(connection, name, old)
    for ids in chunks(old):
        connection.execute(delete(table).where(column.in_(ids)))
    written = [
        {"article_id": id_, "position": position, **row}
        for id_, part in rows.items()
        if id_ not in known or id_ in old
        for position, row in enumerate(part)
    ]
    insert_rows(connection, table, written)


def _write_tags(connection: Connection, changes: Sequence[Change]) -> None:
    names = {name for change in changes for name in change.look.tags}
    insert_new(connection, Tag, [{"name": name} for name in sorted(names)], key=["name"])
    ids = _ids(connection, Tag, "name", names)
    _replace(
        connection, ArticleTag, [(change, [{"tag_id": ids[name]} for name in change.look.tags]) for change in changes]
    )


def _write_authors(connection: Connection, changes: Sequence[Change]) -> None:
    mentions = [
        [Mention(author, change.look.seen_at) for author in change.look.item.authors if author.name]
        for change in changes
    ]
    named = iter(name_authors(connection, [mention for some in mentions for mention in some]))
    _replace(
        connection,
        ArticleAuthor,
        [(change, [next(named) for _ in some]) for change, some in zip(changes, mentions, strict=True)],
    )


def _write_boilerplate(connection: Connection, changes: Sequence[Change]) -> None:
    cut = [(change, cut_pieces(change.look)) for change in changes]
    banners = _seen_banners(cut)
    widen_seen(connection, Boilerplate, banners, key=["fingerprint"])
    ids = _ids(connection, Boilerplate, "fingerprint", [banner["fingerprint"] for banner in banners])
    links = [
        (
            change,
            [
                {
                    "position": row["position"],
                    "block": row["block"],
                    "rule": row["rule"],
                    "boilerplate_id": ids[row["fingerprint"]],
                }
                for row in rows
            ],
        )
        for change, rows in cut
    ]
    _replace(connection, ArticleBoilerplate, links)


def _seen_banners(cut: Sequence[tuple[Change, Rows]]) -> Rows:
    """Each banner that was cut, once, from the first to the last time at which it was seen."""
    banners: dict[str, dict[str, Any]] = {}
    for change, rows in cut:
        at = change.look.seen_at
        for row in rows:
            banner = banners.get(row["fingerprint"])
            if banner is None:
                told = {name: row[name] for name in ("text", "rule", "fingerprint")}
                banners[row["fingerprint"]] = {**told, "first_seen_at": at, "last_seen_at": at}
            elif at < banner["first_seen_at"]:
                banner["first_seen_at"] = at
            elif at > banner["last_seen_at"]:
                banner["last_seen_at"] = at
    return list(banners.values())


def cut_pieces(look: Look) -> Rows:
    """What was cut from the page: its place among all blocks of the page, its text, the rule, and the banner it is."""
    if not look.store_body:
        return []
    blocks = look.item.blocks
    before = accumulate((block.role == "story" for block in blocks), initial=0)
    return [
        {
            "position": position,
            "block": block_of_story,
            "text": block.text,
            "rule": block.rule,
            "fingerprint": fingerprint_of(block.text),
        }
        for position, (block, block_of_story) in enumerate(zip(blocks, before, strict=False))
        if block.role == "boilerplate"
    ]


@lru_cache(maxsize=4096)  # the same banners stand on every page
def fingerprint_of(piece: str) -> str:
    """By which a piece that was cut is known again, whatever its numbers are today."""
    return fingerprint(fold_numbers(piece))


def _ids(connection: Connection, table: type[Base], key: str, values: Iterable[str]) -> dict[str, int]:
    columns = table.__table__.c
    ids: dict[str, int] = {}
    for some in chunks(values):
        found = select(columns[key], columns.id).where(columns[key].in_(some))
        ids |= dict(connection.execute(found).all())
    return ids
