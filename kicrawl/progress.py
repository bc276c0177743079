"""How far has it come? A live line on a terminal, a line a minute in logs, nothing under Scrapyd."""

import os
import sys
import time
from types import TracebackType
from typing import TextIO

from kicrawl.logs import escape_controls

REFRESH = 0.2  # seconds between two drawings


class LiveLine:
    """A line on a terminal that is drawn anew; where there is no terminal it is not there."""

    def __init__(self, output: TextIO | None = None) -> None:
        self.output = output or sys.stderr
        self.shown = is_terminal(self.output)
        self.drawn = False

    def draw(self, text: str) -> None:
        """Put a text in place of the last one, cut to the terminal's width."""
        if self.shown:
            width = terminal_width(self.output)
            self.output.write("\r\x1b[2K" + escape_controls(text)[: width - 1])
            self.output.flush()
            self.drawn = True

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self.drawn:
            self.output.write("\r\x1b[2K")
            self.output.flush()
            self.drawn = False


class Progress:
    """The progress of a command that goes through so many things, one after the other."""

    def __init__(self, what: str, total: int | None = None, *, to_terminal: bool = True) -> None:
        self.what, self.total = what, total
        self.line = LiveLine() if to_terminal else None
        self.done = 0
        self.began = time.monotonic()
        self.drawn_at = 0.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.line:
            self.line.clear()

    def step(self, number: int = 1) -> None:
        """So many more are done."""
        self.done += number
        now = time.monotonic()
        if self.line and now - self.drawn_at >= REFRESH:
            self.drawn_at = now
            self.line.draw(describe(self.what, self.done, self.total, now - self.began))


def describe(what: str, done: int, total: int | None, seconds: float) -> str:
    """How far it has come, in words.

    >>> describe("stories", 500, 2000, 10.0)
    '500 / 2,000 stories, 50 a second, 30 s left'
    """
    rate = done / seconds if seconds > 0 else 0.0
    of = f" / {total:,}" if total is not None else ""
    parts = [f"{done:,}{of} {what}", f"{in_figures(rate)} a second"]
    if total is not None and rate:
        parts.append(f"{in_time(max(0, total - done) / rate)} left")
    return ", ".join(parts)


def in_figures(number: float) -> str:
    """A rate, as exact as it matters.

    >>> in_figures(0.52), in_figures(4.2), in_figures(1234.5)
    ('0.5', '4.2', '1,234')
    """
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def in_time(seconds: float) -> str:
    """A time to wait.

    >>> in_time(42), in_time(125), in_time(7300)
    ('42 s', '2 min', '2 h 2 min')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def is_terminal(output: TextIO) -> bool:
    """Whether a person looks on; nobody does under Scrapyd, whatever it gives its jobs for an output."""
    return output.isatty() and "SCRAPY_JOB" not in os.environ and os.environ.get("TERM") != "dumb"


def terminal_width(output: TextIO) -> int:
    """The terminal's columns."""
    try:
        return os.get_terminal_size(output.fileno()).columns or 80
    except OSError:
        return 80
