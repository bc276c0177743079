"""What a card adds to a story: only facts that its own page does not state, or states less exactly."""

from datetime import UTC, datetime

from kicrawl import items
from kicrawl.cards import take_card_facts

NOON = datetime(2025, 6, 3, 12, tzinfo=UTC)
CARD = items.Card(url="https://kyivindependent.com/x/", title="Card", byline="by Ann, Bob", published_at=NOON)


def test_a_card_fills_what_the_page_does_not_state() -> None:
    article = items.Article(title="Page")
    take_card_facts(article, CARD, "list")
    assert article.published_at == NOON
    assert [author.name for author in article.authors] == ["Ann", "Bob"]
    assert article.title == "Card"  # the page's title has no source here: it was not stated
    assert article.sources == {"title": "list", "published_at": "list", "authors": "list"}


def test_what_the_page_states_itself_stays() -> None:
    earlier = datetime(2025, 6, 3, 11, tzinfo=UTC)
    article = items.Article(
        title="Page",
        published_at=earlier,
        authors=[items.Author(name="Eve")],
        sources={"title": "h1", "published_at": "meta", "authors": "byline"},
    )
    take_card_facts(article, CARD, "list")
    assert (article.title, article.published_at, article.authors[0].name) == ("Page", earlier, "Eve")


def test_a_cards_exact_time_is_believed_before_a_printed_one() -> None:
    printed = datetime(2025, 6, 3, 9, tzinfo=UTC)
    article = items.Article(published_at=printed, sources={"published_at": "visible"})
    take_card_facts(article, CARD, "feed")
    assert (article.published_at, article.sources["published_at"]) == (NOON, "feed")


def test_a_list_is_believed_before_the_feed() -> None:
    article = items.Article()
    take_card_facts(article, CARD, "list")
    take_card_facts(article, items.Card(byline="Ann", published_at=datetime(2020, 1, 1, tzinfo=UTC)), "feed")
    assert (article.published_at, len(article.authors)) == (NOON, 2)
