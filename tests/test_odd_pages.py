"""What reviewers showed: errors and challenges with status 200, what only sounds like one, stories in several parts."""

import pytest

from kicrawl import page, read_article
from tests.reading import LAST, LEAD, TITLE, URL, read, semantic, story

MORE = "The harbor master said that the bird had come back for the third year in a row."
NONE = "The page you are looking for does not exist any more, or it never did exist."


@pytest.mark.parametrize(
    ("title", "headline", "kind"),
    [
        ("Page not found", "Oops", "other"),
        ("The Kyiv Independent", "Page not found", "other"),
        ("Service Unavailable", "Sorry, something went wrong", "other"),
        ("404 | The Kyiv Independent", "Nothing here", "other"),
        ("502 Bad Gateway", "502 Bad Gateway", "other"),
        ("kyivindependent.com", "Verify you are human", "challenge"),
        ("Attention Required! | Cloudflare", "Sorry", "challenge"),
        ("Just a moment...", "kyivindependent.com", "challenge"),
    ],
)
def test_an_error_or_a_challenge_with_status_200_is_no_story(title, headline, kind):
    html = f"<html><head><title>{title}</title></head><body><div><h1>{headline}</h1><p>{NONE}</p></div></body></html>"
    assert page.read_page(html, URL).kind == kind


@pytest.mark.parametrize(
    "title",
    [
        "Security checks on Tarrow ferries tightened",
        "Please wait: how the ferrymen queue for oil",
        "Error by error, how the mill lost its wheel",
        "404 herons counted at the landing",
        "500 days of high water",
        "Access denied: the story of a locked lighthouse",
    ],
)
def test_a_story_whose_headline_sounds_like_one_is_a_story(title):
    html = semantic([LEAD, LAST]).replace(TITLE, title)
    assert page.read_page(html, URL).kind == "story"
    assert story(read(html)) == [LEAD, LAST]


def test_a_guards_script_in_an_ordinary_page_changes_nothing():
    html = semantic([LEAD, LAST, MORE, LEAD, LAST, MORE]).replace(
        "</body>", '<script src="/cdn-cgi/challenge-platform/x.js"></script></body>'
    )
    assert page.read_page(html, URL).kind == "story"


P = [f"<p>{text}</p>" for text in (LEAD, MORE, LAST)]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([P[0] + P[1], P[2]], [LEAD, MORE, LAST]),
        ([P[0], P[1], P[2]], [LEAD, MORE, LAST]),
        ([P[0], P[1] + P[2]], [LEAD, MORE, LAST]),
        ([P[0] + P[1], "<h2>What the bird wants</h2>", P[2]], [LEAD, MORE, "What the bird wants", LAST]),
        (
            [P[0] + P[1], "<ul><li>one heron</li><li>two ferries</li></ul>", P[2]],
            [LEAD, MORE, "one heron", "two ferries", LAST],
        ),
    ],
    ids=["2-1", "1-1-1", "1-2", "subhead between", "list between"],
)
def test_a_story_split_over_several_elements_is_whole(parts, expected):
    body = "<div>Advertisement</div>".join(f"<div>{part}</div>" for part in parts)
    html = f"""<title>{TITLE}</title><body><header><a href="/">Home</a></header><main><h1>{TITLE}</h1>
      <div>by Ann Reed May 4, 2025 1:30 AM</div>{body}<div><a href="/author/ann-reed/">Ann Reed</a><p>Ann Reed is a
      reporter.</p></div></main>"""
    assert story(read(html)) == expected


def test_a_standfirst_is_no_paragraph():
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><p class="lead">A bird kept forty people waiting.</p>
      <div>by Ann Reed May 4, 2025 1:30 AM</div><div>{"".join(P)}</div></main>"""
    article = read(html)
    assert article.subtitle == "A bird kept forty people waiting."
    assert story(article) == [LEAD, MORE, LAST]


def test_a_caption_under_a_lead_picture_without_a_figure_is_a_caption():
    caption = "The landing in Lower Tarrow. (State Ferry Service / Telegram)"
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div>0 min read</div><img src="/content/images/h.jpg">
      <p>{caption}</p><div class="b">{"".join(P)}</div></main>"""
    article = read(html)
    assert article.captions == [caption]
    assert story(article) == [LEAD, MORE, LAST]
    assert article.images[0].credit == "State Ferry Service / Telegram"


def test_undeclared_windows_1252_keeps_its_letters():
    paragraph = "The café on the landing, as the captain’s niece calls it, stayed open."
    article = read_article(semantic([LEAD, paragraph]).encode("cp1252"), URL, "text/html")
    assert story(article) == [LEAD, paragraph]


def test_names_joined_by_an_and_are_two_authors():
    html = semantic([LEAD, LAST]).replace("</h1>", "</h1><div>By Ann Reed and Bob Pond, Staff Writers</div>")
    assert [author.name for author in read(html).authors] == ["Ann Reed", "Bob Pond"]


@pytest.mark.parametrize("card", ["The Kyiv IndependentBob Pond", "The Kyiv Independent\nBob Pond"])
def test_a_card_in_the_middle_of_a_plain_text_is_related(card):
    excerpt = "For ten years nobody looked at the landing, and then the heron cam..."
    text = "\n".join([TITLE, "by Ann Reed March 17, 2024 12:32 PM 1 min read", LEAD, "Who feeds the herons?", excerpt])
    article = read("\n".join([text, card, LAST, "Author: Ann Reed"]), content_type="text/plain")
    assert story(article) == [LEAD, LAST]
    assert [(one.title, one.excerpt) for one in article.related] == [("Who feeds the herons?", excerpt)]


def test_an_address_that_does_not_parse_is_no_traceback():
    assert story(read_article(semantic([LEAD, LAST]), "http://[::1", "text/html")) == [LEAD, LAST]
