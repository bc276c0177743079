"""Spider arguments (`-a NAME=VALUE`): which does a spider take, and what must each look like?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Argument:
    """One argument of a spider."""

    read: Callable[[str], Any]  # turns what the user wrote into a value; raises ValueError saying what it must be
    meaning: str  # for the help
    default: Any = None
    required: bool = False


def read_arguments(spider: str, declared: Mapping[str, Argument], given: Mapping[str, str]) -> dict[str, Any]:
    """Every declared argument's value. Raises ValueError with a line that names the argument and what is allowed.

    Names that start with an underscore are the scheduler's (Scrapyd sends `_job`) and pass through.
    """
    values: dict[str, Any] = {name: argument.default for name, argument in declared.items()}
    for name, text in given.items():
        values[name] = text if name.startswith("_") else read_argument(spider, declared, name, text)
    missing = [name for name, argument in declared.items() if argument.required and name not in given]
    if missing:
        raise ValueError(f"{spider} needs -a {missing[0]}=...: {declared[missing[0]].meaning}")
    return values


def read_argument(spider: str, declared: Mapping[str, Argument], name: str, text: str) -> Any:
    """The value of one argument; ValueError as in read_arguments."""
    if name not in declared:
        allowed = ", ".join(declared) or "none"
        raise ValueError(f"unknown argument {name!r} of {spider}; allowed: {allowed}")
    try:
        return declared[name].read(text)
    except ValueError as error:
        raise ValueError(f"argument {name}={text} of {spider}: {error}") from None


def moment(text: str) -> datetime:
    """A date or time in UTC.

    >>> moment("2025-06-01")
    datetime.datetime(2025, 6, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be a date in UTC such as 2025-06-01 or 2025-06-01T12:00") from None


def count(text: str) -> int:
    """A whole number from 1 on.

    >>> count("3")
    3
    """
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError("must be a whole number from 1 on")
    return int(text)


def switch(text: str) -> bool:
    """0 or 1.

    >>> switch("0")
    False
    """
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


def slugs(text: str) -> list[str]:
    """Last parts of addresses, divided by commas.

    >>> slugs("martin, katya-denisova")
    ['martin', 'katya-denisova']
    """
    found = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not found or any(not re.fullmatch(r"[\w.%-]+", slug) for slug in found):
        raise ValueError("must be last parts of authors' addresses, divided by commas: martin,chris")
    return found


def address(text: str) -> str:
    """A web address.

    >>> address("https://kyivindependent.com/some-story/")
    'https://kyivindependent.com/some-story/'
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a web address such as https://kyivindependent.com/some-story/")
    return text
