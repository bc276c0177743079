"""Who is named above stories."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from kicrawl.archive.models import ArticleAuthor
from kicrawl.archive.upserts import chunks


def read_bylines(connection: Connection, articles: Collection[int]) -> dict[int, list[str]]:
    """The names in the bylines of these stories, in order; of those that have any."""
    names: dict[int, list[str]] = {}
    for some in chunks(articles):
        named = select(ArticleAuthor.article_id, ArticleAuthor.name).where(ArticleAuthor.article_id.in_(some))
        for id_, name in connection.execute(named.order_by(ArticleAuthor.article_id, ArticleAuthor.position)):
            names.setdefault(id_, []).append(name)
    return names
