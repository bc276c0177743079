"""No pattern takes longer than a text is long: each is tried on texts made to have it try again and again."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import kicrawl.page
import kicrawl.site
from kicrawl.page.characters import squash
from tests import counting

pytestmark = pytest.mark.usefixtures("hostile_inputs")

SIZE = 10_000  # characters: in the square of them no pattern could be tried within the limit
LIMIT = 0.25  # seconds of CPU for a text, which takes some thousandths
# Looked for at one place only, or in texts that are cut to so many characters before.
AT_ONE_PLACE = {"ROW", "LEAD", "ERROR", "CHALLENGE", "JOB"}
CUT = {"SEPARATOR": 1_000, "SHOWN": 400, "SHOWN_DAY_FIRST": 400, "UPDATED": 400}
PARTS = (
    *(
        "a",
        "1",
        "(",
        ")",
        "(a)",
        "(a",
        "a ",
        "1 ",
        ". ",
        ".",
        "- ",
        "-",
        "@",
        "’”",
        "…",
        ": ",
        "» ",
        "%25",
        "[",
        "| War ",
    ),
    *(
        "Photo ",
        "(Photo ",
        "by Ann ",
        "updated ",
        "on ",
        "last ",
        "read: ",
        "1 min ",
        "May 4, 2025 ",
        "1 May 2025 ",
        "12:30 ",
    ),
    *(
        "1,000",
        "page/1",
        "author/",
        "/tag/",
        "/content/images/size/a/",
        "display: ",
        "<a ",
        "<a '",
        '<a "b" ',
        "a='>' ",
        "staff ",
    ),
    *(
        "404 ",
        "oops ",
        "not found ",
        "ff",
        "image.",
        "Author: ",
        "for members",
        " in photos",
        "+1",
        "please wait by ",
        " &a; ",
    ),
)


def patterns() -> Iterator[object]:
    """Every pattern of the readers and of what is known of the site."""
    for package in (kicrawl.page, kicrawl.site):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, re.Pattern):
                    yield pytest.param(name, value, id=f"{found.name.removeprefix('kicrawl.')}.{name}")


@pytest.mark.parametrize(("name", "pattern"), [*patterns()])
def test_a_pattern_is_tried_in_time_that_grows_no_faster_than_the_text(name: str, pattern: re.Pattern) -> None:
    for part in PARTS:
        for start, end in (("", ""), ("(", "\x01x"), ("<a ", "!")):
            counting.one_more()
            text = squash(start + part * (SIZE // len(part)) + end)[: CUT.get(name, SIZE)]
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            began = time.process_time()
            pattern.match(given)
            pattern.fullmatch(given)
            if name not in AT_ONE_PLACE:
                pattern.search(given)
            assert time.process_time() - began < LIMIT, (part, start, end)
