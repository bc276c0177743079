"""Which addresses the archive knows already."""

from collections.abc import Collection

from sqlalchemy import Engine, select

from kicrawl.archive.models import Alias, Article, Author


def known_stories(engine: Engine, urls: Collection[str]) -> set[str]:
    """Those of the addresses that are a stored story's, by its own address or another it was met at."""
    stories = select(Article.url).where(Article.url.in_(urls))
    aliases = select(Alias.url).where(Alias.url.in_(urls))
    with engine.connect() as connection:
        return set(connection.scalars(stories.union(aliases)))


def known_profiles(engine: Engine, urls: Collection[str]) -> set[str]:
    """Those of the addresses that are an author's whose own page has been read."""
    with engine.connect() as connection:
        return set(
            connection.scalars(select(Author.url).where(Author.url.in_(urls), Author.profile_seen_at.is_not(None)))
        )
