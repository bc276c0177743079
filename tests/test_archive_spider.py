"""archive end to end: everything is fetched once, in whatever pieces, and planned before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kicrawl.archive.models import Article, Frontier, Sighting, Walk
from tests.replica import Site, serve
from tests.running import Ended, rows, run, started, stories_asked, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    """Forty stories on eight list pages and in three sitemaps."""
    with serve(count=40, list_size=5, feed_size=4, sitemap_size=16) as site:
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def archive(site: Site, database_url: str, folder: Path, *arguments: str, spider: str = "archive") -> Ended:
    """One run; forgets what the site was asked before."""
    site.log.clear()
    return run("crawl", spider, *arguments, folder=folder, database_url=database_url, root=site.root)


def slugs(database_url: str) -> set[str]:
    """The stories stored."""
    return {row["slug"] for row in rows(database_url, Article)}


def test_everything_is_stored_and_each_page_asked_for_once(site: Site, database_url: str, tmp_path: Path) -> None:
    ended = archive(site, database_url, tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert slugs(database_url) == {story.slug for story in site.stories}
    assert len(site.requested()) == len(set(site.requested()))
    assert rows(database_url, Walk) == []
    archive(site, database_url, tmp_path, spider="newsfeed")
    assert stories_asked(site) == 0
    assert list(site.requested("/news-archive/page")) == []


def test_since_and_until_take_the_first_and_not_the_last_moment(site: Site, sqlite: str, tmp_path: Path) -> None:
    since, until = site.stories[30].published, site.stories[10].published
    wanted = {story.slug for story in site.stories if since <= story.published < until}
    between = ("-a", f"since={since:%Y-%m-%dT%H:%M:%S}", "-a", f"until={until:%Y-%m-%dT%H:%M:%S}")
    assert archive(site, sqlite, tmp_path, *between).code == 0
    assert slugs(sqlite) == wanted
    assert archive(site, sqlite, tmp_path).code == 0
    assert slugs(sqlite) == {story.slug for story in site.stories}


def test_a_killed_run_is_gone_on_with_and_no_stored_story_asked_for_again(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    site.fault(".*", delay=0.05)
    with started("crawl", "archive", folder=tmp_path, database_url=sqlite, root=site.root) as process:
        wait_for(lambda: stories_asked(site) > 10)
        process.kill()
    site.faults.clear()
    before = slugs(sqlite)
    assert before
    archive(site, sqlite, tmp_path)
    assert slugs(sqlite) == {story.slug for story in site.stories}
    assert not before & {path.strip("/") for path in site.requested()}
    assert site.requested("/sitemap") == []  # read before the kill
    assert rows(sqlite, Walk) == []


def test_a_walk_killed_in_the_list_goes_on_in_the_list(site: Site, sqlite: str, tmp_path: Path) -> None:
    fault = site.fault("/news-archive/page/6/", status=403)
    ended = archive(site, sqlite, tmp_path)
    assert (ended.code, len(ended.err.splitlines())) == (3, 1)
    assert f"the list {site.root}/news-archive/page/6/ could not be read: the site answers 403" in ended.err
    site.faults.remove(fault)
    assert archive(site, sqlite, tmp_path).code == 0
    assert site.requested("/news-archive/")[:2] == ["/news-archive/page/5/", "/news-archive/page/6/"]
    listed = {row["url"] for row in rows(sqlite, Sighting) if row["route"] == "list"}
    assert listed == {site.url(story.slug) for story in site.stories}


def test_newsfeed_does_not_take_over_the_work_of_an_archive_run_that_was_left_off(sqlite: str, tmp_path: Path) -> None:
    with serve(count=120, list_size=10, feed_size=4) as site:
        site.fault(".*", delay=0.02)
        with started("crawl", "archive", folder=tmp_path, database_url=sqlite, root=site.root) as process:
            wait_for(lambda: stories_asked(site) > 5)
            process.kill()
        site.faults.clear()
        new = site.publish(n=3)
        archive(site, sqlite, tmp_path, spider="newsfeed")
        assert {story.slug for story in new} <= slugs(sqlite)
        assert stories_asked(site) <= 60 + 10 + 4 + 3  # what list and feed show, and sixty of the others


def test_a_sitemap_that_is_damaged_is_a_clear_line_and_the_list_gives_every_story(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    body = site.answer("/sitemap-posts-2.xml").body
    site.fault("/sitemap-posts-2.xml", body=body[: len(body) // 2])
    ended = archive(site, sqlite, tmp_path)
    assert ended.code == 3
    [line] = ended.err.splitlines()
    assert line.startswith(f"kicrawl: archive is incomplete: the sitemap {site.root}/sitemap-posts-2.xml is damaged: ")
    assert slugs(sqlite) == {story.slug for story in site.stories}


def test_without_any_sitemap_the_list_gives_every_story(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/sitemap.*", status=404)
    ended = archive(site, sqlite, tmp_path)
    assert (ended.code, "sitemap.xml could not be read: the site answers 404" in ended.err) == (3, True)
    assert slugs(sqlite) == {story.slug for story in site.stories}


@pytest.mark.parametrize("sitemaps", [True, False])
def test_a_plan_is_made_in_few_requests_and_stores_nothing(
    site: Site, sqlite: str, tmp_path: Path, sitemaps: bool
) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 0.5\nDisallow: /author/\n"
    if not sitemaps:
        site.fault("/sitemap.*", status=404)
    ended = archive(site, sqlite, tmp_path, "-a", "plan=1")
    assert (ended.code, ended.err) == (0, "")
    assert len(site.log) < 20
    told = ended.out
    assert "40 stories by the length of the list" in told or "42 stories in the sitemap" in told
    assert "8 list pages" in told or "9 list pages" in told
    assert "hours at 0.5 s each" in told
    assert "megabytes" in told
    assert "robots.txt allows stories, lists, sitemaps and forbids author pages, and asks for 0.5 s between" in told
    assert (rows(sqlite, Article), rows(sqlite, Frontier), rows(sqlite, Sighting)) == ([], [], [])


def test_a_plan_counts_only_what_is_left_to_fetch(site: Site, sqlite: str, tmp_path: Path) -> None:
    archive(site, sqlite, tmp_path)
    site.publish(n=3, at=site.stories[0].published + timedelta(days=1))
    assert ": 3 to fetch" in archive(site, sqlite, tmp_path, "-a", "plan=1").out
