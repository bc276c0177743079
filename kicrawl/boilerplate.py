"""Which blocks are the story and which are boilerplate, and by which rule.

Three grades, in this order: what a block stands in, whole lines, and patterns tied to a position. A sentence of the
story is never dropped for a word in it.
"""

from collections.abc import Iterable, Mapping

from kicrawl import items
from kicrawl.site import words

# Containers whose text became a field of the story: neither story nor cut.
FACTS = frozenset(["headline", "kicker", "byline", "date", "reading_time", "subtitle", "title_again"])

Rules = Mapping[str, frozenset[str]]  # rule name -> whole lines, folded as words.fold does


def strip(article: items.Article, rules: Rules | None = None) -> items.Article:
    """Give every block of an article its role, and to boilerplate its rule; in place, returned for convenience.

    `rules` are the user's own, from the table `rule`: whole lines that are boilerplate wherever they stand.
    """
    for block in article.blocks:
        block.role, block.rule = judge(block, rules or {})
    return article


def judge(block: items.Block, rules: Rules) -> tuple[items.Role, str | None]:
    """One block's role, and its rule if that is boilerplate."""
    if block.container in FACTS:
        return "fact", None
    line = line_rule(block.text, rules)
    if block.container is not None:
        return "boilerplate", line or block.container
    if block.kind == "caption" and block.place != "after":
        return "caption", None
    if line is not None:
        return "boilerplate", line
    if block.place != "body":
        return "boilerplate", PLACES[block.place]
    return "story", None


PLACES = {"before": "before_headline", "head": "under_headline", "after": "after_story"}


def line_rule(text: str, rules: Rules = {}) -> str | None:  # noqa: B006 - read only
    """The rule by which a whole line is boilerplate wherever it stands, or None.

    >>> line_rule("25,000 people chose to be part of the Kyiv Independent community — thank you.")
    'membership_banner'
    >>> line_rule("To support our journalism, please become a patron of the Kyiv Independent.") is None
    True
    """
    line = words.fold(text)
    own = next((rule for rule, lines in rules.items() if line in lines), None) if rules else None
    return own or words.known_line(line)


def fold_lines(lines: Iterable[str]) -> frozenset[str]:
    """A user's lines as `strip` compares them."""
    return frozenset(words.fold(line) for line in lines)
