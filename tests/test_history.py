"""Where a look belongs among the texts a story had. Looks are written as (text, hour)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kicrawl.archive.history import Version, add_look, compare, merge
from tests.archived import NOON, hours

Span = tuple[str, int, int]  # a text, the hour of its first look, the hour of its last


def version(text: str, first: int, last: int) -> Version:
    return Version(text_hash=text, first=hours(first), last=hours(last), content={})


def history(*looks: tuple[str, int]) -> list[Span]:
    """The texts after some looks, in the order in which they came."""
    versions: list[Version] = []
    for text, hour in looks:
        versions = add_look(versions, version(text, hour, hour)) if versions else [version(text, hour, hour)]
    return [(one.text_hash, (one.first - NOON).seconds // 3600, (one.last - NOON).seconds // 3600) for one in versions]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([("old", 1), ("old", 2)], [("old", 1, 2)]),
        ([("old", 1), ("new", 2)], [("old", 1, 1), ("new", 2, 2)]),
        ([("old", 1), ("new", 2), ("old", 3)], [("old", 1, 1), ("new", 2, 2), ("old", 3, 3)]),
        ([("new", 2), ("old", 1)], [("old", 1, 1), ("new", 2, 2)]),
        ([("new", 3), ("new", 1)], [("new", 1, 3)]),
        ([("old", 1), ("new", 5), ("old", 3)], [("old", 1, 3), ("new", 5, 5)]),
        ([("old", 1), ("new", 5), ("new", 3)], [("old", 1, 1), ("new", 3, 5)]),
        ([("old", 1), ("new", 5), ("middle", 3)], [("old", 1, 1), ("middle", 3, 3), ("new", 5, 5)]),
        ([("same", 1), ("same", 5), ("other", 3)], [("same", 1, 1), ("other", 3, 3), ("same", 5, 5)]),
    ],
)
def test_a_look_finds_its_place(looks: list[tuple[str, int]], expected: list[Span]) -> None:
    assert history(*looks) == expected


@given(st.permutations(range(7)), st.text("abc", min_size=7, max_size=7).map(sorted))
def test_looks_in_any_order_give_the_same_history(order: list[int], texts: list[str]) -> None:
    in_time = history(*[(text, hour) for hour, text in enumerate(texts)])
    assert history(*[(texts[hour], hour) for hour in order]) == in_time


STORED = {
    "medium": "html",
    "access": "full",
    "reader_version": 2,
    "text_hash": "text",
    "facts_hash": "facts",
    "body": "body",
    "text_seen_at": hours(1),
    "last_seen_at": hours(3),
}


@pytest.mark.parametrize(
    ("look", "verdict"),
    [
        ({}, "unchanged"),
        ({"facts_hash": "others"}, "refreshed"),
        ({"text_hash": "other"}, "updated"),
        ({"text_hash": "other", "last_seen_at": hours(2)}, "older"),
        ({"last_seen_at": hours(2)}, "unchanged"),
        ({"last_seen_at": hours(0)}, "older"),
        ({"medium": "text", "text_hash": "other"}, "lesser"),
        ({"medium": "feed", "text_hash": "other"}, "lesser"),
        ({"access": "partial", "text_hash": "other"}, "lesser"),
        ({"reader_version": 3, "text_hash": "other"}, "reread"),
        ({"reader_version": 3, "text_hash": "other", "last_seen_at": hours(0)}, "lesser"),
        ({"reader_version": 1, "text_hash": "other"}, "lesser"),
    ],
)
def test_what_a_look_means(look: dict[str, object], verdict: str) -> None:
    assert compare(STORED, {**STORED, "last_seen_at": hours(4), **look}) == verdict


@pytest.mark.parametrize("poorer", [{"medium": "text"}, {"medium": "feed"}, {"access": "partial"}, {"body": None}])
def test_a_better_look_is_an_upgrade_whatever_its_text(poorer: dict[str, object]) -> None:
    assert compare({**STORED, **poorer}, {**STORED, "last_seen_at": hours(4)}) == "upgraded"


def test_the_first_look_is_new() -> None:
    assert compare(None, STORED) == "new"


@pytest.mark.parametrize(
    ("reading", "verdict"),
    [
        ({}, "unchanged"),
        ({"facts_hash": "others"}, "unchanged"),  # newer looks may have changed them since
        ({"text_hash": "other"}, "reread"),
        ({"reader_version": 3}, "reread"),
        ({"reader_version": 1, "text_hash": "other"}, "lesser"),
        ({"text_hash": "other", "access": "partial"}, "reread"),
    ],
)
def test_another_reading_of_the_same_capture_is_never_an_edit(reading: dict[str, object], verdict: str) -> None:
    stored = {**STORED, "capture_id": 7}
    assert compare(stored, {**stored, "last_seen_at": hours(2), **reading}) == verdict


def test_neighbours_that_read_the_same_are_one_text() -> None:
    texts = [version("a", 1, 2), version("b", 3, 4), version("b", 5, 5), version("a", 6, 7)]
    assert merge(texts) == [version("a", 1, 2), version("b", 3, 5), version("a", 6, 7)]
