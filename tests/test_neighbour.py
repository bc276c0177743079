"""kicrawl in a PostgreSQL that others use: its own schema, roles, few connections, and patience with limits."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from kicrawl import archive
from kicrawl.archive import store
from kicrawl.archive.connection import WRITERS_LOCK
from kicrawl.archive.models import Article, CrawlRun
from tests.archived import story, write
from tests.exported import exported, without_looks
from tests.manual import commands
from tests.replica import Site, serve
from tests.running import Ended, rows, run
from tests.servers import new_database, pg_program, postgresql

ROLES = Path(__file__).parents[1] / "deploy" / "roles.sql"
THEIRS = ("article", "alembic_version")
IN_PUBLIC = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OURS_AT_WORK = """SELECT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND usename LIKE 'kicrawl%' ORDER BY 1"""


@dataclass
class Neighbourhood:
    """A database with another project's tables in it, and what became of it."""

    url: str
    folder: Path
    site: Site
    migrated: Ended | None = None
    crawled: Ended | None = None
    connections: set[tuple[str, ...]] = field(default_factory=set)  # the names of those that were open at one time

    def as_role(self, name: str) -> str:
        """The address, for one of our roles."""
        return make_url(self.url).set(username=f"kicrawl_{name}").render_as_string(hide_password=False)

    def run(self, role: str, *arguments: str) -> Ended:
        """A command, as one of our roles."""
        return run(*arguments, folder=self.folder, database_url=self.as_role(role), root=self.site.root)

    def ask(self, statement: str, role: str | None = None) -> list[Any]:
        """What the database answers us, or one of our roles."""
        with psycopg.connect(self.as_role(role) if role else self.url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()


@pytest.fixture(scope="module")
def place(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    """Another project's database in which the tables were made and a crawl has run, each by its role."""
    with new_database(postgresql_server) as url, serve() as site:
        with psycopg.connect(url, autocommit=True) as connection:
            for table in THEIRS:
                connection.execute(f"CREATE TABLE public.{table} (id int PRIMARY KEY, theirs text)".encode())
                connection.execute(f"INSERT INTO public.{table} VALUES (1, 'theirs')".encode())
            connection.execute(ROLES.read_bytes())
        place = Neighbourhood(url, tmp_path_factory.mktemp("place"), site)
        place.migrated = place.run("migrate", "migrate")
        with watching(place):
            place.crawled = place.run("write", "crawl", "newsfeed")
        yield place
        with psycopg.connect(url, autocommit=True) as connection:
            for role in ("read", "write", "migrate"):
                connection.execute(f"DROP OWNED BY kicrawl_{role} CASCADE; DROP ROLE kicrawl_{role}".encode())


@contextmanager
def watching(place: Neighbourhood) -> Iterator[None]:
    """Notes which connections are open while the block runs."""
    over = threading.Event()

    def watch() -> None:
        with psycopg.connect(place.url, autocommit=True) as connection:
            while not over.wait(0.02):
                place.connections.add(tuple(name for (name,) in connection.execute(OURS_AT_WORK.encode()).fetchall()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


@pytest.mark.slow
def test_a_crawl_beside_another_project_leaves_its_tables_alone(place: Neighbourhood) -> None:
    assert place.migrated
    assert place.crawled
    assert (place.migrated.code, place.migrated.out) == (0, "the tables were made: schema 0001\n")
    assert (place.crawled.code, place.crawled.err) == (0, "")
    assert "72 stories new" in place.crawled.out
    assert place.ask(IN_PUBLIC) == [(name,) for name in sorted(THEIRS)]
    for table in THEIRS:
        assert place.ask(f"SELECT * FROM public.{table}") == [(1, "theirs")]
    assert place.ask("SELECT version_num FROM kicrawl.alembic_version") == [("0001",)]


@pytest.mark.slow
def test_a_crawl_has_at_most_two_connections_and_each_says_what_it_is(place: Neighbourhood) -> None:
    assert max(map(len, place.connections)) == 2
    assert ("kicrawl newsfeed", "kicrawl run 1") in place.connections
    assert all(name.startswith("kicrawl") for names in place.connections for name in names)


@pytest.mark.slow
def test_the_export_is_the_same_from_sqlite_and_postgresql(place: Neighbourhood, tmp_path: Path) -> None:
    lite = f"sqlite:///{tmp_path / 'kicrawl.db'}"
    assert run("crawl", "newsfeed", folder=tmp_path, database_url=lite, root=place.site.root).code == 0
    told = exported(place.url)
    assert [len(table) for table in told] == [72, 14, 0]
    assert told == exported(lite)
    by_command = place.run("read", "export", "--format", "jsonl")
    assert by_command.err == ""
    assert [without_looks(json.loads(line)) for line in by_command.out.splitlines()] == told[0]


@pytest.mark.slow
@pytest.mark.parametrize("table", ["kicrawl.mine", "public.mine"])
@pytest.mark.parametrize("role", ["write", "read"])
def test_only_the_migrating_role_makes_tables(place: Neighbourhood, role: str, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        place.ask(f"CREATE TABLE {table} (id int)", role)


@pytest.mark.slow
def test_the_reading_role_reads_and_writes_nothing(place: Neighbourhood) -> None:
    words = "plainto_tsquery('english', (SELECT title FROM kicrawl.article LIMIT 1))"
    assert place.ask(f"SELECT count(*) > 0 FROM kicrawl.article WHERE search @@ {words}", "read") == [(True,)]
    assert place.run("read", "status").code == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        place.ask("DELETE FROM kicrawl.article", "read")
    refused = place.run("read", "crawl", "newsfeed")
    assert refused.code == 1
    assert "permission denied for table crawl_run" in refused.err
    assert "Traceback" not in refused.err
    assert len(rows(place.url, CrawlRun)) == 1


@pytest.mark.slow
def test_a_backup_brings_archive_roles_and_captures_to_a_new_server(place: Neighbourhood, tmp_path: Path) -> None:
    save, bring_back = commands("PostgreSQL")
    (place.folder / "backup").mkdir()
    shell(save.replace("postgresql://kicrawl_read@localhost/archive", f"'{place.as_role('read')}'"), place.folder)
    shutil.move(place.folder / "backup", tmp_path)
    shutil.copytree(ROLES.parent, tmp_path / "deploy")
    with postgresql() as server:
        url = server.get_uri().replace("/postgres?", "/archive?")
        shell(bring_back, tmp_path, PGHOST=make_url(url).query["host"], PGUSER="postgres")
        assert exported(url) == exported(place.url)
        restored = Neighbourhood(url, tmp_path, place.site)
        assert restored.run("migrate", "migrate").out == "nothing to do: schema 0001\n"
        assert "newsfeed: nothing new" in restored.run("write", "crawl", "newsfeed").out
        assert restored.ask("SELECT count(*) FROM kicrawl.article", "read") == [(72,)]
    assert {file.name for file in (place.folder / "warc").iterdir()} <= {
        file.name for file in (tmp_path / "warc").iterdir()
    }


def shell(script: str, folder: Path, **variables: str) -> None:
    """Commands of the manual, with the programs of the server that the tests use."""
    path = f"{Path(pg_program('pg_dump')).parent}:{os.environ['PATH']}"
    subprocess.run(["/bin/sh", "-ec", script], cwd=folder, env={**os.environ, **variables, "PATH": path}, check=True)


@pytest.mark.slow
def test_a_role_that_may_not_make_the_schema_is_told_so(
    place: Neighbourhood, postgresql_server: str, tmp_path: Path
) -> None:
    with new_database(postgresql_server) as empty:
        url = make_url(empty).set(username="kicrawl_write").render_as_string(hide_password=False)
        refused = run("crawl", "newsfeed", folder=tmp_path, database_url=url)
    assert refused.code == 2
    assert len(refused.lines) == 1
    assert "lacks tables that kicrawl_write may not make: run kicrawl migrate as a role that may" in refused.err


def test_a_write_waits_for_another_writer_only_so_long(postgresql_server: str) -> None:
    with new_database(postgresql_server) as url:
        engine = archive.connect(f"{url}&timeout=1")
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [WRITERS_LOCK])
            began = time.monotonic()
            with pytest.raises(DBAPIError, match="lock timeout"), archive.writing(engine):
                pass
            assert 0.9 < time.monotonic() - began < 10
        with engine.connect() as connection:
            limits = [connection.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")]
        assert limits == ["1s", "5min"]
        engine.dispose()


@pytest.mark.parametrize("timeout", ["0", "-1", "soon"])
def test_a_patience_that_is_none_is_refused_in_one_line(timeout: str) -> None:
    with pytest.raises(archive.ArchiveError, match="timeout that is no whole number of seconds from 1 on"):
        archive.connect(f"postgresql://me@host/base?timeout={timeout}")


def test_a_group_whose_connection_is_cut_is_written_again(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_items, cuts = store.write_items, [text("SELECT pg_terminate_backend(pg_backend_pid())")]

    def write_and_be_cut(connection: Connection, *args: Any, **options: Any) -> list[str]:
        outcomes = write_items(connection, *args, **options)
        if cuts:
            connection.execute(cuts.pop())
        return outcomes

    with new_database(postgresql_server) as url:
        engine = archive.open_archive(url)
        with monkeypatch.context() as patched:
            patched.setattr(store, "write_items", write_and_be_cut)
            assert write(engine, story()) == ["article_new"]
        assert len(rows(url, Article)) == 1
        engine.dispose()


@pytest.mark.slow
def test_a_server_that_restarts_is_waited_for_and_one_that_stays_away_is_not() -> None:
    with postgresql() as server:
        engine = archive.open_archive(f"{server.get_uri()}&timeout=20")
        server.stop()
        again = threading.Timer(1.5, server.ensure_postgres_running)
        again.start()
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        again.join()
        impatient = archive.open_archive(f"{server.get_uri()}&timeout=1")
        server.stop()
        with pytest.raises(DBAPIError), impatient.connect():
            pass
        server.ensure_postgres_running()
        engine.dispose()
        impatient.dispose()
