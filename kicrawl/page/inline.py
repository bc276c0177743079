"""A run of inline text as its lines: where it divides, what is linked in it, how much of it is slanted."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from kicrawl.page.characters import ends_sentence, squash

EMPHASIS = frozenset(["em", "i", "small", "cite"])
STARTS_ANEW = re.compile(r"[A-ZА-ЯІЇЄҐ0-9\"“‘(]")
PARAGRAPH = 60  # characters; lines of so many that all end as sentences are paragraphs

# A text; a line break; a link that opens (with its href) or closes; another inline element (with its tag) likewise.
Piece = tuple[Literal["text", "br", "a", "/a", "start", "end"], str]
Link = tuple[str, str]  # href as written, linked text


class Line(NamedTuple):
    """A line as a reader sees it."""

    text: str
    links: list[Link]
    emphasis: int = 0  # characters in italics or small print
    ends_line: bool = False  # a line break follows inside the same element


def read_line(pieces: Sequence[Piece]) -> list[Line]:
    """An inline run that nothing divides, as its one line; as none where nothing is to be seen in it."""
    if len(pieces) == 1:
        line = Line(squash(pieces[0][1]), [])
    elif len(pieces) == 3 and pieces[0][0] == "a" and pieces[1][0] == "text":  # a link, and nothing beside it
        text = squash(pieces[1][1])
        line = Line(text, [(pieces[0][1], text)])
    else:
        line = _line(pieces, False)
    return [line] if line.text else []


def read_lines(pieces: Sequence[Piece]) -> list[Line]:
    """An inline run as lines: split at empty lines, and where two elements touch without a space between them."""
    return _join_lines([_line(part, ends_line) for part, ends_line in _parts(pieces)])


def _parts(pieces: Sequence[Piece]) -> list[tuple[list[Piece], bool]]:
    """The pieces between two divisions, and whether a line break divides; a link open there goes on in the next."""
    parts: list[list[Piece]] = [[]]
    breaks: list[bool] = []
    following = _following_texts(pieces)
    href: str | None = None  # of the link that is open
    before = ""  # the last character, where the last text ends with a word
    ended = False  # whether the last piece is the end of an element
    for piece, after in zip(pieces, following, strict=True):
        what, value = piece
        if what == "br" or (ended and what in ("a", "start") and _touch(before, after)):
            breaks.append(what == "br")
            parts.append([] if href is None else [("a", href)])
        parts[-1].append(piece)
        ended = what in ("/a", "end")
        if what == "text":
            before = "" if value[-1].isspace() or len(value.strip()) < 2 else value[-1]
        elif what == "a":
            href = value
        elif what == "/a":
            href = None
    return list(zip(parts, [*breaks, False], strict=True))


def _following_texts(pieces: Sequence[Piece]) -> list[str]:
    """For every piece the next text from there on; "" after the last."""
    texts, text = [], ""
    for what, value in reversed(pieces):
        if what == "text":
            text = value
        texts.append(text)
    return texts[::-1]


def _touch(before: str, after: str) -> bool:
    """Whether an element starts right where another ended, with a new sentence, name or number in it."""
    if not before or not STARTS_ANEW.match(after):
        return False
    return not (before in "“‘(-–—/" or (before.isdigit() and after[0].isdigit()))


def _line(pieces: Sequence[Piece], ends_line: bool) -> Line:
    texts: list[str] = []
    links: list[Link] = []
    href: str | None = None
    begin = 0  # of the link's texts
    emphasis = slanted = 0
    for what, value in pieces:
        if what == "text":
            texts.append(value)
            if slanted:
                emphasis += len(value)
        elif what == "a":
            href, begin = value, len(texts)
        elif what == "/a":
            if href is not None and (text := squash("".join(texts[begin:]))):
                links.append((href, text))
            href = None
        elif value in EMPHASIS:
            slanted = slanted + 1 if what == "start" else max(0, slanted - 1)
    if href is not None and (text := squash("".join(texts[begin:]))):
        links.append((href, text))
    return Line(squash("".join(texts)), links, emphasis, ends_line)


def _join_lines(lines: list[Line]) -> list[Line]:
    """Lines joined again where a single line break stood inside a sentence or a title."""
    filled = [line for line in lines if line.text]
    if len(filled) < 2 or all(len(line.text) >= PARAGRAPH and ends_sentence(line.text) for line in filled):
        return filled
    groups = [lines[:1]]
    for line in lines[1:]:
        last = groups[-1][-1]
        if last.ends_line and last.text and line.text:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_joined(group) for group in groups if group[0].text]


def _joined(group: list[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    links = [link for line in group for link in line.links]
    return Line(" ".join(line.text for line in group), links, sum(line.emphasis for line in group), group[-1].ends_line)
