"""One story with all that is known of it: its fields, its earlier texts, and what was cut from its page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from kicrawl.archive.bylines import read_bylines
from kicrawl.archive.edits import Edit, edits_of
from kicrawl.archive.models import (
    Alias,
    Article,
    ArticleBoilerplate,
    ArticleTag,
    Boilerplate,
    Tag,
)

ARTICLE = Article.__table__
MOST = 20  # addresses that are offered where one name means several stories


@dataclass(frozen=True)
class Cut:
    """A piece that was cut from a story's page, and the place in the story where it stood."""

    rule: str | None
    text: str
    block: int  # it stood before this block of the story


@dataclass(frozen=True)
class Story:
    """A story as it is stored."""

    row: dict[str, Any]  # of article
    authors: list[str]
    tags: list[str]
    aliases: list[str]
    duplicate_of: str | None
    edits: list[Edit]
    cut: list[Cut]


def find_addresses(engine: Engine, name: str) -> list[str]:
    """The addresses of the stories that a user may mean by an address, an alias, or the last part of an address."""
    slug = name.strip("/").rsplit("/", 1)[-1]
    with engine.connect() as connection:
        for addresses in ([name], [name.rstrip("/"), name.rstrip("/") + "/"]):
            exact = select(ARTICLE.c.url).where(ARTICLE.c.url.in_(addresses))
            by_alias = select(ARTICLE.c.url).join(Alias, Alias.article_id == ARTICLE.c.id)
            found = connection.execute(exact.union(by_alias.where(Alias.url.in_(addresses)))).scalars().all()
            if found:
                return sorted(found)
        by_slug = select(ARTICLE.c.url).where(ARTICLE.c.slug == slug).order_by(ARTICLE.c.url).limit(MOST)
        return list(connection.execute(by_slug).scalars())


def read_story(engine: Engine, url: str) -> Story | None:
    """The story at an address; None if there is none."""
    with engine.connect() as connection:
        columns = [column for column in ARTICLE.c if column.name != "search"]
        found = connection.execute(select(*columns).where(ARTICLE.c.url == url)).mappings().first()
        if found is None:
            return None
        row, id_ = dict(found), found["id"]
        original = select(ARTICLE.c.url).where(ARTICLE.c.id == row["duplicate_of_id"])
        return Story(
            row=row,
            authors=read_bylines(connection, [id_]).get(id_, []),
            tags=_read_tags(connection, id_),
            aliases=list(connection.scalars(select(Alias.url).where(Alias.article_id == id_).order_by(Alias.url))),
            duplicate_of=connection.scalar(original) if row["duplicate_of_id"] else None,
            edits=list(edits_of(connection, [id_])),
            cut=_read_cut(connection, id_),
        )


def _read_tags(connection: Connection, article_id: int) -> list[str]:
    names = select(Tag.name).join_from(ArticleTag, Tag).where(ArticleTag.article_id == article_id)
    return list(connection.scalars(names.order_by(ArticleTag.position)))


def _read_cut(connection: Connection, article_id: int) -> list[Cut]:
    found = (
        select(ArticleBoilerplate.rule, Boilerplate.text, ArticleBoilerplate.block)
        .join_from(ArticleBoilerplate, Boilerplate)
        .where(ArticleBoilerplate.article_id == article_id)
        .order_by(ArticleBoilerplate.position)
    )
    return [Cut(*row) for row in connection.execute(found)]
