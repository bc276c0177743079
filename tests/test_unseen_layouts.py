"""Invented stories in random designs are read exactly: no layout is known beforehand, only structure helps.

To see one of them: .venv/bin/python benchmarks/layouts.py --stories tests/unseen/stories.json --out FOLDER
"""

import difflib
import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks import layouts, routes
from benchmarks.warcs import Saved

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))["invented stories"]
SEED, DESIGNS = 7, 20  # designs per story


class Reading(NamedTuple):
    """A page that was drawn and what the reader made of it."""

    page: layouts.Drawn
    row: dict[str, Any]


@cache
def readings() -> list[Reading]:
    """Every story in every design, read once."""
    stories = layouts.stories(Path(__file__).parent / "unseen" / "stories.json")
    pages = list(layouts.draw_all(stories, SEED, DESIGNS))
    rows = routes.read(Saved(one.expected["url"], one.html.encode(), "text/html; charset=utf-8") for one in pages)
    return [Reading(page, row) for page, row in zip(pages, rows, strict=True)]


def test_the_same_seed_draws_the_same_page():
    story = layouts.stories(Path(__file__).parent / "unseen" / "stories.json")[0]

    assert layouts.draw(story, 5) == layouts.draw(story, 5)
    assert layouts.draw(story, 5).html != layouts.draw(story, 6).html


def test_nearly_every_body_is_exactly_right():
    assert_floor("body_exact", [(reading, lines(reading.row) == wanted_lines(reading)) for reading in readings()])


def test_next_to_no_boilerplate_gets_into_a_body():
    leaking = [one for one in readings() if leaks(one)]
    share = len(leaking) / len(readings())
    assert share <= FLOORS["at most"]["leaked"], "\n".join(map(describe, leaking[:5]))


@pytest.mark.parametrize("field", ["title", "kicker", "reading_minutes", "captions"])
def test_facts_are_right_where_the_page_states_them(field):
    assert_floor(field, [(one, one.row[field] == one.page.expected[field]) for one in stating(field)])


def test_authors_are_named_in_byline_order():
    assert_floor("authors", [(one, names(one.row) == names(one.page.expected)) for one in stating("authors")])


def test_cards_in_the_story_are_its_related_stories():
    assert_floor("related", [(one, cards(one) == one.page.expected["related"]) for one in readings()])


def test_times_are_right_where_the_page_states_them():
    pairs = [(one, moment(one.row) == moment(one.page.expected)) for one in stating("published_at")]
    assert_floor("published_at", pairs)


@pytest.mark.parametrize("field", ["kicker", "reading_minutes", "authors", "published_at"])
def test_nothing_is_invented_where_the_page_is_silent(field):
    invented = [one for one in readings() if one.page.expected[field] is None and one.row[field] not in (None, [])]
    found = [f"{one.page.expected['slug']}: {one.row[field]!r}" for one in invented]
    assert found == []


def stating(field: str) -> Iterator[Reading]:
    return (one for one in readings() if one.page.expected[field] is not None)


def lines(row: dict[str, Any]) -> list[str]:
    return [" ".join(line.split()) for line in (row["body"] or "").split("\n\n")]


def wanted_lines(one: Reading) -> list[str]:
    return [" ".join(line.split()) for line in one.page.expected["body"]]


def leaks(one: Reading) -> list[str]:
    lines_of_others = {line for sort in one.page.expected["furniture"].values() for line in sort}
    return [line for line in lines(one.row) if line in lines_of_others - set(wanted_lines(one))]


def names(row: dict[str, Any]) -> list[str]:
    return [author["name"] for author in row["authors"]]


def cards(one: Reading) -> list[dict[str, Any]]:
    optional = {card["title"] for card in one.page.expected["related_optional"]}
    return [card for card in one.row["related"] if card["title"] not in optional]


def moment(row: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(row["published_at"]) if row["published_at"] else None


def assert_floor(name: str, pairs: list[tuple[Reading, bool]]) -> None:
    wrong = [one for one, right in pairs if not right]
    share = 1 - len(wrong) / len(pairs)
    assert share >= FLOORS["at least"][name], f"{name} {share:.3f}\n" + "\n".join(map(describe, wrong[:5]))


def describe(one: Reading) -> str:
    """Which page it is, with the lines that are lost (-) or too many (+), and the facts that differ."""
    changes = [line for line in difflib.ndiff(wanted_lines(one), lines(one.row)) if line[0] in "+-"]
    facts = ("title", "kicker", "reading_minutes", "captions", "authors", "related", "published_at")
    changes += [f"{name}: {one.row[name]!r}" for name in facts if str(one.row[name]) != str(one.page.expected[name])]
    return "\n  ".join([one.page.expected["slug"], *changes])
