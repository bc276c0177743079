"""Which words and numbers does a text state, whatever its marks? Pure."""

import re
from collections.abc import Sequence

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*(?:st|nd|rd|th)?\b|\d+(?:[.,]\d+)*", re.I)
COUNTED = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty
""".split()  # their places are their values
NUMBER_WORDS = frozenset(COUNTED) | frozenset(
    """
    thirty forty fifty sixty seventy eighty ninety tens dozen dozens hundred hundreds thousand thousands million
    millions billion billions trillion trillions first second third fourth fifth sixth seventh eighth ninth tenth
    eleventh twelfth thirds quarter quarters fourths fifths tenths half halves once twice
    """.split()
)
THOUSANDS = re.compile(r"(?<=\d)[.,'\u00a0\u202f ](?=\d{3}(?!\d))")  # what parts the digits of a whole number
FRACTION = re.compile(r"(?<=\d)[.,:](?=\d)")
MINUS = re.compile(r"(?<![^\s(])[-−](?=\d)")
CURRENCY = re.compile(r"[$€£₴¥]")


def letters(text: str) -> str:
    """The letters and digits of a text, in small, and the marks that are part of what a number says.

    >>> letters("25,000 men") == letters("25000 men"), letters("$1.5") == letters("$15")
    (True, False)
    """
    for mark, name in ((THOUSANDS, ""), (FRACTION, "point"), (MINUS, "minus")):
        text = mark.sub(name, text)
    return "".join(WORD.findall(CURRENCY.sub(lambda found: f"sign{ord(found[0])}", text))).casefold()


def words(text: str) -> list[str]:
    """The words of a text, in small."""
    return [word.casefold() for word in WORD.findall(text)]


def figures(text: str) -> list[str]:
    """The numbers of a text, in digits and in letters."""
    return [*NUMBER.findall(text), *(word for word in words(text) if word in NUMBER_WORDS)]


def in_digits(some: Sequence[str]) -> list[str]:
    """Words with small numbers in digits.

    >>> in_digits(["two", "boats"])
    ['2', 'boats']
    """
    return [str(COUNTED.index(word)) if word in COUNTED else word for word in some]


def without_figures(text: str) -> list[str]:
    """The words of a text with every number alike, be it in digits or in letters."""
    found = words(NUMBER.sub(" 0 ", text))
    folded = ["0" if word in NUMBER_WORDS or word.isdigit() else word for word in found]
    return [word for place, word in enumerate(folded) if word != "0" or folded[place - 1 : place] != ["0"]]
