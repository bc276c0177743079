"""Stories that are taken down, come back, or move: end to end, against the replica."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kicrawl.archive.models import Alias, Article, Frontier, Revision
from tests.replica import Site, serve
from tests.running import Ended, let_pass, rows, run

pytestmark = pytest.mark.slow

HOME = {"status": 301, "headers": {"Location": "/"}}
LIST = {"status": 302, "headers": {"Location": "/news-archive/"}}


@pytest.fixture
def site() -> Iterator[Site]:
    """Twenty stories in layout C, whose pages state Ghost's ids."""
    with serve("C", count=20) as site:
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def newsfeed(site: Site, database_url: str, folder: Path) -> Ended:
    """One run."""
    site.log.clear()
    return run("crawl", "newsfeed", folder=folder, database_url=database_url, root=site.root)


def stored(database_url: str, slug: str) -> dict[str, Any]:
    """The row of a story."""
    [row] = [row for row in rows(database_url, Article) if row["slug"] == slug]
    return row


def test_a_story_taken_down_is_gone_at_the_second_look_and_back_when_its_page_is(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    newsfeed(site, database_url, tmp_path)
    slug = site.stories[3].slug
    body = stored(database_url, slug)["body"]
    taken_down = site.unpublish(slug)
    ended = newsfeed(site, database_url, tmp_path)  # the list no longer shows it
    assert (ended.code, site.requested(f"/{slug}/")) == (0, [f"/{slug}/"])
    assert stored(database_url, slug)["gone_at"] is None
    newsfeed(site, database_url, tmp_path)
    assert site.requested(f"/{slug}/") == []
    let_pass(database_url, hours=25)
    newsfeed(site, database_url, tmp_path)
    row = stored(database_url, slug)
    assert (row["body"], row["gone_at"] is not None) == (body, True)
    assert row["last_seen_at"] < row["gone_at"]
    let_pass(database_url, days=1)
    newsfeed(site, database_url, tmp_path)
    assert site.requested(f"/{slug}/") == []  # monthly from now on
    del site.gone[slug]
    site.publish(taken_down)
    newsfeed(site, database_url, tmp_path)
    assert stored(database_url, slug)["gone_at"] is None
    assert len(rows(database_url, Article)) == 20


@pytest.mark.parametrize("fault", [{"status": 410}, HOME, LIST], ids=["410", "home", "list"])
def test_410_and_redirects_to_home_or_a_list_count_as_404(
    site: Site, sqlite: str, tmp_path: Path, fault: dict[str, Any]
) -> None:
    newsfeed(site, sqlite, tmp_path)
    slug = site.stories[3].slug
    site.fault(f"/{slug}/", **fault)
    for _ in range(2):
        let_pass(sqlite, days=200)
        newsfeed(site, sqlite, tmp_path)
    assert stored(sqlite, slug)["gone_at"]
    assert [row["slug"] for row in rows(sqlite, Article) if row["gone_at"]] == [slug]


def test_one_look_that_misses_a_story_makes_nothing_gone(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    slug = site.stories[3].slug
    site.fault(f"/{slug}/", status=404, times=1)
    for _ in range(3):
        let_pass(sqlite, days=200)
        newsfeed(site, sqlite, tmp_path)
    assert stored(sqlite, slug)["gone_at"] is None


def test_many_known_stories_answering_404_are_the_sites_mistake(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    for story in site.stories[:6]:
        site.fault(f"/{story.slug}/", status=404)
    for _ in range(2):
        let_pass(sqlite, days=200)
        ended = newsfeed(site, sqlite, tmp_path)
        assert ended.code == 3
        assert "6 of 20 known stories answer 404, more than 5%: none is marked as gone" in ended.err
        assert len(ended.err.splitlines()) == 1
    assert not [row for row in rows(sqlite, Article) if row["gone_at"]]


@pytest.mark.parametrize("layout", ["C", "B"])
def test_a_story_that_a_redirect_leads_to_is_the_same_story_with_an_alias(
    database_url: str, tmp_path: Path, layout: str
) -> None:
    with serve(layout, count=12) as site:
        newsfeed(site, database_url, tmp_path)
        old = site.stories[3].slug
        before = stored(database_url, old)
        site.retitle(old, "Lantern makers move upriver", new_slug="lantern-makers-move-upriver", redirect=True)
        newsfeed(site, database_url, tmp_path)
        row = stored(database_url, "lantern-makers-move-upriver")
        assert (row["id"], row["title"]) == (before["id"], "Lantern makers move upriver")
        assert [(alias["url"], alias["article_id"]) for alias in rows(database_url, Alias)] == [
            (site.url(old), before["id"])
        ]
        assert [revision["title"] for revision in rows(database_url, Revision)] == [before["title"]]
        assert len(rows(database_url, Article)) == 12


@pytest.mark.parametrize(
    ("layout", "feed"), [("C", True), ("B", True), ("B", False)], ids=["id on the page", "id in the feed", "no id"]
)
def test_a_renamed_story_that_leaves_a_404_is_the_same_story_with_an_alias(
    sqlite: str, tmp_path: Path, layout: str, feed: bool
) -> None:
    with serve(layout, count=12) as site:
        if not feed:
            site.fault("/news-archive/rss/", status=404)
        newsfeed(site, sqlite, tmp_path)
        old = site.stories[3].slug
        before = stored(sqlite, old)
        site.retitle(old, "Lantern makers move upriver", new_slug="lantern-makers-move-upriver")
        let_pass(sqlite, hours=2)  # the lists of layout B state no times: there it is the sitemap that tells
        before = stored(sqlite, old)
        newsfeed(site, sqlite, tmp_path)
        row = stored(sqlite, "lantern-makers-move-upriver")
        assert (row["id"], row["gone_at"], row["title"]) == (before["id"], None, "Lantern makers move upriver")
        assert [alias["url"] for alias in rows(sqlite, Alias)] == [site.url(old)]
        assert len(rows(sqlite, Article)) == 12
        [revision] = rows(sqlite, Revision)
        assert (revision["title"], revision["seen_from"]) == (before["title"], before["last_seen_at"])
        let_pass(sqlite, days=2)
        newsfeed(site, sqlite, tmp_path)
        assert site.requested(f"/{old}/") == []
        assert {row["state"] for row in rows(sqlite, Frontier) if old in row["url"]} == {"stored"}
