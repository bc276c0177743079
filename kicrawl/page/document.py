"""What an HTML document states."""

from kicrawl.page.author import read_author
from kicrawl.page.blocks import join_blocks, read_blocks
from kicrawl.page.embedded import Post, read_embedded
from kicrawl.page.kinds import class_tags, is_challenge, is_gated, layout_of, story_kind
from kicrawl.page.lists import read_cards
from kicrawl.page.markup import Element, body_of, parse
from kicrawl.page.metadata import Metadata, has_no_text, read_metadata
from kicrawl.page.page import Page
from kicrawl.page.sources import read_facts
from kicrawl.page.stated import Stated, gather_stated
from kicrawl.page.structure.sheet import Story
from kicrawl.page.structure.story import find_story, whole_story
from kicrawl.page.tree import Tree
from kicrawl.page.walk import read_tree
from kicrawl.site import urls


def read_html(page: Page, text: str) -> None:
    """Read a document into its page."""
    document = parse(text)
    if document is None:
        page.kind = "empty"
        return
    data = read_metadata(document)
    page.warnings += data.warnings
    page.layout = layout_of(text)
    page.next_url = urls.absolute(data.links["next"], page.url) if "next" in data.links else None
    page.canonical = _canonical(page, data)
    tree = read_tree(body_of(document))
    if is_challenge(data, tree, text):
        page.kind = "challenge"
    elif page.any_address:
        _read_story(page, document, tree, data)
    elif urls.author_url(page.url, page.root):
        _read_author(page, tree, data)
    elif urls.on_site(page.url, page.root) and urls.story_url(page.url, page.root) is None:
        page.cards = read_cards(tree, page.url, page.root)
        page.kind = "list" if urls.is_list(page.url, page.root) else "other"
    else:
        _read_story(page, document, tree, data)


def _read_author(page: Page, tree: Tree, data: Metadata) -> None:
    page.kind = "author"
    page.author = read_author(tree, data, page.url, page.root)
    page.author.next_url = page.next_url
    page.cards = page.author.stories


def _canonical(page: Page, data: Metadata) -> str | None:
    for stated in (data.links.get("canonical"), data.first("og:url")):
        url = urls.absolute(stated, page.url) if stated else None
        if url and urls.story_url(url, page.root):
            return urls.story_url(url, page.root)
    return urls.story_url(page.url, page.root)


def _read_story(page: Page, document: Element, tree: Tree, data: Metadata) -> None:
    slugs = {urls.slug_of(page.url), urls.slug_of(page.canonical or page.url)}
    post, foreign = read_embedded(document, slugs)
    if foreign:
        page.warnings.append("embedded_other_story")
    stated = gather_stated(page, data, post)
    story = find_story(tree, stated)
    inner = post_story(post, stated)
    page.facts = read_facts(data, post, story, inner, stated)
    blocks = read_blocks(story, page.facts.used, stated)
    page.blocks = join_blocks(blocks, read_blocks(inner, {}, stated)) if inner else blocks
    page.facts.state("body", "embedded" if inner else "visible", "stated" if inner or story.body else None)
    page.facts.state("body", "none", "stated" if has_no_text(data) else None)
    page.gated = is_gated(post, data, page.blocks)
    page.kind = story_kind(page, data, post, story, inner, class_tags(document))
    if page.kind != "story":
        page.cards = read_cards(tree, page.url, page.root)


def post_story(post: Post | None, stated: Stated) -> Story | None:
    """The story of an embedded post's own html; None where the post carries no text."""
    source = post.get("html") if post else None
    if not isinstance(source, str) or not source.strip():
        return None
    document = parse(f"<body><div>{source}</div></body>")
    if document is None:
        return None
    tree = read_tree(body_of(document))
    return whole_story(tree, stated) if tree.leaves else None
