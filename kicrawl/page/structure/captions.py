"""Which lines are captions of pictures."""

from collections import Counter

from kicrawl.page.credit import GLUED_CREDIT, credit_in
from kicrawl.page.lines import HEADINGS, is_known, is_linked, is_meta, is_prose
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.tree import Leaf, Node

MAX_CAPTION = 700


def mark_captions(sheet: Sheet) -> None:
    """What the page calls a caption, and the only lines beside a picture."""
    for leaf in sheet.tree.leaves:
        if leaf.kind == "text" and sheet.marks[leaf.index] is None and _is_figcaption(leaf):
            sheet.captions.add(leaf.index)
    for leaf in sheet.tree.leaves:
        if (leaf.kind == "image" or leaf.tag == "iframe") and sheet.marks[leaf.index] is None:
            _mark_caption_of(sheet, leaf)


def _is_figcaption(leaf: Leaf) -> bool:
    return leaf.tag == "figcaption" or any(node.tag == "figcaption" for node in leaf.parent.ancestors())


def _mark_caption_of(sheet: Sheet, picture: Leaf) -> None:
    for node in picture.parent.ancestors():
        if sheet.holds_headline(node) or node.parent is None or node.tag == "a":
            return
        texts = [leaf for leaf in sheet.tree.within(node) if leaf.kind == "text"]
        if texts:
            pressed = any(leaf.kind == "control" for leaf in sheet.tree.within(node))
            if texts[0].index < picture.index and node.tag != "figure" and (pressed or picture.kind == "media"):
                return  # a paragraph before a video
            if len(texts) <= 2 and node.last - node.first <= 6 and all(_is_caption_like(sheet, leaf) for leaf in texts):
                new = [leaf.index for leaf in texts if leaf.index not in sheet.captions]
                sheet.captions.update(new)
                if node.tag != "figure":
                    sheet.weak_captions += new
            return


def _is_caption_like(sheet: Sheet, leaf: Leaf) -> bool:
    if sheet.marks[leaf.index] is not None or leaf.tag in HEADINGS:
        return False
    if len(leaf.text) > MAX_CAPTION and not GLUED_CREDIT.search(leaf.text):
        return False
    return not (leaf.link_share > 0.5 or is_linked(leaf) or is_known(leaf) or sheet.opens_story(leaf))


def mark_flat_captions(sheet: Sheet, container: Node, body: set[int]) -> None:
    """A caption that stands right after its picture, among the paragraphs."""
    prose = [
        leaf for leaf in sheet.tree.leaves if leaf.index in body and sheet.marks[leaf.index] is None and is_prose(leaf)
    ]
    usual = Counter(leaf.tag for leaf in prose).most_common(1)
    for index in sorted(body):
        leaf = sheet.tree.leaves[index]
        before = sheet.tree.leaves[index - 1] if index else None
        if leaf.kind != "text" or sheet.marks[index] is not None or before is None or before.kind != "image":
            continue
        if leaf.parent not in set(before.parent.ancestors()) or sheet.opens_story(leaf):
            continue
        if index in sheet.captions or leaf.tag in HEADINGS or len(leaf.text) > MAX_CAPTION or is_meta(leaf.text):
            continue
        slanted = leaf.emphasis >= 0.9 * len(leaf.text)
        unusual = bool(usual) and leaf.tag != usual[0][0] and leaf.tag not in ("li", "blockquote")
        if sheet.marks[before.index] is None and (slanted or unusual or credit_in(leaf.text)):
            sheet.captions.add(index)
