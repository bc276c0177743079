"""Which kind of page a document is: its layout, a challenge, a story, another page at the address of a story."""

from kicrawl import items
from kicrawl.page.embedded import Post
from kicrawl.page.lines import is_prose
from kicrawl.page.markup import Element
from kicrawl.page.metadata import Metadata, without_site_name
from kicrawl.page.page import Page, PageKind
from kicrawl.page.post import internal_tags
from kicrawl.page.structure.sheet import Story
from kicrawl.page.tree import Tree
from kicrawl.site import fields, urls

SHORT = 400  # characters; a story with the title of an error is longer


def layout_of(text: str) -> str:
    """Which of the three known layouts the source is of: A, B, C, or unknown."""
    head = text[:200_000]
    for name, mark in fields.LAYOUT_MARKS:
        if mark in head:
            return name
    return "C" if len(text) > len(head) and "/_next/" in text[-50_000:] else "unknown"


def is_challenge(data: Metadata, tree: Tree, text: str) -> bool:
    """Whether a page stands between the crawler and the site, and has no story whatever its status.

    Guards put their scripts into ordinary pages, too: the marks count only where nothing reads as a text.
    """
    if any(fields.CHALLENGE.fullmatch(title) for title in _titles(data, tree)):
        return True
    if data.article is not None or sum(len(leaf.text) for leaf in tree.leaves if is_prose(leaf)) >= SHORT:
        return False
    return any(mark in text for mark in fields.CHALLENGE_MARKS)


def is_gated(post: Post | None, data: Metadata, blocks: list[items.Block]) -> bool:
    """Whether a part of the story is for members only."""
    if post is not None and post.get("access") is False:
        return True
    free = data.article.get("isAccessibleForFree") if data.article else None
    return free in (False, "False", "false") or any(block.container == "gate" for block in blocks)


def class_tags(document: Element) -> set[str]:
    """The internal tags that a Ghost theme names in the classes of the body: `tag-hash-vacancy` is #vacancy."""
    body = document.find("body")
    classes = (body.get("class") or "").split() if body is not None else []
    return {"#" + name.removeprefix("tag-hash-") for name in classes if name.startswith("tag-hash-")}


def story_kind(
    page: Page, data: Metadata, post: Post | None, story: Story, inner: Story | None, tags: set[str]
) -> PageKind:
    """What stands at a story's address: a story, or a list, an error or another page in its place.

    `tags`: internal tags of the page, beside those of the post.
    """
    if (tags | (internal_tags(post) if post is not None else set())) & urls.NOT_STORY_TAGS:
        return "other"
    texts = [block for block in page.blocks if block.place == "body" and block.container is None]
    stated = post is not None or data.article is not None or data.first("article:published_time") is not None
    if not stated and _is_error(data, story, texts):
        return "other"
    if stated:
        return "story"
    if data.first("og:type") in ("website", "profile") and (page.next_url or not texts):
        return "list" if page.next_url else "other"
    if page.next_url and page.next_url.rstrip("/").rsplit("/", 2)[-2:-1] == ["page"]:
        return "list"
    return "story" if texts else "empty" if not page.blocks else "other"


def _is_error(data: Metadata, story: Story, texts: list[items.Block]) -> bool:
    named = any(fields.ERROR.fullmatch(title) for title in _titles(data, story.tree))
    return named and sum(len(block.text) for block in texts) < SHORT


def _titles(data: Metadata, tree: Tree) -> list[str]:
    """What a page calls itself, in its <title> and its first headings."""
    headings = [leaf.text for leaf in tree.leaves if leaf.tag in ("h1", "h2") and len(leaf.text) < 120][:3]
    return [*headings, *([without_site_name(data.title, data.site_name)] if data.title else [])]
