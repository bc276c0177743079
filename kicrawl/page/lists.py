"""The stories that a list shows: archive pages, tag pages, author pages, in any layout."""

import re
from datetime import datetime

from kicrawl import items
from kicrawl.page.lines import HEADINGS, is_known, is_meta, is_prose
from kicrawl.page.markup import Element
from kicrawl.page.moments import read_moment, read_shown_moment, without_moment
from kicrawl.page.tree import Leaf, Node, Tree, href_of
from kicrawl.site import labels, phrases, urls

CARD_LEAVES = 14
TIMES_AROUND = 4  # elements above a card that may carry its time as an attribute
LONG_TITLE = 300
YEAR = re.compile(r"\d{4}")

Moments = dict[Element, datetime | None]  # what the elements around cards state, told once for all cards in them


def read_cards(tree: Tree, base: str, root: str = urls.ROOT) -> list[items.Card]:
    """The cards of a page in order, one per story; navigation and footers are left out."""
    links: dict[str, list[Leaf]] = {}
    for leaf in tree.leaves:
        url = _story(leaf, base, root)
        if url and url != urls.story_url(base, root) and not _in_navigation(leaf):
            links.setdefault(url, []).append(leaf)
    owner = {leaf.index: url for url, leaves in links.items() for leaf in leaves}
    stated: Moments = {}
    cards = [_card(tree, url, leaves, owner, root, stated) for url, leaves in links.items()]
    return [card for card in cards if card is not None]


def _story(leaf: Leaf, base: str, root: str) -> str | None:
    href = href_of(leaf, base) if leaf.links or leaf.parent.parent is not None else None
    return urls.story_url(href, root) if href else None


def _in_navigation(leaf: Leaf) -> bool:
    return any(node.tag in ("nav", "footer", "aside", "form") for node in leaf.parent.ancestors())


def _card(
    tree: Tree, url: str, leaves: list[Leaf], owner: dict[int, str], root: str, stated: Moments
) -> items.Card | None:
    node = _around(tree, leaves, owner)
    inside = [leaf for leaf in tree.within(node) if leaf.kind == "text"] if node else leaves
    title = _title(inside, leaves, url, owner)
    if title is None:
        return None
    rest = [leaf for leaf in inside if leaf.index > title.index and leaf.text != title.text]
    by = next((leaf for leaf in rest if phrases.BYLINE.match(leaf.text) and len(leaf.text) < 300), None)
    excerpt = next((leaf.text for leaf in rest if leaf is not by and _excerpt_like(leaf)), None)
    return items.Card(
        url=url,
        title=_linked_words(title, url, root),
        byline=(without_moment(by.text).strip(" ·|•") or None) if by else None,
        excerpt=excerpt,
        published_at=_time(node, inside, stated),
    )


def _linked_words(title: Leaf, url: str, root: str) -> str:
    """The words of a title; of a line in which only a part leads to the story, that part."""
    if title.link_share > 0.9:
        return title.text
    return next(
        (text for href, text in title.links if urls.story_url(urls.absolute(href, url) or "", root) == url), title.text
    )


def _around(tree: Tree, leaves: list[Leaf], owner: dict[int, str]) -> Node | None:
    """The largest element that holds this story's links and no other story's."""
    found = None
    own = owner[leaves[0].index]
    for node in leaves[0].parent.ancestors():
        if node.parent is None or node.last - node.first > CARD_LEAVES:
            break
        if any(owner.get(leaf.index, own) != own for leaf in tree.within(node)):
            break
        if sum(1 for leaf in tree.within(node) if leaf.tag in HEADINGS) > 2:
            break
        found = node
    return found


def _title(inside: list[Leaf], linked: list[Leaf], url: str, owner: dict[int, str]) -> Leaf | None:
    texts = [
        leaf for leaf in linked if leaf.kind == "text" and 1 < len(leaf.text) <= LONG_TITLE and not is_meta(leaf.text)
    ]
    texts = [leaf for leaf in texts if not is_known(leaf) and leaf.folded not in labels.READ_MORE]
    headings = [leaf for leaf in [*texts, *inside] if leaf.tag in HEADINGS and owner.get(leaf.index, url) == url]
    if headings:
        return headings[0]
    return texts[0] if texts else None


def _excerpt_like(leaf: Leaf) -> bool:
    return (is_prose(leaf) or len(leaf.text) > 60) and not is_meta(leaf.text)


def _time(node: Node | None, inside: list[Leaf], stated: Moments) -> datetime | None:
    """The publish time a card states: an attribute near it, a <time>, or the shown text."""
    if node is not None:
        elements = [node.element, *list(node.element.iterancestors())[:2], *node.element.iter("time")]
        for element in elements[: TIMES_AROUND + 8]:
            if element not in stated:
                stated[element] = _attribute_moment(element)
            if moment := stated[element]:
                return moment
    return next((moment for leaf in inside if (moment := read_shown_moment(leaf.text))), None)


def _attribute_moment(element: Element) -> datetime | None:
    """The first time that an attribute of an element states."""
    told = (str(value) for name, value in element.items() if name == "datetime" or str(name).startswith("data-"))
    return next((moment for value in told if YEAR.search(value) and (moment := read_moment(value))), None)
