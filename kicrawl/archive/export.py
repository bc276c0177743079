"""The archive's rows as plain objects, with the fields that other programs rely on (docs/columns.md, "Export")."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from kicrawl.archive.models import AuthorRole, Tag
from kicrawl.archive.past import Row, Rows
from kicrawl.archive.snapshot import Snapshot, Wanted, snapshot

Object = dict[str, Any]

ARTICLE_FIELDS = (
    "url slug title subtitle kicker tags kind language access published_at published_on modified_at reading_minutes"
    " authors body blocks links captions images related word_count first_seen_at last_seen_at gone_at revision_count"
    " duplicate_of sources"
).split()
AUTHOR_FIELDS = "url slug name role bio links stories".split()
REVISION_FIELDS = (
    "url number title subtitle authors body captions seen_from seen_until modified_at cause reader_version".split()
)
# Fields that are the rows of another table: its name, and which of its columns they show.
SHOWN = {
    "links": ("link", ("url", "text", "block")),
    "images": ("image", ("url", "alt", "caption", "credit")),
    "related": ("related", ("url", "title", "excerpt")),
}
HANGING = ("article_tag", "article_author", "link", "image", "related")


def export_articles(engine: Engine, wanted: Wanted | None = None) -> Iterator[Object]:
    """Every story, in the order of addresses."""
    with snapshot(engine, wanted) as shot:
        for page in shot.story_pages(HANGING):
            yield from _articles(shot, page)


def export_authors(engine: Engine, wanted: Wanted | None = None) -> Iterator[Object]:
    """Every author, in the order of names; which stories are wanted does not matter."""
    with snapshot(engine, wanted) as shot:
        for page in shot.author_pages():
            yield from (plain(row, AUTHOR_FIELDS) for row in page)


def export_revisions(engine: Engine, wanted: Wanted | None = None) -> Iterator[Object]:
    """Every earlier text, in the order of addresses and of time."""
    with snapshot(engine, wanted) as shot:
        for page in shot.story_pages(()):
            for story in page:
                yield from (plain({**row, "url": story["url"]}, REVISION_FIELDS) for row in story["revision"])


Export = Callable[[Engine, Wanted | None], Iterator[Object]]
EXPORTS: dict[str, tuple[Export, Sequence[str]]] = {
    "article": (export_articles, ARTICLE_FIELDS),
    "author": (export_authors, AUTHOR_FIELDS),
    "revision": (export_revisions, REVISION_FIELDS),
}


def plain(row: Row, names: Sequence[str]) -> Object:
    """The named fields, as JSON can hold them: times in UTC ending in Z, days as 2025-06-03."""
    return {name: plain_value(row[name]) for name in names}


def plain_value(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime):
        precision = "milliseconds" if value.microsecond else "seconds"
        return value.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return dict(sorted(value.items()))  # PostgreSQL keeps no order
    return value


def _articles(shot: Snapshot, page: Rows) -> Iterator[Object]:
    tags = shot.rows(Tag, _named(page, "article_tag", "tag_id"))
    people = shot.authors(_named(page, "article_author", "author_id"))
    roles = shot.rows(AuthorRole, _named(page, "article_author", "author_role_id"))
    originals = shot.addresses({story["duplicate_of_id"] for story in page} - {None})
    for story in page:
        fields: Object = {
            "tags": [tags[row["tag_id"]]["name"] for row in story["article_tag"]],
            "authors": [
                _author(row, people[row["author_id"]], roles.get(row["author_role_id"], {}))
                for row in story["article_author"]
            ],
            "revision_count": len(story["revision"]),
            "duplicate_of": originals.get(story["duplicate_of_id"]),
        }
        for field, (table, names) in SHOWN.items():
            fields[field] = [{name: row[name] for name in names} for row in story[table]]
        yield plain({**story, **fields}, ARTICLE_FIELDS)


def _named(page: Rows, table: str, column: str) -> set[int]:
    """The ids that rows of a table name."""
    return {row[column] for story in page for row in story[table] if row[column] is not None}


def _author(row: Row, person: Row, role: Row) -> Object:
    stated = {"role": role.get("role"), "bio": role.get("bio")}
    return {"name": row["name"], "slug": person["slug"], **stated, "url": person["url"]}
