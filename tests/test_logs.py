"""Log lines: hostile text can neither forge a line nor steer a terminal."""

import logging
import sys

import pytest

from kicrawl.logs import SafeRecord, escape_controls


@pytest.mark.parametrize("evil", ["\x1b[2J", "\r", "\x00", "\x9b31m", "\u202e", "\u2028", "\x7f"])
def test_control_characters_are_spelled_out(evil: str) -> None:
    record = SafeRecord("site", logging.INFO, "x.py", 1, "title: %s", (f"a{evil}b",), None)
    assert evil not in record.getMessage()
    assert record.getMessage().startswith("title: a\\")


def test_a_second_line_cannot_pass_for_a_log_line() -> None:
    assert escape_controls("a\n2026-01-01 ERROR: forged") == "a\n    2026-01-01 ERROR: forged"


def test_a_traceback_is_clean_too() -> None:
    try:
        raise ValueError("bad \x1b[31m page")
    except ValueError:
        record = SafeRecord("site", logging.ERROR, "x.py", 1, "broken", (), sys.exc_info())
    assert "\\x1b[31m" in logging.Formatter().format(record)
