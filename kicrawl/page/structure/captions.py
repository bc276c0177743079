"""Which lines are captions of pictures."""

from collections import Counter

from kicrawl.page.credit import GLUED_CREDIT, credit_in
from kicrawl.page.lines import HEADINGS, is_known, is_linked, is_meta, is_prose
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.tree import Leaf, Node

MAX_CAPTION = 700
PICTURE_LEAVES = 7  # in what holds a picture with its caption
NO_CAPTIONS = ("li", "blockquote", "section", "article", "main", "td")  # elements of texts and parts, not of captions


def mark_captions(sheet: Sheet) -> None:
    """What the page calls a caption, and the only lines beside a picture."""
    for leaf in _figcaptions(sheet):
        if leaf.kind == "text" and sheet.marks[leaf.index] is None and not is_known(leaf):
            sheet.captions.add(leaf.index)
    for leaf in sheet.tree.leaves:
        if (leaf.kind == "image" or leaf.tag == "iframe") and sheet.marks[leaf.index] is None:
            _mark_caption_of(sheet, leaf)


def mark_flat_captions(sheet: Sheet, body: set[int]) -> None:
    """A caption that stands right after its picture, among the paragraphs or before them."""
    usual = _usual_tag(sheet, body)
    head = set(range(sheet.after, min(body, default=sheet.after)))
    for index in sorted((body | head) - {0}):
        leaf, before = sheet.tree.leaves[index], sheet.tree.leaves[index - 1]
        if before.kind == "image" and sheet.marks[before.index] is None and _may_follow(sheet, leaf, before):
            slanted = leaf.emphasis >= 0.9 * len(leaf.text)
            unusual = usual is not None and leaf.tag not in (usual, *NO_CAPTIONS)
            if slanted or unusual or credit_in(leaf.text):
                sheet.captions.add(index)


def _figcaptions(sheet: Sheet) -> list[Leaf]:
    """The leaves that are captions by their element, or stand in one."""
    inside = [sheet.tree.within(node) for node in sheet.nodes if node.tag == "figcaption"]
    return [leaf for leaf in sheet.tree.leaves if leaf.tag == "figcaption"] + [leaf for part in inside for leaf in part]


def _mark_caption_of(sheet: Sheet, picture: Leaf) -> None:
    """Mark the one or two lines that share a small element with a picture and nothing else."""
    for node in picture.parent.ancestors():
        large = node.last - node.first >= PICTURE_LEAVES
        if large or sheet.holds_headline(node) or node.parent is None or node.tag == "a":
            return
        texts = [leaf for leaf in sheet.tree.within(node) if leaf.kind == "text"]
        if texts:
            if not _precedes_player(sheet, node, texts[0], picture) and _are_captions(sheet, texts):
                new = [leaf.index for leaf in texts if leaf.index not in sheet.captions]
                sheet.captions.update(new)
                sheet.weak_captions += new if node.tag != "figure" else []
            return


def _precedes_player(sheet: Sheet, node: Node, text: Leaf, picture: Leaf) -> bool:
    """Whether a text is a paragraph before a video, or before a picture with buttons."""
    pressed = any(leaf.kind == "control" for leaf in sheet.tree.within(node))
    return text.index < picture.index and node.tag != "figure" and (pressed or picture.kind == "media")


def _are_captions(sheet: Sheet, texts: list[Leaf]) -> bool:
    return len(texts) <= 2 and all(_is_caption_like(sheet, leaf) for leaf in texts)


def _is_caption_like(sheet: Sheet, leaf: Leaf) -> bool:
    if sheet.marks[leaf.index] is not None or leaf.tag in HEADINGS or is_meta(leaf.text):
        return False
    if len(leaf.text) > MAX_CAPTION and not GLUED_CREDIT.search(leaf.text):
        return False
    return not (leaf.link_share > 0.5 or is_linked(leaf) or is_known(leaf) or sheet.alone_opens_story(leaf))


def _usual_tag(sheet: Sheet, body: set[int]) -> str | None:
    """The element in which most paragraphs of the story stand."""
    plain = [leaf for leaf in sheet.tree.leaves if leaf.index in body and sheet.marks[leaf.index] is None]
    usual = Counter(leaf.tag for leaf in plain if is_prose(leaf)).most_common(1)
    return usual[0][0] if usual else None


def _may_follow(sheet: Sheet, leaf: Leaf, picture: Leaf) -> bool:
    """Whether a leaf right after a picture may be its caption: a short text beside or around it, and no fact."""
    if not sheet.is_open(leaf) or leaf.kind != "text" or leaf.tag in HEADINGS or len(leaf.text) > MAX_CAPTION:
        return False
    beside = any(node is leaf.parent for node in picture.parent.ancestors())
    stated = is_meta(leaf.text) or is_known(leaf) or leaf.folded in sheet.names
    return beside and not stated and not sheet.alone_opens_story(leaf)
