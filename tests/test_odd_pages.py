"""What reviewers showed: errors and challenges with status 200, what only sounds like one, stories in several parts."""

from datetime import UTC, datetime

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


BY_ANN = '<a href="/author/ann-reed/">Ann Reed</a>'
FACTS = [
    "4 May, 2025 1:30 AM",
    "May 4, 2025 1:30 AM | 2 min read",
    "Reading time: 3 min",
    "6 days ago",
    "Facebook X Telegram",
]


@pytest.mark.parametrize("line", FACTS)
def test_a_date_a_reading_time_or_share_links_below_a_name_are_nobodys_role(line):
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div class="m"><img alt="Avatar" src="/a.jpg">
      <div>{BY_ANN}</div><div>{line}</div></div><div class="b">{"".join(P)}</div></main>"""
    [author] = read(html).authors
    assert (author.name, author.role) == ("Ann Reed", None)


def test_a_role_below_a_name_is_kept():
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div>by Ann Reed May 4, 2025 1:30 AM</div>
      <div class="b">{"".join(P)}</div><div><img alt="Avatar" src="/a.jpg"><h4>{BY_ANN}</h4><div>Night editor</div>
      <p>Ann Reed has written about rivers and those who cross them since 2015.</p></div></main>"""
    [author] = read(html).authors
    assert (author.name, author.role) == ("Ann Reed", "Night editor")


def test_what_a_time_element_states_counts_beside_the_time_of_an_update():
    stated = '<time datetime="2025-05-04T01:30:15+03:00">9 days ago</time> | (Updated: May 4, 2025 8:25 AM)'
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div class="m">{stated} | by {BY_ANN}</div>
      <div class="b">{"".join(P)}</div></main>"""
    article = read(html)
    assert article.published_at == datetime(2025, 5, 3, 22, 30, 15, tzinfo=UTC)
    assert article.modified_at == datetime(2025, 5, 4, 5, 25, tzinfo=UTC)


def test_the_time_element_of_an_update_is_not_when_the_story_was_published():
    updated = 'May 4, 2025 1:30 AM (Updated: <time datetime="2025-05-04T08:25:00+03:00">May 4, 2025 8:25 AM</time>)'
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div class="m">{updated}</div>
      <div class="b">{"".join(P)}</div></main>"""
    assert read(html).published_at == datetime(2025, 5, 3, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("tag", ["p", "em", "figcaption"])
def test_a_note_on_a_spoken_version_below_the_lead_picture_is_no_caption(tag):
    note = f"<{tag}>This audio is created with AI assistance</{tag}>"
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div>May 4, 2025 1:30 AM</div><div class="h">
      <img src="/content/images/h.jpg"><span>{note}</span></div><div class="b">{"".join(P)}</div></main>"""
    article = read(html)
    assert (article.captions, story(article)) == ([], [LEAD, MORE, LAST])


ABOUT = "Ann Reed has written about rivers and those who cross them since 2015, most of it at night."


@pytest.mark.parametrize(
    ("below", "bio"),
    [
        (f"<h3>Ann Reed</h3><div><p>{ABOUT}</p></div>", ABOUT),
        (f"<div><span>Ann Reed</span></div><div>{ABOUT}</div>", ABOUT),
        (f"<div>Ann Reed</div><p>{MORE}</p>", None),
        (f"<div>Tom Pike</div><p>{ABOUT.replace('Ann Reed', 'Tom Pike')}</p>", None),
    ],
    ids=["heading", "plain", "a teaser by the same author", "somebody else"],
)
def test_a_text_about_the_author_below_the_story_is_a_bio_without_a_box_of_its_own(below, bio):
    html = f"""<title>{TITLE}</title><body><main><div class="c"><h1>{TITLE}</h1><div>by Ann Reed</div>
      <div>May 4, 2025 1:30 AM</div><div class="b">{"".join(P)}</div></div><div class="x"><div class="y">{below}</div>
      </div></main>"""
    article = read(html)
    assert [(author.name, author.bio) for author in article.authors] == [("Ann Reed", bio)]
    assert story(article) == [LEAD, MORE, LAST]


def test_links_to_the_stories_before_and_after_are_no_card():
    before = '<a href="/ice-breaks-at-nine-locks/"><span>Previous article</span> Ice breaks at Nine Locks</a>'
    after = '<a href="/a-lamp-for-every-lock/"><span>Next article</span> A lamp for every lock in Norvale</a>'
    html = f"""<title>{TITLE}</title><body><main><h1>{TITLE}</h1><div>by {BY_ANN} May 4, 2025 1:30 AM</div>
      <div class="b">{"".join(P)}<div>{before} {after}</div></div></main>"""
    article = read(html)
    assert (article.related, story(article)) == ([], [LEAD, MORE, LAST])


@pytest.mark.parametrize("word", ["Podcast", "National", "Opinion"])
def test_a_kind_of_story_below_the_headline_is_its_kicker_without_a_link(word):
    html = f"""<title>{TITLE}</title><body><main><div><h1>{TITLE}</h1><p>{word}</p></div><div>by {BY_ANN}
      May 4, 2025 1:30 AM</div><div class="b">{"".join(P)}</div></main>"""
    article = read(html)
    assert (article.kicker, story(article)) == (word, [LEAD, MORE, LAST])
