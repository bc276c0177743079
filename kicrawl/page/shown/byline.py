"""Who wrote the story, as named at the headline."""

import re

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.lines import is_known, is_linked, is_meta, is_prose
from kicrawl.page.moments import without_moment
from kicrawl.page.shown.head import near_headline
from kicrawl.page.shown.people import author_links, is_name, person_at
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf
from kicrawl.site import phrases, words


def read_byline(story: Story, stated: Stated) -> tuple[list[items.Author], set[int]]:
    """The authors named at the headline, in order."""
    candidates = sorted(near_headline(story), key=lambda leaf: leaf.index)
    for leaf in candidates:
        if leaf.kind == "text" and phrases.BYLINE.match(leaf.text) and len(leaf.text) < 400:
            names, used = _byline_names(leaf, candidates, stated)
            if names:
                return names, used
    linked = [leaf for leaf in candidates if leaf.kind == "text" and author_links(leaf, stated) and not is_prose(leaf)]
    people: dict[str, items.Author] = {}
    for leaf in linked:
        for name, href in author_links(leaf, stated):
            people.setdefault(words.fold(name), person_at(name, href, stated))
    if people:
        return list(people.values()), {leaf.index for leaf in linked}
    return _repeated_name(candidates, stated)


def _byline_names(leaf: Leaf, near: list[Leaf], stated: Stated) -> tuple[list[items.Author], set[int]]:
    linked = author_links(leaf, stated)
    if linked:
        return [person_at(name, href, stated) for name, href in linked], {leaf.index}
    text = phrases.DATE_LABEL.sub("", phrases.READING_TIME.sub("", phrases.BY.sub("", without_moment(leaf.text))))
    names = [name for part in split_names(text) if (name := squash(part.strip(" ·•|-–—")))]
    if names and all(is_name(name) for name in names):
        return [items.Author(name=name) for name in names], {leaf.index}
    return [], set()


def split_names(text: str) -> list[str]:
    """A byline's names: commas part them, and so does an `and` between two full names; jobs are left out.

    >>> split_names("Ann Reed and Bob Pond, Staff Writers")
    ['Ann Reed', 'Bob Pond']
    >>> split_names("Dogs and Cats Desk")
    ['Dogs and Cats Desk']
    """
    parts = [part.strip() for part in re.split(r"[,|]", text)]
    names: list[str] = []
    for part in parts:
        pieces = part.split(" and ")
        full = all(len(piece.split()) > 1 and piece[:1].isupper() for piece in pieces)
        names += pieces if full else [part]
    return [name for name in names if name and not phrases.JOB.fullmatch(name)]


def _repeated_name(near: list[Leaf], stated: Stated) -> tuple[list[items.Author], set[int]]:
    """Opinion pieces of layout B: the portrait's text is the name, the name follows, then the role."""
    known = {words.fold(name) for name in stated.names}
    people: dict[str, items.Author] = {}
    used: set[int] = set()
    previous: Leaf | None = None
    newest: items.Author | None = None
    for leaf in near:
        if leaf.kind == "text" and is_name(leaf.text) and not is_linked(leaf):
            name = leaf.folded
            alt = squash(previous.element.get("alt", "")) if previous is not None and previous.kind == "image" else ""
            if name in known or (alt and words.fold(alt) == name):
                if name not in people:
                    newest = people[name] = items.Author(name=leaf.text)
                used.add(leaf.index)
            elif newest is not None and newest.role is None and _is_role(leaf, previous, used):
                newest.role = leaf.text
                used.add(leaf.index)
        previous = leaf
    return list(people.values()), used


def _is_role(leaf: Leaf, previous: Leaf | None, used: set[int]) -> bool:
    """Whether a line right after a name may be the role."""
    after_name = previous is not None and previous.index in used
    return after_name and not is_meta(leaf.text) and not is_known(leaf)
