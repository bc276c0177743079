"""Where in its place the story begins."""

import re

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import HEADINGS, is_known, is_meta, is_prose
from kicrawl.page.structure.authorboxes import names_author
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.tree import Leaf

CLAUSE_END = re.compile(r"[.!?…,:;—–][\"'”’)\]]*$")


def trim_opening(sheet: Sheet, body: set[int]) -> set[int]:
    """Without what stands before the first paragraph: dates, names, tags, counters."""
    order = sorted(body)
    first = _first_that_begins(sheet, order)
    if first is None:
        first = next((place for place, index in enumerate(order) if is_words(sheet, index)), len(order))
    return set(order[first:])


def _first_that_begins(sheet: Sheet, order: list[int]) -> int | None:
    before: Leaf | None = None
    for place, index in enumerate(order):
        if _can_begin(sheet, index, before):
            return place
        if sheet.tree.leaves[index].kind == "text":
            before = sheet.tree.leaves[index]
    return None


def _can_begin(sheet: Sheet, index: int, before: Leaf | None) -> bool:
    """Whether a leaf may be the story's first: a sentence or a subhead, not what states a fact."""
    leaf = sheet.tree.leaves[index]
    if not is_words(sheet, index) or is_meta(leaf.text) or names_author(sheet, leaf) or _is_role(sheet, leaf, before):
        return False
    return is_prose(leaf) or leaf.tag in HEADINGS or bool(CLAUSE_END.search(leaf.text))


def is_words(sheet: Sheet, index: int) -> bool:
    """Whether a leaf is a text that may be of the story: no furniture, caption, fact or line of links."""
    leaf = sheet.tree.leaves[index]
    if sheet.marks[index] is not None or leaf.kind != "text" or index in sheet.captions:
        return False
    return not (is_known(leaf) or is_meta(leaf.text) or _is_label(leaf))


def _is_label(leaf: Leaf) -> bool:
    """A short line of links: tags, a kicker, sharing."""
    return leaf.link_share > 0.6 and not is_prose(leaf)


def _is_role(sheet: Sheet, leaf: Leaf, before: Leaf | None) -> bool:
    named = before is not None and names_author(sheet, before)
    return named and len(leaf.text) < 100 and not ends_sentence(leaf.text)
