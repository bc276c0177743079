"""What stands among the paragraphs of the story and is none of them: widgets, gates, appeals, lists of links."""

from collections.abc import Iterable

from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import HEADINGS, is_linked, is_prose, is_share_line
from kicrawl.page.stated import Stated
from kicrawl.page.structure.authorboxes import mark_flat_boxes, mark_named_boxes
from kicrawl.page.structure.captions import mark_flat_captions
from kicrawl.page.structure.cards import is_card, is_lone_title, is_read_also, mark_link_lists
from kicrawl.page.structure.sheet import Sheet
from kicrawl.page.targets import (
    is_button,
    is_service,
    is_share_button,
    story_address,
)
from kicrawl.page.tree import Leaf, Node, href_of
from kicrawl.site import labels, links, phrases, urls, words

NO_COUNTERS = HEADINGS | {"li", "td", "th", "dd"}  # where a number alone may be the story's
WIDGET_LEAVES = 12
WIDGET_TEXT = 500  # characters


def mark_inside(sheet: Sheet, body: set[int]) -> None:
    """Mark what is furniture among the leaves in the place of the story."""
    _mark_widgets(sheet, body)
    mark_link_lists(sheet, body)
    mark_gates(sheet, sorted(body))
    _mark_lines(sheet, body)
    mark_named_boxes(sheet, body)
    mark_flat_boxes(sheet, body)
    mark_flat_captions(sheet, body)


def _mark_widgets(sheet: Sheet, body: set[int]) -> None:
    for node in sheet.nodes:
        if node in sheet.parts or node.first not in body or node.last not in body or sheet.holds_headline(node):
            continue
        name = _widget(sheet, node)
        if name:
            sheet.mark(node, name, again=node.tag == "aside")


def _mark_lines(sheet: Sheet, body: set[int]) -> None:
    last = max((index for index in body if is_prose(sheet.tree.leaves[index])), default=-1)
    for index in sorted(body):
        leaf = sheet.tree.leaves[index]
        if sheet.marks[index] is None and leaf.kind == "text":
            sheet.marks[index] = _line_furniture(sheet, leaf)
            if index > last and leaf.tag not in NO_COUNTERS and phrases.COUNTER.match(leaf.text):
                sheet.marks[index] = "counter"


def _widget(sheet: Sheet, node: Node) -> str | None:
    """What a small element is by the controls, players and buttons in it; None for one of the story's own."""
    if node.last - node.first >= WIDGET_LEAVES:
        return None
    leaves = sheet.tree.within(node)
    if sum(len(leaf.text) for leaf in leaves) > WIDGET_TEXT:
        return None
    if node.tag == "aside" and is_card(sheet, node):
        return "card"
    ghosts = _koenig_card(node) or ("embed" if _is_quoted_post(sheet, leaves) and node.tag == "blockquote" else None)
    if ghosts:
        return ghosts
    if leaves[0].kind == "text" and words.known_line(leaves[0].folded) == "ad_label":
        return "advertisement"
    if any(leaf.index in sheet.captions for leaf in leaves):
        return None
    if any(leaf.kind == "control" for leaf in leaves):
        return "form" if any(leaf.kind == "text" or leaf.tag != "button" for leaf in leaves) else "player"
    if any(leaf.kind == "media" and leaf.tag in ("audio", "video") for leaf in leaves) and node.tag != "figure":
        return "player"
    if any(is_button(leaf, sheet.stated) for leaf in leaves):
        return "appeal"
    if any(is_share_button(leaf, sheet.stated) for leaf in leaves):
        return "share"
    return None


def _koenig_card(node: Node) -> str | None:
    """What Ghost's own class names say of an element that is no text of the story."""
    names = (node.element.get("class") or "").split()
    return next((what for name in names for card, what in links.KOENIG_CARDS if name.startswith(card)), None)


def _is_quoted_post(sheet: Sheet, leaves: list[Leaf]) -> bool:
    """Whether a quote is a post of a social network: its last link leads there."""
    hrefs = [href for leaf in leaves for href, _ in leaf.links]
    return bool(hrefs) and links.SOCIAL_HOSTS.search(urls.site_host(hrefs[-1])) is not None


def mark_gates(sheet: Sheet, indices: Iterable[int]) -> None:
    """The box that says that the rest, or all of it, is for members."""
    for index in indices:
        leaf = sheet.tree.leaves[index]
        if leaf.kind != "text" or len(leaf.text) > 120 or not labels.GATES.search(leaf.text):
            continue
        boxes = [node for node in leaf.parent.ancestors() if node.last - node.first < 6 and node.first == index]
        boxes = [node for node in boxes if node not in sheet.parts and not sheet.holds_headline(node)]
        for node in boxes[-1:]:
            sheet.mark(node, "gate", again=True)
        sheet.marks[index] = "gate"


def _line_furniture(sheet: Sheet, leaf: Leaf) -> str | None:
    """What a line is that stands among the paragraphs and is none."""
    if sheet.headline is not None and leaf.text == sheet.headline.text:
        return "title_again"
    if is_button(leaf, sheet.stated):
        return "button"
    if is_share_line(leaf.text):
        return "share"
    if not any(character.isalnum() for character in leaf.text):
        return "symbol"
    if is_linked(leaf) and not is_prose(leaf) and links.FILE_LINK.search(href_of(leaf, sheet.stated.url) or ""):
        return "file"
    if is_read_also(leaf) or is_lone_title(leaf, sheet.stated):
        return "card"
    if _is_tag_list(leaf, sheet.stated):
        return "tags"
    if _is_pager(leaf, sheet.stated):
        return "navigation"
    return "appeal" if _is_appeal(leaf, sheet.stated) else None


def _is_pager(leaf: Leaf, stated: Stated) -> bool:
    """`Previous article ... Next article ...`: a line of links to other stories."""
    if len(leaf.links) < 2 or leaf.link_share < 0.6:
        return False
    return all(story_address(url or "", stated) for url in leaf.addresses(stated.url))


def _is_tag_list(leaf: Leaf, stated: Stated) -> bool:
    if not leaf.links or (is_prose(leaf) and leaf.link_share < 0.5):
        return False
    label = labels.TAGS_LABEL.match(leaf.text)
    linked = sum(len(text) for _, text in leaf.links)
    if linked < 0.6 * (len(leaf.text) - (label.end() if label else 0)):
        return False
    return all(links.TOPIC_PATH.search(url or "") for url in leaf.addresses(stated.url))


def _is_appeal(leaf: Leaf, stated: Stated) -> bool:
    """A line that ends in a button of the newspaper's own, after its last sentence."""
    if not leaf.links or len(leaf.text) > WIDGET_TEXT:
        return False
    href, text = leaf.links[-1]
    if not labels.BUTTON_WORDS.match(text) or links.SERVICE_HOSTS.search(urls.site_host(href)):
        return False
    before = leaf.text[: -len(text)].rstrip(" →»>-–—")
    if not leaf.text.endswith(text) or ends_sentence(text) or not ends_sentence(before):
        return False
    return is_service(href, leaf.addresses(stated.url)[-1], stated)
