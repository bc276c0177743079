"""A page twice as large takes at most 2.5 times as long, whatever it consists of; and long runs on damaged pages."""

import os
import time
from random import Random

import pytest

from benchmarks.scaling import MOST, cost_of, read_all
from benchmarks.shapes import SHAPES
from kicrawl.site import urls
from tests import counting
from tests.mutations import KEPT, TYPES, Saved, damaged, pages, strange_story
from tests.robust import read_lists, read_twice

pytestmark = pytest.mark.usefixtures("hostile_inputs")

SECONDS = float(os.environ.get("KICRAWL_LONG_SECONDS", "600"))  # of the long run
SMALL = 2_000  # parts: a step that grows with their square would take seconds


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_that_is_large_in_one_way_is_read_in_seconds(name: str) -> None:
    shape = SHAPES[name]
    counting.one_more()
    began = time.process_time()
    read_all(shape.make(min(shape.size, SMALL)).encode(), shape.url, shape.content_type)
    assert time.process_time() - began < 1.5


@pytest.mark.long
@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_page_takes_at_most_two_and_a_half_times_as_long(name: str) -> None:
    assert max(cost_of(name, SHAPES[name]).ratios) <= MOST


@pytest.mark.long
def test_damaged_pages_for_ten_minutes() -> None:
    """What breaks a reader is written to tests/hostile, to be mended and kept."""
    end = time.monotonic() + SECONDS
    seed, tried = time.time_ns(), 0
    while time.monotonic() < end:
        page = invent(Random(seed + tried))
        tried += 1
        kept = KEPT / f"found-{seed + tried}{ending(page)}"
        kept.write_bytes(page.body)  # before it is read: a reader that never ends leaves its page behind
        read_twice(page)
        read_lists(page)
        kept.unlink()


def invent(random: Random) -> Saved:
    """A damaged page, or one whose JSON holds anything."""
    if random.random() < 0.3:
        place = random.choice(("/ferry-stops-for-a-heron/", "/author/ann-reed/", "/news-archive/"))
        return Saved(strange_story(random), urls.ROOT + place, TYPES[".html"])
    page = random.choice(pages())
    return page._replace(body=damaged(page.body, random))


def ending(page: Saved) -> str:
    """The ending of the file that a page is kept in."""
    return next((ending for ending, name in TYPES.items() if name == page.content_type), ".html")
