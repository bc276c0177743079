"""A crawl that is killed, or whose disk or database goes away: nothing is lost, and what is said is true."""

import itertools
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from warcio.archiveiterator import ArchiveIterator

from kicrawl.archive.models import Article, Capture, CrawlRun
from tests.replica import Site, serve
from tests.running import Ended, ended, reading, rows, run, started, stories_asked, wait_for
from tests.servers import postgresql

pytestmark = pytest.mark.slow

STORIES = 300


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Three hundred stories."""
    with serve(count=STORIES) as site:
        yield site


@pytest.fixture
def few() -> Iterator[Site]:
    """Forty stories, of which each page takes a moment."""
    with serve(count=40) as site:
        site.fault("/[a-z0-9-]+/", delay=0.05)
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for what can only befall a file."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def kill_after(requests: int, site: Site, folder: Path, database_url: str) -> None:
    """A run that is killed a moment after it has made so many requests."""
    site.log.clear()
    with started("crawl", "newsfeed", folder=folder, database_url=database_url, root=site.root) as process:
        while len(site.log) < requests and process.poll() is None:
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.05))


def run_to_the_end(site: Site, folder: Path, database_url: str) -> Ended:
    """Ordinary runs, until one has nothing left to do."""
    for _ in range(4):
        last = run("crawl", "newsfeed", folder=folder, database_url=database_url, root=site.root)
        assert (last.code, last.err) == (0, "")
        if last.out.startswith("newsfeed: nothing new"):
            break
    return last


def told(database_url: str) -> dict[str, Any]:
    """What the archive tells of the stories, whatever way it came there."""
    with reading(database_url) as connection:
        joined = {
            "authors": "SELECT a.url, x.position, x.name FROM article_author x JOIN article a ON a.id = x.article_id",
            "tags": """SELECT a.url, x.position, t.name FROM article_tag x JOIN article a ON a.id = x.article_id
                       JOIN tag t ON t.id = x.tag_id""",
            "images": "SELECT a.url, x.position, x.url, caption FROM image x JOIN article a ON a.id = x.article_id",
            "links": "SELECT a.url, x.position, x.url, text FROM link x JOIN article a ON a.id = x.article_id",
            "stories": "SELECT url, title, subtitle, body, text_hash, medium, access FROM article a",
            "revisions": "SELECT article_id, number FROM revision",
        }
        return {name: sorted(map(tuple, connection.execute(text(sql)))) for name, sql in joined.items()}


def check_sound(database_url: str, folder: Path) -> None:
    """The database is whole, and every capture stands where its row says."""
    with reading(database_url) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            connection.execute(text("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')"))
        else:
            check_constraints(connection)
        connection.rollback()
    check_captures(database_url, folder)


def check_constraints(connection: Connection) -> None:
    """Has PostgreSQL make every constraint and index anew, for which it looks at all rows again."""
    about = "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
    for table, name, definition in connection.execute(text(about)).all():
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {definition}"))
    for (index,) in connection.execute(text("SELECT indexname FROM pg_indexes WHERE schemaname = 'kicrawl'")).all():
        connection.execute(text(f"REINDEX INDEX {index}"))


@pytest.fixture(scope="module")
def unharmed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the archive tells after a crawl that nobody killed."""
    folder = tmp_path_factory.mktemp("unharmed")
    run_to_the_end(site, folder, f"sqlite:///{folder}/kicrawl.db")
    return told(f"sqlite:///{folder}/kicrawl.db")


def check_captures(database_url: str, folder: Path) -> None:
    """Each row of capture names the place, length, address and digest of a whole WARC record."""
    captures = rows(database_url, Capture)
    for name, of_file in itertools.groupby(sorted(captures, key=lambda row: row["file"]), lambda row: row["file"]):
        records = {}
        with (folder / "warc" / name).open("rb") as file:
            iterator = ArchiveIterator(file)
            for record in iterator:
                body = record.content_stream().read()
                offset = iterator.get_record_offset()
                length = iterator.get_record_length()
                headers = record.rec_headers
                records[offset] = (headers["WARC-Target-URI"], headers["WARC-Payload-Digest"], length, bool(body))
        for row in of_file:
            assert records[row["offset"]] == (row["url"], row["digest"], row["length"], True)


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
def test_a_crawl_killed_again_and_again_stores_every_story_once(
    site: Site, unharmed: dict[str, Any], database_url: str, tmp_path: Path, kills: int
) -> None:
    for _ in range(kills):
        kill_after(random.randrange(1, max(30, 2 * STORIES // kills)), site, tmp_path, database_url)
    run_to_the_end(site, tmp_path, database_url)
    check_complete(site, database_url, tmp_path)
    assert [row["reason"] for row in rows(database_url, CrawlRun)].count("died") >= 1
    assert told(database_url) == unharmed


def check_complete(site: Site, database_url: str, folder: Path) -> None:
    """Every story of the site is stored, each once, and all is sound."""
    stored = sorted(row["slug"] for row in rows(database_url, Article))
    assert stored == sorted(story.slug for story in site.stories)
    check_sound(database_url, folder)


def test_a_full_disk_ends_the_run_with_a_line_and_loses_nothing(few: Site, sqlite: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": sqlite, "root": few.root}
    by_itself = ("-s", "STORE_GATHERS=0")  # each page, so that some are stored before the disk is full
    with started("crawl", "newsfeed", *by_itself, **where, file_size=700_000) as process:
        full = ended(process)
    assert full.code == 1
    assert "Storing failed, the crawl stops: " in full.err
    assert "Traceback" not in full.err
    stored = len(rows(sqlite, Article))
    assert 0 < stored < len(few.stories)
    assert f"{stored} stories new" in full.out
    check_sound(sqlite, tmp_path)
    run_to_the_end(few, tmp_path, sqlite)
    check_complete(few, sqlite, tmp_path)


def test_a_database_that_is_locked_for_a_while_is_waited_for(few: Site, sqlite: str, tmp_path: Path) -> None:
    with started("crawl", "newsfeed", folder=tmp_path, database_url=sqlite, root=few.root) as process:
        wait_for(lambda: stories_asked(few) > 5)
        with closing(sqlite3.connect(tmp_path / "kicrawl.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(3)
        told = ended(process)
    assert (told.code, told.err) == (0, "")
    check_complete(few, sqlite, tmp_path)


def test_a_database_that_stays_locked_ends_the_run_with_a_line(few: Site, sqlite: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": f"{sqlite}?timeout=1", "root": few.root}
    with started("crawl", "newsfeed", **where) as process:
        wait_for(lambda: stories_asked(few) > 5)
        with closing(sqlite3.connect(tmp_path / "kicrawl.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            told = ended(process)
    assert told.code == 1
    assert "Storing failed, the crawl stops: database is locked" in told.err
    assert "the end of the run could not be noted: database is locked" in told.err
    assert "Traceback" not in told.err
    run_to_the_end(few, tmp_path, sqlite)
    check_complete(few, sqlite, tmp_path)
    assert rows(sqlite, CrawlRun)[0]["reason"] == "died"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_cut_in_the_middle_lose_nothing(few: Site, database_url: str, tmp_path: Path) -> None:
    with started("crawl", "newsfeed", folder=tmp_path, database_url=database_url, root=few.root) as process:
        wait_for(lambda: stories_asked(few) > 5)
        with psycopg.connect(database_url, autocommit=True) as other:
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'kicrawl%'"
            [number] = other.execute(cut).fetchone() or [0]
        told = ended(process)
    assert number > 1
    assert told.code in (0, 1)
    assert "Traceback" not in told.err
    [row] = rows(database_url, CrawlRun)
    assert row["exit_code"] == told.code
    run_to_the_end(few, tmp_path, database_url)
    check_complete(few, database_url, tmp_path)


def test_a_server_that_is_stopped_in_the_middle_ends_the_run_with_a_line(few: Site, tmp_path: Path) -> None:
    with postgresql() as server:
        where = {"folder": tmp_path, "database_url": f"{server.get_uri()}&timeout=1", "root": few.root}
        with started("crawl", "newsfeed", **where) as process:
            wait_for(lambda: stories_asked(few) > 5)
            server.stop()
            told = ended(process)
        assert told.code == 1
        assert "Storing failed, the crawl stops: " in told.err
        assert "the end of the run could not be noted: " in told.err
        assert "Traceback" not in told.err
        refused = run("crawl", "newsfeed", **where)
        assert refused.code == 2
        assert len(refused.lines) == 1
        server.ensure_postgres_running()
        run_to_the_end(few, tmp_path, where["database_url"])
        check_complete(few, where["database_url"], tmp_path)
