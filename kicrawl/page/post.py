"""What the embedded Ghost post states of the story, in the fields of Ghost's content API (layout C)."""

from typing import Any

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.credit import split_caption
from kicrawl.page.embedded import Post
from kicrawl.page.facts import Facts
from kicrawl.page.markup import parse, text_within
from kicrawl.page.moments import read_moment
from kicrawl.page.shown.pictures import original
from kicrawl.page.stated import Stated
from kicrawl.site import urls


def state_post(facts: Facts, post: Post, stated: Stated) -> None:
    """Every fact that the post states, under the source `embedded`."""
    facts.state("title", "embedded", text_of(post.get("title")))
    facts.state("subtitle", "embedded", text_of(post.get("custom_excerpt")))
    facts.state("published_at", "embedded", read_moment(post.get("published_at")))
    facts.state("modified_at", "embedded", read_moment(post.get("updated_at")))
    minutes = post.get("reading_time")
    facts.state("reading_minutes", "embedded", minutes if type(minutes) is int else None)  # true is no number
    facts.state("ghost_id", "embedded", text_of(post.get("id")))
    facts.state("tags", "embedded", _tag_names(post))
    primary = post.get("primary_tag")
    if isinstance(primary, dict) and not _internal(primary):
        facts.state("kicker", "embedded", text_of(primary.get("name")))
    facts.state("authors", "embedded", _post_authors(post, stated))


def internal_tags(post: Post) -> set[str]:
    """The internal tags of a post, such as #vacancy."""
    tags = post.get("tags")
    tags = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return {(text_of(tag.get("name")) or "").lower() for tag in tags if _internal(tag)}


def lead_image(post: Post, stated: Stated) -> items.Image | None:
    """The picture above the story, which is no part of the html."""
    source = text_of(post.get("feature_image"))
    url = urls.absolute(source, stated.url) if source else None
    if url is None:
        return None
    caption, credit = split_caption(html_text(post.get("feature_image_caption")) or "")
    alt = text_of(post.get("feature_image_alt"))
    return items.Image(url=original(url), alt=alt, caption=caption, credit=credit)


def html_text(value: Any) -> str | None:
    """A fragment of HTML as plain text; None when it says nothing."""
    if not isinstance(value, str) or not value.strip():
        return None
    if "<" not in value and "&" not in value:
        return squash(value) or None
    document = parse(f"<body>{value}</body>")
    return text_within(document) or None if document is not None else None


def text_of(value: Any) -> str | None:
    """A value as text, white space folded; None when it says nothing."""
    return (squash(value) or None) if isinstance(value, str) else None


def _tag_names(post: Post) -> list[str]:
    """The public tags of a post, in order."""
    tags = post.get("tags")
    tags = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return [name for tag in tags if not _internal(tag) and (name := text_of(tag.get("name")))]


def _internal(tag: dict[str, Any]) -> bool:
    return tag.get("visibility") == "internal" or str(tag.get("name", "")).startswith("#")


def _post_authors(post: Post, stated: Stated) -> list[items.Author]:
    people = post.get("authors")
    people = people if isinstance(people, list) and people else [post.get("primary_author")]
    found = []
    for person in people[:100]:
        name = text_of(person.get("name")) if isinstance(person, dict) else None
        if name is None:
            continue
        url = text_of(person.get("url"))
        address = urls.author_url(urls.absolute(url, stated.url) or "", stated.root) if url else None
        slug = text_of(person.get("slug"))
        if address is None and slug and slug != "x":
            address = urls.author_url(f"{stated.root}/author/{slug}/", stated.root)
        found.append(
            items.Author(
                name=name,
                slug=urls.slug_of(address) if address else slug,
                url=address,
                role=text_of(person.get("location")),
                bio=text_of(person.get("bio")),
                photo=text_of(person.get("profile_image")),
            )
        )
    return found
