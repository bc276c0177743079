"""HTML as a small tree of text blocks: what a reader sees, in order, with what each block stands in.

Two kinds of things: a `Leaf` is a piece of visible text, a picture, a player or a control; a `Node` is an element that
holds several of them. Wrappers around one thing are left out, so that a block's parent is what really groups it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from kicrawl.page.inline import Link
from kicrawl.page.markup import Element
from kicrawl.site import urls, words

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
    _folded: str | None = None
    _addresses: tuple[str, list[str | None]] | None = None  # the base last asked with, and where the links lead
    _target: tuple[str, str | None] | None = None  # the base last asked with, and where the leaf leads

    @property
    def folded(self) -> str:
        """The text as rules compare it."""
        if self._folded is None:
            self._folded = words.fold(self.text)
        return self._folded

    def target(self, base: str) -> str | None:
        """Where it leads: the first link in it or around it, absolute."""
        if self._target is None or self._target[0] != base:
            inside = next((url for url in self.addresses(base) if url), None)
            self._target = base, inside or _first_address(self.parent.hrefs, base)
        return self._target[1]

    def addresses(self, base: str) -> list[str | None]:
        """Where each of its links leads, absolute."""
        if self._addresses is None or self._addresses[0] != base:
            self._addresses = base, [urls.absolute(href, base) for href, _ in self.links]
        return self._addresses[1]


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


def href_of(leaf: Leaf | Node, base: str) -> str | None:
    """Where a picture, a text or a card leads: the first link in it or around it, absolute."""
    return leaf.target(base) if isinstance(leaf, Leaf) else _first_address(leaf.hrefs, base)


def _first_address(hrefs: Iterable[str], base: str) -> str | None:
    for href in hrefs:
        if url := urls.absolute(href, base):
            return url
    return None
