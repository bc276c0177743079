"""What of a story was read or stored otherwise than the newsroom wrote it."""

from typing import Any
from urllib.parse import urljoin

from kicrawl import items

from .posts import AUTHORS, TAGS, Post
from .site import Site

FIELDS = (
    "title subtitle kicker tags access authors roles published_at modified_at body captions images related links"
).split()


def expected(site: Site, post: Post) -> dict[str, Any]:
    """The story as a visitor sees it, field by field, in the words of `kicrawl export`."""
    people = [AUTHORS[slug] for slug in post.authors]
    tags = [TAGS[slug]["name"] for slug in post.tags if not slug.startswith("hash-")]
    return {
        "title": " ".join(post.title.split()),
        "subtitle": post.excerpt,
        "kicker": tags[0] if tags and post.shows_head else None,
        "tags": tags,
        "access": "full" if post.access == "public" else "partial",
        "authors": [(person["name"], person["slug"]) for person in people],
        "roles": [(person["role"], person.get("bio")) for person in people],
        "published_at": post.published_at,
        "modified_at": post.updated_at,
        "body": [" ".join(text.split()) for text in post.paragraphs],
        "captions": post.captions,
        "images": [urljoin(f"{site.root}/content/images/2025/06/", name) for name in post.pictures],
        "related": [f"{site.root}/{slug}/" for slug in post.related],
        "links": post.links,
    }


def read(article: items.Article) -> dict[str, Any]:
    """The same of an article as it was read."""
    return {
        **{name: getattr(article, name) for name in ("title", "subtitle", "kicker", "tags", "access", "captions")},
        "authors": [(author.name, author.slug) for author in article.authors],
        "roles": [(author.role, author.bio) for author in article.authors],
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "body": [block.text for block in article.story],
        "images": [image.url for image in article.images],
        "related": [related.url for related in article.related],
        "links": [(link.url, link.text) for block in article.story for link in block.links],
    }


def differences(found: dict[str, Any], site: Site, post: Post, field: str) -> list[str]:
    """One field beside what it should be: nothing, or some lines that say what is wrong in which story."""
    have, want = found[field], expected(site, post)[field]
    if field == "body":
        have = [text for text in have if text not in post.either]
    if have == want:
        return []
    if not isinstance(want, list) or not isinstance(have, list):
        return [f"{post.slug}: {field}", f"    found    {have!r}", f"    expected {want!r}"]
    extra, missing = [x for x in have if x not in want], [x for x in want if x not in have]
    what = [f"    too much {x!r}" for x in extra] + [f"    missing  {x!r}" for x in missing]
    return [f"{post.slug}: {field}", *(what or [f"    in another order or number: {have!r}"])]
