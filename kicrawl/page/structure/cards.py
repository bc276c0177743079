"""Which elements and lines are cards: the linked headline of another story, with its teaser."""

from collections.abc import Iterable
from itertools import islice

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import HEADINGS, is_linked, is_meta, is_prose
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.targets import leads_to_several, linked_story
from kicrawl.page.tree import Leaf, Node, href_of
from kicrawl.site import labels, phrases, urls

CARD_LEAVES = 10
CARD_TEXT = 1200  # characters


def mark_cards(sheet: Sheet) -> None:
    """Elements that are cards, outer ones first."""
    for node in sheet.nodes:
        if sheet.marks[node.first] is not None and sheet.marks[node.last] is not None:
            continue
        if sheet.holds_headline(node):
            continue
        if is_card(sheet, node):
            sheet.mark(node, "card")
        elif _is_timed_item(sheet, node):
            sheet.mark(node, "section")


def mark_link_lists(sheet: Sheet, body: set[int]) -> None:
    """Lists of nothing but other stories, under a heading of their own."""
    for node in sheet.nodes:
        if node.tag not in ("ul", "ol") or node.first not in body or node.last - node.first < 1:
            continue
        texts = [leaf for leaf in sheet.tree.within(node) if leaf.kind == "text"]
        before = sheet.tree.leaves[node.first - 1] if node.first else None
        if not texts or not all(is_linked(leaf) and linked_story(leaf, sheet.stated) for leaf in texts):
            continue
        if before is not None and _heads_list(before):
            sheet.mark(node, "card")
            sheet.marks[before.index] = sheet.marks[before.index] or "section"


def is_card(sheet: Sheet, node: Node) -> bool:
    """Whether an element is a linked headline of one other story with its teaser, or a link around texts."""
    if node.last - node.first >= CARD_LEAVES:
        return False
    leaves = sheet.tree.within(node)
    texts = [leaf for leaf in leaves if leaf.kind == "text"]
    if node.tag == "a":
        return bool(texts)
    if not texts or node.tag in ("ul", "ol", "p") or sum(len(leaf.text) for leaf in texts) > CARD_TEXT:
        return False
    title = _card_title(texts)
    target = linked_story(title, sheet.stated) or _outside_target(node, title, sheet.stated) if title else None
    if title is None or target is None or leads_to_several(title, sheet.stated):
        return False
    others = {linked_story(leaf, sheet.stated) for leaf in texts if is_linked(leaf)} - {None, target}
    prose = [leaf for leaf in texts if leaf is not title and is_prose(leaf)]
    paragraphs = title.tag == "p" and bool(prose) and prose[0].tag == "p" and not _has_picture(leaves)
    return not others and len(prose) <= 2 and not paragraphs


def _is_timed_item(sheet: Sheet, node: Node) -> bool:
    """An item of a live feed: a time of day, then a headline or a text, whether linked or not."""
    leaves = sheet.tree.within(node)
    first = next((leaf for leaf in leaves if leaf.kind == "text"), None)
    if first is None or not phrases.TIME_ONLY.match(first.text):
        return False
    if not 2 <= sum(1 for _ in islice((leaf for leaf in leaves if leaf.kind == "text"), 5)) <= 4:
        return False
    return not any(leaf.kind in ("media", "control") for leaf in leaves)  # a player shows a time, too


def is_lone_title(leaf: Leaf, stated: Stated) -> bool:
    """A line that is only the linked headline of another story. A sentence such as `Read it here.` is none."""
    if not is_linked(leaf) or len(leaf.text) < 20 or linked_story(leaf, stated) is None:
        return False
    if leads_to_several(leaf, stated):
        return False
    if leaf.tag in HEADINGS:
        return True
    alone = leaf.tag != "li" or leaf.parent.first == leaf.parent.last
    return alone and not ends_sentence(leaf.text.rstrip("'\"’”?"))


def is_read_also(leaf: Leaf) -> bool:
    """`Read also:` and the linked headline of another story, in a line of their own."""
    match = labels.READ_ALSO.match(leaf.text)
    if match is None:
        return False
    rest = leaf.text[match.end() :]
    return bool(rest) and any(len(text) >= 0.9 * len(rest) for _, text in leaf.links)


def _card_title(texts: list[Leaf]) -> Leaf | None:
    """The linked line at the top of an element, a label above it at most."""
    lead = [leaf for leaf in texts[:3] if not is_meta(leaf.text)]
    title = next((leaf for leaf in lead if is_linked(leaf) and (len(leaf.text) > 12 or leaf.tag in HEADINGS)), None)
    return title if title is None or title is lead[0] or _is_short(lead[0]) else None


def _is_short(leaf: Leaf) -> bool:
    return len(leaf.text) < 30 and not ends_sentence(leaf.text)


def _has_picture(leaves: Iterable[Leaf]) -> bool:
    return any(leaf.kind == "image" for leaf in leaves)


def _outside_target(node: Node, title: Leaf, stated: Stated) -> str | None:
    """The target of a bookmark of another site: a figure, a blockquote, or a linked heading with its teaser."""
    few = title.tag in HEADINGS and node.last - node.first <= 3
    href = href_of(title, stated.url) if few or node.tag in ("figure", "blockquote") else None
    return None if href is None or urls.on_site(href, stated.root) else href


def _heads_list(leaf: Leaf) -> bool:
    """Whether a line is the heading of what follows; a line with a colon is a sentence of the story."""
    if leaf.kind != "text" or len(leaf.text) >= 60 or is_prose(leaf):
        return False
    return not leaf.text.endswith(":") or leaf.tag in HEADINGS
