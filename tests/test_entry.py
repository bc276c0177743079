"""Stories read from the feed's full text."""

from typing import Any

import pytest

from kicrawl import boilerplate
from kicrawl.loaders import load_article
from kicrawl.page.entry import read_entry
from kicrawl.page.feed import Entry, read_feed
from tests.replica import Site, serve

ROOT = "https://kyivindependent.com"


@pytest.fixture(scope="module")
def site() -> Any:
    """The written stories, all of them in the feed."""
    with serve("C", feed_size=100) as site:
        yield site


def entries(site: Site) -> list[Entry]:
    """The feed's entries."""
    return read_feed(site.answer("/news-archive/rss/").body, site.root, root=site.root)


def test_an_entry_gives_the_story_that_the_page_gives(site: Site) -> None:
    for entry in entries(site):
        page = read_entry(entry, site.root)
        if page is None:  # a story of pictures only, or all of it for members
            continue
        article = load_article(page)
        boilerplate.strip(article)
        expected = site.expected(article.slug)
        texts = [block.text for block in article.story]
        assert [text for text in texts if text not in expected["body_optional"]] == expected["body"], article.slug
        for name in ("title", "tags", "kicker", "published_at", "ghost_id"):
            assert getattr(article, name) == getattr_expected(expected, name, article), (article.slug, name)
        assert [image.url for image in article.images] == [image["url"] for image in expected["images"]]
        assert (article.medium, article.sources["body"], article.sources["title"]) == ("feed", "feed", "feed")


def getattr_expected(expected: dict[str, Any], name: str, article: Any) -> Any:
    """What the ground truth says, where it says it."""
    return expected.get(name, getattr(article, name))


def test_every_story_of_the_feed_with_a_text_can_be_read(site: Site) -> None:
    unread = [entry.url for entry in entries(site) if entry.html and read_entry(entry, site.root) is None]
    assert len(unread) <= 2, unread


@pytest.mark.parametrize("html", [None, "", "   ", "<!-- nothing -->"])
def test_an_entry_without_a_text_gives_nothing(html: str | None) -> None:
    assert read_entry(Entry(url=f"{ROOT}/a-lamp/", title="A lamp", html=html)) is None


def test_the_lead_picture_is_no_part_of_the_text() -> None:
    html = '<img src="https://x.org/1.png" alt="A lamp"><p>A lamp was lit on Monday in the old harbor.</p>'
    page = read_entry(Entry(url=f"{ROOT}/a-lamp/", title="A lamp", html=html, image="https://x.org/1.png"))
    assert page is not None
    article = load_article(page)
    boilerplate.strip(article)
    assert article.body == "A lamp was lit on Monday in the old harbor."
    assert [image.url for image in article.images] == ["https://x.org/1.png"]
