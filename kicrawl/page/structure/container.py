"""Which element holds the story."""

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import HEADINGS, is_known, is_linked, is_meta, is_prose
from kicrawl.page.structure.authorboxes import is_named_box
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.tree import Leaf, Node

LISTS = frozenset(["ul", "ol", "dl", "blockquote", "figure", "table", "p", "a", "details"])
OPENED = 6  # how much more an element counts that opens as the metadata says
LONG = 1500  # characters of one paragraph that count


def choose_container(sheet: Sheet) -> Node | None:
    """The element whose own prose is most, near the headline, and opens as the metadata says the story does."""
    mass: dict[Node, float] = {}
    opened: Node | None = None
    for leaf in sheet.tree.leaves[sheet.after :]:
        if not sheet.is_open(leaf) or not is_prose(leaf) or is_meta(leaf.text) or is_known(leaf) or is_linked(leaf):
            continue
        node = _family(leaf)
        mass[node] = mass.get(node, 0.0) + min(len(leaf.text), LONG)
        if opened is None and sheet.opens_story(leaf) and not sheet.holds_headline(node):
            opened = node
    people = {node for node in mass if is_named_box(sheet, node)}
    mass = {node: size for node, size in mass.items() if node not in people} or mass
    if not mass:
        return _family_of_first_sentence(sheet)
    return max(mass, key=lambda node: mass[node] * _nearness(sheet, node) * (OPENED if node is opened else 1))


def _family_of_first_sentence(sheet: Sheet) -> Node | None:
    """What holds the first short sentence after the headline: a story may be one line."""
    for leaf in sheet.tree.leaves[sheet.after :]:
        plain = sheet.is_open(leaf) and leaf.kind == "text" and leaf.tag not in HEADINGS and not is_linked(leaf)
        if plain and len(leaf.text.split()) > 2 and ends_sentence(leaf.text) and not is_known(leaf):
            return _family(leaf)
    return None


def _family(leaf: Leaf) -> Node:
    """The element whose paragraphs a leaf is one of: lists and quotes are parts of it."""
    node = leaf.parent
    while node.parent is not None and node.tag in LISTS:
        node = node.parent
    return node


def _nearness(sheet: Sheet, node: Node) -> float:
    """1 in what holds the headline, less with every step up from there."""
    if sheet.headline is None:
        return 1.0
    for hops, around in enumerate(sheet.headline.parent.ancestors()):
        if around.first <= node.first and node.last <= around.last:
            return 0.6**hops
    return 0.01
