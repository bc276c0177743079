"""What the feed and the lists know about a story beyond its own page."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kicrawl import items
from kicrawl.page.feed import Entry
from kicrawl.site import fields

Cards = dict[str, items.Card]  # by the address of the story, in the order shown


def by_address(cards: Iterable[items.Card]) -> Cards:
    """Cards by address; without those that lead to no story."""
    return {card.url: card for card in cards if card.url}


def read_cards(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, items.Card]:
    """The cards that the frontier kept of a story, by their route."""
    return {
        route: Entry(
            title=card.get("title", ""),
            byline=card.get("byline"),
            ghost_id=card.get("ghost_id"),
            published_at=datetime.fromisoformat(card["published_at"]) if card.get("published_at") else None,
        )
        for route, card in kept.items()
    }


def take_card_facts(article: items.Article, card: items.Card | None, source: str) -> None:
    """Gives a story what a card (of "list" or "feed") states better than its own page, as site.fields ranks sources."""
    if card is None:
        return
    authors = [items.Author(name=name) for name in read_byline(card.byline)]
    stated = {"title": card.title, "published_at": card.published_at, "authors": authors}
    stated["ghost_id"] = getattr(card, "ghost_id", None)
    for name, value in stated.items():
        if value and is_better(name, source, article.sources.get(name)):
            setattr(article, name, value)
            article.sources[name] = source


def fingerprint(card: items.Card) -> str:
    """A digest of all that a card says, an entry's full text included."""
    said = [str(value) for name, value in asdict(card).items() if name != "url"]
    return hashlib.blake2b("\x00".join(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


def is_better(field: str, source: str, than: str | None) -> bool:
    """Whether a field is believed from one source rather than from another.

    >>> is_better("published_at", "list", than="visible"), is_better("published_at", "list", than="meta")
    (True, False)
    """
    order = fields.ORDER[field]
    return than is None or (than in order and order.index(source) < order.index(than))


def read_byline(byline: str | None) -> list[str]:
    """The names in a card's byline, which is only ever divided by commas.

    >>> read_byline("by Ann Example, Bob Example")
    ['Ann Example', 'Bob Example']
    """
    names = (byline or "").strip().removeprefix("by ").split(",")
    return [name.strip() for name in names if name.strip()]
