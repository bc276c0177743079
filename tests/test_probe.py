"""probe: tells whether the site as it is today can be read, and stores nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replica import Site, serve
from tests.running import run

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    """The replica in layout C."""
    with serve(layout="C", count=8) as site:
        yield site


def test_it_reads_feed_list_and_five_stories_and_stores_nothing(site: Site, tmp_path: Path) -> None:
    ended = run("probe", folder=tmp_path, root=site.root)
    assert (ended.code, ended.err) == (0, "")
    stories = [f"/{story.slug}/" for story in site.stories[:5]]
    assert site.requested()[:3] == ["/robots.txt", "/news-archive/rss/", "/news-archive/"]
    assert sorted(site.requested()[3:]) == sorted(stories)
    assert not list(tmp_path.iterdir())


def test_its_table_says_which_field_came_from_where_and_what_was_cut(site: Site, tmp_path: Path) -> None:
    shown = run("probe", folder=tmp_path, root=site.root).out.splitlines()
    assert shown[0] == f"{site.root}: feed: 8 stories; list: 8 stories, no next page"
    assert shown[1] == "layout: C (5 of 5)"
    head = next(line for line in shown if line.startswith("field"))
    assert head.split()[1] == "embedded"
    assert head.split()[-1] == "missing"
    assert "title            5" in shown
    assert any(line.startswith("membership_banner ") for line in shown)


def test_it_tells_programs_the_same(site: Site, tmp_path: Path) -> None:
    told = json.loads(run("probe", "--json", folder=tmp_path, root=site.root).out)
    assert (told["site"], told["layouts"], told["problems"]) == (site.root, {"C": 5}, [])
    assert told["sources"]["title"] == {"embedded": 5}
    assert told["cut"]["membership_banner"] > 0


def test_it_saves_pages_that_replay_and_the_tests_can_read(site: Site, tmp_path: Path) -> None:
    run("probe", "--save", "pages", folder=tmp_path, root=site.root)
    slug = site.stories[0].slug
    folder = tmp_path / "pages" / f"C-{slug}"
    assert json.loads((folder / "page.json").read_text())["url"] == site.url(slug)
    assert json.loads((folder / "article.json").read_text())["title"] == site.expected(slug)["title"]
    replayed = run("crawl", "replay", "-a", "source=pages", folder=tmp_path, root=site.root)
    assert replayed.out.startswith("replay: 5 stories new")


def test_a_field_that_every_story_has_and_is_not_found_is_named(site: Site, tmp_path: Path) -> None:
    for story in site.stories:
        html = f"<html><body><h1>{story.title}</h1><p>{'It rained on the embankment. ' * 20}</p></body></html>"
        site.fault(f"/{story.slug}/", body=html.encode())
    site.fault("/news-archive/rss/", status=404)
    titles = "".join(f"<h3><a href='/{story.slug}/'>{story.title}</a></h3>" for story in site.stories)
    site.fault("/news-archive/", body=f"<html><body><h1>News</h1>{titles}</body></html>".encode())
    ended = run("probe", folder=tmp_path, root=site.root)
    assert ended.code == 3
    assert ended.err == "kicrawl: published_at was not found in 5 of 5 stories\n"
    assert "feed: the site answers 404" in ended.out


def test_a_site_that_cannot_be_reached_gives_one_line(tmp_path: Path) -> None:
    ended = run("probe", folder=tmp_path, root="http://127.0.0.1:9")
    assert (ended.code, len(ended.lines)) == (3, 1)
    assert "the site cannot be reached" in ended.err


def test_a_list_without_stories_is_told(site: Site, tmp_path: Path) -> None:
    site.fault("/news-archive/", body=b"<html><body><h1>Soon</h1></body></html>")
    ended = run("probe", folder=tmp_path, root=site.root)
    assert ended.code == 3
    assert "shows no stories" in ended.err
