"""Which line is the headline of the story."""

from kicrawl.page.lines import HEADINGS, is_linked
from kicrawl.page.stated import Stated
from kicrawl.page.tree import Leaf, Node, Tree, href_of
from kicrawl.site import urls, words

Titles = dict[str, set[str]]  # a folded title -> its words


def find_headline(tree: Tree, stated: Stated) -> Leaf | None:
    """The leaf that is the story's headline: a heading that the metadata states too, else the best h1."""
    titles = {title: set(title.split()) for title in map(words.fold, stated.titles)}
    best: tuple[float, Leaf] | None = None
    for leaf in tree.leaves:
        if leaf.kind != "text" or len(leaf.text) > 400:
            continue
        score = _headline_score(leaf, titles, stated)
        if score > 0 and (best is None or score > best[0]):
            best = (score, leaf)
    return best[1] if best else None


def _headline_score(leaf: Leaf, titles: Titles, stated: Stated) -> float:
    heading = leaf.tag if leaf.tag in HEADINGS else _heading_around(leaf)
    text = leaf.folded
    if heading is None and text not in titles:
        return 0.0
    if _linked_elsewhere(leaf, stated):
        return 0.0
    match = _likeness(text, titles)
    weight = {"h1": 3.0, "h2": 2.0, "h3": 1.2}.get(heading or "", 1.0)
    if heading != "h1" and match < 0.6:
        return 0.0
    in_landmark = any(node.tag in ("nav", "footer", "aside", "form", "dialog") for node in leaf.parent.ancestors())
    return (match * 10 + weight) * (0.3 if in_landmark else 1.0)


def _heading_around(leaf: Leaf) -> str | None:
    node: Node | None = leaf.parent
    while node is not None and node.tag in ("a", "span"):
        node = node.parent
    return node.tag if node is not None and node.tag in HEADINGS else None


def _linked_elsewhere(leaf: Leaf, stated: Stated) -> bool:
    if not is_linked(leaf):
        return False
    href = href_of(leaf, stated.url)
    return href is not None and urls.slug_of(href) != urls.slug_of(stated.url)


def _likeness(text: str, titles: Titles) -> float:
    """How much a line is like the title that it is most like, 0 to 1."""
    if text in titles:
        return 1.0
    ours = set(text.split())
    return max((_share(text, ours, title, theirs) for title, theirs in titles.items()), default=0.0)


def _share(text: str, ours: set[str], title: str, theirs: set[str]) -> float:
    if len(text) >= 10 and (title.startswith(text) or (text.startswith(title) and len(title) >= 10)):
        return 0.95
    return len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0
