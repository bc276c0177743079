"""HTML as a small tree of text blocks: what a reader sees, in order, with what each block stands in.

Two kinds of things: a `Leaf` is a piece of visible text, a picture, a player or a control; a `Node` is an element that
holds several of them. Wrappers around one thing are left out, so that a block's parent is what really groups it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from kicrawl.site import urls

INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr""".split()
)
SKIPPED = frozenset(
    "script style template noscript svg math head title meta link object canvas map area col colgroup".split()
)
MEDIA = frozenset(["iframe", "video", "audio", "embed", "amp-youtube", "amp-iframe"])
CONTROLS = frozenset(["input", "select", "textarea", "button"])
WRAPPERS = frozenset(
    ["div", "section", "span", "article", "main", "center", "body", "html", "td", "tr", "tbody", "table"]
)
EMPHASIS = frozenset(["em", "i", "small", "cite"])
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
STREAMED = re.compile(r"^S:[0-9a-f]+$")
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
STARTS_ANEW = re.compile(r"[A-ZА-ЯІЇЄҐ0-9\"“‘(]")
MAX_LEAVES = 100_000  # a page of more is no page of this site; what follows is left unread

LeafKind = Literal["text", "image", "media", "control"]


def squash(text: str) -> str:
    r"""Text with white space folded and invisible characters removed.

    >>> squash("  July\u00a014\u200b \n")
    'July 14'
    """
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    return " ".join(text.split())


@dataclass(slots=True, eq=False)
class Leaf:
    """A piece of text, a picture, a player or a control, as it stands on the page."""

    kind: LeafKind
    tag: str  # of the block element that holds just this piece
    element: HtmlElement
    parent: "Node"
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  # (href as written, linked text)
    emphasis: int = 0  # characters in italics or small print
    ends_line: bool = False  # a line break follows inside the same element
    index: int = -1

    @property
    def link_share(self) -> float:
        """The share of the text that is linked, 0 to 1."""
        return sum(len(text) for _, text in self.links) / len(self.text) if self.text else 0.0


@dataclass(slots=True, eq=False)
class Node:
    """An element that holds more than one leaf, or one that means something by itself (a link, a figure, a list)."""

    tag: str
    element: HtmlElement
    parent: "Node | None"
    children: "list[Node | Leaf]" = field(default_factory=list)
    first: int = 0  # index of its first leaf
    last: int = -1  # index of its last leaf

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

    def nodes(self) -> Iterator[Node]:
        """Every node, outer before inner."""
        todo = [self.root]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def within(self, node: Node) -> list[Leaf]:
        """The leaves in a node."""
        return self.leaves[node.first : node.last + 1]


def parse(html: str) -> HtmlElement | None:
    """The document's root element; None when nothing in it is markup."""
    parser = HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def read_tree(element: HtmlElement) -> Tree:
    """The tree of blocks below an element (the page's body, or an embedded post)."""
    builder = _Builder(element, _holding_blocks(element))
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, found in walk:
        if event == "start":
            if not builder.start(found):
                walk.skip_subtree()
        else:
            builder.end(found)
    return builder.finish()


def _holding_blocks(root: HtmlElement) -> set[HtmlElement]:
    """The inline elements that hold block elements, such as a link around a whole card."""
    holding = set()
    for element in root.iter("a", "span", "b", "strong", "em", "i", "label", "font", "small", "u"):
        if any(isinstance(child.tag, str) and child.tag not in INLINE for child in element.iterchildren()) and any(
            child.tag not in SKIPPED and child.tag not in ("br", "img", "picture")
            for child in element.iterchildren()
            if isinstance(child.tag, str) and child.tag not in INLINE
        ):
            outer = element
            while outer is not None and outer is not root and outer.tag in INLINE and outer not in holding:
                holding.add(outer)
                outer = outer.getparent()
    return holding


class _Builder:
    """Collects leaves while the document is walked once."""

    def __init__(self, root: HtmlElement, holding: set[HtmlElement]) -> None:
        self.root_element = root
        self.holding = holding
        self.root = Node("root", root, None)
        self.open: list[Node] = [self.root]
        self.leaves: list[Leaf] = []
        self.pieces: list[tuple[str, str]] = []  # the inline run under way: (what, value)
        self.skipped: HtmlElement | None = None

    def start(self, element: HtmlElement) -> bool:
        tag = element.tag
        if tag in SKIPPED or _hidden(element) or len(self.leaves) >= MAX_LEAVES:
            self.skipped = element
            return False
        if tag == "br":
            self.pieces.append(("br", ""))
        elif tag == "img":
            self._alone("image", element)
        elif tag in MEDIA:
            self._alone("media", element)
            self.skipped = element
            return False
        elif tag in CONTROLS and tag != "button":
            self._alone("control", element)
            self.skipped = element
            return False
        elif self._inline(element):
            self.pieces.append(("a", element.get("href", "")) if tag == "a" else ("start", tag))
        else:
            self._flush()
            node = Node(tag, element, self.open[-1])
            node.first = len(self.leaves)
            self.open.append(node)
        if element.text:
            self.pieces.append(("text", element.text))
        return True

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        if self.skipped is element:
            self.skipped = None
        elif tag in ("br", "img"):
            pass
        elif self._inline(element):
            self.pieces.append(("/a" if tag == "a" else "end", tag))
        else:
            self._flush()
            self._close(self.open.pop())
        if element.tail and element is not self.root_element:
            self.pieces.append(("text", element.tail))

    def finish(self) -> Tree:
        self._flush()
        self.root.last = len(self.leaves) - 1
        return Tree(self.root, self.leaves)

    def _inline(self, element: HtmlElement) -> bool:
        tag = element.tag
        if element is self.root_element:
            return False
        if tag in INLINE:
            return element not in self.holding
        if "-" in tag:  # a custom element is part of a sentence only where text touches it
            before = element.getprevious()
            text = (element.getparent().text if before is None else before.tail) or ""
            return bool(text.strip() or (element.tail or "").strip())
        return False

    def _close(self, node: Node) -> None:
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

    def _alone(self, kind: LeafKind, element: HtmlElement) -> None:
        links = [value for what, value in self.pieces if what in ("a", "/a")]
        inside = self.pieces and links and links[-1] != "a"  # a picture inside an inline link keeps its target
        href = next((value for what, value in reversed(self.pieces) if what == "a"), "") if inside else ""
        self._flush(keep_link=bool(inside))
        leaf = Leaf(kind, element.tag, element, self.open[-1], links=[(href, "")] if href else [])
        self._add(leaf)

    def _add(self, leaf: Leaf) -> None:
        leaf.index = len(self.leaves)
        self.leaves.append(leaf)
        self.open[-1].children.append(leaf)

    def _flush(self, keep_link: bool = False) -> None:
        pieces, self.pieces = self.pieces, []
        if keep_link:
            self.pieces = [next(piece for piece in reversed(pieces) if piece[0] == "a")]
        if not any(what == "text" and not value.isspace() for what, value in pieces):
            return
        node = self.open[-1]
        kind: LeafKind = "control" if node.tag == "button" else "text"
        for text, links, emphasis, ends_line in _lines(pieces):
            self._add(Leaf(kind, node.tag, node.element, node, text, links, emphasis, ends_line))


Line = tuple[str, list[tuple[str, str]], int, bool]


def _lines(pieces: list[tuple[str, str]]) -> list[Line]:
    """An inline run as lines: split at empty lines, and where two elements touch without a space between them."""
    parts: list[list[tuple[str, str]]] = [[]]
    breaks: list[bool] = []
    for position, piece in enumerate(pieces):
        if piece[0] in ("a", "start") and _touches(pieces, position):
            parts.append([])
            breaks.append(False)
            href = _open_link(pieces[:position])
            if href is not None:
                parts[-1].append(("a", href))
        elif piece[0] == "br":
            href = _open_link(pieces[:position])
            parts.append([("a", href)] if href is not None else [])
            breaks.append(True)
        parts[-1].append(piece)
    breaks.append(False)
    lines = [_line(part, ends) for part, ends in zip(parts, breaks, strict=True)]
    return _join_lines(lines)


def _open_link(pieces: list[tuple[str, str]]) -> str | None:
    for what, value in reversed(pieces):
        if what == "/a":
            return None
        if what == "a":
            return value
    return None


def _touches(pieces: list[tuple[str, str]], position: int) -> bool:
    """Whether an element starts right where another ended, with a new sentence, name or number in it."""
    if position == 0 or pieces[position - 1][0] not in ("/a", "end"):
        return False
    before = next((value for what, value in reversed(pieces[:position]) if what == "text"), "")
    after = next((value for what, value in pieces[position:] if what == "text"), "")
    if len(before.strip()) < 2 or not after or before[-1].isspace() or not STARTS_ANEW.match(after):
        return False
    return not (before[-1] in "“‘(-–—/" or (before[-1].isdigit() and after[0].isdigit()))


def _line(pieces: list[tuple[str, str]], ends_line: bool) -> Line:
    texts: list[str] = []
    links: list[tuple[str, str]] = []
    href: str | None = None
    linked: list[str] = []
    emphasis = slanted = 0
    for what, value in pieces:
        if what == "text":
            texts.append(value)
            if href is not None:
                linked.append(value)
            if slanted:
                emphasis += len(value)
        elif what == "a":
            href, linked = value, []
        elif what == "/a":
            if href is not None and squash("".join(linked)):
                links.append((href, squash("".join(linked))))
            href = None
        elif what == "start" and value in EMPHASIS:
            slanted += 1
        elif what == "end" and value in EMPHASIS:
            slanted = max(0, slanted - 1)
    if href is not None and squash("".join(linked)):
        links.append((href, squash("".join(linked))))
    return squash("".join(texts)), links, emphasis, ends_line


def _join_lines(lines: list[Line]) -> list[Line]:
    """Lines joined again where a single line break stood inside a sentence or a title."""
    filled = [line for line in lines if line[0]]
    paragraphs = len(filled) > 1 and all(len(line[0]) >= 60 and SENTENCE_END.search(line[0]) for line in filled)
    out: list[Line] = []
    for line in lines:
        previous = out[-1] if out else None
        if previous is None or not previous[3] or paragraphs or not previous[0] or not line[0]:
            out.append(line)
        else:
            text = f"{previous[0]} {line[0]}"
            out[-1] = (text, previous[1] + line[1], previous[2] + line[2], line[3])
    return [line for line in out if line[0]]


def _hidden(element: HtmlElement) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes:
        return not _streamed(element)
    return attributes.get("aria-hidden") == "true" or bool(HIDDEN.search(attributes.get("style", "")))


def _streamed(element: HtmlElement) -> bool:
    """Whether a hidden element is a part that React streams after the page and shows by script.

    It looks like `<div hidden id="S:0">`. Without its id (a site may rename it) the headline in it tells.
    """
    return bool(STREAMED.match(element.get("id") or "")) or element.find(".//h1") is not None


def href_of(leaf: Leaf | Node, base: str) -> str | None:
    """Where a picture, a text or a card leads: the first link in it or around it, absolute."""
    hrefs: list[str] = [href for href, _ in leaf.links] if isinstance(leaf, Leaf) else []
    node = leaf.parent if isinstance(leaf, Leaf) else leaf
    hrefs += [around.element.get("href", "") for around in node.ancestors() if around.tag == "a"] if node else []
    return next((url for href in hrefs if (url := urls.absolute(href, base))), None)
