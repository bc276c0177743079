"""What kicrawl must find on the page of a story: the ground truth, taken from the story's file alone."""

import re
from collections.abc import Mapping
from typing import Any

from .markup import Block, plain
from .stories import Author, Story, all_authors

PROSE = {"p", "h2", "h3", "quote", "aside"}


def expected(
    story: Story, root: str, layout: str | None = None, everyone: Mapping[str, Author] | None = None
) -> dict[str, Any]:
    """The reading of the story's page in a layout (A, B, C or scrambled; None: the story's own).

    A fact that the layout does not state is None; of a scrambled page only the keys url, slug, title, body and captions
    are promised. `body_optional` holds texts of cards (callouts, toggles, files ...) that a reader may count as story
    or not, `related_optional` cards to other sites.
    """
    blocks = story.public_blocks
    facts: dict[str, Any] = {
        "url": f"{root}/{story.slug}/",
        "slug": story.slug,
        "title": plain(story.title),
        "body": body(blocks),
        "body_optional": optional(blocks),
        "captions": captions(story, blocks),
    }
    layout = layout or story.era
    if layout == "scrambled":
        return facts
    return facts | {
        "subtitle": plain(story.subtitle) if story.subtitle else None,
        "kicker": story.kicker,
        "tags": (story.public_tags[1:] if layout == "A" else []) or story.public_tags,  # A: a category, then tags
        "kind": story.kind,
        "access": "partial" if story.gated else "full",
        "published_at": story.published,
        "modified_at": story.modified,
        "reading_minutes": story.reading_minutes or None if layout == "A" else story.reading_minutes,
        "authors": [author((everyone or all_authors())[slug], root, layout, story) for slug in story.authors],
        "images": images(story, blocks, root),
        "related": related(blocks, root),
        "related_optional": [
            {
                "url": without_ref(block.data["url"]),
                "title": block.data["title"],
                "excerpt": block.data["excerpt"] or None,
            }
            for block in blocks
            if block.kind == "bookmark"
        ],
    }


def body(blocks: list[Block]) -> list[str]:
    """Paragraphs, subheads, list items and quotes, in order."""
    texts: list[str] = []
    for block in blocks:
        texts += [plain(item) for item in block.items] if block.items else []
        texts += [plain(block.text)] if block.kind in PROSE else []
    return texts


def optional(blocks: list[Block]) -> list[str]:
    """The texts that Koenig cards show: the newsroom's words, but not its running text."""
    texts = [text for block in blocks for text in card_texts(block)]
    return [plain(text) for text in texts if text]


def card_texts(block: Block) -> list[str]:
    if block.kind == "html":
        return [re.sub(r"<[^>]*>", "", block.data["source"])]
    if block.kind in ("callout", "toggle", "file", "product", "audio"):
        return list(block.data.values())
    return []


def captions(story: Story, blocks: list[Block]) -> list[str]:
    """Every caption in page order, credit included; the lead picture's first."""
    shown = [story.lead_caption()] if story.lead else []
    shown += [picture_caption(block) for block in blocks if block.kind in ("image", "gallery", "video")]
    return [plain(caption) for caption in shown if caption]


def picture_caption(block: Block) -> str:
    return " ".join(filter(None, (block.data["caption"], block.data.get("credit"))))


def images(story: Story, blocks: list[Block], root: str) -> list[dict[str, str | None]]:
    """Every picture: address of the original, caption without credit, credit without brackets."""
    shown = [image(story.lead, story.caption, story.credit, story, root)] if story.lead else []
    for block in blocks:
        if block.kind == "image":
            shown.append(image(block.data["file"], block.data["caption"], block.data["credit"], story, root))
        if block.kind == "gallery":
            *others, last = block.data["files"].split(",")  # the caption stands under the last
            shown += [image(file.strip(), "", "", story, root) for file in others]
            shown.append(image(last.strip(), block.data["caption"], block.data["credit"], story, root))
    return shown


def image(file: str, caption: str, credit: str, story: Story, root: str) -> dict[str, str | None]:
    return {
        "url": picture_url(file, story, root),
        "caption": plain(caption) or None,
        "credit": plain(credit).removeprefix("(").removesuffix(")").strip() or None,
    }


def picture_url(file: str, story: Story, root: str) -> str:
    """Where Ghost keeps an uploaded picture: by the month of the story."""
    return f"{root}/content/images/{story.published:%Y/%m}/{file}"


def related(blocks: list[Block], root: str) -> list[dict[str, str | None]]:
    cards = [block.data for block in blocks if block.kind == "card"]
    return [
        {"url": f"{root}/{card['slug']}/", "title": plain(card["title"]), "excerpt": plain(card["excerpt"]) or None}
        for card in cards
    ]


def without_ref(url: str) -> str:
    """The address without the `ref` that Ghost adds to links leading elsewhere."""
    return re.sub(r"[?&]ref=[^&]*$", "", url)


def author(person: Author, root: str, layout: str, story: Story) -> dict[str, str | None]:
    """An author as the story's page shows them: only layout C, and the head of an opinion in B, print the role."""
    shows_role = layout == "C" or (layout == "B" and story.kind == "opinion" and not story.byline)
    return {
        "name": person.name,
        "slug": person.slug,
        "url": f"{root}/author/{person.slug}/",
        "role": person.role if shows_role else None,
        "bio": person.bio,
    }


def expected_author(person: Author, stories: list[Story], root: str) -> dict[str, Any]:
    """What kicrawl must find on an author's pages, given the stories shown there."""
    return {
        "name": person.name,
        "slug": person.slug,
        "url": f"{root}/author/{person.slug}/",
        "role": person.role,
        "bio": person.bio,
        "links": list(person.links),
        "stories": [{"url": f"{root}/{story.slug}/", "title": plain(story.title)} for story in stories],
    }
