"""Who the people are that a page names, and what its author boxes say of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from kicrawl import items
from kicrawl.page.characters import ends_sentence
from kicrawl.page.lines import is_known, is_meta, is_prose, is_share_line
from kicrawl.page.shown.pictures import picture_url
from kicrawl.page.stated import Stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Leaf, href_of
from kicrawl.site import labels, links, phrases, urls, words


def read_author_boxes(story: Story, stated: Stated, byline: Sequence[items.Author]) -> list[items.Author]:
    """The people in the author boxes after the headline, with role and bio; `byline`: whom the byline names."""
    after = story.headline.index if story.headline else 0
    run: list[Leaf] = []
    people: list[items.Author] = []
    for leaf in story.tree.leaves[after:]:
        if story.marks[leaf.index] == "author_box":
            run.append(leaf)
        elif run:
            people += _people_in(run, stated)
            run = []
    people += _people_in(run, stated)
    people += _people_below(story, {words.fold(person.name): person.name for person in byline})
    merged: dict[str, items.Author] = {}
    for person in people:
        merge_person(merged.setdefault(words.fold(person.name), person), person)
    return list(merged.values())


def merge_person(person: items.Author, other: items.Author) -> None:
    """Fill what is not stated of a person from another statement about the same person."""
    for name in ("slug", "url", "role", "bio", "photo"):
        if getattr(person, name) is None:
            setattr(person, name, getattr(other, name))


def author_links(leaf: Leaf, stated: Stated) -> list[tuple[str, str]]:
    """The names in a line that lead to author pages, with the addresses."""
    found = []
    texts = [text for _, text in leaf.links] or [leaf.text]
    for url, text in zip(leaf.addresses(stated.url) or [href_of(leaf, stated.url)], texts, strict=True):
        name = phrases.BY.sub("", text)
        if url and links.AUTHOR_PATH.search(urlsplit(url).path) and words.fold(name) not in labels.READ_MORE and name:
            found.append((name, url))
    return found


def person_at(name: str, href: str, stated: Stated) -> items.Author:
    """A person with the address of the author page."""
    url = urls.author_url(href, stated.root) or href
    return items.Author(name=name, slug=urls.slug_of(url) or None, url=url)


def is_name(text: str) -> bool:
    """Whether a line may be a person's or a desk's name."""
    return 1 < len(text) < 60 and len(text.split()) <= 7 and not ends_sentence(text) and not re.search(r"\d", text)


def may_be_role(leaf: Leaf) -> bool:
    """Whether a line below a name may say what the person is: it is no text, no date or reading time, no share line."""
    return not (is_prose(leaf) or is_meta(leaf.text) or is_share_line(leaf.text))


def _people_below(story: Story, byline: Mapping[str, str]) -> Iterator[items.Author]:
    """Whoever the byline names and has a text of his own below the story, which names him too. No box is needed."""
    below = [leaf for leaf in story.tree.leaves[story.last + 1 :] if leaf.kind == "text"]
    for name, about in pairwise(below):
        if name.folded not in byline or story.marks[name.index] is not None or not is_prose(about):
            continue
        if name.folded in about.folded[:200] or about.folded.startswith(labels.DESK_BIO):
            yield items.Author(name=byline[name.folded], bio=about.text)


def _people_in(run: list[Leaf], stated: Stated) -> Iterator[items.Author]:
    known = {words.fold(name) for name in stated.names}
    person: items.Author | None = None
    photo: str | None = None
    for leaf in run:
        if leaf.kind == "image":
            photo = picture_url(leaf, stated.url)
            continue
        line = leaf.folded
        if leaf.kind != "text" or line in labels.READ_MORE or line in labels.AUTHOR_LABELS or is_known(leaf):
            continue
        name = phrases.BY.sub("", leaf.text)
        linked = author_links(leaf, stated)
        if (linked or words.fold(name) in known or person is None or name != leaf.text) and is_name(name):
            if person is not None and words.fold(person.name) == words.fold(name):
                continue
            if person is not None:
                yield person
            person = person_at(name, linked[0][1], stated) if linked else items.Author(name=name)
            person.photo, photo = photo, None
        elif person is not None and person.bio is None and person.role is None and may_be_role(leaf):
            person.role = leaf.text
        elif person is not None and is_prose(leaf):
            person.bio = f"{person.bio}\n\n{leaf.text}" if person.bio else leaf.text
    if person is not None:
        yield person
