"""Author pages: name, role, bio, portrait, links elsewhere, and the cards of the author's stories."""

from collections.abc import Iterator

from kicrawl import items
from kicrawl.page import metadata as heads
from kicrawl.page.lines import HEADINGS, is_known, is_linked, is_meta, is_prose
from kicrawl.page.lists import read_cards
from kicrawl.page.metadata import Metadata
from kicrawl.page.shown.pictures import picture_url
from kicrawl.page.tree import Leaf, Tree, href_of
from kicrawl.site import labels, urls, words


def read_author(tree: Tree, data: Metadata, url: str, root: str) -> items.Author:
    """An author page in any HTML layout. Facts not shown stay None."""
    author = items.Author(url=urls.author_url(url, root), slug=urls.slug_of(urls.author_url(url, root) or url))
    cards = read_cards(tree, url, root)
    author.stories = cards
    name = _name_leaf(tree, data)
    state(author, "name", "h1" if name else "jsonld", name.text if name else _person_text(data, "name"))
    if not author.name:
        state(author, "name", "meta", heads.without_site_name(data.first("og:title") or data.title or ""))
    if name is not None:
        _read_profile(author, tree, name, cards, url, root)
    state(author, "role", "jsonld", _person_text(data, "jobTitle"))
    state(author, "bio", "jsonld", _person_text(data, "description"))
    author.links = author.links or _same_as(data, url)
    return author


def state(author: items.Author, field: str, source: str, value: str | None) -> None:
    """Keep a fact of an author with its source, unless it says nothing or an earlier source said it."""
    if value and not getattr(author, field):
        setattr(author, field, value)
        author.sources[field] = source


def _person_text(data: Metadata, key: str) -> str | None:
    value = data.person.get(key) if data.person else None
    return data.plain(value) if isinstance(value, str) else None


def _same_as(data: Metadata, base: str) -> list[str]:
    value = data.person.get("sameAs") if data.person else None
    told = [link for link in value if isinstance(link, str)] if isinstance(value, list) else []
    return [address for link in told if (address := urls.absolute(link, base))]


def _name_leaf(tree: Tree, data: Metadata) -> Leaf | None:
    stated = {words.fold(text) for text in (_person_text(data, "name"), *heads.titles_of(data)) if text}
    headings = [leaf for leaf in tree.leaves if leaf.tag in HEADINGS and leaf.kind == "text" and len(leaf.text) < 100]
    named = next((leaf for leaf in headings if leaf.folded in stated), None)
    if named is not None:
        return named
    first = next((leaf for leaf in headings if leaf.tag == "h1" and not is_linked(leaf)), None)
    return first or next((leaf for leaf in tree.leaves if leaf.kind == "text" and leaf.folded in stated), None)


def _read_profile(author: items.Author, tree: Tree, name: Leaf, cards: list[items.Card], url: str, root: str) -> None:
    """Role and bio stand between the name and the first story."""
    titles = {card.title for card in cards}
    elsewhere: dict[str, None] = {}
    bio: list[str] = []
    for leaf in tree.leaves[max(0, name.index - 3) :]:
        if leaf.kind == "image" and leaf.index <= name.index + 3:
            author.photo = author.photo or picture_url(leaf, url)
        if leaf.index <= name.index or leaf.kind != "text":
            continue
        headed = leaf.tag in HEADINGS and leaf.index > name.index + 1
        if headed or leaf.folded == labels.ARTICLES or leaf.text in titles:
            break
        if labels.INQUIRIES.match(leaf.text) or is_known(leaf) or leaf.folded == name.folded:
            continue
        if is_linked(leaf) or leaf.link_share > 0.9:
            elsewhere.update(dict.fromkeys(_links(leaf, url, root)))
        elif is_prose(leaf):
            bio.append(leaf.text)
        elif (
            author.role is None and not bio and len(leaf.text) < 100 and "@" not in leaf.text and not is_meta(leaf.text)
        ):
            state(author, "role", "visible", leaf.text)
    author.links += elsewhere
    state(author, "bio", "visible", "\n\n".join(bio))


def _links(leaf: Leaf, url: str, root: str) -> Iterator[str]:
    href = href_of(leaf, url)
    if href and not urls.on_site(href, root):
        yield href
