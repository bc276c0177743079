"""When two stories say the same in nearly the same words. Pure: no SQL, no items."""

import hashlib
import re
import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

MINIMA = 64  # digests kept of a text: the score of two long texts is right to about 0.05
KEYS = 6  # of them to look up by: texts that are alike by three quarters share one, but for one pair in thousands
SHORTEST = 12  # runs of three words; a shorter text says too little to be like another, unless it is the same
LEAST_SCORE = 0.65  # where three words in a hundred are edited, about 0.84 of the runs are the same
LEAD = 25  # words in which news says what happened where

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("Jan January", "Feb February", "Mar March", "Apr April", "May", "Jun June", "Jul July", "Aug August"),
            *("Sep Sept September", "Oct October", "Nov November", "Dec December"),
        ),
        start=1,
    )
    for name in names.split()
}
COUNTING = frozenset(  # as telling as a number, wherever they stand
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
    millions billion billions trillion dozen dozens half third quarter first second fourth fifth sixth seventh eighth
    ninth tenth eleventh twelfth monday tuesday wednesday thursday friday saturday sunday""".split()
)
TELLING = COUNTING | MONTHS.keys()
MOST_WORDS = 2**16  # whose digests are kept in memory
LANES = 2**12  # words of nearly all texts
BITS = 2**63 - 1  # of a digest: as many as the largest integer of both databases holds


@dataclass(frozen=True)
class Sketch:
    """What is kept of a text to find those that are nearly the same: digests only."""

    figures: int  # of all its numbers and dates, in any order
    minima: tuple[int, ...]  # the smallest of its runs of three words, rising; a short text has one for all of it
    lead: frozenset[int]  # of the names (capitalised words) among its first words
    names: frozenset[int]  # of all its names
    numbers: frozenset[int]  # of its numbers in letters, months and days of the week

    @property
    def keys(self) -> list[int]:
        """A text can only be alike to one that has one of these as well."""
        return [minimum ^ self.figures for minimum in self.minima[:KEYS]]


def sketch(title: str | None, body: str | None) -> Sketch | None:
    """The sketch of a story's body; None if it has no words. Letter case, white space and punctuation do not matter.

    The headline counts where the body is short: "Listen to the new episode" is not the same story every week.
    """
    words = split_words(body or "")
    if not words:
        return None
    runs = _runs(words)
    if len(runs) < 4 * SHORTEST and len(set(runs)) < SHORTEST:
        runs = (digest(" ".join([*WORD.findall(title or ""), "/", *words]).casefold()),)
    special = {word for word in words if not word[0].islower()}  # few: names, numbers, first words of sentences
    counting = TELLING.intersection(words) | COUNTING.intersection(map(str.lower, special))
    return Sketch(
        figures=digest(" ".join(sorted(figures(words, special)))),
        minima=_smallest(runs),
        lead=frozenset(_digest_word(word) for word in words[:LEAD] if word[0].isupper()),
        names=frozenset(_digest_word(word) for word in special if word[0].isupper()),
        numbers=frozenset(map(_digest_word, counting)),
    )


def split_words(text: str) -> list[str]:
    """The words and numbers of a text, in order.

    >>> split_words("On Oct. 3, 1,000 boats' crews")
    ['On', 'Oct', '3', '1,000', 'boats', 'crews']
    """
    words: list[str] = []
    for piece in text.split():
        if piece.isalpha():  # most are: half the time of a search through all of the text
            words.append(piece)
        else:
            words += WORD.findall(piece)
    return words


def compare(one: Sketch, other: Sketch) -> float | None:
    """How alike two texts are, up to 1.0; None if they are different stories.

    They are if a number or date differs; if each lead has a name, or each text a number in letters or a month, that the
    other text lacks (Kyiv for Kharkiv, two for three); or if too few words are the same.
    """
    if one.figures != other.figures or _differ(one, other):
        return None
    smallest = sorted({*one.minima, *other.minima})[:MINIMA]
    score = len(set(one.minima).intersection(other.minima, smallest)) / len(smallest)
    return score if score >= LEAST_SCORE else None


def figures(words: Sequence[str], special: Collection[str] | None = None) -> list[str]:
    """The numbers among the words, and beside those that are days of a month `month-day`.

    `special`: those of the words that may be numbers, if that is known.

    >>> figures(["On", "Oct", "3", "1,000", "boats", "sank"])
    ['3', '10-3', '1000']
    """
    numbers = {word for word in (words if special is None else special) if word[0].isdigit()}
    found = []
    for place in [place for place, word in enumerate(words) if word in numbers] if numbers else []:
        number = words[place].replace(",", "")
        month = MONTHS.get(words[place - 1]) if place else None
        month = month or (MONTHS.get(words[place + 1]) if place + 1 < len(words) else None)
        found += [number, f"{month}-{number}"] if month and len(number) <= 2 else [number]
    return found


def digest(text: str) -> int:
    """A number that stands for a text, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) & BITS


def pack(digests: Iterable[int]) -> bytes:
    """Digests as a column holds them: rising, eight bytes each, the highest byte first."""
    rising = sorted(digests)
    return struct.pack(f">{len(rising)}q", *rising)


def unpack(column: bytes) -> tuple[int, ...]:
    """The digests in a column."""
    return struct.unpack(f">{len(column) // 8}q", column)


class _Digests(dict[str, bytes]):
    """Digests of words, of each once: a newspaper's words come again and again."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= MOST_WORDS:
            self.clear()
        text = f"month {MONTHS[word]}" if word in MONTHS else word.casefold()
        made = self[word] = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        return made


_digests = _Digests()


def _digest_word(word: str) -> int:
    """The digest of a word in any case, and of a month in full or short."""
    return int.from_bytes(_digests[word]) & BITS


def _differ(one: Sketch, other: Sketch) -> bool:
    """Whether a name or a number stands in place of another. One that was only added or left out is an edit."""
    names = one.lead - other.names and other.lead - one.names
    numbers = one.numbers - other.numbers and other.numbers - one.numbers
    return bool(names or numbers)


def _runs(words: Sequence[str]) -> tuple[int, ...]:
    """The digests of every three words in a row; their order counts.

    A loop over the words would take most of the time in which a story is stored, so all digests are put together at
    once: they stand side by side in one long integer, 64 bits each, and are joined with those one and two words on,
    which have their halves and quarters turned.
    """
    count = len(words) - 2
    if count < 1:
        return ()
    first = int.from_bytes(b"".join(map(_digests.__getitem__, words)))
    second, third = _turn(first, 32, len(words)), _turn(first, 16, len(words))
    joined = (first ^ second << 64 ^ third << 128) >> 128 & _repeat(BITS, count)
    return struct.unpack(f">{count}Q", joined.to_bytes(8 * count))


def _turn(digests: int, bits: int, count: int) -> int:
    """Digests that stand side by side, each with its bits turned round."""
    low = _repeat((1 << bits) - 1, count)
    return (digests & low) << (64 - bits) | digests >> bits & _repeat((1 << (64 - bits)) - 1, count)


def _repeat(lane: int, count: int) -> int:
    """So many times 64 bits side by side."""
    if count > LANES:
        return int.from_bytes(lane.to_bytes(8) * count)
    return _repeat_most(lane) >> 64 * (LANES - count)


@cache
def _repeat_most(lane: int) -> int:
    return int.from_bytes(lane.to_bytes(8) * LANES)


def _smallest(runs: Sequence[int]) -> tuple[int, ...]:
    """The smallest digests, each once, rising. They are spread evenly: of a long text most can be left out at once."""
    limit = BITS // len(runs) * 2 * MINIMA
    likely = {run for run in runs if run < limit} if len(runs) > 4 * MINIMA else set()
    return tuple(sorted(likely if len(likely) >= MINIMA else set(runs))[:MINIMA])
