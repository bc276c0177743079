"""When the story was published and changed, and how long it takes to read, as shown at the headline."""

from datetime import datetime
from itertools import islice

from kicrawl.page.lines import is_meta
from kicrawl.page.markup import Element, text_within
from kicrawl.page.moments import read_moment, read_shown_moment, read_updated_moment
from kicrawl.page.shown.head import near_headline
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf
from kicrawl.site import phrases

MAX_TIMES = 20  # <time> elements of one element of the page
Times = dict[Element, list[tuple[str, str]]]  # of each element that was asked about: what its <time> show and state


def read_dates(story: Story) -> tuple[datetime | None, datetime | None, set[int]]:
    """When the story was published and changed, as shown near the headline, in UTC; and the leaves that say so."""
    published = modified = None
    used: set[int] = set()
    known: Times = {}
    for leaf in near_headline(story):
        if leaf.kind != "text" or len(leaf.text) > 260:
            continue
        times = _times_in(leaf, known)
        if not is_meta(leaf.text) and not times:
            continue
        updated = read_updated_moment(leaf.text)
        cut = words_before_update(leaf.text)
        rest = leaf.text[len(cut) :]
        of_first = [value for words, value in times if not updated or (words in cut and words not in rest)]
        shown = (_first_moment(of_first) if cut else None) or read_shown_moment(cut)
        if shown or updated or is_meta(leaf.text):
            used.add(leaf.index)
        published = published or shown
        modified = modified or updated
    return published, modified, used


def read_reading_minutes(story: Story) -> tuple[int | None, set[int]]:
    """The reading time shown near the headline; 0 is a value."""
    for leaf in near_headline(story):
        match = phrases.READING_TIME.search(leaf.text) if leaf.kind == "text" and len(leaf.text) < 260 else None
        if match:
            return int(match[1] or match[2]), {leaf.index}
    return None, set()


def words_before_update(text: str) -> str:
    """The part of a date line before its `Updated` mark."""
    match = phrases.UPDATE_MARK.search(text)
    return text[: match.start()] if match else text


def _times_in(leaf: Leaf, known: Times) -> list[tuple[str, str]]:
    """The words and machine values of the <time> elements whose words stand in a line."""
    if leaf.element not in known:
        times = islice(leaf.element.iter("time"), MAX_TIMES)
        known[leaf.element] = [(text_within(time), time.get("datetime", "")) for time in times]
    told = known[leaf.element]
    return [(shown, value) for shown, value in told if shown and value and (shown in leaf.text or leaf.text in shown)]


def _first_moment(values: list[str]) -> datetime | None:
    return next((moment for value in values[:4] if (moment := read_moment(value))), None)
