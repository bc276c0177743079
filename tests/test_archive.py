"""The archive opens, migrates and says in one line why it cannot; its texts can be searched."""

import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from kicrawl import archive
from kicrawl.archive.models import SCHEMA, Article, Base, Revision
from tests.archived import NOON, rows, story, write

TABLES = """article revision author author_role article_author tag article_tag image related link alias sketch
    sketch_key boilerplate article_boilerplate rule frontier sighting walk capture crawl_run past purged""".split()


def test_a_new_archive_has_all_tables(engine: Engine) -> None:
    schema = SCHEMA if engine.dialect.name == "postgresql" else None
    assert set(TABLES) <= set(inspect(engine).get_table_names(schema=schema))
    assert set(TABLES) == set(Base.metadata.tables)


def test_the_migrations_lead_to_the_models(engine: Engine) -> None:
    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return not (kind == "table" and (name or "").startswith(("article_fts", "alembic")))

    def is_no_search(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return name not in ("search", "ix_article_search")  # PostgreSQL's own index of the text

    options = {"compare_type": True, "include_name": is_ours, "include_object": is_no_search}
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    write(engine, story())
    archive.migrate(engine)
    assert len(rows(engine, Article)) == 1


def test_programs_that_start_together_all_find_the_tables(database_url: str) -> None:
    program = "import sys; from kicrawl.archive import open_archive; open_archive(sys.argv[1]).dispose()"
    starting = [subprocess.Popen([sys.executable, "-W", "error", "-c", program, database_url]) for _ in range(4)]
    assert [process.wait(60) for process in starting] == [0, 0, 0, 0]


def test_tables_of_other_projects_in_the_same_postgresql_stay_untouched(database_url: str) -> None:
    engine = archive.connect(database_url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in ("article", "alembic_version"):
                connection.execute(text(f"CREATE TABLE public.{table} (mine text)"))
                connection.execute(text(f"INSERT INTO public.{table} VALUES ('mine')"))
        archive.migrate(engine)
        write(engine, story())
        with engine.connect() as connection:
            for table in ("article", "alembic_version"):
                assert connection.execute(text(f"SELECT * FROM public.{table}")).all() == [("mine",)]
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused_in_one_line(engine: Engine) -> None:
    with archive.writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(archive.ArchiveError, match=r"made by a newer kicrawl \(its schema is 9999\): upgrade kicrawl$"):
        archive.migrate(engine)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("kicrawl.db", "the database address is not one"),
        ("mysql://me:secret@host/base", "kicrawl stores in sqlite or postgresql, not in mysql"),
        ("sqlite:///no/such/folder/kicrawl.db", "no folder .*no/such/folder for the database file"),
    ],
)
def test_an_address_that_cannot_work_is_refused_in_one_line(address: str, line: str) -> None:
    with pytest.raises(archive.ArchiveError, match=line) as refused:
        archive.connect(address)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_missing_driver_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(archive.ArchiveError, match=r"pip install 'kicrawl\[postgresql\]'"):
        archive.connect("postgresql://me@host/base")


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at" * 20)
    engine = archive.connect(f"sqlite:///{tmp_path / 'notes.txt'}")
    with pytest.raises(archive.ArchiveError, match=r"cannot be used: file is not a database$"):
        archive.migrate(engine)
    engine.dispose()


def test_a_server_that_is_down_is_named_without_the_password() -> None:
    engine = archive.connect("postgresql://me:secret@127.0.0.1:9/base")
    with pytest.raises(archive.ArchiveError, match=r"cannot be used: .*refused") as refused:
        archive.migrate(engine)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_times_come_back_in_utc_to_the_millisecond(engine: Engine) -> None:
    kyiv = timezone(timedelta(hours=3))
    write(engine, story(published_at=datetime(2025, 6, 4, 0, 30, 0, 123_456, tzinfo=kyiv)))
    [row] = rows(engine, Article)
    assert row["published_at"].isoformat() == "2025-06-03T21:30:00.123000+00:00"
    assert row["published_on"].isoformat() == "2025-06-04"  # in Kyiv


def test_sqlite_holds_times_as_text_ending_in_z(tmp_path: Path) -> None:
    engine = archive.open_archive(f"sqlite:///{tmp_path / 'kicrawl.db'}")
    write(engine, story(published_at=NOON))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT published_at, published_on, datetime(published_at) FROM article")).one()
    assert tuple(found) == ("2025-06-03T12:00:00.000Z", "2025-06-03", "2025-06-03 12:00:00")
    engine.dispose()


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="a time without a zone cannot be stored"):
        write(engine, story(published_at=datetime(2025, 6, 3)))


def search(engine: Engine, words: str) -> list[str]:
    """The titles of the stories that hold the words."""
    sqlite = "SELECT a.title FROM article_fts JOIN article a ON a.id = article_fts.rowid WHERE article_fts MATCH :words"
    postgresql = "SELECT title FROM article WHERE search @@ plainto_tsquery('english', :words)"
    with engine.connect() as connection:
        statement = text(sqlite if engine.dialect.name == "sqlite" else postgresql)
        return list(connection.execute(statement, {"words": words}).scalars())


def test_words_are_found_in_title_body_and_captions(engine: Engine) -> None:
    write(engine, story(captions=["A keeper waves. (Ann Example)"]))
    assert search(engine, "lighthouses") == ["Lighthouse moves inland"]
    assert search(engine, "mile monday") == ["Lighthouse moves inland"]
    assert search(engine, "keeper") == ["Lighthouse moves inland"]
    assert search(engine, "submarine") == []


def test_the_index_follows_a_story_that_changed(engine: Engine) -> None:
    write(engine, story(), story(body="It moved back.", seen_at=NOON + timedelta(hours=1)))
    assert search(engine, "mile") == []
    assert search(engine, "moved back") == ["Lighthouse moves inland"]


def test_datasette_can_see_the_index_of_the_text(tmp_path: Path) -> None:
    engine = archive.open_archive(f"sqlite:///{tmp_path / 'kicrawl.db'}")
    with engine.connect() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'article_fts'")).scalar_one()
    assert 'content="article"' in made
    engine.dispose()


def test_a_text_too_long_for_any_index_is_stored_all_the_same(engine: Engine) -> None:
    long = " ".join(f"word{number}" for number in range(300_000))
    assert write(engine, story(body=long, captions=["х" * 200_000])) == ["article_new"]
    assert rows(engine, Article)[0]["body"] == long


def test_without_texts_only_metadata_and_hashes_are_kept(engine: Engine) -> None:
    first = story(captions=["A keeper waves."])
    later = story(body="It moved back.", seen_at=NOON + timedelta(hours=1))
    assert write(engine, first, later, store_body=False) == ["article_new", "article_updated"]
    [row] = rows(engine, Article)
    assert (row["title"], row["word_count"], row["body"]) == ("Lighthouse moves inland", 3, None)
    assert (row["blocks"], row["captions"]) == ([], [])
    assert row["body_hash"]
    assert rows(engine, Revision)[0]["body"] is None
    assert search(engine, "back") == []


def test_texts_are_filled_in_once_they_are_wanted(engine: Engine) -> None:
    write(engine, story(), store_body=False)
    assert write(engine, story(seen_at=NOON + timedelta(hours=1))) == ["article_upgraded"]
    assert rows(engine, Article)[0]["body"] == "The lighthouse moved a mile inland on Monday."
    assert rows(engine, Revision) == []
