"""`export --as-of`: the archive as it stood, byte for byte, whatever happened since."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import archive, items
from kicrawl.archive.export import EXPORTS
from kicrawl.archive.gone import note_missing
from kicrawl.archive.moves import find_new_address
from kicrawl.archive.snapshot import Wanted
from kicrawl.formats.lines import write_jsonl
from tests.archived import ROOT, banner, hours, paragraph, story, write

HOUR = timedelta(hours=1)


def exported(engine: Engine, table: str, **wanted: Any) -> str:
    """A table as JSON lines."""
    output = io.StringIO()
    write_jsonl(EXPORTS[table][0](engine, Wanted(**wanted)), output)
    return output.getvalue()


def all_exported(engine: Engine, **wanted: Any) -> dict[str, str]:
    """The three tables."""
    return {table: exported(engine, table, **wanted) for table in EXPORTS}


def now() -> datetime:
    """This moment; whatever comes then comes at least a millisecond later, on the database's clock as well."""
    time.sleep(0.02)
    moment = datetime.now(UTC)
    time.sleep(0.02)
    return moment


def news(number: int, **values: Any) -> items.Article:
    """A story with something of everything."""
    link = items.Link(url=f"https://example.org/{number}", text="moved")
    given: dict[str, Any] = {
        "title": f"Lighthouse {number} moves inland",
        "ghost_id": f"{number:024x}",
        "published_at": hours(-number),
        "authors": [items.Author(name=f"Author {number % 7}", role="Reporter")],
        "tags": [f"Tag {number % 5}"],
        "blocks": [
            banner(f"{number} members on board"),
            paragraph(f"Lighthouse number {number} moved a mile inland on Monday.", links=[link]),
            paragraph("It had stood by the sea."),
        ],
        "images": [items.Image(url=f"https://example.org/{number}.jpg", credit="Ann")],
        "related": [items.Related(title="Harbour", url=f"{ROOT}/harbour/")],
        "sources": {"title": "h1"},
    }
    return story(f"lighthouse-{number:03}", **{**given, **values})


def edits(numbers: range) -> Iterator[items.Article]:
    """Later looks at stories that were changed, each in one of several ways."""
    for number in numbers:
        looked = news(number, seen_at=hours(30))
        match number % 5:
            case 0:
                looked.title = f"Lighthouse {number} moves back"
            case 1:
                looked.blocks = [paragraph("It sank.")]
            case 2:
                looked.authors = [items.Author(name="Someone Else", slug="else"), *looked.authors]
            case 3:
                looked.tags, looked.images, looked.related = ["Sea"], [], []
            case 4:
                looked.subtitle, looked.captions = "By a mile", ["A lamp."]
        yield looked


def fill(engine: Engine, number: int) -> None:
    """So many stories, some of them with a past."""
    write(engine, *(news(place) for place in range(number)))
    write(engine, *(news(place, seen_at=hours(1), title="First change") for place in range(0, 50, 10)))


@pytest.fixture
def sixty(engine: Engine) -> Engine:
    """An archive of so many stories."""
    fill(engine, 60)
    return engine


def test_an_earlier_archive_is_told_byte_for_byte(engine: Engine) -> None:
    fill(engine, 500)
    before, at = all_exported(engine), now()
    write(engine, *edits(range(100, 140)))
    write(engine, *(news(number, seen_at=hours(40)) for number in range(140, 300)))  # as before
    reread = [
        replace(news(number, seen_at=hours(50)), reader_version=items.READER_VERSION + 1) for number in range(500)
    ]
    for looked in reread:
        looked.blocks = [*looked.blocks, paragraph("What an older reader had missed.")]
    write(engine, *reread)
    assert exported(engine, "article") != before["article"]
    assert all_exported(engine, as_of=at) == before


def test_what_happened_beside_the_texts_is_undone_as_well(sixty: Engine) -> None:
    before, at = all_exported(sixty), now()
    write(sixty, items.Author(name="Author 3", slug="three", url=f"{ROOT}/author/three/", seen_at=hours(9)))
    write(sixty, story("new-story", seen_at=hours(9)))
    write(sixty, news(7, seen_at=hours(-5), title="Older still"))  # an older capture
    moved = replace(news(8, seen_at=hours(9)), url=f"{ROOT}/a-new-address/", slug="a-new-address")
    write(sixty, moved)
    with archive.writing(sixty) as connection:
        for hour in (10, 60):
            note_missing(
                connection,
                [f"{ROOT}/lighthouse-009/"],
                hours(hour),
                apart=hours(1) - hours(0),
                again=hours(1) - hours(0),
            )
    assert exported(sixty, "article") != before["article"]
    assert all_exported(sixty, as_of=at) == before


def test_a_story_that_became_part_of_another_is_there_again(engine: Engine) -> None:
    write(engine, news(1, ghost_id=None), news(2))
    write(engine, replace(news(1, seen_at=hours(2), ghost_id=None), url=f"{ROOT}/renamed/", slug="renamed"))
    before, at = all_exported(engine), now()
    assert find_new_address(engine, f"{ROOT}/lighthouse-001/", hours(3)) == f"{ROOT}/renamed/"
    assert len(exported(engine, "article").splitlines()) == len(before["article"].splitlines()) - 1
    assert all_exported(engine, as_of=at) == before


def test_before_the_first_story_there_was_nothing(sixty: Engine) -> None:
    assert all_exported(sixty, as_of=hours(0)) == {"article": "", "author": "", "revision": ""}


def test_what_changed_since_is_what_an_export_would_show(sixty: Engine) -> None:
    since = now()
    write(sixty, news(3, seen_at=hours(20)), *edits(range(20, 25)), story("new-story", seen_at=hours(20)))
    changed = [line.split('"slug": "')[1][:14] for line in exported(sixty, "article", changed_since=since).splitlines()]
    assert changed == [*(f"lighthouse-{number:03}" for number in range(20, 25)), 'new-story", "t']


def test_stories_published_since_are_chosen(sixty: Engine) -> None:
    today, at = exported(sixty, "article", published_since=hours(-3)), now()
    assert len(today.splitlines()) == 4
    assert exported(sixty, "article", published_since=hours(-3), as_of=at) == today
