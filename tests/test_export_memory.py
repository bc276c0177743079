"""An export, and the coverage, hold the same memory at a time, however many stories there are."""

import io
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from benchmarks.export import FORMS, measure
from kicrawl import archive
from kicrawl.archive import coverage
from kicrawl.archive.copies import copy_to_sqlite
from kicrawl.archive.export import EXPORTS
from kicrawl.archive.models import Frontier, Sighting
from kicrawl.archive.snapshot import Wanted, snapshot
from kicrawl.archive.tables import read_tables
from kicrawl.formats.lines import write_jsonl
from kicrawl.formats.package import write_package
from tests.archived import ROOT, hours
from tests.filled import fill

MORE = 200_000  # bytes that three hundred stories may take more than fifty: they have 600,000 more of text


class Nowhere(io.StringIO):
    """An output that keeps nothing."""

    def write(self, text: str) -> int:
        """Forget it."""
        return len(text)


def lines(engine: Engine, folder: Path) -> None:
    """As JSON lines."""
    write_jsonl(EXPORTS["article"][0](engine, Wanted()), Nowhere())


def package(engine: Engine, folder: Path) -> None:
    """As a data package."""
    with snapshot(engine) as shot:
        write_package(shot, read_tables(shot), folder / "package", files="csv")


def copy(engine: Engine, folder: Path) -> None:
    """As an SQLite file."""
    with snapshot(engine) as shot:
        copy_to_sqlite(read_tables(shot), folder / "copy.db")


def peak(write: Callable[[Engine, Path], None], engine: Engine, folder: Path) -> int:
    """The most memory that an export holds at a time."""
    folder.mkdir()
    write(engine, folder / "..")  # whatever is kept for ever is kept from here on
    tracemalloc.start()
    write(engine, folder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize(
    "write", [lines, pytest.param(package, marks=pytest.mark.long), pytest.param(copy, marks=pytest.mark.long)]
)
def test_a_larger_archive_takes_no_more_memory(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Engine, Path], None]
) -> None:
    monkeypatch.setattr("kicrawl.archive.snapshot.PAGE", 10)
    most = []
    for place, root in enumerate((ROOT, f"{ROOT}/more", f"{ROOT}/still-more")):
        fill(engine, root, 50 * (place + 1))
        (tmp_path / str(place)).mkdir()
        most.append(peak(write, engine, tmp_path / str(place) / "out"))
    assert most[-1] < most[0] + MORE


def addresses(engine: Engine, folder: Path) -> None:
    """Not written: counted by day."""
    with snapshot(engine) as shot:
        starts = coverage.route_starts(coverage.read_addresses(shot.connection))
        deque(coverage.count(coverage.read_addresses(shot.connection), starts, by_month=False), maxlen=0)


def test_more_addresses_take_no_more_memory_to_be_counted(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kicrawl.archive.coverage.PAGE", 100)
    most = []
    for place in range(2):
        rows = [met(f"{ROOT}/{place}-{number}/", number) for number in range(1000 + 5000 * place)]
        with archive.writing(engine) as connection:
            connection.execute(insert(Frontier), [frontier for frontier, _ in rows])
            connection.execute(insert(Sighting), [sighting for _, sighting in rows])
        (tmp_path / str(place)).mkdir()
        most.append(peak(addresses, engine, tmp_path / str(place) / "out"))
    assert most[1] < most[0] + 5 * MORE  # the addresses alone are nearly five times that, and garbage waits some time


def met(url: str, number: int) -> tuple[dict[str, object], dict[str, object]]:
    """An address as the sitemap showed it, in frontier and sighting."""
    at = hours(number)
    known = {"kind": "story", "state": "due", "urgent": False, "failures": 0, "published_at": at, "changed_at": at}
    return {"url": url, "first_seen_at": at, **known}, {
        "url": url,
        "route": "sitemap",
        "first_seen_at": at,
        "last_seen_at": at,
    }


@pytest.mark.long
def test_a_hundred_thousand_stories_are_exported_in_the_memory_of_twenty_thousand(tmp_path: Path) -> None:
    costs = []
    for size in (20_000, 100_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        costs.append(dict(measure(folder, f"sqlite:///{folder}/kicrawl.db", size)))
    small, large = costs
    assert {
        form: large[form].megabytes - small[form].megabytes
        for form in FORMS
        if large[form].megabytes > small[form].megabytes + 30
    } == {}
