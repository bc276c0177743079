"""newsfeed end to end: the real command against the replica of the site, into real databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kicrawl.archive.models import Article, Author, Revision, Sighting
from tests.replica import Site, serve
from tests.running import Ended, everything, let_pass, rows, run, stories_asked

pytestmark = pytest.mark.slow

CHALLENGE = b"""<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1><div id="cf-challenge"></div></body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    """Twenty stories on four list pages, eight of them in the feed."""
    with serve(count=20, list_size=5, feed_size=8) as site:
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def newsfeed(site: Site, database_url: str, folder: Path, *arguments: str) -> Ended:
    """One run; forgets what the site was asked before."""
    site.log.clear()
    return run("crawl", "newsfeed", *arguments, folder=folder, database_url=database_url, root=site.root)


def slugs(database_url: str) -> set[str]:
    """The stories stored."""
    return {row["slug"] for row in rows(database_url, Article)}


def test_a_first_run_stores_every_story_and_the_authors_profiles(site: Site, database_url: str, tmp_path: Path) -> None:
    ended = newsfeed(site, database_url, tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("newsfeed: 20 stories new, 0 changed, 0 as before")
    stored = {row["slug"]: row for row in rows(database_url, Article)}
    for story in site.stories:
        row, expected = stored[story.slug], site.expected(story.slug)
        assert (row["url"], row["published_at"]) == (site.url(story.slug), story.published)
        paragraphs = (row["body"] or "").split("\n\n")
        assert row["title"] == expected["title"]
        assert [text for text in paragraphs if text and text not in expected["body_optional"]] == expected["body"]
    assert all(row["profile_seen_at"] for row in rows(database_url, Author) if row["url"])


def test_pages_read_again_unchanged_move_only_the_times_of_the_looks(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    moving = ("last_seen_at", "due_at", "changed_at", "profile_seen_at")
    newsfeed(site, database_url, tmp_path)
    let_pass(database_url, days=200)
    before = everything(database_url, without=moving) | {"frontier": []}
    seen_before = {row["url"]: row["last_seen_at"] for row in rows(database_url, Article)}
    ended = newsfeed(site, database_url, tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("newsfeed: nothing new, 20 stories as before")
    assert everything(database_url, without=moving) | {"frontier": []} == before
    assert all(row["last_seen_at"] > seen_before[row["url"]] for row in rows(database_url, Article))
    assert 304 in {request.status for request in site.log}


def test_a_run_with_nothing_new_makes_three_requests(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.out == "newsfeed: nothing new, 0 stories as before\n"
    assert site.requested() == ["/robots.txt", "/news-archive/rss/", "/news-archive/"]


def test_stories_are_read_again_by_their_age_and_not_with_refresh_0(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/sitemap.*", status=404)
    [young] = site.publish(n=1, at=datetime.now(UTC) - timedelta(hours=2))
    newsfeed(site, sqlite, tmp_path)
    let_pass(sqlite, minutes=40)
    newsfeed(site, sqlite, tmp_path, "-a", "refresh=0")
    assert site.requested("/" + young.slug) == []
    newsfeed(site, sqlite, tmp_path)
    assert [path for path in site.requested()[3:] if "sitemap" not in path] == [f"/{young.slug}/"]


def test_at_most_sixty_stories_are_read_again_in_one_run(sqlite: str, tmp_path: Path) -> None:
    with serve(count=80) as site:
        newsfeed(site, sqlite, tmp_path)
        let_pass(sqlite, days=200)
        newsfeed(site, sqlite, tmp_path, "-a", "pages=1")
        assert stories_asked(site) == 60
        newsfeed(site, sqlite, tmp_path, "-a", "pages=1")
        assert stories_asked(site) == 20


def test_a_change_that_only_the_sitemap_tells_is_read_within_the_hour(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    old = site.stories[18].slug
    site.edit(old, title="A headline of which only the sitemap tells")
    newsfeed(site, sqlite, tmp_path)
    assert stories_asked(site) == 0
    let_pass(sqlite, minutes=61)
    newsfeed(site, sqlite, tmp_path)
    assert [path for path in site.requested() if path == f"/{old}/"] == [f"/{old}/"]
    assert stories_asked(site) == 1
    titles = {row["slug"]: row["title"] for row in rows(sqlite, Article)}
    assert titles[old] == "A headline of which only the sitemap tells"


def test_new_and_edited_stories_are_stored_in_the_next_run(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    new = site.publish(n=3)
    edited = site.stories[4].slug
    site.edit(edited, title="A headline that the newsroom has changed")
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.out.startswith("newsfeed: 3 stories new, 1 changed")
    assert {story.slug for story in new} <= slugs(sqlite)
    titles = {row["slug"]: row["title"] for row in rows(sqlite, Article)}
    assert titles[edited] == "A headline that the newsroom has changed"


def test_the_walk_ends_with_the_list_page_that_holds_nothing_new(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path)
    site.publish(n=7)
    newsfeed(site, sqlite, tmp_path)
    lists = [path for path in site.requested("/news-archive/") if "rss" not in path]
    assert lists == ["/news-archive/", "/news-archive/page/2/", "/news-archive/page/3/"]


def test_pages_limits_the_walk(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path, "-a", "pages=2")
    assert slugs(sqlite) == {story.slug for story in site.stories[:10]}


def test_since_leaves_older_stories_alone(site: Site, sqlite: str, tmp_path: Path) -> None:
    since = site.stories[6].published
    newsfeed(site, sqlite, tmp_path, "-a", f"since={since:%Y-%m-%dT%H:%M:%S}")
    stored = slugs(sqlite)
    assert stored == {story.slug for story in site.stories if story.published >= since}


def test_every_story_remembers_on_which_route_it_was_seen(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.hide(site.stories[0].slug, "list")
    hidden = site.url(site.stories[0].slug)
    newsfeed(site, sqlite, tmp_path)
    routes = {row["route"] for row in rows(sqlite, Sighting) if row["url"] == hidden}
    assert routes == {"feed", "sitemap"}
    assert site.stories[0].slug in slugs(sqlite)


def test_without_a_feed_the_list_gives_every_story(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/news-archive/rss/", body=b"<html><body>Not today</body></html>")
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 0
    assert len(slugs(sqlite)) == 20
    assert "1 feed unreadable" in ended.out


def test_a_list_that_cannot_be_read_leaves_the_run_incomplete_and_the_feed_stored(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    site.fault("/news-archive/", status=403)
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 3
    assert f"{site.root}/news-archive/ could not be read: the site answers 403" in ended.err
    assert slugs(sqlite) >= {story.slug for story in site.stories[:8]}


def test_a_challenge_in_place_of_the_list_is_named(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/news-archive/.*", body=CHALLENGE)
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 3
    assert len(ended.err.splitlines()) == 1
    assert "shows no stories" in ended.err


def test_pages_that_are_no_stories_are_counted_and_never_stored(site: Site, sqlite: str, tmp_path: Path) -> None:
    first, second, third, fourth, fifth = (story.slug for story in site.stories[:5])
    for story in site.stories[:5]:
        site.hide(story.slug, "feed")  # which has their texts
    site.fault(f"/{first}/", body=site.answer("/news-archive/").body)
    site.fault(f"/{second}/", body=CHALLENGE)
    site.fault(f"/{third}/", body=b"")
    site.fault(f"/{fourth}/", body=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    site.fault(f"/{fifth}/", cut=3000)
    ended = newsfeed(site, sqlite, tmp_path)
    assert slugs(sqlite) == {story.slug for story in site.stories[5:]}
    for reason in ("3 not a story", "1 challenge", "1 empty", "1 binary", "1 fetch failed"):
        assert reason in ended.out
    assert "Traceback" not in ended.err


def test_a_site_that_mostly_blocks_makes_the_run_incomplete(site: Site, sqlite: str, tmp_path: Path) -> None:
    for story in site.stories[:10]:
        site.fault(f"/{story.slug}/", status=403)
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 3
    assert "5 pages in a row could not be had, the rest is not asked for" in ended.err
    assert [request.status for request in site.log].count(403) == 5
    site.faults.clear()
    assert newsfeed(site, sqlite, tmp_path).code == 0
    assert len(slugs(sqlite)) == 20


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 503}, {"body": CHALLENGE}, {"cut": 500}], ids=str)
def test_a_page_that_cannot_be_had_is_stored_from_the_feed_and_upgraded_later(
    site: Site, sqlite: str, tmp_path: Path, fault: dict[str, Any]
) -> None:
    story = site.stories[1]
    page = site.fault(f"/{story.slug}/", **fault)
    ended = newsfeed(site, sqlite, tmp_path)
    [row] = [row for row in rows(sqlite, Article) if row["slug"] == story.slug]
    assert (row["medium"], row["published_at"], row["sources"]["body"]) == ("feed", story.published, "feed")
    assert row["title"] == site.expected(story.slug)["title"]
    assert site.expected(story.slug)["body"][-1] in row["body"]
    site.faults.remove(page)
    newsfeed(site, sqlite, tmp_path)
    assert site.requested(f"/{story.slug}") == []  # ten minutes have not passed
    let_pass(sqlite, minutes=11)
    ended = newsfeed(site, sqlite, tmp_path)
    assert "1 changed" in ended.out
    [row] = [row for row in rows(sqlite, Article) if row["slug"] == story.slug]
    assert row["medium"] == "html"
    assert rows(sqlite, Revision) == []


def test_a_page_that_keeps_failing_is_asked_for_less_and_less(site: Site, sqlite: str, tmp_path: Path) -> None:
    story = site.stories[12]
    site.fault(f"/{story.slug}/", status=403)
    newsfeed(site, sqlite, tmp_path)
    asked = []
    for minutes in (5, 6, 15, 6):
        let_pass(sqlite, minutes=minutes)
        newsfeed(site, sqlite, tmp_path, "-a", "pages=3")
        asked.append(len(site.requested(f"/{story.slug}/")))
    assert asked == [0, 1, 0, 1]  # after ten minutes, and then after twenty


def test_what_robots_txt_forbids_is_not_fetched(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.robots = "User-agent: kicrawl\nDisallow: /\n"
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 3
    assert len(ended.lines) == 1
    assert "Forbidden by robots.txt" in ended.err
    assert site.requested() == ["/robots.txt"]


def test_nothing_is_fetched_while_robots_txt_cannot_be_had(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/robots.txt", status=503)
    ended = newsfeed(site, sqlite, tmp_path)
    assert ended.code == 3
    assert len(ended.lines) == 1
    assert set(site.requested()) == {"/robots.txt"}


def test_the_site_is_told_who_asks(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path, "-a", "pages=1")
    assert {request.headers["user-agent"].partition("/")[0] for request in site.log} == {"kicrawl"}
    assert not any("cookie" in request.headers for request in site.log)


def test_an_authors_page_that_is_gone_is_not_asked_for_again(site: Site, sqlite: str, tmp_path: Path) -> None:
    site.fault("/author/.*", status=404)
    newsfeed(site, sqlite, tmp_path)
    assert site.requested("/author/")
    newsfeed(site, sqlite, tmp_path)
    assert not site.requested("/author/")
