"""When two stories say the same in nearly the same words. Pure: no SQL, no items."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
BITS = 2**63 - 1  # of a digest: as many as the largest integer of both databases holds
FIRST, SECOND = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F  # odd, bits everywhere: in a run the order of words counts


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
    words = WORD.findall(body or "")
    if not words:
        return None
    runs = _runs(list(map(_digest_word, words)))
    if len(runs) < SHORTEST:
        runs = {digest(" ".join([*WORD.findall(title or ""), "/", *words]).casefold())}
    different = set(words)
    counting = COUNTING.intersection(map(str.lower, different)).union(different & MONTHS.keys())
    return Sketch(
        figures=digest(" ".join(sorted(figures(words)))),
        minima=tuple(sorted(runs)[:MINIMA]),
        lead=frozenset(_digest_word(word) for word in words[:LEAD] if word[0].isupper()),
        names=frozenset(_digest_word(word) for word in different if word[0].isupper()),
        numbers=frozenset(map(_digest_word, counting)),
    )


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


def figures(words: Sequence[str]) -> list[str]:
    """The numbers among the words, and beside those that are days of a month `month-day`.

    >>> figures(["On", "Oct", "3", "1,000", "boats", "sank"])
    ['3', '10-3', '1000']
    """
    found = []
    for place, word in enumerate(words):
        if word[0].isdigit():
            number = word.replace(",", "")
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


@lru_cache(maxsize=65536)  # a newspaper's words come again and again
def _digest_word(word: str) -> int:
    """The digest of a word in any case, and of a month in full or short."""
    return digest(f"month {MONTHS[word]}" if word in MONTHS else word.casefold())


def _differ(one: Sketch, other: Sketch) -> bool:
    """Whether a name or a number stands in place of another. One that was only added or left out is an edit."""
    names = one.lead - other.names and other.lead - one.names
    numbers = one.numbers - other.numbers and other.numbers - one.numbers
    return bool(names or numbers)


def _runs(words: Sequence[int]) -> set[int]:
    """The digests of every three words in a row."""
    return {(a * FIRST + b * SECOND + c) & BITS for a, b, c in zip(words, words[1:], words[2:], strict=False)}
