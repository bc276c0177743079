"""What is furniture wherever it stands: landmarks, menus, and sections under headings used for nothing else."""

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import HEADINGS, is_linked, is_prose
from kicrawl.page.structure.authorboxes import names_author
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.targets import leads_to_tag
from kicrawl.page.tree import Leaf, Node
from kicrawl.site import labels

MENU_LINKS = 10  # in one line; tag lists are shorter
LANDMARKS = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "sidebar",
    "form": "form",
    "dialog": "dialog",
    "menu": "navigation",
    "header": "header",
}
ROLES = {
    "navigation": "navigation",
    "complementary": "sidebar",
    "contentinfo": "footer",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "search": "form",
    "banner": "header",
    "menu": "navigation",
}


def mark_landmarks(sheet: Sheet) -> None:
    """Elements that say what they are, unless most of the prose stands in them."""
    prose = _sum_prose(sheet)
    for node in sheet.nodes:
        name = LANDMARKS.get(node.tag) or ROLES.get(node.element.get("role", ""))
        if name and not sheet.holds_headline(node) and _prose_share(node, prose) < 0.5:
            sheet.mark(node, name)


def _sum_prose(sheet: Sheet) -> list[int]:
    """Per leaf, how many characters of prose stand between the headline and it; last, how many there are."""
    sums = [0]
    for leaf in sheet.tree.leaves:
        sums.append(sums[-1] + (len(leaf.text) if leaf.index >= sheet.after and is_prose(leaf) else 0))
    return sums


def _prose_share(node: Node, prose: list[int]) -> float:
    """The share of the prose after the headline that stands in a node: a landmark with most of it is none."""
    if node.last - node.first < 3 or node.tag in ("nav", "footer", "aside"):
        return 0.0
    return (prose[node.last + 1] - prose[node.first]) / prose[-1] if prose[-1] else 0.0


def mark_menus(sheet: Sheet) -> None:
    """Lists of short links: the site's sections, wherever no landmark says so."""
    for node in sheet.nodes:
        if sheet.holds_headline(node) or sheet.marks[node.first] is not None:
            continue
        if node.last - node.first < 4 or any(
            leaf.kind == "text" and len(leaf.text) >= 40 for leaf in sheet.tree.within(node)
        ):
            continue
        texts = [leaf for leaf in sheet.tree.within(node) if leaf.kind == "text"]
        if len(texts) < 5 or any(names_author(sheet, leaf) for leaf in texts):
            continue
        linked = sum(map(is_linked, texts)) >= 0.8 * len(texts)
        before = len(texts) >= 8 and node.last < sheet.after and not any(ends_sentence(x.text) for x in texts)
        if linked or before:
            sheet.mark(node, "navigation")
    for leaf in sheet.tree.leaves:
        if len(leaf.links) >= MENU_LINKS and leaf.link_share > 0.7 and sheet.marks[leaf.index] is None:
            sheet.marks[leaf.index] = "navigation"


def mark_sections(sheet: Sheet) -> None:
    """Sections under a heading that the site uses for furniture alone, and what follows one among its siblings."""
    prose = _OpenProse(sheet)
    ended: set[Node] = set()
    for leaf in sheet.tree.leaves:
        if leaf.kind != "text" or len(leaf.text) > 60 or leaf is sheet.headline:
            continue
        line = leaf.folded
        begins = leaf.tag in HEADINGS and labels.SECTION_STARTS.match(line) is not None
        if (line not in labels.SECTION_HEADINGS and not begins) or leads_to_tag(leaf, sheet.stated):
            continue
        section = _section_of(sheet, leaf)
        if section is not None and section.last > leaf.index:
            if not any(sheet.opens_story(inside) for inside in sheet.tree.within(section)):
                sheet.mark(section, "section")
        elif leaf.parent not in ended and _ends_story(line) and prose.stands_before(leaf):
            ended.add(leaf.parent)
            _mark_rest(sheet, leaf)


def _ends_story(line: str) -> bool:
    """Whether a heading that begins no element ends the story."""
    return line not in labels.WEAK_HEADINGS and line != "show more"


def _section_of(sheet: Sheet, leaf: Leaf) -> Node | None:
    """The largest element that a heading begins."""
    section = None
    for node in leaf.parent.ancestors():
        if node.first < leaf.index or sheet.holds_headline(node) or node.parent is None:
            break
        if sheet.headline is None and section is not None:
            break  # nothing says yet where the story is
        section = node
    return section


class _OpenProse:
    """The first prose after the headline that is not marked. As marks only grow, it moves but down."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.index = sheet.after

    def stands_before(self, leaf: Leaf) -> bool:
        """Whether such prose stands between the headline and a leaf: before it, `News Feed` is the story's own tag."""
        while self.index < leaf.index and not self._is_found(self.sheet.tree.leaves[self.index]):
            self.index += 1
        return self.index < leaf.index

    def _is_found(self, leaf: Leaf) -> bool:
        return self.sheet.marks[leaf.index] is None and leaf.tag != "figcaption" and is_prose(leaf)


def _mark_rest(sheet: Sheet, leaf: Leaf) -> None:
    for child in leaf.parent.children:
        first = child.index if isinstance(child, Leaf) else child.first
        last = child.index if isinstance(child, Leaf) else child.last
        if first >= leaf.index:
            for index in range(first, last + 1):
                sheet.marks[index] = sheet.marks[index] or "section"
