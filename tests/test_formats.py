"""The forms in which an archive is taken elsewhere hold the same, and other programs can read them."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import archive
from kicrawl.archive.copies import copy_to_sqlite
from kicrawl.archive.export import ARTICLE_FIELDS, AUTHOR_FIELDS, REVISION_FIELDS, export_articles
from kicrawl.archive.models import Article
from kicrawl.archive.snapshot import Wanted, snapshot
from kicrawl.archive.tables import TABLES, read_tables
from kicrawl.commands.export import Command as Export
from kicrawl.formats.lines import write_csv
from kicrawl.formats.package import write_package
from kicrawl.formats.parquet import kinds_of, write_parquet
from kicrawl.formats.places import growing
from tests.archived import hours, rows, story, write
from tests.asking import KINDS, ask, refused, shared_archive
from tests.test_as_of import edits, news
from tests.test_export import full_story


def fill(engine: Engine) -> None:
    """Some stories with a past."""
    write(engine, full_story(), *(news(number) for number in range(30)))
    write(engine, *edits(range(10, 20)))


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small archive."""
    with shared_archive(request, tmp_path_factory) as engine:
        fill(engine)
        yield engine


@pytest.fixture
def package(filled: Engine, tmp_path: Path) -> Path:
    """Its data package, of CSV."""
    folder = tmp_path / "package"
    with snapshot(filled) as shot, growing(folder) as part:
        write_package(shot, read_tables(shot), part, files="csv")
    return folder


def described(package: Path) -> dict[str, Any]:
    """What a package says of itself."""
    told: dict[str, Any] = json.loads((package / "datapackage.json").read_text("utf-8"))
    return told


@pytest.mark.filterwarnings("ignore")  # of frictionless's own libraries
def test_a_package_is_valid(package: Path) -> None:
    import frictionless

    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]
    assert report.stats["tasks"] == len(TABLES) + 1


@pytest.mark.filterwarnings("ignore")  # of frictionless's own libraries
def test_a_package_of_parquet_is_valid(filled: Engine, tmp_path: Path) -> None:
    import frictionless
    from pyarrow import parquet

    with snapshot(filled) as shot, growing(tmp_path / "package") as part:
        write_package(shot, read_tables(shot), part, files="parquet")
    report = frictionless.validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]
    stored = {row["id"]: row["duplicate_of_id"] for row in rows(filled, Article)}
    assert None in stored.values()
    told = parquet.read_table(tmp_path / "package" / "data" / "article.parquet", columns=["id", "duplicate_of_id"])
    assert {row["id"]: row["duplicate_of_id"] for row in told.to_pylist()} == stored


def test_a_package_has_every_row_of_its_tables(filled: Engine, package: Path) -> None:
    for table in TABLES:
        with (package / "data" / f"{table.__tablename__}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(rows(filled, table)), table


def test_a_package_says_what_each_column_means_and_what_each_file_is(package: Path) -> None:
    for resource in described(package)["resources"]:
        content = (package / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_a_package_says_when_it_was_made_of_what(package: Path) -> None:
    told = described(package)["kicrawl"]
    assert (told["as_of"], told["versions"]["kicrawl"]) == (None, "0.1.0")
    assert "| `article` | 31 |" in (package / "datasheet.md").read_text("utf-8")
    assert "31 stories" in (package / "CITATION.cff").read_text("utf-8")
    months = (package / "data" / "coverage.csv").read_text("utf-8").splitlines()
    assert months == ["month,stories,partial,gone,not_stored", "2025-06,31,0,0,0"]


def test_a_package_of_an_earlier_time_holds_the_rows_of_then(engine: Engine) -> None:
    fill(engine)
    wanted = Wanted(as_of=max(row["stored_at"] for row in rows(engine, Article)))
    write(engine, *edits(range(20, 30)))
    before = read(engine, wanted)
    assert len(before["article"]) == 31
    assert {row["title"] for row in before["article"]} <= {row["title"] for row in read(engine)["revision"]} | {
        row["title"] for row in before["article"]
    }
    assert len(before["revision"]) < len(read(engine)["revision"])


def read(engine: Engine, wanted: Wanted | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of the copied tables."""
    found: dict[str, list[dict[str, Any]]] = {}
    with snapshot(engine, wanted) as shot:
        for name, some in read_tables(shot):
            found.setdefault(name, []).extend(some)
    return found


def test_an_sqlite_copy_is_an_archive(filled: Engine, tmp_path: Path) -> None:
    with snapshot(filled) as shot:
        copy_to_sqlite(read_tables(shot), tmp_path / "copy.db")
    copy = archive.open_archive(f"sqlite:///{tmp_path}/copy.db")
    assert list(export_articles(copy)) == list(export_articles(filled))
    copy.dispose()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        [found] = connection.execute("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'lighthouses'")
        assert found == (31,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_parquet_holds_what_json_lines_hold(filled: Engine, tmp_path: Path) -> None:
    from pyarrow import parquet  # type: ignore[import-untyped]

    write_parquet(export_articles(filled), kinds_of("article", ARTICLE_FIELDS), tmp_path / "stories.parquet")
    for told, exported in zip(
        parquet.read_table(tmp_path / "stories.parquet").to_pylist(), export_articles(filled), strict=True
    ):
        for name in ("url", "authors", "blocks", "links", "images", "related", "tags", "captions", "word_count"):
            assert told[name] == exported[name]
        assert dict(told["sources"]) == exported["sources"]
        assert told["published_at"].isoformat()[:19] == exported["published_at"][:19]


def test_every_field_of_an_export_has_a_kind_in_parquet() -> None:
    for table, names in (("article", ARTICLE_FIELDS), ("author", AUTHOR_FIELDS), ("revision", REVISION_FIELDS)):
        assert list(kinds_of(table, names)) == names


def test_what_fails_on_the_way_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before")

    def fail() -> None:
        with growing(tmp_path / "out") as part:
            part.write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out": "before"}


def test_the_command_writes_every_form(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for form in ("csv", "parquet", "sqlite", "package"):
        assert ask(filled, capsys, Export(), "--format", form, "-o", f"out.{form}") == ""
    ask(filled, capsys, Export(), "--format", "package", "--files", "parquet", "-o", "of-parquet")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 31
    assert (tmp_path / "of-parquet" / "data" / "article.parquet").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "of-parquet",
        "out.csv",
        "out.package",
        "out.parquet",
        "out.sqlite",
    ]
    line = "out.sqlite is there already: name another, or remove it"
    assert refused(filled, capsys, Export(), "--format", "sqlite", "-o", "out.sqlite") == line


def test_csv_holds_whatever_a_headline_holds(engine: Engine, tmp_path: Path) -> None:
    title = '=1+1, “quoted” "twice"'
    write(engine, story(title=title), story("tide", seen_at=hours(1)))
    with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv(export_articles(engine), ARTICLE_FIELDS, file)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == [title, "Lighthouse moves inland"]
