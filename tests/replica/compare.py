"""What of a story was read wrongly: an article of kicrawl beside the ground truth of the replica."""

from typing import Any

AUTHOR = ("name", "slug", "url", "role", "bio")
IMAGE = ("url", "caption", "credit")
RELATED = ("url", "title", "excerpt")


def differences(article: Any, truth: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """field -> (read, true) for each field in which a stripped items.Article differs from `site.expected(slug)`.

    Texts of cards and cards to other sites, which the truth calls optional, may be there or not.
    """
    read = {field: getattr(article, field, None) for field in truth if not field.endswith("_optional")}
    read["body"] = without([block.text for block in article.story], truth["body_optional"], truth["body"])
    if "related" in truth:
        read["authors"] = facts_of(article.authors, AUTHOR)
        read["images"] = facts_of(article.images, IMAGE)
        read["related"] = without(facts_of(article.related, RELATED), truth["related_optional"], truth["related"])
    return {field: (value, truth[field]) for field, value in read.items() if value != truth[field]}


def facts_of(things: list[Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(thing, name) for name in names} for thing in things]


def without(values: list[Any], optional: list[Any], wanted: list[Any]) -> list[Any]:
    """The values but for those that need not be there."""
    return [value for value in values if value not in optional or value in wanted]
