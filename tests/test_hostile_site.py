"""A site that leads a crawl astray: loops, lists without end, pages and texts that are meant to do harm."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from kicrawl.archive.models import Article, Author
from tests.replica import Site, serve
from tests.running import Ended, rows, run

pytestmark = pytest.mark.slow

INDEX = "<sitemapindex>{}</sitemapindex>"


@pytest.fixture
def site():
    """Twelve stories on three list pages."""
    with serve(layout="C", count=12, list_size=4, feed_size=2) as site:
        yield site


def crawl(site: Site, folder: Path, spider: str = "archive", database_url: str | None = None) -> Ended:
    """A run into an archive in SQLite unless told otherwise."""
    database_url = database_url or f"sqlite:///{folder}/kicrawl.db"
    return run("crawl", spider, folder=folder, database_url=database_url, root=site.root)


def slugs(folder: Path) -> set[str]:
    """The stories stored."""
    return {row["slug"] for row in rows(f"sqlite:///{folder}/kicrawl.db", Article)}


def index(site: Site, *paths: str) -> bytes:
    """A sitemap that names others."""
    return INDEX.format("".join(f"<sitemap><loc>{site.root}{path}</loc></sitemap>" for path in paths)).encode()


def test_sitemaps_that_name_each_other_are_each_read_once(site: Site, tmp_path: Path) -> None:
    site.fault("/sitemap.xml", status=200, body=index(site, "/sitemap.xml", "/sitemap-a.xml", "/sitemap-a.xml"))
    site.fault("/sitemap-a.xml", status=200, body=index(site, "/sitemap.xml", "/sitemap-a.xml", "/sitemap-posts.xml"))
    ended = crawl(site, tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert slugs(tmp_path) == {story.slug for story in site.stories}
    assert site.requested("/sitemap") == ["/sitemap.xml", "/sitemap-a.xml", "/sitemap-posts.xml"]


def test_sitemaps_that_never_end_are_left_with_a_line(site: Site, tmp_path: Path) -> None:
    names = ["/sitemap.xml", *(f"/sitemap-{number}.xml" for number in range(40))]
    for name, following in pairwise(names):
        site.fault(re.escape(name), status=200, body=index(site, following))
    ended = crawl(site, tmp_path)
    assert ended.code == 3
    assert f"the sitemap {site.root}/sitemap-9.xml is one of more than 10 that name others" in ended.err
    assert len(site.requested("/sitemap")) == 11
    assert slugs(tmp_path) == {story.slug for story in site.stories}  # by the list


def test_a_list_that_leads_in_a_circle_is_left_with_a_line(site: Site, tmp_path: Path) -> None:
    page = site.answer("/news-archive/page/2/").body
    site.fault("/sitemap.*", status=404)
    site.fault("/news-archive/page/2/", body=page.replace(b"/news-archive/page/3/", b"/news-archive/page/1/"))
    ended = crawl(site, tmp_path)
    assert ended.code == 3
    assert f"the list {site.root}/news-archive/page/2/ leads back to {site.root}/news-archive/page/1/" in ended.err
    assert len(slugs(tmp_path)) == 8


def test_a_list_that_shows_the_same_for_ever_is_left_with_a_line(site: Site, tmp_path: Path) -> None:
    page = site.answer("/news-archive/page/2/").body
    site.fault("/sitemap.*", status=404)
    for number in range(3, 30):
        body = page.replace(b"/news-archive/page/3/", f"/news-archive/page/{number + 1}/".encode())
        site.fault(f"/news-archive/page/{number}/", status=200, body=body)
    ended = crawl(site, tmp_path)
    assert ended.code == 3
    assert "/news-archive/page/4/ shows only what pages before it showed, and leads on" in ended.err
    assert len(site.requested("/news-archive/page/")) == 3


EVIL = "\x1b]0;x\x07\x1b[2J<script>alert(1)</script>\u202eA \x9b31m\r\nheadline\ud800 &lt;b&gt;\x00"
CLEAN = "]0;x[2J<script>alert(1)</script>\u202eA ›31m headline &lt;b&gt;"


def hostile_page(slug: str) -> bytes:
    """A story whose title, bio, names and captions mean harm."""
    person = {
        "name": f"Ann {EVIL}",
        "slug": f"\x00ann{EVIL}",
        "bio": EVIL * 2,
        "location": EVIL,
        "url": "/author/\x00/",
    }
    crowd = [{"name": f"P {number}"} for number in range(100_000)]
    post = {
        "slug": slug,
        "title": EVIL,
        "custom_excerpt": EVIL,
        "html": f"<p>The noon ferry waited {EVIL} on the landing, the harbor master said.</p>" * 60
        + f"<figure><img src='/a.jpg\x00' alt='&#27;[2J'><figcaption>A heron {EVIL}</figcaption></figure>",
        "published_at": "2025-05-04T10:00:00.000Z",
        "reading_time": True,
        "id": EVIL,
        "tags": [{"name": EVIL, "slug": EVIL}, {"name": 5}, 5],
        "authors": [person, *crowd],
    }
    data = json.dumps({"props": {"pageProps": {"post": post, "deep": []}}}).replace("</", "<\\/")
    deep = '<script type="application/json">' + "[" * 10_000 + "]" * 10_000 + "</script>"
    return f'<title>x</title><body><h1>x</h1>{deep}<script id="__NEXT_DATA__">{data}</script></body>'.encode()


def test_markup_and_controls_are_stored_as_text_and_shown_nowhere_as_they_came(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    slug = site.stories[0].slug
    site.fault(f"/{slug}/", body=hostile_page(slug))
    log = tmp_path / "run.log"
    ended = run(
        "crawl",
        "newsfeed",
        "-s",
        f"LOG_FILE={log}",
        "-s",
        "LOG_LEVEL=DEBUG",
        folder=tmp_path,
        database_url=database_url,
        root=site.root,
    )
    assert ended.code == 0, ended
    stored = next(row for row in rows(database_url, Article) if row["slug"] == slug)
    assert "<script>alert(1)</script>" in stored["title"]
    assert "<b>" not in stored["title"]
    for row in (stored, *rows(database_url, Author)):
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", str(list(row.values())).replace("\\n", "")
        ), row
    shown = ended.out + ended.err + log.read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)
