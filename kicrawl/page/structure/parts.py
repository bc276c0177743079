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


def gather_body(sheet: Sheet, container: Node | None) -> set[int]:
    """The leaves in the story's place: the container, and its likes beside it when the story is split."""
    if container is None:
        return set()
    body = set(range(max(container.first, sheet.after), container.last + 1))
    sheet.parts = {container}
    around = container
    while around.parent is not None and not sheet.holds_headline(around):
        for sibling in _continued(sheet, around):
            sheet.parts.add(sibling)
            body.update(range(sibling.first, sibling.last + 1))
        around = around.parent
    if not sheet.holds_headline(container):
        _gather_lead(sheet, container, body)
    return body


def _continued(sheet: Sheet, part: Node) -> Iterator[Node]:
    """The siblings of a part of the story that are parts of it too, up to the first that is surely not."""
    siblings = part.parent.children if part.parent else []
    place = siblings.index(part)
    for sibling in siblings[place + 1 :]:
        if _ends_story(sheet, sibling):
            break
        if isinstance(sibling, Node) and _is_part(sheet, sibling, part):
            yield sibling
    for sibling in reversed(siblings[:place]):
        first = sibling.index if isinstance(sibling, Leaf) else sibling.first
        if first < sheet.after or _ends_story(sheet, sibling):
            break
        if (
            isinstance(sibling, Node)
            and _is_part(sheet, sibling, part)
            and _leads_in(sheet, sibling.first, sibling.last, part)
        ):
            yield sibling


def _gather_lead(sheet: Sheet, container: Node, body: set[int]) -> None:
    """A first paragraph that stands by itself before the rest, after date, names and lead picture."""
    for index in range(container.first - 1, sheet.after - 1, -1):
        leaf = sheet.tree.leaves[index]
        if index in body or sheet.marks[index] is not None or index in sheet.captions or not is_words(sheet, index):
            continue
        if is_prose(leaf) and not is_linked(leaf) and _leads_in(sheet, index, index, container):
            body.add(index)
        return


def _leads_in(sheet: Sheet, first: int, last: int, part: Node) -> bool:
    """Whether prose before a part of the story is its beginning, not a standfirst.

    A standfirst stands right under the headline, with names, date or lead picture after it.
    """
    if last - first > 2:
        return True
    if any(_is_head_matter(sheet, leaf) for leaf in sheet.tree.leaves[last + 1 : part.first]):
        return False
    return any(_is_head_matter(sheet, leaf) for leaf in sheet.tree.leaves[sheet.after : first])


def _is_head_matter(sheet: Sheet, leaf: Leaf) -> bool:
    if sheet.marks[leaf.index] not in (None, "author_box", "share", "section"):
        return False
    return leaf.kind in ("image", "media") or is_meta(leaf.text) or names_author(sheet, leaf)


def _ends_story(sheet: Sheet, child: Node | Leaf) -> bool:
    first = child.index if isinstance(child, Leaf) else child.first
    last = child.index if isinstance(child, Leaf) else child.last
    names = {sheet.marks[index] for index in range(first, last + 1)}
    return bool(names & {"author_box", "footer", "sidebar", "section"}) and None not in names


def _is_part(sheet: Sheet, sibling: Node, part: Node) -> bool:
    """Whether an element beside a part of the story is one too: of the same kind, with prose like its prose."""
    if sibling.tag != part.tag:
        return False
    leaves = [leaf for leaf in sheet.tree.within(sibling) if sheet.is_open(leaf)]
    texts = [leaf for leaf in leaves if leaf.kind == "text" and not is_known(leaf)]
    prose = [leaf for leaf in texts if is_prose(leaf) and not is_linked(leaf)]
    if not prose or (len(prose) < 2 and any(leaf.kind == "control" for leaf in leaves)):
        return False
    if (len(prose) < 3 and _is_promotion(sibling, leaves, sheet.stated)) or is_named_box(sheet, sibling):
        return False
    return not _is_listing(texts, prose) and bool(_prose_tags(prose) & _prose_tags(sheet.tree.within(part)))


def _is_listing(texts: list[Leaf], prose: list[Leaf]) -> bool:
    """Whether links outweigh the prose, or a line is a time of day as lists of news show it."""
    linked = sum(len(leaf.text) for leaf in texts if is_linked(leaf))
    timed = any(phrases.TIME_ONLY.match(leaf.text) for leaf in texts)
    return timed or linked > 0.3 * sum(len(leaf.text) for leaf in prose)


def _prose_tags(leaves: list[Leaf]) -> set[str]:
    return {leaf.tag for leaf in leaves if is_prose(leaf)}


def _is_promotion(node: Node, leaves: list[Leaf], stated: Stated) -> bool:
    """Whether a button is an element's own, or its first line is a heading and a button is anywhere in it."""
    buttons = [leaf for leaf in leaves if leaf.kind == "control" or is_button(leaf, stated)]
    headed = bool(leaves) and leaves[0].tag in HEADINGS
    return any(headed or leaf.parent is node for leaf in buttons)
