"""Which leaves stand in the place of the story: its container, and its likes beside it when the story is split."""

from collections.abc import Iterator

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
    around = container
    while around.parent is not None and not sheet.holds_headline(around):
        for sibling in _continued(sheet, around):
            if isinstance(sibling, Node):
                sheet.parts.add(sibling)
            body.update(_span(sibling))
        around = around.parent
    if not sheet.holds_headline(container):
        _gather_lead(sheet, container, body)
    return set(range(min(body), max(body) + 1))  # what stands between two parts is in the story's place


def _span(child: Node | Leaf) -> range:
    """The indices of the leaves of an element, or of one leaf."""
    return range(child.index, child.index + 1) if isinstance(child, Leaf) else range(child.first, child.last + 1)


def _continued(sheet: Sheet, part: Node) -> Iterator[Node | Leaf]:
    """The siblings of a part of the story that are parts of it too, up to the first that is surely not."""
    siblings = part.parent.children if part.parent else []
    place = siblings.index(part)
    for sibling in siblings[place + 1 :]:
        if _ends_story(sheet, sibling):
            break
        if _is_part(sheet, sibling, part):
            yield sibling
    nearest: Node | Leaf = part
    for sibling in reversed(siblings[:place]):
        span = _span(sibling)
        if span.start < sheet.after or _ends_story(sheet, sibling):
            break
        if not _is_part(sheet, sibling, part):
            continue
        alike = isinstance(sibling, Node) and _same_class(sibling, part)
        if alike or _leads_in(sheet, span, nearest):
            nearest = sibling
            yield sibling


def _gather_lead(sheet: Sheet, container: Node, body: set[int]) -> None:
    """A first paragraph that stands by itself before the rest, after date, names and lead picture."""
    for index in range(container.first - 1, sheet.after - 1, -1):
        leaf = sheet.tree.leaves[index]
        if index in body or sheet.marks[index] is not None or index in sheet.captions or not is_words(sheet, index):
            continue
        if not is_prose(leaf) or is_linked(leaf) or not _leads_in(sheet, range(index, index + 1), container):
            return
        body.add(index)


def _leads_in(sheet: Sheet, span: range, part: Node | Leaf) -> bool:
    """Whether prose before a part of the story is its beginning, not a standfirst.

    A standfirst stands right under the headline, with names, date or lead picture after it.
    """
    if sum(is_prose(sheet.tree.leaves[index]) for index in span) > 1:
        return True
    if any(_is_head_matter(sheet, leaf) for leaf in sheet.tree.leaves[span.stop : _span(part).start]):
        return False
    if any(_is_head_matter(sheet, leaf) for leaf in sheet.tree.leaves[sheet.after : span.start]):
        return True
    return _looks(sheet.tree.leaves[span.start]) == next(
        (_looks(leaf) for index in _span(part) if is_prose(leaf := sheet.tree.leaves[index])), None
    )


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


def _is_part(sheet: Sheet, sibling: Node | Leaf, part: Node) -> bool:
    """Whether what stands beside a part of the story is one too: of the same kind, with prose like its prose."""
    if isinstance(sibling, Leaf):
        plain = sheet.is_open(sibling) and is_prose(sibling) and not is_linked(sibling) and not is_known(sibling)
        return plain and sibling.tag in _prose_tags(sheet.tree.within(part)) and not is_meta(sibling.text)
    if sibling.tag != part.tag:
        return False
    leaves = [leaf for leaf in sheet.tree.within(sibling) if sheet.is_open(leaf)]
    texts = [leaf for leaf in leaves if leaf.kind == "text" and not is_known(leaf)]
    prose = [leaf for leaf in texts if is_prose(leaf) and not is_linked(leaf)]
    if [leaf.tag in HEADINGS for leaf in texts] == [True, False] and not _same_class(sibling, part):
        return False  # a headline with its teaser
    if texts and _same_class(sibling, part) and not _is_listing(texts, prose or texts):
        return True
    if not prose or (len(prose) < 2 and any(leaf.kind == "control" for leaf in leaves)):
        return False
    if (len(prose) < 3 and _is_promotion(sibling, leaves, sheet.stated)) or is_named_box(sheet, sibling):
        return False
    return not _is_listing(texts, prose) and bool(_prose_tags(prose) & _prose_tags(sheet.tree.within(part)))


def _same_class(one: Node, other: Node) -> bool:
    """Whether the page calls two elements alike; where it calls them nothing, that says nothing."""
    name = one.element.get("class")
    return bool(name) and name == other.element.get("class")


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
