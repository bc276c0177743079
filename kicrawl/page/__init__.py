"""A response or a plain text as what it states: which kind of page it is, its facts with their sources, its blocks.

Pure: the same bytes give the same page. Bad bytes give a page with a kind that says so, never an exception.
"""

import codecs
import re
from dataclasses import dataclass, field
from typing import Literal

from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode, http_content_type_encoding

from kicrawl import items
from kicrawl.page import metadata as heads
from kicrawl.page.author import read_author, read_author_text
from kicrawl.page.blocks import join_blocks, read_blocks
from kicrawl.page.cards import read_cards
from kicrawl.page.embedded import Post, read_embedded
from kicrawl.page.facts import Facts, internal_tags, read_facts
from kicrawl.page.metadata import Metadata, read_metadata
from kicrawl.page.structure import Stated, Story, find_story
from kicrawl.page.text import read_lines, read_text
from kicrawl.page.tree import Tree, parse, read_tree
from kicrawl.site import fields, urls, words

PageKind = Literal["story", "author", "list", "other", "empty", "binary", "challenge"]

MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00", b"7z\xbc")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LIST_CARDS = 5  # a page without prose and with so many cards is a list
MAX_CHARACTERS = 20_000_000


@dataclass(slots=True, kw_only=True)
class Page:
    """What one response states."""

    kind: PageKind
    url: str  # the address it was read from
    root: str = urls.ROOT
    any_address: bool = False
    canonical: str | None = None  # the story's canonical address, where the page states a fit one
    medium: items.Medium = "html"
    layout: str = "unknown"
    facts: Facts = field(default_factory=Facts)
    blocks: list[items.Block] = field(default_factory=list)
    gated: bool = False  # part of the story is for members
    author: items.Author | None = None  # of an author page
    cards: list[items.Card] = field(default_factory=list)  # of a list or an author page
    next_url: str | None = None  # rel=next, absolute
    warnings: list[str] = field(default_factory=list)


def read_page(
    body: bytes | str, url: str, content_type: str | None = None, root: str = urls.ROOT, *, any_address: bool = False
) -> Page:
    """Read a response's body.

    `content_type` is the header as sent; text/plain is read as text, all else as HTML. `root` is the site whose
    addresses count as the newspaper's own. `any_address` takes the page for a story whatever its address looks like.
    """
    page = Page(kind="other", url=url, root=root, any_address=any_address)
    text = _decode(body, content_type, page)
    if text is None:
        page.kind = "binary"
    elif not text.strip():
        page.kind = "empty"
    elif (content_type or "").lower().startswith("text/plain"):
        _read_plain(page, text)
    else:
        _read_html(page, text)
    return page


def _decode(body: bytes | str, content_type: str | None, page: Page) -> str | None:
    """The body as text; None for binary data. What decodes as UTF-8 is UTF-8, whatever is declared."""
    if isinstance(body, str):
        return CONTROL.sub("", body[:MAX_CHARACTERS])
    body = body[:MAX_CHARACTERS]
    start = body[:1024]
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE))
    if start.startswith(MAGIC) or (not wide and start.count(b"\x00") > 0):
        return None
    declared = http_content_type_encoding(content_type)
    try:
        text = body.decode("utf-8-sig")
        if declared not in (None, "utf-8"):
            page.warnings.append("charset_wrong")
    except UnicodeDecodeError:
        encoding, text = html_to_unicode(content_type, body, default_encoding="utf-8")
        if encoding == "utf-8":
            page.warnings.append("charset_wrong")
    controls = len(CONTROL.findall(text[:4096]))
    if controls > 40 or text[:4096].count("\ufffd") > 400:
        return None
    return CONTROL.sub("", text)


def _read_plain(page: Page, text: str) -> None:
    page.medium = "text"
    if urls.author_url(page.url, page.root):
        page.kind = "author"
        page.author = read_author_text(text, page.url, page.root)
        page.cards = page.author.stories
    elif not read_lines(text):
        page.kind = "empty"
    elif urls.on_site(page.url, page.root) and urls.story_url(page.url, page.root) is None:
        page.kind = "list" if urls.is_list(page.url, page.root) else "other"
    else:
        page.kind = "story"
        page.canonical = urls.story_url(page.url, page.root)
        read = read_text(text, page.url)
        page.facts, page.blocks = read.facts, read.blocks


def _read_html(page: Page, text: str) -> None:
    document = parse(text)
    if document is None:
        page.kind = "empty"
        return
    data = read_metadata(document)
    page.warnings += data.warnings
    page.layout = layout_of(text)
    page.next_url = urls.absolute(data.links["next"], page.url) if "next" in data.links else None
    page.canonical = _canonical(page, data)
    body = document.find("body")
    tree = read_tree(body if body is not None else document)
    if _is_challenge(data, tree, text):
        page.kind = "challenge"
    elif urls.author_url(page.url, page.root) and not page.any_address:
        page.kind = "author"
        page.author = read_author(tree, data, page.url, page.root)
        page.author.next_url = page.next_url
        page.cards = page.author.stories
    elif not page.any_address and urls.on_site(page.url, page.root) and urls.story_url(page.url, page.root) is None:
        page.cards = read_cards(tree, page.url, page.root)
        page.kind = "list" if urls.is_list(page.url, page.root) else "other"
    else:
        _read_story(page, document, tree, data)


def layout_of(text: str) -> str:
    """Which of the three known layouts the source is of: A, B, C, or unknown."""
    head = text[:200_000]
    found = (name for name, marks in fields.LAYOUT_MARKS if any(mark in head for mark in marks))
    return next(found, "C" if "/_next/" in text[-50_000:] else "unknown")


def _canonical(page: Page, data: Metadata) -> str | None:
    for stated in (data.links.get("canonical"), data.first("og:url")):
        url = urls.absolute(stated, page.url) if stated else None
        if url and urls.story_url(url, page.root):
            return urls.story_url(url, page.root)
    return urls.story_url(page.url, page.root)


def _is_challenge(data: Metadata, tree: Tree, text: str) -> bool:
    title = words.fold(data.title or "")
    if any(title.startswith(mark) for mark in fields.CHALLENGE_TITLES):
        return True
    return len(tree.leaves) < 25 and any(mark in text for mark in fields.CHALLENGE_MARKS) and data.article is None


def _read_story(page: Page, document: HtmlElement, tree: Tree, data: Metadata) -> None:
    slugs = {urls.slug_of(page.url), urls.slug_of(page.canonical or page.url)}
    post, foreign = read_embedded(document, slugs)
    if foreign:
        page.warnings.append("embedded_other_story")
    stated = _stated(page, data, post)
    story = find_story(tree, stated)
    inner = _post_story(post, stated)
    page.facts = read_facts(data, post, story, inner, stated)
    blocks = read_blocks(story, page.facts.used, stated)
    page.blocks = join_blocks(blocks, read_blocks(inner, {}, stated)) if inner else blocks
    page.facts.state("body", "embedded" if inner else "visible", "stated" if inner or story.body else None)
    page.gated = _is_gated(post, data, page.blocks)
    page.kind = _story_kind(page, data, post, story, inner)
    if page.kind != "story":
        page.cards = read_cards(tree, page.url, page.root)


def _stated(page: Page, data: Metadata, post: Post | None) -> Stated:
    titles = heads.titles_of(data)
    descriptions = [data.said("description"), data.first("description", "og:description", "twitter:description")]
    people = [node["name"] for node in heads.people_of(data)] + data.metas.get("author", [])
    people += [name for name in data.metas.get("twitter:data1", [])[:1]]
    if post is not None:
        titles.insert(0, post["title"])
        descriptions.insert(0, post.get("excerpt") if isinstance(post.get("excerpt"), str) else None)
        for person in post.get("authors") or []:
            if isinstance(person, dict) and isinstance(person.get("name"), str):
                people.append(person["name"])
    names = list(dict.fromkeys(name for name in people if isinstance(name, str) and len(name) < 100))
    return Stated(
        url=page.canonical or page.url,
        root=page.root,
        any_address=page.any_address,
        titles=titles,
        descriptions=[text for text in descriptions if text],
        names=names,
    )


def _post_story(post: Post | None, stated: Stated) -> Story | None:
    """The story of an embedded post's own html; None where the post carries no text."""
    source = post.get("html") if post else None
    if not isinstance(source, str) or not source.strip():
        return None
    document = parse(f"<body><div>{source}</div></body>")
    if document is None:
        return None
    tree = read_tree(document.find("body"))
    if not tree.leaves:
        return None
    from kicrawl.page.structure import whole_story

    return whole_story(tree, stated)


def _is_gated(post: Post | None, data: Metadata, blocks: list[items.Block]) -> bool:
    if post is not None and post.get("access") is False:
        return True
    free = data.article.get("isAccessibleForFree") if data.article else None
    return free in (False, "False", "false") or any(block.container == "gate" for block in blocks)


def _story_kind(page: Page, data: Metadata, post: Post | None, story: Story, inner: Story | None) -> PageKind:
    """What stands at a story's address: a story, or a list, an error or another page in its place."""
    if post is not None and internal_tags(post) & urls.NOT_STORY_TAGS:
        return "other"
    title = words.fold(story.headline.text if story.headline else data.title or "")
    texts = [block for block in page.blocks if block.place == "body" and block.container is None]
    if inner is None and any(
        title == words.fold(error) or title.startswith(f"{error} ") for error in fields.ERROR_TITLES
    ):
        if sum(len(block.text) for block in texts) < 400:
            return "other"
    if post is not None or data.article is not None or data.first("article:published_time"):
        return "story"
    if data.first("og:type") in ("website", "profile") and (page.next_url or not texts):
        return "list" if page.next_url else "other"
    if page.next_url and page.next_url.rstrip("/").rsplit("/", 2)[-2:-1] == ["page"]:
        return "list"
    return "story" if texts else "empty" if not page.blocks else "other"
