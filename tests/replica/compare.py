"""What of a story was read wrongly: an article of kicrawl beside the ground truth of the replica.

`python -m tests.replica.compare` reads every story in every layout and prints the differences.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kicrawl import boilerplate, loaders, page

from .server import serve

AUTHOR = ("name", "slug", "url", "role", "bio")
IMAGE = ("url", "caption", "credit")
RELATED = ("url", "title", "excerpt")


def differences(article: Any, truth: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """field -> (read, true) for each field in which a stripped items.Article differs from `site.expected(slug)`.

    Texts of cards and cards to other sites, which the truth calls optional, may be there or not.
    """
    read = {field: getattr(article, field, None) for field in truth if not field.endswith("_optional")}
    optional = set(truth["body_optional"]) - set(truth["body"])
    read["body"] = [block.text for block in article.story if block.text not in optional]
    if "related" in truth:
        others = {card["url"] for card in truth["related_optional"]}
        read["authors"] = facts_of(article.authors, AUTHOR)
        read["images"] = facts_of(article.images, IMAGE)
        read["related"] = [card for card in facts_of(article.related, RELATED) if card["url"] not in others]
    return {field: (value, truth[field]) for field, value in read.items() if value != truth[field]}


def facts_of(things: list[Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(thing, name) for name in names} for thing in things]


def read_all(layout: str) -> Iterator[tuple[str, str, Any, Any]]:
    """(slug, field, read, true) for everything that kicrawl reads wrongly from the replica in a layout."""
    with serve(layout) as site:
        for story in site.stories:
            url, body = site.url(story.slug), site.dressed(site.answer(f"/{story.slug}/"))
            read = page.read_page(body, url, "text/html; charset=utf-8", site.root)
            if read.kind != "story":
                yield story.slug, "page", read.kind, "story"
                continue
            article = boilerplate.strip(loaders.load_article(read))
            for field, (value, true) in differences(article, site.expected(story.slug)).items():
                yield story.slug, field, value, true


def show(slug: str, field: str, read: Any, true: Any) -> None:
    """One difference; of lists only what is too much and what is missing."""
    if isinstance(read, list) and isinstance(true, list):
        read, true = [item for item in read if item not in true], [item for item in true if item not in read]
    print(f"  {slug}: {field}\n      read  {read!s:.300}\n      true  {true!s:.300}")


def main() -> int:
    counts: Counter[str] = Counter()
    for layout in ("A", "B", "C", "scrambled"):
        print(layout)
        for difference in read_all(layout):
            counts[f"{layout} {difference[1]}"] += 1
            show(*difference)
    print(dict(counts) or "everything was read as it was written")
    return int(bool(counts))


if __name__ == "__main__":
    sys.exit(main())
