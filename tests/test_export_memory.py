"""An export holds the same memory at a time, however many stories there are."""

import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.export import FORMS, measure
from kicrawl.archive.copies import copy_to_sqlite
from kicrawl.archive.export import EXPORTS
from kicrawl.archive.snapshot import Wanted, snapshot
from kicrawl.archive.tables import read_tables
from kicrawl.formats.lines import write_jsonl
from kicrawl.formats.package import write_package
from tests.archived import ROOT
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
