"""Sitemaps as the site may write them, and as it must not."""

import gzip
from datetime import UTC, datetime

import pytest

from kicrawl.page.sitemap import read_sitemap
from kicrawl.site import urls
from kicrawl.sitemaps import is_for_stories

ROOT = "https://kyivindependent.com"
FILE = f"{ROOT}/sitemap-posts.xml"
ONE = """<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/sitemap.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://kyivindependent.com/a-lamp/</loc><lastmod>2025-06-03T13:43:00.000Z</lastmod>
<image:image><image:loc>https://x.org/1.png</image:loc></image:image></url>
<url><loc> https://kyivindependent.com/b-lamp/ </loc><lastmod>2025-06-02</lastmod></url>
<url><loc>https://kyivindependent.com/c-lamp/</loc></url></urlset>"""


def test_addresses_come_with_the_time_of_their_last_change() -> None:
    places = read_sitemap(ONE.encode(), FILE).places
    assert [(place.url.removeprefix(ROOT), place.lastmod) for place in places] == [
        ("/a-lamp/", "2025-06-03T13:43:00.000Z"),
        ("/b-lamp/", "2025-06-02"),
        ("/c-lamp/", None),
    ]
    assert places[0].modified_at == datetime(2025, 6, 3, 13, 43, tzinfo=UTC)
    assert places[1].modified_at is None  # a day is no moment


def test_an_index_names_further_files() -> None:
    index = "<sitemapindex><sitemap><loc>/sitemap-posts.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(index.encode(), f"{ROOT}/sitemap.xml").files == [FILE]


def test_a_packed_file_is_unpacked() -> None:
    assert len(read_sitemap(gzip.compress(ONE.encode()), FILE + ".gz").places) == 3


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", f"the sitemap {FILE} is damaged: Document is empty"),
        (b"<html><body>Not today</body></html>", f"{FILE} is no sitemap but <html>"),
        (b"no markup at all", f"the sitemap {FILE} is damaged: Start tag expected"),
        (gzip.compress(ONE.encode(), mtime=0)[:60], f"the sitemap {FILE} cannot be unpacked: "),
    ],
)
def test_what_is_no_sitemap_is_refused_in_one_line(body: bytes, line: str) -> None:
    with pytest.raises(ValueError, match="sitemap") as refused:
        read_sitemap(body, FILE)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_a_file_cut_short_tells_what_stands_before_the_cut_and_that_it_is_damaged() -> None:
    sitemap = read_sitemap(ONE.encode()[:-200], FILE)
    assert sitemap.places[0].url == f"{ROOT}/a-lamp/"
    assert sitemap.damage is not None
    assert sitemap.damage.startswith(f"the sitemap {FILE} is damaged: ")


def test_a_bare_ampersand_hides_no_address() -> None:
    sitemap = read_sitemap(ONE.replace("/b-lamp/", "/b-lamp/?a=1&b=2").encode(), FILE)
    assert len(sitemap.places) == 3


def test_what_declares_entities_of_its_own_is_no_sitemap() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>'
    with pytest.raises(ValueError, match="is no sitemap but <x>"):
        read_sitemap(bomb.encode(), FILE)


@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("sitemap-posts.xml", True),
        ("sitemap-posts-2.xml", True),
        ("post-sitemap1.xml", True),
        ("sitemap-0.xml", True),
        ("sitemap-pages.xml", False),
        ("sitemap-authors.xml", False),
        ("sitemap-tags-3.xml", False),
        ("category-sitemap.xml", False),
        ("post_tag-sitemap.xml", False),
    ],
)
def test_sitemaps_of_pages_authors_and_tags_are_not_read(name: str, stories: bool) -> None:
    assert is_for_stories(f"{urls.ROOT}/{name}", urls.ROOT) is stories
    assert not is_for_stories(f"https://elsewhere.example/{name}", urls.ROOT)
