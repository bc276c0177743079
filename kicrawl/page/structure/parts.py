"""Which leaves stand in the place of the story: its container, and its likes beside it when the story is split."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kicrawl.page.lines import HEADINGS, is_known, is_linked, is_meta, is_prose
from kicrawl.page.stated import Stated
from kicrawl.page.structure.authorboxes import is_named_box, names_author
from kicrawl.page.structure.opening import is_words
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.targets import is_button
from kicrawl.page.tree import Leaf, Node
from kicrawl.site import phrases

WITHIN = HEADINGS | {"li"}  # links that a story's part may hold: a card's headline, a list of other stories


def gather_body(sheet: Sheet, container: Node | None) -> set[int]:
    """The leaves in the story's place: the container, and its likes beside it when the story is split."""
    if container is None:
        return set()
    body = set(range(max(container.first, sheet.after), container.last + 1))
    sheet.parts = {container}
    head = _Head(sheet, container)
    around = container
    while around.parent is not None and not sheet.holds_headline(around):
        for sibling in _continued(sheet, around, head):
            if isinstance(sibling, Node):
                sheet.parts.add(sibling)
            body.update(_span(sibling))
        around = around.parent
    if not sheet.holds_headline(container):
        _gather_lead(sheet, container, body, head)
    return set(range(min(body), max(body) + 1))  # what stands between two parts is in the story's place


def _span(child: Node | Leaf) -> range:
    """The indices of the leaves of an element, or of one leaf."""
    return range(child.index, child.index + 1) if isinstance(child, Leaf) else range(child.first, child.last + 1)


@dataclass(frozen=True)
class _Likes:
    """A part of the story as what stands beside it is compared with it."""

    tag: str
    name: str | None  # its class, as the page calls it
    prose_tags: set[str]

    def is_called(self, node: Node) -> bool:
        """Whether the page calls an element so too; where it calls them nothing, that says nothing."""
        return bool(self.name) and self.name == node.element.get("class")


class _Head:
    """What stands between the headline and the element that holds the story."""

    def __init__(self, sheet: Sheet, container: Node) -> None:
        self.sheet = sheet
        self.stop = container.first
        self.looks: dict[Node | Leaf, tuple[str, str | None] | None] = {}  # of the first prose of a part

    @cached_property
    def matter(self) -> list[int]:
        """Which leaves are dates, names or pictures."""
        leaves = self.sheet.tree.leaves[self.sheet.after : self.stop]
        return [leaf.index for leaf in leaves if _is_head_matter(self.sheet, leaf)]

    def has_matter(self, start: int, stop: int) -> bool:
        """Whether one of them stands between two places."""
        place = bisect_left(self.matter, start)
        return place < len(self.matter) and self.matter[place] < stop

    def leads_in(self, span: range, part: Node | Leaf) -> bool:
        """Whether prose before a part of the story is its beginning, not a standfirst.

        A standfirst stands right under the headline, with names, date or lead picture after it.
        """
        leaves = self.sheet.tree.leaves
        if sum(is_prose(leaves[index]) for index in span) > 1:
            return True
        if self.has_matter(span.stop, _span(part).start):
            return False
        return self.has_matter(self.sheet.after, span.start) or _looks(leaves[span.start]) == self._looks_of(part)

    def _looks_of(self, part: Node | Leaf) -> tuple[str, str | None] | None:
        if part not in self.looks:
            leaves = (self.sheet.tree.leaves[index] for index in _span(part))
            self.looks[part] = next((_looks(leaf) for leaf in leaves if is_prose(leaf)), None)
        return self.looks[part]


def _continued(sheet: Sheet, part: Node, head: _Head) -> Iterator[Node | Leaf]:
    """The siblings of a part of the story that are parts of it too, up to the first that is surely not."""
    siblings = part.parent.children if part.parent else []
    place = siblings.index(part)
    likes = _Likes(part.tag, part.element.get("class"), _prose_tags(sheet.tree.within(part)))
    for sibling in siblings[place + 1 :]:
        if _ends_story(sheet, sibling):
            break
        if _is_part(sheet, sibling, likes):
            yield sibling
    nearest: Node | Leaf = part
    for sibling in reversed(siblings[:place]):
        span = _span(sibling)
        if span.start < sheet.after or _ends_story(sheet, sibling):
            break
        if not _is_part(sheet, sibling, likes):
            continue
        if (isinstance(sibling, Node) and likes.is_called(sibling)) or head.leads_in(span, nearest):
            nearest = sibling
            yield sibling


def _gather_lead(sheet: Sheet, container: Node, body: set[int], head: _Head) -> None:
    """A first paragraph that stands by itself before the rest, after date, names and lead picture."""
    for index in range(container.first - 1, sheet.after - 1, -1):
        leaf = sheet.tree.leaves[index]
        if index in body or sheet.marks[index] is not None or index in sheet.captions or not is_words(sheet, index):
            continue
        if not is_prose(leaf) or is_linked(leaf) or not head.leads_in(range(index, index + 1), container):
            return
        body.add(index)


def _looks(leaf: Leaf) -> tuple[str, str | None]:
    """How the page calls a line's element: a standfirst is called otherwise than a paragraph."""
    return leaf.tag, leaf.element.get("class")


def _is_head_matter(sheet: Sheet, leaf: Leaf) -> bool:
    if sheet.marks[leaf.index] not in (None, "author_box", "share", "section"):
        return False
    return leaf.kind in ("image", "media") or is_meta(leaf.text) or names_author(sheet, leaf)


def _ends_story(sheet: Sheet, child: Node | Leaf) -> bool:
    names = {sheet.marks[index] for index in _span(child)}
    return bool(names & {"author_box", "footer", "sidebar", "section"}) and None not in names


def _is_part(sheet: Sheet, sibling: Node | Leaf, likes: _Likes) -> bool:
    """Whether what stands beside a part of the story is one too: of the same kind, with prose like its prose."""
    if isinstance(sibling, Leaf):
        plain = sheet.is_open(sibling) and is_prose(sibling) and not is_linked(sibling) and not is_known(sibling)
        return plain and sibling.tag in likes.prose_tags and not is_meta(sibling.text)
    if sibling.tag != likes.tag:
        return False
    leaves = [leaf for leaf in sheet.tree.within(sibling) if sheet.is_open(leaf)]
    texts = [leaf for leaf in leaves if leaf.kind == "text" and not is_known(leaf)]
    prose = [leaf for leaf in texts if is_prose(leaf) and not is_linked(leaf)]
    if [leaf.tag in HEADINGS for leaf in texts] == [True, False] and not likes.is_called(sibling):
        return False  # a headline with its teaser
    if texts and likes.is_called(sibling) and not _is_listing(texts, prose or texts):
        return True
    if not prose or (len(prose) < 2 and any(leaf.kind == "control" for leaf in leaves)):
        return False
    if (len(prose) < 3 and _is_promotion(sibling, leaves, sheet.stated)) or is_named_box(sheet, sibling):
        return False
    return not _is_listing(texts, prose) and bool(_prose_tags(prose) & likes.prose_tags)


def _is_listing(texts: list[Leaf], prose: list[Leaf]) -> bool:
    """Whether links outweigh the prose, or a line is a time of day as lists of news show it."""
    linked = sum(len(leaf.text) for leaf in texts if is_linked(leaf) and leaf.tag not in WITHIN)
    timed = any(phrases.TIME_ONLY.match(leaf.text) for leaf in texts)
    return timed or linked > 0.3 * sum(len(leaf.text) for leaf in prose)


def _prose_tags(leaves: list[Leaf]) -> set[str]:
    return {leaf.tag for leaf in leaves if is_prose(leaf)}


def _is_promotion(node: Node, leaves: list[Leaf], stated: Stated) -> bool:
    """Whether a button is an element's own, or its first line is a heading and a button is anywhere in it."""
    buttons = [leaf for leaf in leaves if leaf.kind == "control" or is_button(leaf, stated)]
    headed = bool(leaves) and leaves[0].tag in HEADINGS
    return any(headed or leaf.parent is node for leaf in buttons)
