"""What did an edit do to a story? Its kinds, out of the text before and after. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kicrawl.site.notices import is_notice
from kicrawl.worddiff import Piece, compare

KINDS = {
    "headline": "the words of the headline changed",
    "byline": "other authors are named",
    "correction": "a notice says that the story was corrected",
    "number": "a figure in the text changed",
    "added": "words were put in",
    "removed": "words were taken out",
    "wording": "words were put in place of others",
    "punctuation": "only marks, letter case, white space or breaks between paragraphs changed",
}
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*(?:st|nd|rd|th)?\b|\d+(?:[.,]\d+)*", re.I)
NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
    millions billion billions trillion dozen dozens first second third fourth fifth sixth seventh eighth ninth tenth
    once twice half quarter""".split()
)
WORD = re.compile(r"[^\W_]+")

Version = Mapping[str, Any]  # title, subtitle, body, captions and authors, as a revision has them


def label(before: Version, after: Version) -> list[str]:
    """The kinds of an edit, in the order of KINDS; none if the two are the same."""
    found = _label_headline(before["title"] or "", after["title"] or "")
    found |= _label_byline(before["authors"], after["authors"])
    found |= label_text(before["subtitle"] or "", after["subtitle"] or "")
    found |= label_text("\n\n".join(before["captions"]), "\n\n".join(after["captions"]))
    found |= label_text(before["body"] or "", after["body"] or "")
    return [kind for kind in KINDS if kind in found]


def label_text(before: str, after: str) -> set[str]:
    """The kinds of an edit of a text.

    >>> sorted(label_text("It killed 12 men.", "It killed 14 men, officials said."))
    ['added', 'number']
    """
    found = set()
    new = _notices(after) - _notices(before)
    if new:
        found.add("correction")
        kept = before.split("\n\n")
        apart = {notice for notice in _notices(after) if not any(_holds(notice, paragraph) for paragraph in kept)}
        before, after = _without(before, _notices(before)), _without(after, apart)
    for piece in compare(before, after):
        if piece.changed:
            found |= _label_piece(piece)
    return found


def _label_headline(before: str, after: str) -> set[str]:
    if before == after:
        return set()
    return {"punctuation"} if _letters(before) == _letters(after) else {"headline"}


def _label_byline(before: Sequence[str], after: Sequence[str]) -> set[str]:
    if list(before) == list(after):
        return set()
    return {"punctuation"} if [*map(_letters, before)] == [*map(_letters, after)] else {"byline"}


def _label_piece(piece: Piece) -> set[str]:
    if _letters(piece.before) == _letters(piece.after):
        return {"punctuation"}
    old, new = _words(piece.before), _words(piece.after)
    if old and new and _without_figures(piece.before) == _without_figures(piece.after):
        return {"number"}
    if _is_within(old, new):
        return {"correction"} if is_notice(piece.after.strip()) else {"added"}
    if _is_within(new, old):
        return {"removed"}
    figures = _figures(piece.before), _figures(piece.after)
    return {"wording", "number"} if all(figures) and figures[0] != figures[1] else {"wording"}


def _notices(text: str) -> set[str]:
    return {paragraph for paragraph in text.split("\n\n") if is_notice(paragraph)}


def _without(text: str, paragraphs: set[str]) -> str:
    return "\n\n".join(paragraph for paragraph in text.split("\n\n") if paragraph not in paragraphs)


def _holds(notice: str, paragraph: str) -> bool:
    """Whether a notice was put into a paragraph that was there before, give or take some words."""
    words = set(_words(paragraph))
    return len(words & set(_words(notice))) > len(words) / 2


def _letters(text: str) -> str:
    """The letters and digits of a text, in small."""
    return "".join(WORD.findall(text)).casefold()


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _figures(text: str) -> list[str]:
    """The numbers of a text, in digits and in letters."""
    return [*NUMBER.findall(text), *(word for word in _words(text) if word in NUMBER_WORDS)]


def _without_figures(text: str) -> list[str]:
    """The words of a text with every number alike, be it in digits or in letters."""
    words = _words(NUMBER.sub(" 0 ", text))
    folded = ["0" if word in NUMBER_WORDS or word.isdigit() else word for word in words]
    return [word for place, word in enumerate(folded) if word != "0" or folded[place - 1 : place] != ["0"]]


def _is_within(some: Sequence[str], more: Sequence[str]) -> bool:
    """Whether the words of one side stand in the other, in the same order, with others between them."""
    rest = iter(more)
    return all(word in rest for word in some)
