"""The page's leaves as items.Block: what each is, where it stands, and what it stands in."""

from kicrawl import items
from kicrawl.page.lines import HEADINGS
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf, Node
from kicrawl.site import labels, urls

BULLETS = "•‣▪◦·*"
MAX_LINKS = 200
KINDS: dict[str, items.BlockKind] = {
    "li": "list_item",
    "blockquote": "quote",
    "q": "quote",
    **dict.fromkeys(HEADINGS, "heading"),
}
Kinds = dict[Node, items.BlockKind | None]  # what text is by the element that it stands in


def read_blocks(story: Story, used: dict[int, str], stated: Stated) -> list[items.Block]:
    """Every piece of visible text of the page, in order."""
    kinds = _kinds_within(story)
    headline = story.headline.index if story.headline is not None else -1
    return [
        _block(
            leaf, story, used.get(leaf.index) or story.marks[leaf.index], _place(leaf, story, headline), stated, kinds
        )
        for leaf in story.tree.leaves
        if leaf.text and leaf.kind in ("text", "control")
    ]


def join_blocks(outer: list[items.Block], inner: list[items.Block]) -> list[items.Block]:
    """A page's blocks with those of its embedded post in the place of the story as shown.

    What the page shows in the story's place and the post does not hold stays, marked: it is not the publisher's text.
    """
    texts = {block.text for block in inner}
    place = next((i for i, block in enumerate(outer) if block.place == "body"), None)
    if place is None:
        place = next((i for i, block in enumerate(outer) if block.place == "after"), len(outer))
    before = [block for block in outer[:place] if block.place != "body"]
    shown = [block for block in outer[place:] if block.place == "body" and block.text not in texts]
    after = [block for block in outer[place:] if block.place != "body"]
    for block in shown:
        block.container = block.container or "not_in_post"
    return [*before, *inner, *shown, *after]


def _block(
    leaf: Leaf, story: Story, container: str | None, place: items.Place, stated: Stated, kinds: Kinds
) -> items.Block:
    if leaf.kind == "control" and container is None:
        container = "button"
    kind = _kind(leaf, story, kinds)
    text = leaf.text.lstrip(BULLETS).lstrip() if kind == "list_item" else leaf.text
    if container is None and place == "body" and len(text) < 120 and labels.GATES.search(text):
        container = "gate"
    links = _links(leaf, stated) if leaf.links and place == "body" else []
    return items.Block(kind=kind, text=text, place=place, container=container, links=links)


def _place(leaf: Leaf, story: Story, headline: int) -> items.Place:
    if leaf.index in story.body:
        return "body"
    if leaf.index < headline:
        return "before"
    return "head" if leaf.index < story.first else "after"


def _kind(leaf: Leaf, story: Story, kinds: Kinds) -> items.BlockKind:
    if leaf.index in story.captions:
        return "caption"
    if leaf.kind == "control":
        return "other"
    if story.marks[leaf.index] == "card":
        return "card"
    if kind := KINDS.get(leaf.tag) or kinds[leaf.parent]:
        return kind
    bullet = leaf.text[1:2] == " " and leaf.text[:1] in BULLETS
    return "list_item" if bullet else "paragraph"


def _kinds_within(story: Story) -> Kinds:
    """What every element makes of the text in it. What holds the story makes nothing: in a list item it is no list."""
    kinds: Kinds = {}
    for node in story.tree.nodes:
        around = node is story.container or (story.headline is not None and node.holds(story.headline))
        outer = kinds[node.parent] if node.parent is not None else None
        kinds[node] = None if around else KINDS.get(node.tag) or outer
    return kinds


def _links(leaf: Leaf, stated: Stated) -> list[items.Link]:
    found = []
    for (_, text), url in zip(leaf.links[:MAX_LINKS], leaf.addresses(stated.url), strict=False):
        if url:
            found.append(items.Link(url=urls.without_ref(url), text=text))
    return found
