"""Pages are read exactly, in every layout of the replica; odd pages give a kind or a warning, never a wrong story."""

import json

import pytest

from kicrawl import boilerplate, loaders, page, read_article
from tests.reading import LAST, LEAD, TITLE, URL, embedded, read, semantic, soup, story
from tests.replica import serve
from tests.replica.compare import differences


@pytest.mark.parametrize("layout", ["A", "B", "C", "scrambled"])
def test_every_story_of_the_replica_is_read_as_it_was_written(layout):
    wrong = {}
    with serve(layout) as site:
        for one in site.stories:
            body = site.dressed(site.answer(f"/{one.slug}/"))
            read = page.read_page(body, site.url(one.slug), "text/html; charset=utf-8", site.root)
            article = boilerplate.strip(loaders.load_article(read))
            found = differences(article, site.expected(one.slug))
            if layout == "scrambled":  # without the class of a video card, its caption reads as a line of the story
                found = {} if one.slug == "everything-an-editor-can-put-in-a-story" else found
            wrong |= {one.slug: found} if found else {}
    assert wrong == {}


def test_the_same_bytes_give_the_same_reading():
    assert read(soup([LEAD, LAST])) == read(soup([LEAD, LAST]))


def test_every_fact_says_where_it_came_from():
    article = read(embedded([LEAD, LAST]))
    assert article.sources["title"] == "embedded"
    assert article.sources["published_at"] == "embedded"
    assert read(semantic([LEAD, LAST])).sources["title"] == "h1"
    assert read(semantic([LEAD, LAST])).sources["kicker"] == "visible"


def test_text_that_the_embedded_post_does_not_hold_is_cut_with_a_rule():
    html = embedded([LEAD, LAST]).replace("<div><p>", "<div><p>A line that a script of the site put here.</p><p>", 1)
    article = read(html)
    assert story(article) == [LEAD, LAST]
    assert ("A line that a script of the site put here.", "not_in_post") in [
        (block.text, block.rule) for block in article.boilerplate
    ]


def test_an_embedded_post_of_another_story_is_not_believed():
    html = embedded([LEAD, LAST]).replace('"slug": "ferry-stops-for-a-heron"', '"slug": "some-other-story"')
    html = html.replace("The noon ferry", "The late ferry", 1)  # the text as shown, not as embedded
    read = page.read_page(html, URL)
    assert "embedded_other_story" in read.warnings
    assert "The late ferry" in read_article(html, URL).body


def test_internal_tags_say_that_a_page_is_no_story():
    tags = ' "tags": [{"name": "#vacancy", "visibility": "internal"}],'
    html = embedded([LEAD, LAST])
    of_the_other = html.replace('"slug": "onions-on-the-bank",', f'"slug": "onions-on-the-bank",{tags}')
    own = html.replace('"slug": "ferry-stops-for-a-heron",', f'"slug": "ferry-stops-for-a-heron",{tags}')
    assert page.read_page(of_the_other, URL).kind == "story"
    assert page.read_page(own, URL).kind == "other"


def test_visible_times_are_kyiv_times():
    for shown, utc in [
        ("May 4, 2025 1:30 AM", "2025-05-03T22:30:00+00:00"),
        ("January 4, 2023 2:33 pm", "2023-01-04T12:33:00+00:00"),
    ]:
        html = soup([LEAD, LAST]).replace("<div>1 min read", f"<div>by Ann Reed {shown}")
        article = read(html)
        assert article.published_at.isoformat() == utc
        assert article.sources["published_at"] == "visible"
        assert [author.name for author in article.authors] == ["Ann Reed"]


def test_a_day_without_a_time_is_no_moment():
    assert read(soup([LEAD, LAST]).replace("1 min read", "May 4, 2025")).published_at is None


def test_an_empty_updated_mark_states_nothing():
    shown = "by Ann Reed May 4, 2025 1:30 AM  (Updated: )"
    article = read(soup([LEAD, LAST]).replace("1 min read", shown))
    assert article.published_at.isoformat() == "2025-05-03T22:30:00+00:00"
    assert article.modified_at is None


def test_the_canonical_address_counts_only_on_the_site():
    for stated, url in [
        ("https://kyivindependent.com/another-slug/", "https://kyivindependent.com/another-slug/"),
        ("https://elsewhere.example/another-slug/", URL),
        ("https://kyivindependent.com/tag/rivers/", URL),
    ]:
        html = semantic([LEAD, LAST]).replace("<head>", f'<head><link rel="canonical" href="{stated}">')
        assert read(html).url == url


def test_the_address_a_page_was_met_at_is_an_alias():
    met = "https://www.kyivindependent.com/news-feed/ferry-stops-for-a-heron"
    article = read(semantic([LEAD, LAST]), met)
    assert article.url == URL
    assert article.aliases == [met]


def test_pictures_behind_the_resizing_service_keep_their_own_address():
    picture = (
        '<figure><img src="/_next/image?url=https%3A%2F%2Fassets.kyivindependent.com%2Fcontent%2Fimages%2Fsize%2Fw600'
        '%2F2025%2F05%2Fheron.jpg&amp;w=640&amp;q=75" alt="A heron"></figure>'
    )
    [image] = read(semantic([picture, LEAD, LAST])).images
    assert image.url == "https://assets.kyivindependent.com/content/images/2025/05/heron.jpg"


def test_links_of_the_story_lose_the_ref_that_ghost_adds():
    linked = LEAD.replace(
        "harbor master", '<a href="https://harbor.example/a?b=1&ref=kyivindependent.com">harbor master</a>'
    )
    [link] = read(semantic([linked, LAST])).story[0].links
    assert (link.url, link.text) == ("https://harbor.example/a?b=1", "harbor master")


def test_json_ld_of_ghost_5_is_unescaped_and_of_ghost_6_is_not():
    for generator, title in [("Ghost 5.39", "Ferries & herons"), ("Ghost 6.1", "Ferries &amp; herons")]:
        data = json.dumps({"@type": "Article", "headline": "Ferries &amp; herons"})
        html = (
            f'<meta name="generator" content="{generator}"><script type="application/ld+json">{data}</script>'
            f"<body><div><p>{LEAD}</p><p>{LAST}</p></div>"
        )
        assert read(html).title == title


@pytest.mark.parametrize(("stated", "source"), [({}, "none"), ({"description": LEAD}, None)])
def test_ghost_describes_every_story_that_has_a_text(stated, source):
    data = json.dumps({"@type": "Article", "headline": TITLE} | stated)
    html = (
        f'<meta name="generator" content="Ghost 6.1"><script type="application/ld+json">{data}</script>'
        f"<body><h1>{TITLE}</h1><section></section>"
    )
    assert (read(html).body, read(html).sources.get("body")) == (None, source)


@pytest.mark.parametrize("shape", ["single", "list", "graph"])
def test_json_ld_may_be_single_a_list_or_a_graph(shape):
    node = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2025-05-04T10:00:00Z"}
    others = [{"@type": "WebSite", "name": "X"}, node]
    data = {"single": node, "list": others, "graph": {"@graph": others}}[shape]
    html = f'<script type="application/ld+json">{json.dumps(data)}</script>' + soup([LEAD, LAST])
    article = read(html)
    assert article.published_at.isoformat() == "2025-05-04T10:00:00+00:00"
    assert article.sources["published_at"] == "jsonld"


def test_json_ld_that_does_not_parse_is_a_warning_and_the_page_is_read_all_the_same():
    html = '<script type="application/ld+json">{"@type": "Article", "headline": </script>' + soup([LEAD, LAST])
    assert page.read_page(html, URL).warnings == ["jsonld_unparsable"]
    assert story(read(html)) == [LEAD, LAST]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"   \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (b"\x00\x01\x02" * 500, "binary"),
        (b"<html><head><title>Just a moment...</title></head><body><h1>Checking</h1></body></html>", "challenge"),
        (b"<html><head><title>Page not found</title></head><body><h1>404</h1><p>Sorry.</p></body></html>", "other"),
    ],
    ids=["nothing", "white space", "picture", "zeros", "challenge", "not found"],
)
def test_a_page_without_a_story_says_what_it_is(body, kind):
    assert page.read_page(body, URL, "text/html").kind == kind
    assert read_article(body, URL, "text/html").body is None or kind == "other"


@pytest.mark.parametrize("size", range(0, 1600, 97))
def test_a_page_cut_anywhere_gives_no_text_that_is_not_in_it(size):
    whole = semantic([LEAD, LAST]).encode()
    kept = story(read(whole[:size]))
    assert all(LEAD.startswith(text) or LAST.startswith(text) for text in kept), kept


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("utf-8", "text/html"),
        ("utf-8-sig", None),
        ("windows-1251", "text/html; charset=windows-1251"),
        ("utf-16", "text/html; charset=utf-16"),
    ],
)
def test_the_charset_is_found_whatever_the_header_says(encoding, header):
    paragraph = "Пором чекав на чаплю, сказав начальник порту в Нижньому Тарові опівдні."
    article = read_article(semantic([LEAD, paragraph]).encode(encoding), URL, header)
    assert story(article) == [LEAD, paragraph]


def test_a_wrong_charset_is_counted():
    body = semantic([LEAD, "Чапля полетіла."]).encode()
    assert "charset_wrong" in page.read_page(body, URL, "text/html; charset=iso-8859-1").warnings


@pytest.mark.parametrize("around", ["<script>{}</script>", "<style>{}</style>", "<!--{}-->"])
def test_what_looks_like_a_crowded_tag_in_a_script_swallows_no_story(around):
    program = "i<n;i++;x={" + ",".join(f'{number}:"part-{number}"' for number in range(200)) + "} // don't"
    page = semantic([LEAD, "The mate's log says so."]).replace("<main>", around.format(program) + "<main>")
    assert story(read(page)) == [LEAD, "The mate's log says so."]


def test_a_list_in_place_of_a_story_is_a_list():
    cards = "".join(f'<article><h3><a href="/story-number-{n}/">Story number {n}</a></h3></article>' for n in range(12))
    head = '<meta property="og:type" content="website"><link rel="next" href="/news-archive/page/2/">'
    html = f"<head>{head}</head><body>{cards}"
    assert page.read_page(html, URL).kind == "list"


def test_a_ten_megabyte_page_is_read():
    html = semantic([LEAD, *[f"{LAST} {n}" for n in range(60_000)]])
    assert len(html) > 6_000_000
    assert story(read(html))[0] == LEAD


def test_other_newspapers_pages_are_read_too():
    html = semantic([LEAD, LAST]).replace("The Kyiv Independent", "The Tarrow Courier")
    article = read_article(html, "https://courier.example/2025/05/04/ferry-stops-for-a-heron.html", "text/html")
    assert story(article) == [LEAD, LAST]
    assert article.title == TITLE
