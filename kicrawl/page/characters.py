"""What single characters of a text mean: white space, invisible ones, the end of a sentence."""

INVISIBLE = "\u200b\u2060\ufeff\u00ad"
STOPS = (".", "!", "?", "…")
CLOSERS = "\"'”’)]"  # what may follow the stop of a sentence


def squash(text: str) -> str:
    r"""Text with white space folded and invisible characters removed.

    >>> squash("  July\u00a014\u200b \n")
    'July 14'
    """
    if not text.isascii():
        for character in INVISIBLE:
            text = text.replace(character, "")
    return " ".join(text.split())


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does.

    >>> ends_sentence('He said: "No."'), ends_sentence("A headline")
    (True, False)
    """
    return text.rstrip(CLOSERS).endswith(STOPS)
