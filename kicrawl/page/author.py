"""Author pages: name, role, bio, portrait, links elsewhere, and the cards of the author's stories."""

import re
from collections.abc import Iterator

from kicrawl import items
from kicrawl.page import metadata as heads
from kicrawl.page.cards import read_cards
from kicrawl.page.metadata import Metadata
from kicrawl.page.structure import BYLINE, HEADINGS, is_linked, is_meta, is_prose, known_line
from kicrawl.page.text import read_lines
from kicrawl.page.tree import SENTENCE_END, Leaf, Tree, href_of
from kicrawl.page.visible import CREDIT, picture_url
from kicrawl.site import urls, words

STORIES = words.fold("Articles")
TEAM = words.fold("Team")
PHOTO = re.compile(r"^(?P<name>.{2,80}?)\s+photo$")
INQUIRIES = re.compile(r"^For media\b.*inquir", re.I)


def read_author(tree: Tree, data: Metadata, url: str, root: str) -> items.Author:
    """An author page in any HTML layout. Facts not shown stay None."""
    author = items.Author(url=urls.author_url(url, root), slug=urls.slug_of(urls.author_url(url, root) or url))
    cards = read_cards(tree, url, root)
    author.stories = cards
    name = _name_leaf(tree, data)
    _state(author, "name", "h1" if name else "jsonld", name.text if name else _person_text(data, "name"))
    if not author.name:
        _state(author, "name", "meta", heads.without_site_name(data.first("og:title") or data.title or ""))
    if name is not None:
        _read_profile(author, tree, name, cards, url, root)
    _state(author, "role", "jsonld", _person_text(data, "jobTitle"))
    _state(author, "bio", "jsonld", _person_text(data, "description"))
    author.links = author.links or _same_as(data)
    return author


def _state(author: items.Author, field: str, source: str, value: str | None) -> None:
    if value and not getattr(author, field):
        setattr(author, field, value)
        author.sources[field] = source


def _person_text(data: Metadata, key: str) -> str | None:
    value = data.person.get(key) if data.person else None
    return data.plain(value) if isinstance(value, str) else None


def _same_as(data: Metadata) -> list[str]:
    value = data.person.get("sameAs") if data.person else None
    return [link for link in value if isinstance(link, str)] if isinstance(value, list) else []


def _name_leaf(tree: Tree, data: Metadata) -> Leaf | None:
    stated = {words.fold(text) for text in (_person_text(data, "name"), *heads.titles_of(data)) if text}
    headings = [leaf for leaf in tree.leaves if leaf.tag in HEADINGS and leaf.kind == "text" and len(leaf.text) < 100]
    named = next((leaf for leaf in headings if words.fold(leaf.text) in stated), None)
    if named is not None:
        return named
    first = next((leaf for leaf in headings if leaf.tag == "h1" and not is_linked(leaf)), None)
    return first or next(
        (leaf for leaf in tree.leaves if leaf.kind == "text" and words.fold(leaf.text) in stated), None
    )


def _read_profile(author: items.Author, tree: Tree, name: Leaf, cards: list[items.Card], url: str, root: str) -> None:
    """Role and bio stand between the name and the first story."""
    titles = {card.title for card in cards}
    bio: list[str] = []
    for leaf in tree.leaves[max(0, name.index - 3) :]:
        if leaf.kind == "image" and leaf.index <= name.index + 3:
            author.photo = author.photo or picture_url(leaf, url)
        if leaf.index <= name.index or leaf.kind != "text":
            continue
        if (
            words.fold(leaf.text) == STORIES
            or leaf.text in titles
            or leaf.tag in HEADINGS
            and leaf.index > name.index + 1
        ):
            break
        if INQUIRIES.match(leaf.text) or known_line(leaf.text) or words.fold(leaf.text) == words.fold(name.text):
            continue
        if is_linked(leaf) or leaf.link_share > 0.9:
            author.links += [link for link in _links(leaf, url, root) if link not in author.links]
        elif is_prose(leaf):
            bio.append(leaf.text)
        elif (
            author.role is None and not bio and len(leaf.text) < 100 and "@" not in leaf.text and not is_meta(leaf.text)
        ):
            _state(author, "role", "visible", leaf.text)
    _state(author, "bio", "visible", "\n\n".join(bio))


def _links(leaf: Leaf, url: str, root: str) -> Iterator[str]:
    href = href_of(leaf, url)
    if href and not urls.on_site(href, root):
        yield href


def read_author_text(text: str, url: str, root: str) -> items.Author:
    """An author page from the lines of its text: `Team`, [portrait], name, role, bio, `Articles`, cards."""
    lines = read_lines(text)
    folded = [words.fold(line) for line in lines]
    author = items.Author(url=urls.author_url(url, root), slug=urls.slug_of(urls.author_url(url, root) or url))
    start = _name_line(lines, folded)
    stop = next((i for i in range(start, len(lines)) if folded[i] == STORIES), len(lines))
    if start < len(lines) and not SENTENCE_END.search(lines[start]):
        _state(author, "name", "visible", lines[start])
    else:  # a desk's page may show no name: what stands there is the bio, and the stories follow at once
        start, stop = start - 1, min(start + 1, len(lines))
        author.stories = list(_text_cards(lines[:start]))
    profile = [line for line in lines[start + 1 : stop] if line != author.name and not _no_profile(line)]
    if profile and len(profile[0]) < 100 and not SENTENCE_END.search(profile[0]):
        _state(author, "role", "visible", profile.pop(0))
    _state(author, "bio", "visible", "\n\n".join(line for line in profile if "@" not in line or " " in line))
    if author.name:
        author.stories = list(_text_cards(lines[stop + 1 :]))
    return author


def _no_profile(line: str) -> bool:
    return known_line(line) is not None or bool(INQUIRIES.match(line)) or bool(re.fullmatch(r"\S+@\S+", line))


def _name_line(lines: list[str], folded: list[str]) -> int:
    """The line with the name: after `Team` and the portrait's text, which is `<name> photo`."""
    start = folded.index(TEAM) + 1 if TEAM in folded else 0
    while start < len(lines) and (known_line(lines[start]) or PHOTO.match(lines[start])):
        start += 1
    return start


def _text_cards(lines: list[str]) -> Iterator[items.Card]:
    """Cards by the order of their lines: [caption], title (in layout B twice), [by ...], excerpt.

    A last line alone is a title only if it is long enough to be one: stored texts are cut anywhere.
    """
    place = 0
    ends = (i for i, line in enumerate(lines) if words.fold(line) in words.SECTION_HEADINGS)
    lines = lines[: next(ends, len(lines))]
    while place < len(lines):
        place = _skip_to_title(lines, place)
        if place >= len(lines):
            return
        card = items.Card(title=lines[place])
        if place == len(lines) - 1 and len(card.title) < 20:
            return
        place += 1
        if place < len(lines) and lines[place] == card.title:
            place += 1
        if place < len(lines) and BYLINE.match(lines[place]) and len(lines[place]) < 300:
            card.byline = lines[place]
            place += 1
        if place < len(lines) and (
            len(lines[place]) > 100 or SENTENCE_END.search(lines[place]) or place == len(lines) - 1
        ):
            card.excerpt = lines[place]
            place += 1
        yield card


def _skip_to_title(lines: list[str], place: int) -> int:
    while place < len(lines) and (known_line(lines[place]) or _caption_before_title(lines, place)):
        place += 1
    return place


def _caption_before_title(lines: list[str], place: int) -> bool:
    """A caption is a sentence before a title; a title is followed by its byline, its twin or its excerpt."""
    line = lines[place]
    if CREDIT.search(line) and len(line) > 60:
        return True
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return bool(SENTENCE_END.search(line)) and len(line) > 40 and not BYLINE.match(following) and following != line
