"""What is shared while a page is sorted into the story and the rest."""

from dataclasses import dataclass, field
from itertools import islice

from kicrawl.page.stated import Stated
from kicrawl.page.tree import Leaf, Node, Tree
from kicrawl.site import words


@dataclass(slots=True)
class Story:
    """The page's leaves sorted: what is the story's, and what every other leaf stands in."""

    tree: Tree
    headline: Leaf | None
    container: Node | None
    body: set[int]  # indices of the leaves in the story's place, furniture in it included
    marks: list[str | None]  # per leaf: what it stands in, None for plain text
    captions: set[int]
    first: int  # index of the first leaf of the body; len(leaves) where there is none
    last: int
    near: list[Leaf] | None = None  # the head's leaves (shown.head), once they were asked for


@dataclass(slots=True)
class Sheet:
    """A page's leaves while they are sorted: what is known of the story, and what every leaf stands in."""

    tree: Tree
    stated: Stated
    headline: Leaf | None
    after: int  # index of the first leaf after the headline
    nodes: list[Node]
    marks: list[str | None]  # per leaf: what it stands in, None for plain text
    said: list[str]  # descriptions: the story's first words, as the metadata has them
    names: set[str]  # of the authors, folded
    captions: set[int] = field(default_factory=set)
    weak_captions: list[int] = field(default_factory=list)  # of these, the ones that no figure holds
    parts: set[Node] = field(default_factory=set)  # the elements whose paragraphs are the story
    openers: list[Leaf] | None = None  # the first two leaves that open the story, once that was asked

    def mark(self, node: Node, name: str, again: bool = False) -> None:
        """Say what the leaves of an element stand in; what is marked already stays, unless `again`."""
        for index in range(node.first, node.last + 1):
            if again or self.marks[index] is None:
                self.marks[index] = name

    def holds_headline(self, node: Node) -> bool:
        """Whether the headline stands in an element."""
        return self.headline is not None and node.holds(self.headline)

    def is_open(self, leaf: Leaf) -> bool:
        """Whether nothing is known of a leaf yet: it is neither furniture nor a caption."""
        return self.marks[leaf.index] is None and leaf.index not in self.captions

    def opens_story(self, leaf: Leaf) -> bool:
        """Whether a leaf begins as a description in the metadata does: Ghost takes it from the first words."""
        text = words.spell_plainly(leaf.text[:60])[:60]
        return len(text) >= 25 and any(said.startswith(text) for said in self.said)

    def alone_opens_story(self, leaf: Leaf) -> bool:
        """Whether a leaf is the only one that opens the story: a caption may repeat the first sentence."""
        if not self.opens_story(leaf):
            return False
        if self.openers is None:
            after = (other for other in self.tree.leaves[self.after :] if self.opens_story(other))
            self.openers = list(islice(after, 2))
        return all(other is leaf for other in self.openers)


def new_sheet(tree: Tree, stated: Stated, headline: Leaf | None) -> Sheet:
    """A sheet of which nothing is sorted yet."""
    return Sheet(
        tree=tree,
        stated=stated,
        headline=headline,
        after=headline.index + 1 if headline else 0,
        nodes=tree.nodes,
        marks=[None] * len(tree.leaves),
        said=[words.spell_plainly(said) for said in stated.descriptions],
        names={words.fold(name) for name in stated.names},
    )
