"""How commands print: rich on a terminal, plain text in a pipe, never a control character of somebody else's."""

import json
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn

from rich.console import Console
from rich.text import Text

from kicrawl.logs import escape_controls
from kicrawl.worddiff import Piece

BREAK = re.compile(r"\s*\n\s*\n\s*")
ADDED, REMOVED, FOUND, FAINT = "green", "red strike", "bold yellow", "dim"


class Out(Console):
    """rich's, but that it is no failure if whoever reads in a pipe stops: kicrawl.cli sees to that."""

    def on_broken_pipe(self) -> NoReturn:
        """Goes on as without rich, which would end the program with 1."""
        raise BrokenPipeError


def console() -> Console:
    """Stdout, with colours where it is a terminal that has them; lines are as long as they are elsewhere."""
    terminal = sys.stdout.isatty()
    return Out(soft_wrap=True, highlight=False, emoji=False, markup=False, no_color=None if terminal else True)


def safe(text: object, style: str = "") -> Text:
    """Text from outside, its control characters spelled out."""
    return Text(escape_controls(str(text)).replace("\n    ", "\n"), style)


def show(out: Console, *parts: object, style: str = "") -> None:
    """A line of parts, strings among them made safe."""
    line = Text()
    for part in parts:
        line.append_text(part if isinstance(part, Text) else safe(part, style))
    out.print(line)


def show_json(value: Any) -> None:
    """A value as one line of JSON; times in UTC ending in Z. Control characters are escaped by JSON itself."""
    print(json.dumps(value, ensure_ascii=False, default=write_value))


def write_value(value: Any) -> Any:
    """A time in UTC, or a day, for JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat()


def moment_in_words(moment: datetime | None) -> str:
    """A time as people read it, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "no date"


def marked(pieces: Iterable[Piece], *, context: int, plain: bool) -> Text:
    """A word diff in a line: what was removed and added, with so many words around it; in plain text [-old-]{+new+}.

    A break between paragraphs is shown as a mark.
    """
    line = Text()
    for piece in (Piece(in_a_line(one.before), in_a_line(one.after), one.changed) for one in pieces):
        if not piece.changed:
            line.append_text(safe(shorten(piece.after, context), FAINT))
            continue
        if piece.before:
            line.append_text(safe(f"[-{piece.before}-]" if plain else piece.before, REMOVED))
        if piece.after:
            line.append_text(safe(f"{{+{piece.after}+}}" if plain else piece.after, ADDED))
    return line


def in_a_line(text: str) -> str:
    """A text with a mark for each break between paragraphs.

    >>> in_a_line("It moved.\\n\\nIt came back.")
    'It moved. ¶ It came back.'
    """
    return BREAK.sub(" ¶ ", text)


def shorten(text: str, words: int) -> str:
    """The first and last words of a text that is as it was.

    >>> shorten("one two three four five six ", 2)
    'one two … five six '
    """
    parts = text.split(" ")
    return (
        text if len(parts) <= 2 * words + 2 else " ".join([*parts[:words], "…", *parts[-words - text.endswith(" ") :]])
    )
