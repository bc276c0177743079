"""Which words of a text were taken out, and which put in? Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A break between paragraphs; a word with the marks inside it (25,000, Kyiv's, long-range), a number with its sign and
# currency (-$5); any other mark. White space stays with what it follows.
SIGN = r"(?:(?:(?<![^\s(])[-−])?[$€£₴¥]?(?=\d))?"
TOKEN = re.compile(rf"\s*\n\s*\n\s*|(?:{SIGN}[^\W_]+(?:[.,:'’\-‑/][^\W_]+)*|\S)[^\S\n]*(?:\n(?!\s*\n)[^\S\n]*)?")
BREAK = "\n\n"
LARGEST = 4_000_000  # of one side's tokens times the other's: more are not compared word by word
SHORT = 1  # so many words that stay between two replacements do not part them


@dataclass(frozen=True)
class Piece:
    """A stretch of text: the same before and after, or changed; one side of a change may be empty."""

    before: str
    after: str
    changed: bool = True


def compare(before: str, after: str) -> list[Piece]:
    """Two texts as pieces; the pieces' sides joined are the texts.

    >>> compare("On Monday.", "On Tuesday.")[1]
    Piece(before='Monday', after='Tuesday', changed=True)
    """
    pieces: list[Piece] = []
    for old, new, changed in _match(_paragraphs(before), _paragraphs(after)):
        if changed:
            pieces += _compare_words("".join(old), "".join(new))
        else:
            pieces.append(Piece("".join(old), "".join(new), changed=False))
    return [part for piece in _joined(pieces) for part in _without_space(piece)]


def tokens(text: str) -> list[str]:
    """A text cut into words, marks and breaks; joined they are the text again, white space at its ends aside.

    >>> tokens("Kyiv's 25,000 men, he said.")
    ["Kyiv's ", '25,000 ', 'men', ', ', 'he ', 'said', '.']
    """
    return TOKEN.findall(text.strip())


def _paragraphs(text: str) -> list[str]:
    """The paragraphs, each with the break after it."""
    parts = re.split(r"(\s*\n\s*\n\s*)", text.strip())
    return [part + gap for part, gap in zip(parts[::2], [*parts[1::2], ""], strict=True) if part + gap]


def _compare_words(before: str, after: str) -> Iterator[Piece]:
    for old, new, changed in _match(tokens_with_ends(before), tokens_with_ends(after)):
        yield Piece("".join(old), "".join(new), changed)


def tokens_with_ends(text: str) -> list[str]:
    """The same of a part of a text, which may end in a break."""
    found = TOKEN.findall(text)
    return found if "".join(found) == text else [*found, text[len("".join(found)) :]]


def _match(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str], bool]]:
    """Runs of the two lists that are the same but for white space, and those between them."""
    olds, news = [_key(part) for part in before], [_key(part) for part in after]
    start = 0
    while start < min(len(olds), len(news)) and olds[start] == news[start]:
        start += 1
    end = 0
    while end < min(len(olds), len(news)) - start and olds[-1 - end] == news[-1 - end]:
        end += 1
    if start:
        yield before[:start], after[:start], False
    old_end, new_end = len(before) - end, len(after) - end
    if start < old_end or start < new_end:
        if (old_end - start) * (new_end - start) > LARGEST:
            yield before[start:old_end], after[start:new_end], True
        else:
            matcher = SequenceMatcher(None, olds[start:old_end], news[start:new_end], autojunk=False)
            for what, i, j, k, m in matcher.get_opcodes():
                yield before[start + i : start + j], after[start + k : start + m], what != "equal"
    if end:
        yield before[old_end:], after[new_end:], False


def _key(part: str) -> str:
    return " ".join(part.split()) or BREAK


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, replacements that only a word or a mark keeps apart made one."""
    waiting: Piece | None = None
    for place, piece in enumerate(pieces):
        around = [*pieces[max(0, place - 1) : place], *pieces[place + 1 : place + 2]]
        between = len(around) == 2 and all(one.changed and one.before and one.after for one in around)
        joins = piece.changed or (between and _is_short(piece.before))
        one = Piece(piece.before, piece.after, joins)
        if waiting is not None and waiting.changed == one.changed:
            waiting = Piece(waiting.before + one.before, waiting.after + one.after, one.changed)
        else:
            if waiting is not None:
                yield waiting
            waiting = one
    if waiting is not None:
        yield waiting


def _without_space(piece: Piece) -> list[Piece]:
    """A change, the white space with which both its sides end apart."""
    before, after = piece.before.rstrip(), piece.after.rstrip()
    if not piece.changed or not before or not after or piece.before == before or piece.after == after:
        return [piece]
    return [Piece(before, after), Piece(piece.before[len(before) :], piece.after[len(after) :], changed=False)]


def _is_short(text: str) -> bool:
    return BREAK not in text and len(re.findall(r"\w+", text)) <= SHORT
