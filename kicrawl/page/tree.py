"""HTML as a small tree of text blocks: what a reader sees, in order, with what each block stands in.

Two kinds of things: a `Leaf` is a piece of visible text, a picture, a player or a control; a `Node` is an element that
holds several of them. Wrappers around one thing are left out, so that a block's parent is what really groups it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from lxml import etree

from kicrawl.page.characters import squash
from kicrawl.page.inline import Link, Piece, read_lines
from kicrawl.site import urls

Sort = Literal["inline", "block", "skipped", "br", "image", "media", "control"]

INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr""".split()
)
SKIPPED = frozenset(
    "script style template noscript svg math head title meta link object canvas map area col colgroup".split()
)
MEDIA = frozenset(["iframe", "video", "audio", "embed", "amp-youtube", "amp-iframe"])
CONTROLS = frozenset(["input", "select", "textarea"])  # a button has a text, and is a block
SORTS: dict[str, Sort] = {
    **dict.fromkeys(INLINE, "inline"),
    **dict.fromkeys(SKIPPED, "skipped"),
    **dict.fromkeys(MEDIA, "media"),
    **dict.fromkeys(CONTROLS, "control"),
    "br": "br",
    "img": "image",
}
WRAPPERS = frozenset(
    ["div", "section", "span", "article", "main", "center", "body", "html", "td", "tr", "tbody", "table"]
)
HOLDERS = ("a", "span", "b", "strong", "em", "i", "label", "font", "small", "u")  # inline, but met around blocks
HELD = INLINE | SKIPPED | {"br", "img", "picture"}  # what an inline element may hold without being a block itself
HIDING = etree.XPath("descendant-or-self::*[@hidden or @aria-hidden='true' or @style]")
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
STREAMED = re.compile(r"^S:[0-9a-f]+$")
MAX_LEAVES = 100_000  # a page of more is no page of this site; what follows is left unread

Element = etree._Element  # lxml.html would add a call in Python for every element that is met
LeafKind = Literal["text", "image", "media", "control"]


@dataclass(slots=True, eq=False)
class Leaf:
    """A piece of text, a picture, a player or a control, as it stands on the page."""

    kind: LeafKind
    tag: str  # of the block element that holds just this piece
    element: Element
    parent: "Node"
    text: str = ""
    links: list[Link] = field(default_factory=list)
    emphasis: int = 0  # characters in italics or small print
    ends_line: bool = False  # a line break follows inside the same element
    link_share: float = 0.0  # of the text, 0 to 1
    index: int = -1


@dataclass(slots=True, eq=False)
class Node:
    """An element that holds more than one leaf, or one that means something by itself (a link, a figure, a list)."""

    tag: str
    element: Element
    parent: "Node | None"
    children: "list[Node | Leaf]" = field(default_factory=list)
    first: int = 0  # index of its first leaf
    last: int = -1  # index of its last leaf
    hrefs: tuple[str, ...] = ()  # of the links that it is or stands in, as written, inner before outer

    def ancestors(self) -> "Iterator[Node]":
        """Itself, then what holds it, up to the root."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def holds(self, leaf: Leaf) -> bool:
        """Whether the leaf stands in this element."""
        return self.first <= leaf.index <= self.last


@dataclass(slots=True)
class Tree:
    """A page's leaves in reading order, and the element that holds them all."""

    root: Node
    leaves: list[Leaf]
    nodes: list[Node]  # every node, outer before inner

    def within(self, node: Node) -> list[Leaf]:
        """The leaves in a node."""
        return self.leaves[node.first : node.last + 1]


def parse(html: str) -> Element | None:
    """The document's root element; None when nothing in it is markup."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    root: Element | None = etree.fromstring(html.encode("utf-8", "replace"), parser)
    return root


def body_of(document: Element) -> Element:
    """The part of a document that is shown."""
    body = document.find("body")
    return document if body is None else body


def text_within(element: Element) -> str:
    """All the text in an element, shown or not, white space folded."""
    return squash("".join(str(text) for text in element.itertext()))


def read_tree(element: Element) -> Tree:
    """The tree of blocks below an element (the page's body, or an embedded post)."""
    builder = _Builder(element)
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, found in walk:
        if event == "end":
            builder.end(found)
        elif not builder.start(found):
            walk.skip_subtree()
    return builder.finish()


class _Builder:
    """Collects leaves while the document is walked once."""

    def __init__(self, root: Element) -> None:
        self.root_element = root
        self.hidden = {element for element in cast(list[Element], HIDING(root)) if _is_hidden(element)}
        self.holding = _holding_blocks(root)
        self.root = Node("root", root, None)
        self.open: list[Node] = [self.root]
        self.ends: list[str] = []  # for every open element what its end means: a piece, the end of a block, nothing
        self.leaves: list[Leaf] = []
        self.pieces: list[Piece] = []  # the inline run under way
        self.filled = False  # whether there is more than white space in it
        self.href: str | None = None  # of the link that is open in it

    def start(self, element: Element) -> bool:
        """Enter an element; whether what stands in it is to be read."""
        tag = element.tag
        sort = SORTS.get(tag, "block")
        if sort == "skipped" or element in self.hidden or len(self.leaves) >= MAX_LEAVES:
            self.ends.append("")
            return False
        if sort == "inline" or sort == "block":
            self._enter(element, tag, sort)
        else:
            self.ends.append("")
            if sort == "br":
                self.pieces.append(("br", ""))
            else:
                self._alone(sort, element)
            if sort == "media" or sort == "control":
                return False
        if text := element.text:
            self._add_text(text)
        return True

    def end(self, element: Element) -> None:
        """Leave an element, and take the text after it."""
        what = self.ends.pop()
        if what == "block":
            self._flush()
            self._close(self.open.pop())
        elif what == "/a":
            self.pieces.append(("/a", ""))
            self.href = None
        elif what == "end":
            self.pieces.append(("end", element.tag))
        if (text := element.tail) and element is not self.root_element:
            self._add_text(text)

    def finish(self) -> Tree:
        """The tree, when all is walked."""
        self._flush()
        self.root.last = len(self.leaves) - 1
        return Tree(self.root, self.leaves, _outer_first(self.root))

    def _enter(self, element: Element, tag: str, sort: Sort) -> None:
        """Begin a part of a sentence or a block."""
        if not self._is_inline(element, tag, sort):
            self._flush()
            node = Node(tag, element, self.open[-1], first=len(self.leaves))
            self.open.append(node)
            self.ends.append("block")
        elif tag == "a":
            self.href = element.get("href", "")
            self.pieces.append(("a", self.href))
            self.ends.append("/a")
        else:
            self.pieces.append(("start", tag))
            self.ends.append("end")

    def _is_inline(self, element: Element, tag: str, sort: Sort) -> bool:
        if element is self.root_element:
            return False
        if sort == "inline":
            return element not in self.holding
        if "-" in tag:  # a custom element is part of a sentence only where text touches it
            before = element.getprevious()
            parent = element.getparent()
            text = before.tail if before is not None else parent.text if parent is not None else None
            return bool((text or "").strip() or (element.tail or "").strip())
        return False

    def _add_text(self, text: str) -> None:
        self.pieces.append(("text", text))
        if not self.filled and not text.isspace():
            self.filled = True

    def _close(self, node: Node) -> None:
        """Hang a node into what holds it, if it holds anything; a wrapper gives way to what it holds."""
        parent = node.parent
        if parent is None or not node.children:
            return
        node.last = len(self.leaves) - 1
        only = node.children[0] if len(node.children) == 1 else None
        if isinstance(only, Leaf) and (only.element is node.element or node.tag in WRAPPERS):
            if only.element is node.element or only.tag in WRAPPERS:
                only.tag = node.tag
            only.parent = parent
            parent.children.append(only)
        elif isinstance(only, Node) and node.tag in WRAPPERS:
            only.parent = parent
            parent.children.append(only)
        else:
            parent.children.append(node)

    def _alone(self, kind: LeafKind, element: Element) -> None:
        """Add a leaf that is no text; a picture inside an inline link keeps its target, and the link goes on."""
        href = self.href
        self._flush()
        if href is not None:
            self.pieces.append(("a", href))
            self.href = href
        self._add(Leaf(kind, element.tag, element, self.open[-1], links=[(href, "")] if href else []))

    def _add(self, leaf: Leaf) -> None:
        leaf.index = len(self.leaves)
        self.leaves.append(leaf)
        self.open[-1].children.append(leaf)

    def _flush(self) -> None:
        """End the inline run, and add its lines."""
        pieces, filled = self.pieces, self.filled
        if not pieces:
            return
        self.pieces, self.filled, self.href = [], False, None
        if not filled:
            return
        node = self.open[-1]
        kind: LeafKind = "control" if node.tag == "button" else "text"
        for line in read_lines(pieces):
            share = sum(len(text) for _, text in line.links) / len(line.text) if line.links else 0.0
            self._add(Leaf(kind, node.tag, node.element, node, *line, share))


def _outer_first(root: Node) -> list[Node]:
    """Every node, outer before inner; each is told of the links around it."""
    found = []
    todo = [root]
    while todo:
        node = todo.pop()
        found.append(node)
        if node.parent is not None:
            around = node.parent.hrefs
            node.hrefs = (node.element.get("href", ""), *around) if node.tag == "a" else around
        todo.extend(child for child in reversed(node.children) if isinstance(child, Node))
    return found


def _holding_blocks(root: Element) -> set[Element]:
    """The inline elements that hold block elements, such as a link around a whole card."""
    holding: set[Element] = set()
    for element in root.iter(*HOLDERS):
        if any(child.tag not in HELD for child in element):
            outer: Element | None = element
            while outer is not None and outer is not root and outer.tag in INLINE and outer not in holding:
                holding.add(outer)
                outer = outer.getparent()
    return holding


def _is_hidden(element: Element) -> bool:
    """Whether the attributes of an element keep it from being shown."""
    if element.get("hidden") is not None:
        return not _streamed(element)
    return element.get("aria-hidden") == "true" or bool(HIDDEN.search(element.get("style", "")))


def _streamed(element: Element) -> bool:
    """Whether a hidden element is a part that React streams after the page and shows by script.

    It looks like `<div hidden id="S:0">`. Without its id (a site may rename it) the headline in it tells.
    """
    return bool(STREAMED.match(element.get("id") or "")) or element.find(".//h1") is not None


def href_of(leaf: Leaf | Node, base: str) -> str | None:
    """Where a picture, a text or a card leads: the first link in it or around it, absolute."""
    if isinstance(leaf, Leaf):
        for href, _ in leaf.links:
            if url := urls.absolute(href, base):
                return url
        leaf = leaf.parent
    return next((url for href in leaf.hrefs if (url := urls.absolute(href, base))), None)
