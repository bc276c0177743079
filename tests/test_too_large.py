"""What is larger than any page of the site is read as far as it may be one."""

from kicrawl.page import read_page
from kicrawl.page.decoding import MAX_CHARACTERS
from tests.reading import LAST, LEAD, URL, semantic


def test_a_page_too_large_is_read_to_a_point_and_says_so() -> None:
    page = read_page(semantic([LEAD, LAST]) + " " * MAX_CHARACTERS, URL)
    assert (page.kind, page.warnings) == ("story", ["cut_off"])


def test_an_ordinary_page_says_nothing() -> None:
    assert read_page(semantic([LEAD, LAST]), URL).warnings == []
