"""Which other stories the cards in the story lead to."""

from collections.abc import Iterator

from kicrawl import items
from kicrawl.page.lines import is_known, is_meta, is_prose
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.targets import story_address
from kicrawl.page.tree import Leaf, Node, href_of
from kicrawl.site import labels, urls


def read_related(story: Story, stated: Stated) -> list[items.Related]:
    """The cards in the story's place that lead to other stories."""
    found: dict[str | None, items.Related] = {}
    for node, leaves in _cards(story):
        card = _read_card(leaves, node, stated)
        if card:
            found.setdefault(card.title, card)
    return list(found.values())


def _cards(story: Story) -> Iterator[tuple[Node, list[Leaf]]]:
    """The outermost cards of the story's place, and the lines that are cards by themselves."""
    done: set[int] = set()
    for node in story.tree.nodes:
        span = range(node.first, node.last + 1)
        if node is story.container or not span or node.first in done or node.first not in story.body:
            continue
        if node.tag not in ("ul", "ol") and all(story.marks[index] == "card" for index in span):
            done.update(span)
            yield node, [leaf for leaf in story.tree.within(node) if leaf.kind == "text"]
    for index in sorted(story.body - done):
        leaf = story.tree.leaves[index]
        if story.marks[index] == "card" and leaf.kind == "text":
            yield leaf.parent, [leaf]


def _read_card(leaves: list[Leaf], node: Node, stated: Stated) -> items.Related | None:
    texts = [leaf for leaf in leaves if not is_meta(leaf.text) and not is_known(leaf)]
    texts = [leaf for leaf in texts if leaf.folded not in labels.SECTION_HEADINGS]
    if not texts:
        return None
    headings = [leaf for leaf in texts if leaf.tag in ("h2", "h3", "h4", "h5", "h6")]
    linked = [leaf for leaf in texts if leaf.links and leaf.link_share > 0.9]
    title = (headings or linked or [leaf for leaf in texts if len(leaf.text) > 12] or texts)[0]
    href = href_of(title, stated.url) or next((found for leaf in leaves if (found := href_of(leaf, stated.url))), None)
    href = href or href_of(node, stated.url)
    url = story_address(href, stated) if href else None
    if url is None and href and not (stated.root and urls.on_site(href, stated.root)):
        url = urls.without_ref(href)
    if url is None:
        return None
    rest = [leaf for leaf in texts if leaf.index > title.index and leaf.text != title.text]
    excerpt = next((leaf.text for leaf in rest if is_prose(leaf) or len(leaf.text) > 60), None)
    return items.Related(url=url, title=labels.READ_ALSO.sub("", title.text), excerpt=excerpt)
