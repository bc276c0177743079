"""authors end to end: their pages are read to the end, and what they lead to becomes due."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kicrawl.archive.models import Article, Author, AuthorRole, Sighting
from tests.replica import Site, serve
from tests.replica.stories import Story
from tests.running import Ended, let_pass, rows, run

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    """Sixty stories, five to an author's page."""
    with serve(count=60, list_size=5) as site:
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def crawl(spider: str, site: Site, database_url: str, folder: Path, *arguments: str) -> Ended:
    """One run; forgets what the site was asked before."""
    site.log.clear()
    return run("crawl", spider, *arguments, folder=folder, database_url=database_url, root=site.root)


def is_unlinked(story: Story, site: Site) -> bool:
    """Whether no other story names this one's address."""
    return not any(story.slug in repr(other) for other in site.stories if other is not story)


def test_pages_are_read_to_the_end_and_nothing_is_invented_for_guests(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    crawl("newsfeed", site, database_url, tmp_path)
    ended = crawl("authors", site, database_url, tmp_path)
    assert (ended.code, ended.err) == (0, "")
    known = {row["slug"]: row for row in rows(database_url, Author) if row["slug"]}
    assert set(known) == {slug for story in site.stories for slug in story.authors}
    for slug, row in known.items():
        expected = site.expected_author(slug)
        assert [card["url"] for card in row["stories"]] == [card["url"] for card in expected["stories"]], slug
        assert (row["name"], row["role"], row["bio"]) == (expected["name"], expected["role"], expected["bio"]), slug
    assert any(row["role"] is None for row in known.values())
    assert any(row["bio"] is None for row in known.values())
    assert crawl("authors", site, database_url, tmp_path).code == 0
    assert site.log == []  # read again after a week
    let_pass(database_url, days=8)
    crawl("authors", site, database_url, tmp_path)
    assert site.requested("/author/")


def test_stories_met_on_an_authors_page_are_stored_by_the_next_newsfeed(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    hidden = next(story.slug for story in site.stories[20:] if "ilva" in story.authors and is_unlinked(story, site))
    site.hide(hidden, "list", "sitemap")
    crawl("newsfeed", site, sqlite, tmp_path)
    assert hidden not in {row["slug"] for row in rows(sqlite, Article)}
    crawl("authors", site, sqlite, tmp_path, "-a", "author=ilva")
    assert {path.split("/")[2] for path in site.requested("/author/")} == {"ilva"}
    crawl("newsfeed", site, sqlite, tmp_path)
    assert hidden in {row["slug"] for row in rows(sqlite, Article)}
    routes = {row["route"] for row in rows(sqlite, Sighting) if row["url"] == site.url(hidden)}
    assert routes >= {"author"}


def test_a_role_that_changes_is_kept_with_the_times_it_was_seen(site: Site, sqlite: str, tmp_path: Path) -> None:
    crawl("authors", site, sqlite, tmp_path, "-a", "author=ilva")
    before = rows(sqlite, Author)[0]["role"]
    let_pass(sqlite, days=1)
    site.edit_author("ilva", role="Editor-at-large of the lower river")
    crawl("authors", site, sqlite, tmp_path, "-a", "author=ilva")
    [author] = rows(sqlite, Author)
    assert author["role"] == "Editor-at-large of the lower river"
    roles = sorted((row["first_seen_at"], row["role"]) for row in rows(sqlite, AuthorRole))
    assert [role for _, role in roles] == [before, "Editor-at-large of the lower river"]


def test_an_author_who_is_not_there_is_named_and_the_others_are_read(site: Site, sqlite: str, tmp_path: Path) -> None:
    ended = crawl("authors", site, sqlite, tmp_path, "-a", "author=nobody,oskar-dellen-8060")
    assert ended.code == 3
    assert f"the author's page {site.root}/author/nobody/ could not be read: the site answers 404" in ended.err
    assert [row["slug"] for row in rows(sqlite, Author)] == ["oskar-dellen-8060"]


def test_authors_are_named_by_slugs(site: Site, sqlite: str, tmp_path: Path) -> None:
    ended = crawl("authors", site, sqlite, tmp_path, "-a", "author=Ann Example")
    assert (ended.code, len(ended.lines)) == (2, 1)
    assert "must be last parts of authors' addresses" in ended.err
