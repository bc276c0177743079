"""How log lines look: one line per event, and nothing in them that could forge a line or steer a terminal."""

import logging
import re
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

# C0 and C1 controls but tab and newline, line separators, and marks that turn the direction of writing.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escape_controls(text: str) -> str:
    """The text with control characters spelled out; further lines are indented, so that none passes for a log line.

    >>> escape_controls("title\\x1b[31m\\n2026-01-01 forged")
    'title\\\\x1b[31m\\n    2026-01-01 forged'
    """
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text).replace("\n", "\n    ")


class SafeRecord(logging.LogRecord):
    """A log record whose message, and traceback if any, has its control characters escaped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = escape_controls(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:
        """The message with its arguments, escaped."""
        return escape_controls(super().getMessage())


class OneLine(LogFormatter):
    """Names an item by its address: Scrapy would print the whole of it, text and all."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """A stored item."""
        return {"level": logging.DEBUG, "msg": "Stored %(item)s", "args": {"item": name_of(item)}}

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """An item that a pipeline refused."""
        return {"level": logging.INFO, "msg": "Dropped: %(why)s", "args": {"why": exception}}

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """An item that broke a pipeline."""
        return {
            "level": logging.ERROR,
            "msg": "Could not process %(item)s: %(why)s",
            "args": {"item": name_of(item), "why": exception},
        }


def name_of(item: Any) -> str:
    """What an item is about: its kind and address."""
    return f"{type(item).__name__} {getattr(item, 'url', None) or getattr(item, 'slug', '')}"
