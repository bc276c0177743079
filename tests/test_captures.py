"""Captures: what gave a new reading is kept as WARC, whole, whatever happens to the program."""

import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import items
from kicrawl.archive import ArchiveError
from kicrawl.archive.captures import Captures
from kicrawl.archive.models import Article, Capture, Revision
from kicrawl.archive.store import Item, Writer
from kicrawl.archive.warc import LARGEST_FILE, Warc
from tests.archived import NOON, ROOT, hours, rows, story
from tests.warcs import check_files, check_rows, fingerprint, large_response, read_record, response


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


def keep(engine: Engine, folder: Path, *some: Item, **options: Any) -> list[str]:
    """Write items as a crawl does; what each one meant."""
    largest = options.pop("largest_file", LARGEST_FILE)
    writer = Writer(engine, captures=Captures(folder, largest), **options)
    tickets = [writer.submit(item) for item in some]
    writer.close()
    return [ticket.outcome for ticket in tickets]


def seen(hour: float = 0, **values: Any) -> items.Article:
    """A story as a crawl saw it."""
    return story(**{"seen_at": hours(hour), "capture": response(fetched_at=hours(hour)), **values})


def test_an_answer_is_kept_as_it_came(engine: Engine, folder: Path) -> None:
    answer = response(text="Ein Leuchtturm – zieht um.", status=203)
    keep(engine, folder, story(capture=answer))
    [row] = rows(engine, Capture)
    assert (row["url"], row["status"], row["fetched_at"]) == (answer.url, 203, NOON)
    assert read_record(folder, row) == replace(answer, saved=None)
    check_files(folder)


def test_only_new_readings_are_kept(engine: Engine, folder: Path) -> None:
    looks = [
        seen(0, medium="feed", body="Cut."),  # new
        seen(1),  # upgraded
        seen(2),  # unchanged
        seen(3, tags=["Sea"]),  # refreshed
        seen(4, body="It moved back."),  # updated
        seen(5, medium="text"),  # lesser
    ]
    verdicts = ["new", "upgraded", "unchanged", "refreshed", "updated", "lesser"]
    assert keep(engine, folder, *looks) == [f"article_{verdict}" for verdict in verdicts]
    assert [row["fetched_at"] for row in rows(engine, Capture)] == [hours(0), hours(1), hours(4)]
    check_rows(folder, rows(engine, Capture))


def test_a_story_and_its_revisions_name_what_they_were_read_from(engine: Engine, folder: Path) -> None:
    keep(engine, folder, seen(0), seen(1, body="Second."), seen(2, tags=["Sea"], body="Second."), seen(3, body="3rd."))
    first, second, third = (row["id"] for row in rows(engine, Capture))
    assert [row["capture_id"] for row in rows(engine, Revision)] == [first, second]
    assert [row["capture_id"] for row in rows(engine, Article)] == [third]


def test_a_text_from_elsewhere_names_no_capture(engine: Engine, folder: Path) -> None:
    keep(engine, folder, seen(0), seen(1, body="From a saved page.", capture=None))
    assert [row["capture_id"] for row in rows(engine, Article)] == [None]


def test_profiles_are_kept_when_they_say_something_new(engine: Engine, folder: Path) -> None:
    url = f"{ROOT}/author/ann/"

    def profile(hour: int, role: str) -> items.Author:
        facts = {"name": "Ann Example", "slug": "ann", "url": url, "role": role, "seen_at": hours(hour)}
        return items.Author(**facts, capture=response(url, fetched_at=hours(hour)))

    keep(engine, folder, profile(0, "Keeper"), profile(1, "Keeper"), profile(2, "Head keeper"))
    assert [row["fetched_at"] for row in rows(engine, Capture)] == [hours(0), hours(2)]


def test_one_answer_that_tells_several_stories_is_kept_once(engine: Engine, folder: Path) -> None:
    feed = response(f"{ROOT}/news-archive/rss/")
    keep(engine, folder, *[story(f"story-{n}", body=f"{n}", medium="feed", capture=feed) for n in range(3)])
    [row] = rows(engine, Capture)
    assert {article["capture_id"] for article in rows(engine, Article)} == {row["id"]}


def test_without_texts_nothing_is_kept(engine: Engine, folder: Path) -> None:
    keep(engine, folder, seen(), store_body=False)
    assert rows(engine, Capture) == []
    assert not folder.exists()


def test_a_record_that_stands_elsewhere_is_noted_and_not_copied(engine: Engine, folder: Path) -> None:
    record = items.SavedResponse(url=ROOT, fetched_at=NOON, file="/data/crawl.warc.gz", offset=7, length=9, digest="x")
    keep(engine, folder, story(capture=record))
    [row] = rows(engine, Capture)
    assert (row["file"], row["offset"], row["length"], row["digest"]) == ("/data/crawl.warc.gz", 7, 9, "x")
    assert not folder.exists()


def test_a_full_file_is_followed_by_another(engine: Engine, folder: Path) -> None:
    many = [story(f"story-{n}", body=f"{n}", capture=large_response(6000, fetched_at=hours(n))) for n in range(5)]
    keep(engine, folder, *many, largest_file=10_000)
    files = [row["file"] for row in rows(engine, Capture)]
    assert sorted(files) == files, "names sort by time"
    assert len(set(files)) == 3
    check_rows(folder, rows(engine, Capture))
    check_files(folder)


def test_the_next_program_goes_on_with_the_file(engine: Engine, folder: Path) -> None:
    keep(engine, folder, seen(0))
    keep(engine, folder, seen(1, body="It moved back."))
    assert len({row["file"] for row in rows(engine, Capture)}) == 1
    check_rows(folder, rows(engine, Capture))
    check_files(folder)


@pytest.mark.parametrize("left", [1, 9, 200, -1, 0])
def test_half_a_record_at_the_end_is_taken_off_before_the_next_one(tmp_path: Path, left: int) -> None:
    folder = tmp_path / "warc"
    warc = Warc(folder)
    first = warc.append(response(), lambda file: 0)
    last = warc.append(response(fetched_at=hours(1)), lambda file: 0)
    warc.close()
    path = folder / last.file
    whole = path.read_bytes()
    cut = last.offset + (left if left > 0 else last.length + left)
    path.write_bytes(whole[:cut])
    again = Warc(folder)
    third = again.append(response(fetched_at=hours(2)), lambda file: first.offset + first.length)
    again.close()
    assert third.file == first.file
    assert third.offset == (last.offset if left else len(whole)), "a whole record stays, whether or not it has a row"
    check_files(folder)


def test_a_file_that_is_shorter_than_its_rows_say_is_not_made_longer(tmp_path: Path) -> None:
    warc = Warc(tmp_path)
    first = warc.append(response(), lambda file: 0)
    warc.close()
    again = Warc(tmp_path)
    second = again.append(response(), lambda file: 10_000)
    again.close()
    assert second.offset == first.offset + first.length
    check_files(tmp_path)


def test_a_file_that_another_program_writes_to_is_left_alone(tmp_path: Path) -> None:
    one, other = Warc(tmp_path), Warc(tmp_path)
    files = [
        warc.append(response(fetched_at=hours(hour)), lambda file: 0).file for hour, warc in enumerate((one, other))
    ]
    assert files[0] != files[1]
    one.close()
    other.close()
    check_files(tmp_path)


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """Lets no file of this process grow beyond so many bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_what_is_stored_whole(engine: Engine, folder: Path) -> None:
    size = 3 * 2**20
    keep(engine, folder, story(capture=large_response(size)))
    before = fingerprint(folder)
    with (
        files_limited_to(2 * size - 1000),
        pytest.raises(ArchiveError, match=r"captures cannot be written to .*warc: "),
    ):
        keep(engine, folder, seen(1, body="It moved back.", capture=large_response(size, fetched_at=hours(1))))
    assert fingerprint(folder) == before
    assert rows(engine, Revision) == []
    keep(engine, folder, seen(2, body="It moved back."))
    check_rows(folder, rows(engine, Capture))
    check_files(folder)


STORES = """
import sys, threading
from pathlib import Path
from kicrawl.archive import connect
from kicrawl.archive.captures import Captures
from kicrawl.archive.store import Writer
from tests.archived import hours, story
from tests.warcs import large_response

database_url, folder, run = sys.argv[1:]
writer = Writer(connect(database_url), captures=Captures(Path(folder), 400_000))
tickets = []
for number in range(100_000):
    answer = large_response(40_000 + number, fetched_at=hours(int(run) + number / 1000))
    tickets.append(writer.submit(story(f"story-{run}-{number}", body=f"{number}", capture=answer)))
    if number % 5 == 0:
        tickets[-1].outcome
        print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_program_leaves_no_row_without_its_whole_record(
    engine: Engine, database_url: str, folder: Path
) -> None:
    for run in range(3):
        command = [sys.executable, "-W", "error", "-c", STORES, database_url, str(folder), str(run)]
        storing = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert storing.stdout
        storing.stdout.readline()  # the first stories are stored
        time.sleep(random.uniform(0, 0.5))
        storing.send_signal(signal.SIGKILL)
        storing.communicate(timeout=60)
        stored = rows(engine, Capture)
        assert any(row["fetched_at"] >= hours(run) for row in stored)
        check_rows(folder, stored)
    keep(engine, folder, seen())
    assert len(rows(engine, Article)) == len(rows(engine, Capture))
    check_rows(folder, rows(engine, Capture))
    check_files(folder)
