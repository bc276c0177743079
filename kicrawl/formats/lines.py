"""Objects as lines of JSON, or as rows of CSV in which lists and objects are JSON."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

Object = Mapping[str, Any]


def write_jsonl(objects: Iterable[Object], output: TextIO) -> None:
    """One JSON object per line."""
    for one in objects:
        output.write(json.dumps(one, ensure_ascii=False) + "\n")


def write_csv(objects: Iterable[Object], names: Sequence[str], output: TextIO) -> None:
    """A line of names, then a row per object; what is null is empty."""
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(names)
    rows.writerows([cell(one[name]) for name in names] for one in objects)


def cell(value: Any) -> Any:
    """A value as CSV holds it.

    >>> cell(["a", {"b": 1}]), cell(None), cell(True), cell(0)
    ('["a", {"b": 1}]', None, 'true', 0)
    """
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return value
