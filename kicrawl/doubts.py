"""Does a page show its story, or only what a failing or changed site has left of it? Such a look is not stored.

An editor who cuts a text, or takes a name off it, moves the time of the last change. Where that has not moved and most
of the text is not there, the page has changed and not the story.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kicrawl import items
from kicrawl.site import schedule

LEFT = 1 / 3  # of the words; a text with less of them is not the story's
SHOWN = 0.9  # of the words, where the page says that nobody has edited them
ON_CARDS = (None, "list", "feed")  # sources of names that may come and go


def doubt(item: items.Article, stored: Mapping[str, Any] | None) -> str | None:
    """Why a look at the site is not to be believed, as its counter is called; None if it is. `stored`: the story's row.

    The item's blocks have their roles.
    """
    if item.seen is None or item.access != "full":
        return None
    if stored is None:
        return first_doubt(item)
    if item.reader_version != stored["reader_version"] or is_later(item.modified_at, stored["modified_at"]):
        return None
    if has_lost_text(item, stored):
        return "text_lost"
    had_byline = stored["sources"].get("authors") not in ON_CARDS
    return "byline_lost" if had_byline and item.sources.get("authors") in ON_CARDS else None


def first_doubt(item: items.Article) -> str | None:
    """The same of a story that nobody has seen before."""
    if count_words(item) < LEFT * item.promised_words:
        return "text_lost"
    captions_only = not item.body and item.kind == "article" and item.sources.get("body") != "none"
    return "no_text" if captions_only and item.tries < schedule.TRIES else None


def count_words(item: items.Article) -> int:
    """How many words a story's text has."""
    return len((item.body or "").split())


def has_lost_text(item: items.Article, stored: Mapping[str, Any]) -> bool:
    """Whether too few words of a stored text are left: in the text, or on the page if that says nobody edited it.

    A caption read in a text's place has few of its words; a line that a new rule cuts still stands on the page.
    """
    if stored["body"] is None:  # no texts are stored
        return bool(count_words(item) < LEFT * stored["word_count"])
    if item.body == stored["body"]:
        return False
    if shared(stored["body"], item.body or "") < LEFT * stored["word_count"]:
        return True
    unedited = item.modified_at is not None and stored["modified_at"] is not None
    page = " ".join([*(block.text for block in item.blocks), *item.captions])
    return unedited and shared(stored["body"], page) < SHOWN * stored["word_count"]


def shared(one: str, other: str) -> int:
    """How many words two texts share, wherever they stand."""
    return (Counter(one.split()) & Counter(other.split())).total()


def is_later(time: Any, known: Any) -> bool:
    """Whether a time that both may not state has moved on."""
    return time is not None and known is not None and time > known
