"""Which tags the page shows at the headline; the first is the kicker."""

import re
from urllib.parse import urlsplit

from kicrawl.page.characters import squash
from kicrawl.page.lines import is_linked
from kicrawl.page.shown.head import near_headline
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf, href_of
from kicrawl.site import links, phrases, urls, words


def read_tags(story: Story, stated: Stated, known: set[str]) -> tuple[list[str], set[int]]:
    """The tags shown at the headline (the first is the kicker), and the leaves that show them."""
    linked: list[Leaf] = []
    for leaf in near_headline(story):
        if leaf.kind == "text" and len(leaf.text) < 300 and _tag_link(leaf, stated):
            linked.append(leaf)
    if linked:
        nearest = linked[0]
        group = [leaf for leaf in linked if leaf.parent is nearest.parent]
        group.sort(key=lambda leaf: leaf.index)
        names = [name for leaf in group for name in _tag_names(leaf)]
        return names, {leaf.index for leaf in group}
    at = story.headline.index if story.headline else 0
    for leaf in near_headline(story):
        if abs(leaf.index - at) > 8 or leaf.index < at - 3:
            continue
        names = [squash(part) for part in leaf.text.split(",")]
        if leaf.kind == "text" and leaf.text and all(words.fold(name) in known for name in names if name):
            return [name for name in names if name], {leaf.index}
    return [], set()


def _tag_link(leaf: Leaf, stated: Stated) -> bool:
    href = href_of(leaf, stated.url)
    if href is None:
        return False
    linked = sum(len(text) for _, text in leaf.links)
    words_alone = phrases.READING_TIME.sub("", leaf.text).strip(" ·|•")
    if linked < 0.7 * len(words_alone) and not is_linked(leaf) and "," not in leaf.text:
        return False
    return bool(links.TAG_PATH.search(urlsplit(href).path)) or _section_path(href, leaf.text)


def _section_path(href: str, text: str) -> bool:
    """Whether an address is a section of the site: one of era A, or a path that is the linked words themselves."""
    parts = [part for part in urlsplit(href).path.split("/") if part]
    if len(parts) != 1 or len(text.split()) > 3:
        return False
    return parts[0] in urls.SECTIONS or parts[0] == re.sub(r"\W+", "-", text.lower()).strip("-")


def _tag_names(leaf: Leaf) -> list[str]:
    return [text for _, text in leaf.links] if leaf.links else [leaf.text]
