"""What a page's visible text states around its story: kicker, byline, dates, reading time, author boxes, cards, pictures."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from kicrawl import items
from kicrawl.page.moments import read_moment, read_shown_moment, read_updated_moment, without_moment
from kicrawl.page.structure import (
    BYLINE,
    CREDIT,
    READING_TIME,
    Stated,
    Story,
    is_linked,
    is_meta,
    credit_in,
    is_prose,
    known_line,
    story_address,
)
from kicrawl.page.tree import SENTENCE_END, Leaf, Node, href_of, squash
from kicrawl.site import urls, words

NEAR = 14  # leaves before the headline that can belong to it
ELSEWHERE = frozenset(
    ["navigation", "section", "sidebar", "card", "footer", "header", "dialog"]
)  # never part of a headline
TAG_PATH = re.compile(r"/(?:tag|tags|category|topic|topics|section)/[^/]+")
AUTHOR_PATH = re.compile(r"/authors?/[^/]+")
BY = re.compile(r"^(?:[Bb]y|BY|Authors?:|Written by)\s+")
DATE_LABEL = re.compile(r"[\s|·•,–—-]*\b(?:published|posted|updated|last updated|on)\b\s*:?.*$", re.I)
SIZE_PATH = re.compile(r"/content/images/(?:size/[^/]+/)(?:format/[^/]+/)?")


def head_leaves(story: Story) -> list[Leaf]:
    """The leaves that belong to the headline: shortly before it, and between it and the story's first paragraph."""
    if story.headline is None:
        return story.tree.leaves[: story.first]
    stop = min(story.first, story.headline.index + 40)
    return story.tree.leaves[max(0, story.headline.index - NEAR) : stop]


def near_headline(story: Story) -> list[Leaf]:
    """The head's leaves in the order of their distance from the headline, furniture left out."""
    leaves = [
        leaf for leaf in head_leaves(story) if story.marks[leaf.index] not in ELSEWHERE and leaf is not story.headline
    ]
    at = story.headline.index if story.headline else 0
    return sorted(leaves, key=lambda leaf: (abs(leaf.index - at), leaf.index))


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
        names = [name for leaf in group for name in _tag_names(leaf, stated)]
        return names, {leaf.index for leaf in group}
    at = story.headline.index if story.headline else 0
    for leaf in near_headline(story):
        names = [squash(part) for part in leaf.text.split(",")]
        if abs(leaf.index - at) > 8 or leaf.index < at - 3:
            continue
        if leaf.kind == "text" and leaf.text and all(words.fold(name) in known for name in names if name):
            return [name for name in names if name], {leaf.index}
    return [], set()


def _tag_link(leaf: Leaf, stated: Stated) -> bool:
    href = href_of(leaf, stated.url)
    if href is None or (leaf.links and leaf.link_share < 0.7) or (not is_linked(leaf) and "," not in leaf.text):
        return False
    return bool(TAG_PATH.search(urlsplit(href).path)) or _section_path(href, leaf.text)


def _section_path(href: str, text: str) -> bool:
    """Whether an address is a section of the site: one of era A, or a path that is the linked words themselves."""
    parts = [part for part in urlsplit(href).path.split("/") if part]
    if len(parts) != 1 or len(text) > 30:
        return False
    return parts[0] in urls.SECTIONS or parts[0] == re.sub(r"\W+", "-", text.lower()).strip("-")


def _tag_names(leaf: Leaf, stated: Stated) -> list[str]:
    if not leaf.links:
        return [leaf.text]
    return [text for _, text in leaf.links]


def read_reading_minutes(story: Story) -> tuple[int | None, set[int]]:
    """The reading time shown near the headline; 0 is a value."""
    for leaf in near_headline(story):
        match = READING_TIME.search(leaf.text) if leaf.kind == "text" and len(leaf.text) < 260 else None
        if match:
            return int(match[1] or match[2]), {leaf.index}
    return None, set()


def read_dates(story: Story) -> tuple[object, object, set[int]]:
    """When the story was published and changed, as shown near the headline, in UTC; and the leaves that say so."""
    published = modified = None
    used: set[int] = set()
    for leaf in near_headline(story):
        if leaf.kind != "text" or len(leaf.text) > 260:
            continue
        if not is_meta(leaf.text) and not _times_in(leaf):
            continue
        updated = read_updated_moment(leaf.text)
        cut = words_before_update(leaf.text)
        shown = _machine_time(leaf) if cut and not updated else None
        shown = shown or read_shown_moment(cut)
        if shown or updated or is_meta(leaf.text):
            used.add(leaf.index)
        published = published or shown
        modified = modified or updated
    return published, modified, used


def words_before_update(text: str) -> str:
    """The part of a date line before its `Updated` mark."""
    match = re.search(r"\(?\b(?:last\s+)?updated\b", text, re.I)
    return text[: match.start()] if match else text


def _times_in(leaf: Leaf) -> list[str]:
    element = leaf.element
    found = [element.get("datetime", "")] if element.tag == "time" else []
    found += [time.get("datetime", "") for time in element.iter("time")]
    return [value for value in found if value]


def _machine_time(leaf: Leaf) -> object:
    return next((moment for value in _times_in(leaf)[:4] if (moment := read_moment(value))), None)


def read_byline(story: Story, stated: Stated) -> tuple[list[items.Author], set[int]]:
    """The authors named at the headline, in order."""
    candidates = sorted(near_headline(story), key=lambda leaf: leaf.index)
    for leaf in candidates:
        if leaf.kind == "text" and BYLINE.match(leaf.text) and len(leaf.text) < 400:
            names, used = _byline_names(leaf, candidates, stated)
            if names:
                return names, used
    linked = [leaf for leaf in candidates if leaf.kind == "text" and _author_links(leaf, stated) and not is_prose(leaf)]
    people: dict[str, items.Author] = {}
    for leaf in linked:
        for name, href in _author_links(leaf, stated):
            people.setdefault(words.fold(name), _person(name, href, stated))
    if people:
        return list(people.values()), {leaf.index for leaf in linked}
    return _repeated_name(candidates, stated)


def _byline_names(leaf: Leaf, near: list[Leaf], stated: Stated) -> tuple[list[items.Author], set[int]]:
    links = _author_links(leaf, stated)
    if links:
        return [_person(name, href, stated) for name, href in links], {leaf.index}
    text = DATE_LABEL.sub("", READING_TIME.sub("", BY.sub("", without_moment(leaf.text))))
    names = [name for part in text.split(",") if (name := squash(part.strip(" ·•|-–—")))]
    if names and all(_name_like(name) for name in names):
        return [items.Author(name=name) for name in names], {leaf.index}
    return [], set()


def _name_like(text: str) -> bool:
    return (
        1 < len(text) < 60 and len(text.split()) <= 7 and not SENTENCE_END.search(text) and not re.search(r"\d", text)
    )


def _author_links(leaf: Leaf, stated: Stated) -> list[tuple[str, str]]:
    found = []
    links = leaf.links or ([(href, leaf.text)] if (href := href_of(leaf, stated.url)) else [])
    for href, text in links:
        url = urls.absolute(href, stated.url)
        name = BY.sub("", text)
        if url and AUTHOR_PATH.search(urlsplit(url).path) and words.fold(name) not in words.READ_MORE and name:
            found.append((name, url))
    return found


def _person(name: str, href: str, stated: Stated) -> items.Author:
    url = urls.author_url(href, stated.root) or href
    return items.Author(name=name, slug=urls.slug_of(url) or None, url=url)


def _repeated_name(near: list[Leaf], stated: Stated) -> tuple[list[items.Author], set[int]]:
    """Opinion pieces of layout B: the portrait's text is the name, the name follows, then the role."""
    known = {words.fold(name) for name in stated.names}
    people: list[items.Author] = []
    used: set[int] = set()
    previous: Leaf | None = None
    for leaf in near:
        if leaf.kind == "text" and _name_like(leaf.text) and not is_linked(leaf):
            alt = squash(previous.element.get("alt", "")) if previous is not None and previous.kind == "image" else ""
            if words.fold(leaf.text) in known or (alt and words.fold(alt) == words.fold(leaf.text)):
                if words.fold(leaf.text) not in {words.fold(person.name) for person in people}:
                    people.append(items.Author(name=leaf.text))
                used.add(leaf.index)
            elif used and previous is not None and previous.index in used and not is_meta(leaf.text):
                if known_line(leaf.text) is None and people and people[-1].role is None:
                    people[-1].role = leaf.text
                    used.add(leaf.index)
        previous = leaf
    return people, used


def read_author_boxes(story: Story, stated: Stated) -> list[items.Author]:
    """The people in the author boxes after the headline, with role and bio."""
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
    merged: dict[str, items.Author] = {}
    for person in people:
        merge_person(merged.setdefault(words.fold(person.name), person), person)
    return list(merged.values())


def _people_in(run: list[Leaf], stated: Stated) -> Iterator[items.Author]:
    known = {words.fold(name) for name in stated.names}
    person: items.Author | None = None
    photo: str | None = None
    for leaf in run:
        if leaf.kind == "image":
            photo = picture_url(leaf, stated.url)
            continue
        line = words.fold(leaf.text)
        if leaf.kind != "text" or line in words.READ_MORE or line in words.AUTHOR_LABELS or known_line(leaf.text):
            continue
        name = BY.sub("", leaf.text)
        links = _author_links(leaf, stated)
        if (links or words.fold(name) in known or person is None or name != leaf.text) and _name_like(name):
            if person is not None and words.fold(person.name) == words.fold(name):
                continue
            if person is not None:
                yield person
            person = _person(name, links[0][1], stated) if links else items.Author(name=name)
            person.photo, photo = photo, None
        elif person is not None and person.bio is None and not is_prose(leaf) and person.role is None:
            person.role = leaf.text
        elif person is not None and is_prose(leaf):
            person.bio = f"{person.bio}\n\n{leaf.text}" if person.bio else leaf.text
    if person is not None:
        yield person


def merge_person(person: items.Author, other: items.Author) -> None:
    """Fill what is not stated of a person from another statement about the same person."""
    for name in ("slug", "url", "role", "bio", "photo"):
        if getattr(person, name) is None:
            setattr(person, name, getattr(other, name))


def read_related(story: Story, stated: Stated) -> list[items.Related]:
    """The cards in the story's place that lead to other stories."""
    found: list[items.Related] = []
    for node, leaves in _cards(story):
        card = _related(leaves, node, stated)
        if card and card.title not in {other.title for other in found}:
            found.append(card)
    return found


def _cards(story: Story) -> Iterator[tuple[Node, list[Leaf]]]:
    """The outermost cards of the story's place, and the lines that are cards by themselves."""
    done: set[int] = set()
    for node in story.tree.nodes():
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


def _related(leaves: list[Leaf], node: Node, stated: Stated) -> items.Related | None:
    texts = [leaf for leaf in leaves if not is_meta(leaf.text) and known_line(leaf.text) is None]
    texts = [leaf for leaf in texts if words.fold(leaf.text) not in words.SECTION_HEADINGS]
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
    return items.Related(url=url, title=words.READ_ALSO.sub("", title.text), excerpt=excerpt)


def picture_url(leaf: Leaf, base: str) -> str | None:
    """The address of a picture's original: lazy attributes read, resizing services undone.

    The largest of `srcset` stands in where there is no plain address.
    """
    element = leaf.element
    sources = [element.get(name, "") for name in ("data-src", "data-lazy-src", "data-original", "src")]
    sources += [part.strip().split(" ")[0] for part in (element.get("srcset") or "").split(", ")[-1:]]
    for source in sources:
        if source and not source.startswith("data:"):
            url = urls.absolute(source, base)
            if url:
                return original(url)
    return None


def original(url: str) -> str:
    """The original behind `/_next/image?url=...` and Ghost's `/size/w600/`.

    >>> original("https://x.org/_next/image?url=https%3A%2F%2Fa.org%2Fcontent%2Fimages%2Fsize%2Fw600%2F1.jpg&w=640&q=75")
    'https://a.org/content/images/1.jpg'
    """
    parts = urlsplit(url)
    if parts.path.endswith("/_next/image"):
        inner = parse_qs(parts.query).get("url", [""])[0]
        url = urls.absolute(inner, url) or url
    return SIZE_PATH.sub("/content/images/", url)


def split_caption(text: str) -> tuple[str | None, str | None]:
    """A caption and its credit, the brackets off.

    >>> split_caption("A street in Example on May 1. (Photo by Ann Example/Agency via Getty Images)")
    ('A street in Example on May 1.', 'Photo by Ann Example/Agency via Getty Images')
    >>> split_caption("A street in Example")
    ('A street in Example', None)
    """
    credit = credit_in(text)
    if credit is None:
        return text or None, None
    return squash(text[: CREDIT.search(text).start()]) or None, squash(credit)


def read_images(story: Story, stated: Stated) -> tuple[list[items.Image], list[str]]:
    """The story's pictures with their captions, and all its captions, in page order."""
    low, high = _picture_range(story)
    images: list[items.Image] = []
    captions: list[str] = []
    waiting: items.Image | None = None
    figure: Node | None = None
    for leaf in story.tree.leaves[low : high + 1]:
        if story.marks[leaf.index] is not None:
            continue
        if leaf.kind == "image":
            url = picture_url(leaf, stated.url)
            if url and not any(image.url == url for image in images[-1:]):
                waiting = items.Image(url=url, alt=squash(leaf.element.get("alt", "")) or None)
                images.append(waiting)
        elif leaf.index in story.captions:
            if (
                captions
                and figure is not None
                and leaf.parent is figure
                and leaf.tag != "figcaption"
                and _continues(leaf)
            ):
                captions[-1] = f"{captions[-1]} {leaf.text}"
            else:
                captions.append(leaf.text)
            figure = leaf.parent
            if waiting is not None:
                waiting.caption, waiting.credit = split_caption(captions[-1])
        elif leaf.index in story.body and leaf.kind == "text":
            waiting = None
    return images, captions


def _continues(leaf: Leaf) -> bool:
    return bool(CREDIT.fullmatch(leaf.text.strip())) or leaf.text.startswith("(")


def _picture_range(story: Story) -> tuple[int, int]:
    """From the headline (or a lead picture right before it) to the end of the story's place."""
    high = max(story.body, default=story.last)
    if story.headline is None:
        return min(story.body, default=0), high
    low = story.headline.index
    for leaf in reversed(story.tree.leaves[max(0, low - 6) : low]):
        if story.marks[leaf.index] is not None:
            break
        if leaf.kind == "image" or (leaf.index in story.captions and (is_prose(leaf) or credit_in(leaf.text))):
            low = leaf.index
    return low, high


def read_subtitle(story: Story, used: set[int]) -> tuple[str | None, set[int]]:
    """A standfirst: a sentence between the headline and the byline or lead picture."""
    if story.headline is None:
        return None, set()
    for leaf in story.tree.leaves[story.headline.index + 1 : story.first]:
        if story.marks[leaf.index] is not None or leaf.index in used or leaf.index in story.captions:
            continue
        if leaf.kind != "text":
            return None, set()
        if known_line(leaf.text) is not None or is_meta(leaf.text) or is_linked(leaf):
            continue
        first = leaf.index == story.headline.index + 1 and len(leaf.text.split()) >= 5
        if is_prose(leaf) or first:
            return leaf.text, {leaf.index}
    return None, set()
