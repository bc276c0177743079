"""Page texts of the form of the two that the project began with: every line becomes a fact, a paragraph, or is cut."""

import pytest

from tests.reading import read, story

CAPTION = (
    "A heron stands on the ferry landing in Lower Tarrow on May 4, 2025. (Ann Reed/Tarrow Pictures via River Images)"
)
BODY = [
    "The noon ferry waited for a heron to leave the landing in Lower Tarrow on May 4, the harbor master said.",
    '"The bird (was there) first," he commented.',
    "Herons have not been seen at the landing since the flood of 2021.",
]
TEASER = (
    "The mill at Sel will close for a week. Some say it should have closed a year ago, when the wheel first cracked."
)
BIO = "Ann Reed is a reporter for the newspaper. She covers rivers, ferries, and the people who miss them."
CARD = "‘We wait’: How a ferry learned to stop"
EXCERPT = "Editor’s Note: The ferrymen in this story are named by their boats. LOWER TARROW — The bell rang twice befo…"

FIRST = f"""
0 members on board

25,000 people chose to be part of the Kyiv Independent community — thank you.

News Feed

Ferry stops for a heron

1 min read
Ferry stops for a heron
{CAPTION}

{BODY[0]}

{BODY[1]}

{BODY[2]}

{CARD}
Avatar
Ann Reed

Reporter

{BIO}

Read more
News Feed
Video

{TEASER}

Show More"""

SECOND = f"""News Feed

Ferry stops for a heron

0 min read
Ferry stops for a heron
{CAPTION}

{BODY[0]}

{BODY[1]}

Video thumbnail

{BODY[2]}

{CARD}
{EXCERPT}
Article image
Avatar
Ann Reed

Reporter

{BIO}

Read more
News Feed
Show More"""


@pytest.fixture(params=[FIRST, SECOND], ids=["first", "second"])
def article(request):
    return read(request.param, "https://kyivindependent.com/ferry-stops-for-a-heron", "text/plain")


def test_the_facts_are_exactly_those_of_the_text(article):
    assert article.title == "Ferry stops for a heron"
    assert article.url == "https://kyivindependent.com/ferry-stops-for-a-heron/"
    assert article.kicker == "News Feed"
    assert article.published_at is None
    assert article.modified_at is None
    [author] = article.authors
    assert (author.name, author.role, author.bio) == ("Ann Reed", "Reporter", BIO)


def test_every_paragraph_is_there_and_nothing_else(article):
    assert story(article) == BODY


def test_the_caption_is_split_into_caption_and_credit(article):
    assert article.captions == [CAPTION]
    [image] = article.images
    assert image.caption == "A heron stands on the ferry landing in Lower Tarrow on May 4, 2025."
    assert image.credit == "Ann Reed/Tarrow Pictures via River Images"


def test_what_was_cut_is_listed_with_its_rule(article):
    assert all(block.rule for block in article.boilerplate)
    kept = {block.text for block in article.blocks if block.role in ("fact", "story", "caption")}
    assert not kept & {
        "Avatar",
        "Read more",
        "Show More",
        "Video thumbnail",
        "Article image",
        TEASER,
        "0 members on board",
    }


def test_banner_teaser_and_buttons_are_boilerplate():
    cut = {block.text for block in read(FIRST, content_type="text/plain").boilerplate}
    banner = "25,000 people chose to be part of the Kyiv Independent community — thank you."
    assert {"0 members on board", banner, "Avatar", "Read more", "Video", TEASER, "Show More"} <= cut


def test_reading_minutes_may_be_zero():
    assert read(FIRST, content_type="text/plain").reading_minutes == 1
    assert read(SECOND, content_type="text/plain").reading_minutes == 0


def test_the_card_is_related_with_its_excerpt_if_it_has_one():
    [bare] = read(FIRST, content_type="text/plain").related
    [full] = read(SECOND, content_type="text/plain").related
    assert (bare.title, bare.excerpt) == (CARD, None)
    assert (full.title, full.excerpt) == (CARD, EXCERPT)
