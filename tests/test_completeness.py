"""Nothing is missed: hidden stories, long gaps, killed walks, stories published while a run looks on."""

import json
from pathlib import Path

import pytest

from kicrawl.archive.models import Article, Author, Walk
from tests.replica import Site, serve
from tests.running import Ended, ended, let_pass, rows, run, started, stories_asked, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def newsfeed(site: Site, database_url: str, folder: Path, *arguments: str) -> Ended:
    """One run; forgets what the site was asked before."""
    site.log.clear()
    done = run("crawl", "newsfeed", *arguments, folder=folder, database_url=database_url, root=site.root)
    assert done.code == 0, done.err
    return done


def kill_when_asked(site: Site, path: str, database_url: str, folder: Path) -> None:
    """A run of newsfeed that is killed when it asks for a page, which it does not get."""
    slow = site.fault(path, delay=5, drop=True)
    with started("crawl", "newsfeed", folder=folder, database_url=database_url, root=site.root) as process:
        wait_for(lambda: slow.times == 0 or len([r for r in site.log if r.path == "/news-archive/"]))
        wait_for(lambda: walk_is_at(database_url, path))
    site.faults.remove(slow)
    assert process.wait() == -9


def walk_is_at(database_url: str, path: str) -> bool:
    """Whether a walk has come to where it asks for this page."""
    return any((walk["next_url"] or "").endswith(path) for walk in rows(database_url, Walk))


def missing(site: Site, database_url: str) -> set[str]:
    """The stories of the site that are not stored."""
    return {story.slug for story in site.stories} - {row["slug"] for row in rows(database_url, Article)}


def test_seven_new_stories_take_seven_more_requests_and_those_of_unknown_authors(sqlite: str, tmp_path: Path) -> None:
    with serve(count=40) as site:
        newsfeed(site, sqlite, tmp_path)
        known = {row["slug"] for row in rows(sqlite, Author)}
        new = site.publish(n=7)
        unknown = {slug for story in new for slug in story.authors} - known
        newsfeed(site, sqlite, tmp_path)
        assert len(site.log) == 3 + 7 + len(unknown)
        assert missing(site, sqlite) == set()
        newsfeed(site, sqlite, tmp_path)
        assert len(site.log) == 3


@pytest.mark.long
def test_two_thousand_stories_and_nothing_new_take_three_requests(sqlite: str, tmp_path: Path) -> None:
    with serve(count=2000) as site:
        newsfeed(site, sqlite, tmp_path)
        newsfeed(site, sqlite, tmp_path)
        assert len(site.log) == 3
        site.publish(n=7)
        newsfeed(site, sqlite, tmp_path)
        assert len(site.log) == 10
        let_pass(sqlite, days=200)
        newsfeed(site, sqlite, tmp_path)
        assert stories_asked(site) == 60
        sitemaps = site.requested("/sitemap")
        assert len(site.log) - len(sitemaps) == 3 + 60


def test_stories_hidden_from_sitemap_or_lists_are_stored_and_named_by_coverage(
    database_url: str, tmp_path: Path
) -> None:
    with serve(count=100) as site:
        unmapped = {story.slug for story in site.stories[5:95:3]}
        unlisted = {story.slug for story in site.stories[6:66:3]}
        for slug in unmapped:
            site.hide(slug, "sitemap")
        for slug in unlisted:
            site.hide(slug, "list")
        assert (len(unmapped), len(unlisted)) == (30, 20)
        newsfeed(site, database_url, tmp_path)
        assert missing(site, database_url) == set()
        told = run("coverage", "--json", folder=tmp_path, database_url=database_url)
        found = json.loads(told.out)
        assert {row["url"] for row in found["not_shown"]["sitemap"]} == {site.url(slug) for slug in unmapped}
        assert {row["url"] for row in found["not_shown"]["list"]} == {site.url(slug) for slug in unlisted}
        assert found["missing"] == []
        named = run("coverage", "--month", folder=tmp_path, database_url=database_url).out
        assert {line.split()[0] for line in named.splitlines() if line.startswith("http")} == {
            site.url(slug) for slug in unmapped | unlisted
        }


def test_a_gap_is_closed_though_the_first_walk_was_killed_on_page_2(database_url: str, tmp_path: Path) -> None:
    with serve(count=30, list_size=5, feed_size=5) as site:
        newsfeed(site, database_url, tmp_path)
        for story in site.publish(n=40):
            site.hide(story.slug, "sitemap")
        kill_when_asked(site, "/news-archive/page/2/", database_url, tmp_path)
        assert missing(site, database_url)
        newsfeed(site, database_url, tmp_path)
        assert missing(site, database_url) == set()
        assert rows(database_url, Walk) == []


@pytest.mark.long
def test_two_hundred_stories_published_between_two_runs_are_all_stored(sqlite: str, tmp_path: Path) -> None:
    with serve(count=60) as site:
        newsfeed(site, sqlite, tmp_path)
        for story in site.publish(n=200):
            site.hide(story.slug, "sitemap")
        kill_when_asked(site, "/news-archive/page/2/", sqlite, tmp_path)
        newsfeed(site, sqlite, tmp_path)
        assert missing(site, sqlite) == set()


def test_walks_killed_again_and_again_leave_no_hole(sqlite: str, tmp_path: Path) -> None:
    with serve(count=20, list_size=4, feed_size=2) as site:
        newsfeed(site, sqlite, tmp_path)
        for number in (2, 4, 3):
            for story in site.publish(n=12):
                site.hide(story.slug, "sitemap")
            kill_when_asked(site, f"/news-archive/page/{number}/", sqlite, tmp_path)
        assert len(rows(sqlite, Walk)) == 3
        newsfeed(site, sqlite, tmp_path)
        assert missing(site, sqlite) == set()
        assert rows(sqlite, Walk) == []
        assert len(set(site.requested("/news-archive/page/"))) < 20


def test_a_walk_that_pages_limited_is_gone_on_with_by_the_next(sqlite: str, tmp_path: Path) -> None:
    with serve(count=40, list_size=5, feed_size=5) as site:
        newsfeed(site, sqlite, tmp_path, "-a", "pages=2")
        assert len(missing(site, sqlite)) == 30
        site.fault("/sitemap.*", status=404)
        newsfeed(site, sqlite, tmp_path)
        assert missing(site, sqlite) == set()


def test_stories_published_during_a_run_are_stored_by_the_end_of_the_next(sqlite: str, tmp_path: Path) -> None:
    with serve(count=60, list_size=5, feed_size=3) as site:
        site.fault(".*", delay=0.03)
        with started("crawl", "newsfeed", folder=tmp_path, database_url=sqlite, root=site.root) as process:
            for asked in (3, 6, 9, 12, 20, 40):
                wait_for(lambda asked=asked: len(site.log) >= asked)
                for story in site.publish(n=4):
                    site.hide(story.slug, "sitemap")
            assert ended(process, timeout=120).code == 0
        assert missing(site, sqlite)
        newsfeed(site, sqlite, tmp_path)
        assert missing(site, sqlite) == set()
