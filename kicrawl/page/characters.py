"""What single characters of a text mean: white space, invisible ones, the end of a sentence."""

import re

# Zero-width and soft characters, controls, and halves of a pair: what no reader sees and no terminal should get.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
STOPS = (".", "!", "?", "…")
CLOSERS = "\"'”’)]"  # what may follow the stop of a sentence


def squash(text: str) -> str:
    r"""Text with white space folded and what is invisible removed, control characters too.

    >>> squash("  July\u00a014\u200b \n")
    'July 14'
    """
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(INVISIBLE.sub(_as_browsers, text).split())


def _as_browsers(found: re.Match[str]) -> str:
    """Nothing; for U+0080 to U+009F, which pages mean as Windows-1252, what that holds there."""
    return found[0].encode("latin-1").decode("cp1252", "ignore") if "\x80" <= found[0] <= "\x9f" else ""


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does.

    >>> ends_sentence('He said: "No."'), ends_sentence("A headline")
    (True, False)
    """
    return text.rstrip(CLOSERS).endswith(STOPS)
