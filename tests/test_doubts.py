"""Which looks at a page are not believed: the page shows far less than its story has, and nobody says it was edited."""

from datetime import timedelta
from typing import Any

import pytest

from kicrawl import items
from kicrawl.doubts import doubt
from tests.archived import NOON

TEXT = " ".join(f"word{number}" for number in range(60))
STORED: dict[str, Any] = {
    "body": TEXT,
    "word_count": 60,
    "modified_at": NOON,
    "reader_version": items.READER_VERSION,
    "sources": {"authors": "byline"},
}
LATER = NOON + timedelta(hours=1)


def look(text: str | None = TEXT, **values: Any) -> items.Article:
    """A look at a story's page on the site."""
    blocks = [items.Block(text=text, role="story")] if text else []
    given: dict[str, Any] = {"sources": {"authors": "byline"}, "modified_at": NOON, **values}
    return items.Article(blocks=blocks, **{"seen": items.Seen(), **given})


def words(start: int, end: int) -> str:
    """A part of the text."""
    return " ".join(TEXT.split()[start:end])


@pytest.mark.parametrize(
    ("article", "verdict"),
    [
        (look(), None),
        (look(words(0, 55)), None),
        (look(words(0, 50)), "text_lost"),
        (look(words(0, 21), modified_at=None), None),
        (look(words(0, 19), modified_at=None), "text_lost"),
        (look(None), "text_lost"),
        (look("A caption " * 30), "text_lost"),
        (look(None, modified_at=None), "text_lost"),
        (look("This story was withdrawn.", modified_at=LATER), None),
        (look(sources={}), "byline_lost"),
        (look(sources={"authors": "list"}), "byline_lost"),
        (look(sources={}, modified_at=LATER), None),
        (look(words(0, 5), access="partial"), None),
        (look(words(0, 5), reader_version=items.READER_VERSION + 1), None),
        (look(words(0, 5), seen=None), None),
    ],
    ids=[
        "as before",
        "a little shorter",
        "shorter though nobody edited it",
        "shorter, and nobody says whether it was edited",
        "a rest",
        "nothing",
        "other words",
        "no time",
        "withdrawn",
        "no byline",
        "byline of a card",
        "byline taken off",
        "behind a wall",
        "read by other rules",
        "a saved page",
    ],
)
def test_a_page_that_shows_less_than_is_stored_is_believed_only_if_it_was_edited(
    article: items.Article, verdict: str | None
) -> None:
    assert doubt(article, STORED) == verdict


def test_without_stored_texts_the_number_of_words_is_compared() -> None:
    assert doubt(look("Other words. " * 20), {**STORED, "body": None}) is None
    assert doubt(look("Other words. " * 9), {**STORED, "body": None}) == "text_lost"


def test_a_line_that_a_new_rule_cuts_is_not_lost() -> None:
    cut = items.Block(text=words(20, 60), role="boilerplate", rule="mine")
    article = look(words(0, 20))
    assert doubt(article, STORED) == "text_lost"
    article.blocks.append(cut)
    assert doubt(article, {**STORED, "word_count": 59}) is None


def test_names_that_only_a_card_gave_may_go() -> None:
    assert doubt(look(sources={}), {**STORED, "sources": {"authors": "feed"}}) is None


@pytest.mark.parametrize(
    ("article", "verdict"),
    [
        (look(promised_words=60), None),
        (look(words(0, 10), promised_words=60), "text_lost"),
        (look(None), "no_text"),
        (look(None, sources={"body": "none"}), None),  # the page says that it has no text
        (look(None, tries=3), None),
        (look(None, kind="photo"), None),
    ],
    ids=["all of it", "less than the feed", "captions only", "none, as said", "again and again", "a photo story"],
)
def test_a_new_story_must_show_a_text(article: items.Article, verdict: str | None) -> None:
    assert doubt(article, None) == verdict
