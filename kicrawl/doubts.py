"""Does a page show its story, or only what a failing or changed site has left of it? Such a look is not stored.

An editor who cuts a text, or takes a name off it, moves the time of the last change. Where that has not moved and most
of the text is not there, the page has changed and not the story.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kicrawl import items
from kicrawl.site import schedule

LEFT = 1 / 3  # of the words; a page with less of them does not show the story
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
    if words_kept(stored["body"], item) < LEFT * stored["word_count"]:
        return "text_lost"
    if not item.authors and stored["sources"].get("authors") not in ON_CARDS:
        return "byline_lost"
    return None


def first_doubt(item: items.Article) -> str | None:
    """The same of a story that nobody has seen before."""
    if count_words(item) < LEFT * item.promised_words:
        return "text_lost"
    captions_only = not item.body and item.kind == "article"
    return "no_text" if captions_only and item.tries < schedule.TRIES else None


def count_words(item: items.Article) -> int:
    """How many words a story's text has."""
    return len((item.body or "").split())


def words_kept(body: str | None, item: items.Article) -> int:
    """How many words of a stored text a page still shows: a caption read in its place has few of them.

    Where no texts are stored, how many words the page has.
    """
    if body is None or item.body == body:
        return count_words(item)
    return (Counter(body.split()) & Counter((item.body or "").split())).total()


def is_later(time: Any, known: Any) -> bool:
    """Whether a time that both may not state has moved on."""
    return time is not None and known is not None and time > known
