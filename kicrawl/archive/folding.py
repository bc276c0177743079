"""When two texts count as the same, and which characters a database cannot hold."""

import hashlib
import json
import re
from dataclasses import is_dataclass
from typing import Any

ENCODER = json.JSONEncoder(sort_keys=True, default=str)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def squash(text: str | None) -> str:
    """The text with white space folded; "" for None."""
    return " ".join((text or "").split())


def fold_numbers(text: str) -> str:
    """The text with numbers and letter case folded: a banner's counter does not make a new banner.

    >>> fold_numbers("Help us reach 25,000 members.") == fold_numbers("Help us reach 20,000  members.")
    True
    """
    return NUMBER.sub("0", squash(text)).casefold()


def fingerprint(value: object) -> str:
    """A short digest of anything that JSON can hold, and of times and days."""
    return hashlib.blake2b(ENCODER.encode(value).encode(), digest_size=16).hexdigest()


def clean(value: Any) -> Any:
    """The value without NUL characters and halves of surrogate pairs, which no database takes.

    Lists, dicts and dataclasses are cleaned throughout; dataclasses in place.

    >>> clean(["a\\x00b", "half \\ud83d"])
    ['ab', 'half ?']
    """
    return value if _is_clean("".join(_texts_in(value))) else _cleaned(value)


def _texts_in(value: Any) -> list[str]:
    """All texts in a value. A story has hundreds, nearly all of them clean: they are looked at together."""
    texts: list[str] = []
    todo = [value]
    for part in todo:  # which grows
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, list):
            todo += part
        elif isinstance(part, dict):
            texts += part
            todo += part.values()
        elif is_dataclass(part):
            inner = [field for field in vars(part).values() if field]
            texts += [field for field in inner if type(field) is str]
            todo += [field for field in inner if type(field) is not str]
    return texts


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if _is_clean(value) else value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(part) for key, part in value.items()}
    if is_dataclass(value):
        for name, part in vars(value).items():
            if isinstance(part, str | list | dict):
                setattr(value, name, _cleaned(part))
    return value


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
