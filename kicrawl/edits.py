"""What did an edit do to a story? Its kinds, out of the text before and after. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from kicrawl.figures import figures, in_digits, letters, without_figures, words
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
# Words that English changes only because those around them did: a fire, an old fire; one was, two were.
AGREEING = [{"a", "an"}, {"is", "are"}, {"was", "were"}, {"has", "have"}, {"does", "do"}]
PLURALS = [{"person", "people"}, {"man", "men"}, {"woman", "women"}, {"child", "children"}]  # beside those in -s
AGREEMENT = "agreement"  # of a piece, none of KINDS: its words follow another edit

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
    if AGREEMENT in found:
        found.remove(AGREEMENT)
        found |= set() if found & {"number", "added", "removed"} else {"wording"}
    return found


def _label_headline(before: str, after: str) -> set[str]:
    if before == after:
        return set()
    return {"punctuation"} if letters(before) == letters(after) else {"headline"}


def _label_byline(before: Sequence[str], after: Sequence[str]) -> set[str]:
    if list(before) == list(after):
        return set()
    return {"punctuation"} if [*map(letters, before)] == [*map(letters, after)] else {"byline"}


def _label_piece(piece: Piece) -> set[str]:
    if letters(piece.before) == letters(piece.after):
        return {"punctuation"}
    old, new = words(piece.before), words(piece.after)
    if old == new:
        return {"number"}  # its sign, its point or its currency
    if _agree(old, new):
        return {AGREEMENT}
    stated = figures(piece.before), figures(piece.after)
    if all(stated) and _agree(without_figures(piece.before), without_figures(piece.after), plurals=True):
        return {"wording"} if in_digits(old) == in_digits(new) else {"number"}
    if _is_within(old, new):
        return {"correction"} if is_notice(piece.after.strip()) else {"added"}
    if _is_within(new, old):
        return {"removed"}
    return {"wording", "number"} if all(stated) and stated[0] != stated[1] else {"wording"}


def _notices(text: str) -> set[str]:
    return {paragraph for paragraph in text.split("\n\n") if is_notice(paragraph)}


def _without(text: str, paragraphs: set[str]) -> str:
    return "\n\n".join(paragraph for paragraph in text.split("\n\n") if paragraph not in paragraphs)


def _holds(notice: str, paragraph: str) -> bool:
    """Whether a notice was put into a paragraph that was there before, give or take some words."""
    held = set(words(paragraph))
    return len(held & set(words(notice))) > len(held) / 2


def _is_within(some: Sequence[str], more: Sequence[str]) -> bool:
    """Whether the words of one side stand in the other, in the same order, with others between them."""
    rest = iter(more)
    return all(any(_agree([word], [other]) for other in rest) for word in some)


def _agree(old: Sequence[str], new: Sequence[str], *, plurals: bool = False) -> bool:
    """Whether these are the same words but for agreement; `plurals`: nouns may follow a number, too."""
    return len(old) == len(new) and all(
        one == other or {one, other} in AGREEING or (plurals and _is_plural(*sorted((one, other), key=len)))
        for one, other in zip(old, new, strict=True)
    )


def _is_plural(one: str, many: str) -> bool:
    """Whether the longer word is the plural of the other.

    >>> _is_plural("ferry", "ferries"), _is_plural("boat", "boats"), _is_plural("boat", "boatman")
    (True, True, False)
    """
    return {one, many} in PLURALS or many in (f"{one}s", f"{one}es") or (one[-1:] == "y" and many == f"{one[:-1]}ies")
