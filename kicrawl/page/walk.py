"""How a document becomes its tree of blocks: walked once, what is not shown left out, inline runs made lines."""

import re
from typing import Literal

from kicrawl.page.characters import squash
from kicrawl.page.inline import Piece, read_line, read_lines
from kicrawl.page.markup import Element
from kicrawl.page.tree import Leaf, LeafKind, Node, Tree

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
HOLDERS = frozenset(
    ["a", "span", "b", "strong", "em", "i", "label", "font", "small", "u"]
)  # inline, but met around blocks
HELD = INLINE | SKIPPED | {"br", "img", "picture"}  # what an inline element may hold without being a block itself
HIDING = frozenset(["hidden", "aria-hidden", "style"])
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
STREAMED = re.compile(r"^S:[0-9a-f]+$")
CLOSED: Piece = ("/a", "")
BREAK: Piece = ("br", "")
MAX_LEAVES = 100_000  # a page of more is no page of this site; what follows is left unread


def read_tree(element: Element) -> Tree:
    """The tree of blocks below an element (the page's body, or an embedded post)."""
    builder = _Builder(element)
    builder.read(element)
    return builder.finish()


class _Builder:
    """Collects leaves while the document is walked once, an element within the other (lxml stops at 255)."""

    def __init__(self, element: Element) -> None:
        self.root = self.open = Node("root", element, None)
        self.nodes: list[Node] = [self.root]
        self.leaves: list[Leaf] = []
        self.pieces: list[Piece] = []  # the inline run under way
        self.filled = False  # whether there is more than white space in it
        self.divides = False  # whether it may be more than one line
        self.href: str | None = None  # of the link that is open in it

    def read(self, element: Element) -> None:
        """Read the element that holds all."""
        if SORTS.get(element.tag) != "skipped" and not _is_hidden(element):
            self._read_block(element, element.tag)

    def finish(self) -> Tree:
        """The tree, when all is read."""
        self._flush()
        self.root.last = len(self.leaves) - 1
        return Tree(self.root, self.leaves, [node for node in self.nodes if node.last >= 0])

    def _read_inside(self, element: Element) -> None:
        """Read an element's text, and what stands in it."""
        if (text := element.text) and (self.pieces or not text.isspace()):
            self._add_text(text)
        for child in element:
            tag = child.tag
            sort = SORTS.get(tag, "block")
            if sort != "skipped" and (HIDING.isdisjoint(child.keys()) or not _is_hidden(child)):
                if sort == "block":
                    self._read_block(child, tag)
                elif sort == "inline":
                    self._read_inline(child, tag)
                elif sort == "br":
                    self._add_break()
                else:
                    self._add_alone(sort, child)
            if (text := child.tail) and (self.pieces or not text.isspace()):
                self._add_text(text)

    def _read_block(self, element: Element, tag: str) -> None:
        """Read an element that stands in lines of its own."""
        if "-" in tag and _is_of_sentence(element) and self.open is not self.root:
            self._read_phrase(element, tag)
            return
        if self.pieces:
            self._flush()
        if len(element):
            self._read_node(element, tag)
        elif (text := element.text) and (text := squash(text)):  # most paragraphs
            self._add(Leaf("control" if tag == "button" else "text", tag, element, self.open, text))

    def _read_node(self, element: Element, tag: str) -> None:
        if len(self.leaves) >= MAX_LEAVES:
            return
        outer = self.open
        hrefs = (element.get("href", ""), *outer.hrefs) if tag == "a" else outer.hrefs
        node = self.open = Node(tag, element, outer, [], len(self.leaves), -1, hrefs)
        self.nodes.append(node)
        self._read_inside(element)
        if self.pieces:
            self._flush()
        self.open = outer
        if node.children:
            self._hang(node, outer)

    def _read_inline(self, element: Element, tag: str) -> None:
        """Read an element that is part of a sentence, unless it holds blocks, as a link around a card does."""
        if len(element) and _holds_blocks(element, tag):
            if self.pieces:
                self._flush()
            self._read_node(element, tag)
        else:
            self._read_phrase(element, tag)

    def _read_phrase(self, element: Element, tag: str) -> None:
        pieces = self.pieces
        if pieces and pieces[-1][0] in ("/a", "end"):
            self.divides = True
        if tag == "a":
            self.href = element.get("href", "")
            pieces.append(("a", self.href))
        else:
            pieces.append(("start", tag))
        if len(element):
            self._read_inside(element)
        elif text := element.text:
            self._add_text(text)
        if tag == "a":
            self.href = None
            self.pieces.append(CLOSED)
        else:
            self.pieces.append(("end", tag))

    def _add_text(self, text: str) -> None:
        """Add a text to the inline run; one of white space alone does not begin it."""
        if not self.filled and not text.isspace():
            self.filled = True
        self.pieces.append(("text", text))

    def _add_break(self) -> None:
        self.pieces.append(BREAK)
        self.divides = True

    def _add_alone(self, kind: LeafKind, element: Element) -> None:
        """Add a leaf that is no text; a picture inside an inline link keeps its target, and the link goes on."""
        href = self.href
        self._flush()
        if href is not None:
            self.pieces.append(("a", href))
            self.href = href
        self._add(Leaf(kind, element.tag, element, self.open, links=[(href, "")] if href else []))

    def _add(self, leaf: Leaf) -> None:
        leaf.index = len(self.leaves)
        self.leaves.append(leaf)
        self.open.children.append(leaf)

    def _flush(self) -> None:
        """End the inline run, and add its lines."""
        pieces, filled, divides = self.pieces, self.filled, self.divides
        self.pieces, self.filled, self.divides, self.href = [], False, False, None
        if not filled:
            return
        node = self.open
        kind: LeafKind = "control" if node.tag == "button" else "text"
        for line in read_lines(pieces) if divides else read_line(pieces):
            text, links, emphasis, ends_line = line
            share = sum([len(linked) for _, linked in links]) / len(text) if links else 0.0
            self._add(Leaf(kind, node.tag, node.element, node, text, links, emphasis, ends_line, share))

    def _hang(self, node: Node, outer: Node) -> None:
        """Hang a node into what holds it; a wrapper gives way to the one thing it holds."""
        only = node.children[0] if len(node.children) == 1 else None
        if isinstance(only, Leaf) and (only.element is node.element or node.tag in WRAPPERS):
            if only.element is node.element or only.tag in WRAPPERS:
                only.tag = node.tag
        elif not (isinstance(only, Node) and node.tag in WRAPPERS):
            node.last = len(self.leaves) - 1
            only = node
        only.parent = outer
        outer.children.append(only)


def _holds_blocks(element: Element, tag: str) -> bool:
    """Whether a block stands in an inline element, or in one within it."""
    own = tag in HOLDERS
    for child in element:
        inner = child.tag
        if (own and inner not in HELD) or (len(child) and inner in INLINE and _holds_blocks(child, inner)):
            return True
    return False


def _is_of_sentence(element: Element) -> bool:
    """Whether an element that HTML does not know is part of a sentence: text touches it."""
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return bool((text or "").strip() or (element.tail or "").strip())


def _is_hidden(element: Element) -> bool:
    """Whether the attributes of an element keep it from being shown."""
    if HIDING.isdisjoint(element.keys()):
        return False
    if element.get("hidden") is not None:
        return not _streamed(element)
    return element.get("aria-hidden") == "true" or bool(HIDDEN.search(element.get("style", "")))


def _streamed(element: Element) -> bool:
    """Whether a hidden element is a part that React streams after the page and shows by script.

    It looks like `<div hidden id="S:0">`. Without its id (a site may rename it) the headline in it tells.
    """
    return bool(STREAMED.match(element.get("id") or "")) or element.find(".//h1") is not None
