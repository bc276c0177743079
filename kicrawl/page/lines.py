"""What a line of a page is by itself: prose, a fact such as a date or a byline, a link, known boilerplate."""

from kicrawl.page.characters import ends_sentence
from kicrawl.page.tree import Leaf
from kicrawl.site import labels, phrases, words

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
AUDIO_NOTE = "audio_note"  # the rule of a line that, in plain text, follows the lead picture


def is_linked(leaf: Leaf) -> bool:
    """Whether the whole of a leaf is a link."""
    return leaf.link_share >= 0.95 or bool(leaf.parent.hrefs)


def is_prose(leaf: Leaf) -> bool:
    """Whether a leaf reads as a sentence or more of running text."""
    if leaf.kind != "text" or leaf.tag in HEADINGS or leaf.link_share >= 0.6:
        return False
    size = len(leaf.text)
    return size >= 90 or (size >= 25 and ends_sentence(leaf.text))


def is_meta(text: str) -> bool:
    """Whether a line only states a time, a date, a byline or the reading time."""
    if len(text) > 260:
        return False
    if len(text) < 60 and phrases.AGO.search(text) and not ends_sentence(text):
        return True
    if phrases.TIME_ONLY.match(text):
        return True
    return len(text) < 120 and (
        phrases.READING_TIME.search(text) is not None or _is_dated(text) or phrases.BYLINE.match(text) is not None
    )


def _is_dated(text: str) -> bool:
    """Whether a line is a date with little around it: a caption may hold a date, too."""
    date = phrases.DATE_WORDS.search(text)
    if date is None or ends_sentence(text) or (text.endswith(")") and not phrases.UPDATE_MARK.search(text)):
        return False
    return len(text[: date.start()].split()) <= 4 or phrases.BY.match(text) is not None


def is_share_line(text: str) -> bool:
    """Whether a line consists of the names of places to share a story at."""
    tokens = text.lower().split() if len(text) < 160 else []
    return bool(tokens) and all(token.strip(",:|") in labels.SHARE_WORDS for token in tokens)


def known_line(text: str) -> str | None:
    """The rule by which a whole line is boilerplate wherever it stands, or None."""
    return words.known_line(words.fold(text))


def is_known(leaf: Leaf) -> bool:
    """Whether a leaf's text is boilerplate wherever it stands."""
    return words.known_line(leaf.folded) is not None
