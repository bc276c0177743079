"""Which lines stand at the headline, and which of them is the standfirst."""

from kicrawl.page.lines import is_known, is_linked, is_meta, is_prose
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf

NEAR = 14  # leaves before the headline that can belong to it
AFTER = 40  # leaves after the headline that can belong to it
# What never belongs to a headline.
ELSEWHERE = frozenset(["navigation", "section", "sidebar", "card", "footer", "header", "dialog"])


def near_headline(story: Story) -> list[Leaf]:
    """The head's leaves in the order of their distance from the headline, furniture left out."""
    if story.near is None:
        leaves = [leaf for leaf in _head_leaves(story) if _is_of_head(story, leaf)]
        at = story.headline.index if story.headline else 0
        story.near = sorted(leaves, key=lambda leaf: (abs(leaf.index - at), leaf.index))
    return story.near


def read_subtitle(story: Story, used: set[int]) -> tuple[str | None, set[int]]:
    """A standfirst: a sentence between the headline and the byline or lead picture."""
    if story.headline is None:
        return None, set()
    for leaf in story.tree.leaves[story.headline.index + 1 : story.first]:
        if story.marks[leaf.index] is not None or leaf.index in used or leaf.index in story.captions:
            continue
        if leaf.kind != "text":
            return None, set()
        if is_known(leaf) or is_meta(leaf.text) or is_linked(leaf):
            continue
        first = leaf.index == story.headline.index + 1 and len(leaf.text.split()) >= 5
        if is_prose(leaf) or first:
            return leaf.text, {leaf.index}
    return None, set()


def _is_of_head(story: Story, leaf: Leaf) -> bool:
    elsewhere = story.marks[leaf.index] in ELSEWHERE or leaf.index in story.captions
    return not elsewhere and leaf is not story.headline


def _head_leaves(story: Story) -> list[Leaf]:
    """The leaves that belong to the headline: shortly before it, and between it and the story's first paragraph."""
    if story.headline is None:
        return story.tree.leaves[: story.first]
    stop = min(story.first, story.headline.index + AFTER)
    return story.tree.leaves[max(0, story.headline.index - NEAR) : stop]
