"""Which elements and lines are author boxes: a name or a portrait, a role, a text about the author."""

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import is_linked, is_prose
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.targets import leads_to_author
from kicrawl.page.tree import Leaf, Node
from kicrawl.site import labels, words

BOX_LEAVES = 9  # of one author
MOST_LEAVES = 60  # of all


def mark_author_boxes(sheet: Sheet) -> None:
    """Elements after the headline around a name or a portrait, that hold nothing but authors."""
    for leaf in sheet.tree.leaves[sheet.after :]:
        if sheet.marks[leaf.index] is None and _opens_box(sheet, leaf):
            box = _author_box(sheet, leaf)
            if box is not None:
                sheet.mark(box, "author_box")


def mark_named_boxes(sheet: Sheet, body: set[int]) -> None:
    """Boxes at the end that hold a name and a text about that name: no link and no portrait is needed."""
    for index in sorted(body, reverse=True):
        leaf = sheet.tree.leaves[index]
        if sheet.marks[index] is not None or not is_prose(leaf):
            continue
        box = next((node for node in leaf.parent.ancestors() if is_named_box(sheet, node)), None)
        if box is None or box in sheet.parts or sheet.holds_headline(box) or box.first not in body:
            return
        sheet.mark(box, "author_box")


def mark_flat_boxes(sheet: Sheet, body: set[int]) -> None:
    """An author box whose parts stand among the paragraphs themselves."""
    order = sorted(body)
    seen_prose = False
    for place, index in enumerate(order):
        leaf = sheet.tree.leaves[index]
        if sheet.marks[index] is not None:
            continue
        if seen_prose and _opens_box(sheet, leaf):
            _mark_flat_box(sheet, order[place : place + BOX_LEAVES])
        seen_prose = seen_prose or is_prose(leaf)


def names_author(sheet: Sheet, leaf: Leaf) -> bool:
    """Whether a leaf is the portrait or the name of an author, or leads to an author page."""
    if leaf.kind == "image":
        return words.fold(leaf.element.get("alt", "")) in labels.AVATAR_ALTS
    if leaf.kind != "text" or len(leaf.text) > 100:
        return False
    if leaf.folded in sheet.names or labels.AUTHOR_PREFIX.match(leaf.text):
        return True
    return is_linked(leaf) and leads_to_author(leaf, sheet.stated)


def is_named_box(sheet: Sheet, node: Node) -> bool:
    """Whether an element is a name and a text that repeats it, or the text about the news desk."""
    if node.last - node.first > BOX_LEAVES:
        return False
    texts = [leaf for leaf in sheet.tree.within(node) if leaf.kind == "text"]
    if not 2 <= len(texts) <= 4:
        return False
    name, about = texts[0], next((leaf for leaf in texts[1:] if is_prose(leaf)), None)
    if about is None or len(name.text) > 60 or ends_sentence(name.text):
        return False
    text = about.folded
    return name.folded in text[:200] or text.startswith(labels.DESK_BIO)


def _opens_box(sheet: Sheet, leaf: Leaf) -> bool:
    return names_author(sheet, leaf) or _is_author_label(leaf)


def _author_box(sheet: Sheet, leaf: Leaf) -> Node | None:
    """The largest element around an author's name or portrait that holds nothing but authors."""
    box = None
    for node in leaf.parent.ancestors():
        if sheet.holds_headline(node) or node.parent is None or not _is_author_box(sheet, node):
            break
        box = node
    return box


def _is_author_box(sheet: Sheet, node: Node) -> bool:
    if node.last - node.first > MOST_LEAVES:
        return False
    leaves = sheet.tree.within(node)
    people = sum(1 for leaf in leaves if leaf.kind == "text" and names_author(sheet, leaf)) or 1
    if len(leaves) > BOX_LEAVES * people:
        return False
    first = next((leaf for leaf in leaves if leaf.kind in ("text", "image")), None)
    if first is None or not (first.kind == "image" or _opens_box(sheet, first)):
        return False
    prose = [leaf for leaf in leaves if is_prose(leaf)]
    return len(prose) <= 2 * people


def _is_author_label(leaf: Leaf) -> bool:
    if leaf.kind != "text" or len(leaf.text) >= 30:
        return False
    return leaf.folded in labels.AUTHOR_LABELS | labels.AVATAR_ALTS


def _mark_flat_box(sheet: Sheet, indices: list[int]) -> None:
    """Mark the leaves from an author's name on, up to `Read more` or a second paragraph."""
    prose = 0
    for index in indices:
        leaf = sheet.tree.leaves[index]
        if is_prose(leaf):
            prose += 1
            if prose > 1:
                return
        sheet.marks[index] = sheet.marks[index] or "author_box"
        if leaf.folded in labels.READ_MORE:
            return
