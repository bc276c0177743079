"""What a user of the replica relies on: each layout has what the site's has, and the ground truth is on the page."""

import gzip
import http.client
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from tests.replica import Site, all_authors, bulk_stories, daily_stories, near_copy, serve, written_stories

LAYOUTS = ["A", "B", "C", "scrambled"]
NOTICE = "Invented stories for testing kicrawl"


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)


def get(site: Site, path: str, method: str = "GET", **headers: str) -> Response:
    """One request, no redirect followed; header names with _ for -."""
    connection = http.client.HTTPConnection(urlsplit(site.root).netloc, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Response(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def visible_text(page: Response) -> str:
    """The page's text, white space folded, without scripts and styles."""
    tree = page.tree
    for element in tree.xpath("//script|//style"):
        element.drop_tree()
    for element in tree.xpath("//br"):
        element.tail = f" {element.tail or ''}"
    return " ".join(tree.text_content().split())


def walk(site: Site, path: str) -> list[html.HtmlElement]:
    """The pages of a list, following rel=next."""
    pages = []
    while path:
        pages.append(get(site, path).tree)
        path = "".join(pages[-1].xpath("//link[@rel='next']/@href")).removeprefix(site.root)
    return pages


@pytest.fixture(scope="module", params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> Iterator[Site]:
    """The site in one layout."""
    with serve(layout=request.param) as site:
        yield site


@pytest.fixture(scope="module")
def mixed() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def small() -> Iterator[Site]:
    """A site of a test's own, to be changed."""
    with serve(count=50) as site:
        yield site


# Stories


def test_there_are_sixty_stories_and_more_of_all_eras_and_every_page_says_that_they_are_invented(mixed: Site) -> None:
    assert len(mixed.stories) >= 60
    assert set(Counter(story.era for story in mixed.stories)) == {"A", "B", "C"}
    for story in mixed.stories:
        assert NOTICE in get(mixed, f"/{story.slug}/").text


def test_what_is_expected_of_a_story_is_on_its_page_in_its_order(layout: Site) -> None:
    for story in layout.stories:
        truth = layout.expected(story.slug)
        text, place = visible_text(get(layout, f"/{story.slug}/")), 0
        assert truth["title"] in text
        for paragraph in truth["body"]:
            place = text.find(paragraph, place)
            assert place >= 0, (story.slug, paragraph)
        for caption in truth["captions"]:
            assert caption in text
        for author in truth.get("authors", []):
            assert author["name"] in text or not story.byline
            assert (author["bio"] or "") in text


def test_the_written_stories_hold_the_special_cases_of_the_site() -> None:
    stories = {story.slug: story for story in written_stories()}
    bodies = {slug: [block.text for block in story.blocks] for slug, story in stories.items()}
    assert any(Counter(body).most_common(1)[0][1] > 1 for body in bodies.values()), "the same paragraph twice"
    assert any("Why?" in body for body in bodies.values()), "a paragraph of one word"
    assert max(len(story.authors) for story in stories.values()) == 8
    assert {"photo", "opinion", "newsletter", "podcast", "video", "article"} == {s.kind for s in stories.values()}
    assert any(slug.endswith("-2") and slug[:-2] in stories for slug in stories), "a repeated slug"
    assert any(story.gated for story in stories.values())
    assert any(story.published.hour >= 22 for story in stories.values()), "another day in Kyiv than in UTC"
    assert any(story.title.startswith("Update:") for story in stories.values())
    assert any(line.startswith("А") for body in bodies.values() for line in body), "a Cyrillic look-alike"
    assert any("\u00a0" in line for body in bodies.values() for line in body), "a no-break space"
    assert any(block.kind == "appeal" for story in stories.values() for block in story.blocks)


@pytest.mark.parametrize("variant", ["data", "chunks"])
def test_layout_c_embeds_the_ghost_post_among_others(variant: str) -> None:
    stories = [story for story in written_stories() if story.era == "C" and story.variant == variant]
    with serve(layout="C", stories=written_stories()) as site:
        page = get(site, f"/{stories[0].slug}/")
        pieces = page.tree.xpath("//script[@id='__NEXT_DATA__' or contains(., 'self.__next_f.push')]/text()")
        pushed = [json.loads(re.search(r"push\((.*)\)$", piece, re.S)[1])[1] for piece in pieces if "push(" in piece]
        wire = pieces[0] if variant == "data" else "".join(pushed)
        assert f'"slug":"{stories[0].slug}"' in wire
        assert wire.count('"feature_image_caption"') > 1, "posts of teasers stand beside it"


def test_a_long_text_is_a_row_of_its_own_with_its_size_in_bytes() -> None:
    story = next(story for story in written_stories() if story.slug == "how-norvale-learned-to-live-upstairs")
    with serve(layout="C", stories=[story]) as site:
        pieces = get(site, f"/{story.slug}/").tree.xpath("//script[contains(., 'self.__next_f.push')]/text()")
        wire = "".join(json.loads(piece[piece.index("(") + 1 : -1])[1] for piece in pieces if "push(" in piece).encode()
        row = re.search(rb"\n([0-9a-f]+):T([0-9a-f]+),", wire)
        text = wire[row.end() : row.end() + int(row[2], 16)].decode()
        assert text.startswith("<p>QUILLBY")
        assert text.endswith("</figure>")
        assert b'"html":"$%s"' % row[1] in wire


def test_ghost_5_escapes_the_strings_of_json_ld_and_names_further_authors_as_contributors() -> None:
    with serve(layout="B") as site:
        page = get(site, "/costs-tariffs-is-5-6-4/")
        schema = json.loads(page.tree.xpath("//script[@type='application/ld+json']/text()")[0])
        assert schema["headline"].startswith("Costs &amp; tariffs: is 5 &lt; 6")
        assert schema["author"]["name"] == "Jonn Eskil"
        assert [person["name"] for person in schema["contributor"]] == ["Marit O&#x27;Sulla", "Dorrit Ashby-Lind"]


def test_a_sidebar_stands_before_the_story_or_after_it(mixed: Site) -> None:
    before = visible_text(get(mixed, "/ferry-to-pellmouth-will-not-sail-2/"))
    after = visible_text(get(mixed, "/river-sel-cuts-off-old-town-of-kessin/"))
    assert before.index("Show More") < before.index("Ferry to Pellmouth will not sail", before.index("Show More"))
    assert after.index("The river Sel rose over") < after.index("Show More")


def test_a_gated_story_shows_its_beginning_only(layout: Site) -> None:
    text = get(layout, "/the-truth-about-sandar/").text
    assert "What we found begins with a mill." in text
    assert "three hands" not in text


def test_a_scrambled_page_has_no_telling_name_left() -> None:
    with serve(layout="scrambled") as site:
        for path in ("/how-norvale-learned-to-live-upstairs/", "/news-archive/", "/author/ilva/"):
            tree = get(site, path).tree
            assert not tree.xpath("//script|//article|//aside|//section|//main|//meta[starts-with(@property, 'og:')]")
            assert not tree.xpath("//@data-archive-id")
            assert all(
                re.fullmatch("[a-f][0-9a-f]{7}", word) for c in tree.xpath("//@class|//@id") for word in c.split()
            )


# Lists, feed, sitemaps


def test_list_paging_ends_and_shows_every_story_once_newest_first(layout: Site) -> None:
    pages = walk(layout, "/news-archive/")
    hrefs = [page.xpath("//h3/a[not(contains(@href, '#'))]/@href") for page in pages]
    slugs = [urlsplit(href).path.strip("/") for page in hrefs for href in page]
    assert slugs == [story.slug for story in layout.stories]
    assert len(pages) == 5
    assert get(layout, "/news-archive/page/6/").status == 404


def test_cards_of_layout_c_carry_the_moment_of_publishing_in_both_forms() -> None:
    with serve(layout="C") as site:
        cards = get(site, "/news-archive/").tree.xpath("//article[@class='archiveCard']/@data-archive-id")
        assert cards[0].endswith("Z")
        assert cards[1].endswith("GMT+0000 (Coordinated Universal Time)")


def test_an_author_page_has_role_bio_links_and_cards(layout: Site) -> None:
    author = all_authors()["ilva"]
    page = get(layout, "/author/ilva/")
    text = visible_text(page)
    assert author.name in text
    assert author.role in text
    assert author.bio in text
    assert set(author.links) <= set(page.tree.xpath("//a/@href"))
    assert page.tree.xpath("//h3/a")
    for slug in {slug for story in layout.stories for slug in story.authors}:
        assert get(layout, f"/author/{slug}/").status == 200
    assert get(layout, "/author/nobody/").status == 404


def test_the_feed_holds_the_newest_stories_with_full_text_and_the_first_author_only(mixed: Site) -> None:
    feed = etree.fromstring(get(mixed, "/news-archive/rss/").body)
    spaces = {name: feed.nsmap[name] for name in ("content", "dc", "media")}
    entries = feed.findall(".//item")
    assert [entry.findtext("link") for entry in entries] == [mixed.url(story.slug) for story in mixed.stories[:16]]
    for entry, story in zip(entries, mixed.stories, strict=False):
        full = entry.findtext("content:encoded", namespaces=spaces)
        text = " ".join(html.fromstring(f"<div>{full}</div>").text_content().split())
        assert all(paragraph in text for paragraph in mixed.expected(story.slug)["body"])
        assert len(entry.findall("dc:creator", spaces)) == bool(story.authors)
        assert entry.find("guid").attrib == {"isPermaLink": "false"}
        assert entry.findtext("pubDate").endswith("GMT")


def test_the_sitemap_index_leads_to_every_story_in_several_files() -> None:
    with serve(sitemap_size=30) as site:
        index = etree.fromstring(get(site, "/sitemap.xml").body)
        files = [loc.text.removeprefix(site.root) for loc in index.iter("{*}loc")]
        assert [name for name in files if "posts" in name] == [
            "/sitemap-posts.xml",
            "/sitemap-posts-2.xml",
            "/sitemap-posts-3.xml",
        ]
        urls = {loc.text for name in files for loc in etree.fromstring(get(site, name).body).iter("{*}loc")}
        assert {site.url(story.slug) for story in site.stories} <= urls
        assert f"{site.root}/author/ilva/" in urls
        assert f"{site.root}/vacancy-night-editor/" in urls
        assert get(site, "/sitemap-posts-4.xml").status == 404
        assert f"Sitemap: {site.root}/sitemap.xml" in get(site, "/robots.txt").text


def test_posts_that_are_not_stories_are_in_the_sitemap_and_in_no_list(mixed: Site) -> None:
    assert "/vacancy-night-editor/" in get(mixed, "/sitemap-posts.xml").text
    assert '"name":"#vacancy"' in get(mixed, "/vacancy-night-editor/").text
    assert "tag-hash-crowdfunding" in get(mixed, "/crowdfunding-a-new-boat/").text
    for page in walk(mixed, "/news-archive/"):
        assert not page.xpath("//a[contains(@href, 'vacancy') or contains(@href, 'crowdfunding')]")


# HTTP


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/norvale-beats-vask/", 200, None),
        ("/norvale-beats-vask/?utm_source=x", 200, None),
        ("/nobot/norvale-beats-vask/", 200, None),
        ("/norvale-beats-vask", 301, "/norvale-beats-vask/"),
        ("/Norvale-Beats-Vask/", 301, "/norvale-beats-vask/"),
        ("/news-feed/norvale-beats-vask", 301, "/norvale-beats-vask/"),
        ("/national/norvale-beats-vask/", 301, "/norvale-beats-vask/"),
        ("/news-archive/page/1/", 301, "/news-archive/"),
        ("/page/1/", 301, "/"),
        ("/about/", 200, None),
        ("/there-is-no-such-story/", 404, None),
        ("//norvale-beats-vask//", 404, None),
        ("/tag/no-such-tag/", 404, None),
        ("/rss/", 404, None),
        ("/correction-the-bridge-was-never-there/", 410, None),
    ],
)
def test_addresses_answer_as_on_the_site(mixed: Site, path: str, status: int, location: str | None) -> None:
    response = get(mixed, path)
    assert (response.status, response.headers.get("location")) == (status, location)
    if status in (404, 410):
        assert NOTICE in response.text


@pytest.mark.parametrize("host", ["www.127.0.0.1", "127.0.0.1."])
def test_other_forms_of_the_host_lead_to_the_site(mixed: Site, host: str) -> None:
    response = get(mixed, "/norvale-beats-vask/", Host=host)
    assert (response.status, response.headers["location"]) == (301, f"{mixed.root}/norvale-beats-vask/")


@pytest.mark.parametrize(
    "path", ["/norvale-beats-vask/", "/names-of-the-bridges/", "/news-archive/", "/news-archive/rss/", "/sitemap.xml"]
)
def test_a_known_version_is_answered_with_304_although_the_banner_changed(mixed: Site, path: str) -> None:
    first = get(mixed, path)
    again = get(mixed, path, If_None_Match=first.headers["etag"])
    assert first.headers["etag"].startswith('W/"')
    assert (again.status, again.body) == (304, b"")
    assert "set-cookie" not in first.headers


def test_only_layout_a_has_last_modified_and_heeds_it(mixed: Site) -> None:
    modified = get(mixed, "/norvale-beats-vask/").headers["last-modified"]
    assert get(mixed, "/norvale-beats-vask/", If_Modified_Since=modified).status == 304
    assert "last-modified" not in get(mixed, "/names-of-the-bridges/").headers
    assert get(mixed, "/names-of-the-bridges/", If_Modified_Since=modified).status == 200


def test_banners_take_turns_and_their_numbers_change_with_every_request(layout: Site) -> None:
    texts = [visible_text(get(layout, "/names-of-the-bridges/")) for _ in range(10)]
    assert len(set(texts)) == 10
    assert sum("members on board" in text for text in texts) == 2
    assert not any("{" in text for text in texts)


def test_answers_are_compressed_when_the_visitor_accepts_it(mixed: Site) -> None:
    response = get(mixed, "/names-of-the-bridges/", Accept_Encoding="gzip")
    assert response.headers["content-encoding"] == "gzip"
    assert NOTICE.encode() in gzip.decompress(response.body)
    assert "content-encoding" not in get(mixed, "/names-of-the-bridges/").headers


def test_head_gives_no_body_and_every_request_is_in_the_log(small: Site) -> None:
    assert get(small, "/about/", method="HEAD", User_Agent="kicrawl/test").body == b""
    request = small.log[-1]
    assert (request.method, request.path, request.status) == ("HEAD", "/about/", 200)
    assert request.headers["user-agent"] == "kicrawl/test"


# Changes while it is served


def test_a_published_story_is_everywhere_at_once(small: Site) -> None:
    get(small, "/news-archive/")
    new = small.publish(n=7)
    assert list(small.stories[:7]) == new
    for path in ("/news-archive/", "/news-archive/rss/", "/sitemap-posts.xml"):
        assert all(story.slug in get(small, path).text for story in new)
    assert new[0].slug not in {story.slug for story in small.publish(n=1)}


def test_an_edited_story_keeps_its_address_and_its_id_and_says_when_it_changed(small: Site) -> None:
    before = small.story("names-of-the-bridges")
    etag = get(small, "/names-of-the-bridges/").headers["etag"]
    after = small.edit("names-of-the-bridges", title="Other names", text="There are none.")
    page = get(small, "/names-of-the-bridges/", If_None_Match=etag)
    assert page.status == 200
    assert "There are none." in page.text
    assert after.id == before.id
    assert after.modified > before.modified
    assert small.expected("names-of-the-bridges")["body"] == ["There are none."]


def test_a_renamed_story_is_404_at_its_old_address_unless_it_redirects(small: Site) -> None:
    old = small.story("names-of-the-bridges")
    new = small.retitle("names-of-the-bridges", "What bridges are called", new_slug="what-bridges-are-called")
    assert new.id == old.id
    assert get(small, "/names-of-the-bridges/").status == 404
    assert get(small, "/what-bridges-are-called/").status == 200
    small.retitle("what-bridges-are-called", "Bridges", new_slug="bridges", redirect=True)
    assert get(small, "/what-bridges-are-called/").headers["location"] == "/bridges/"


def test_an_unpublished_story_is_gone_from_its_address_and_from_lists(small: Site) -> None:
    small.unpublish("names-of-the-bridges")
    small.unpublish("correction-lighthouse", status=410)
    assert get(small, "/names-of-the-bridges/").status == 404
    assert get(small, "/correction-lighthouse/").status == 410
    assert "names-of-the-bridges" not in get(small, "/sitemap-posts.xml").text


def test_a_hidden_story_is_left_out_where_it_was_hidden_and_nowhere_else(small: Site) -> None:
    slug = small.stories[0].slug
    small.hide(slug, "list", "sitemap")
    assert slug not in get(small, "/news-archive/").text
    assert slug not in get(small, "/sitemap-posts.xml").text
    assert slug in get(small, "/news-archive/rss/").text
    assert get(small, f"/{slug}/").status == 200


def test_a_changed_author_is_changed_everywhere(small: Site) -> None:
    small.edit_author("marit", role="Chief Critic")
    assert "Chief Critic" in get(small, "/author/marit/").text
    assert "Chief Critic" in get(small, "/names-of-the-bridges/").text
    assert small.expected("names-of-the-bridges")["authors"][0]["role"] == "Chief Critic"
    assert all_authors()["marit"].role == "Culture Reporter"


def test_a_redesign_changes_every_page(small: Site) -> None:
    assert "Story_body" in get(small, "/names-of-the-bridges/").text
    small.redesign("scrambled")
    assert "Story_body" not in get(small, "/names-of-the-bridges/").text


def test_a_fault_misbehaves_as_often_as_it_was_told(small: Site) -> None:
    small.fault("/about/", status=503, headers={"Retry-After": "5"}, body=b"busy", times=1)
    busy, fine = get(small, "/about/"), get(small, "/about/")
    assert (busy.status, busy.headers["retry-after"], busy.body) == (503, "5", b"busy")
    assert fine.status == 200
    small.fault("/team/", cut=100)
    with pytest.raises(http.client.IncompleteRead):
        get(small, "/team/")
    small.fault("/terms/", drop=True)
    with pytest.raises(http.client.RemoteDisconnected):
        get(small, "/terms/")


# Many stories


def test_the_same_seed_gives_the_same_stories_each_at_its_own_address() -> None:
    stories = list(bulk_stories(2000))
    assert stories == list(bulk_stories(2000))
    assert len({story.slug for story in stories}) == 2000
    assert len({story.text for story in stories}) == 2000
    assert stories != list(bulk_stories(2000, seed=1))


def test_daily_stories_differ_in_numbers_and_dates_only() -> None:
    texts = [story.text for story in daily_stories(60)]
    assert len(set(texts)) == 60
    assert len({re.sub(r"[A-Z][a-z]{2}\. \d+|[\d,]+", "", text) for text in texts}) == 1


def test_a_near_copy_has_the_same_numbers_and_at_most_three_percent_of_its_words_edited() -> None:
    for story in bulk_stories(40):
        words, copied = story.text.split(), near_copy(story).text.split()
        assert sum(a != b for a, b in zip(words, copied, strict=True)) <= 0.03 * len(words)
        assert re.findall(r"\d+", story.text) == re.findall(r"\d+", near_copy(story).text)
        assert near_copy(story).slug != story.slug


def test_one_connection_takes_every_page() -> None:
    with serve(layout="B", count=300) as site:
        connection = http.client.HTTPConnection(urlsplit(site.root).netloc, timeout=10)
        for story in site.stories:
            connection.request("GET", f"/{story.slug}/")
            answer = connection.getresponse()
            assert answer.status == 200
            assert f"/{story.slug}/".encode() in answer.read()
        connection.close()


# The commands


@pytest.mark.slow
def test_the_command_prints_its_address_first_and_ends_when_it_is_told_to() -> None:
    command = [sys.executable, "-m", "tests.replica", "--layout", "B", "--stories", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        root = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(urlsplit(root).netloc, timeout=10)
        connection.request("GET", "/news-archive/")
        assert connection.getresponse().status == 200
        connection.close()
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.slow
@pytest.mark.parametrize("argument", ["--layout=D", "--port=many", "--pages=3"])
def test_wrong_arguments_of_the_command_end_with_exit_code_2(argument: str) -> None:
    command = [sys.executable, "-m", "tests.replica", argument]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


@pytest.mark.slow
def test_the_demo_says_that_the_stories_are_invented_and_what_was_stored() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.replica.demo"], capture_output=True, text=True, check=True
    ).stdout
    assert "INVENTED" in shown
    assert "72 stories, 14 authors" in shown
    assert "Boilerplate that was cut, by rule:" in shown
    assert "newsfeed: 0 stories new, 3 changed" in shown
    assert "Update: Falling icicle injures 3 in Bramhollow, including child" in shown
