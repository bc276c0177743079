"""A database password stands in no log, no list of processes, no row and no line to the user. A real PostgreSQL."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from kicrawl import archive
from kicrawl.archive.models import CrawlRun
from tests.replica import serve
from tests.running import Ended, everything, rows, run
from tests.servers import new_database, postgresql

pytestmark = pytest.mark.slow

SECRET = "Pell-Mouth-4711"
WRONG = "Tarrow-Kessin-0815"
COMMANDS = [["status"], ["export"], ["coverage"], ["migrate"], ["crawl", "newsfeed"]]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Any]:
    """The address of a database that asks for a password, as SQLAlchemy's URL with the right one."""
    with postgresql() as server, new_database(server.get_uri()) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE keeper LOGIN PASSWORD '{SECRET}'".encode())
            connection.execute(f"GRANT ALL ON DATABASE {make_url(url).database} TO keeper".encode())
            [[rules]] = connection.execute("SHOW hba_file").fetchall()
            path = Path(rules)
            path.write_text(f"local all keeper scram-sha-256\n{path.read_text()}")
            connection.execute("SELECT pg_reload_conf()")
        yield make_url(url).set(username="keeper", password=SECRET)


def address(url: Any, password: str | None = None) -> str:
    """The address as a user writes it."""
    return str((url.set(password=password) if password else url).render_as_string(hide_password=False))


@pytest.fixture(scope="module")
def crawled(guarded: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, str, set[str]]:
    """A crawl that tells its log everything: how it ended, the log, and all command lines seen meanwhile."""
    folder, seen, over = tmp_path_factory.mktemp("crawl"), set[str](), threading.Event()
    watching = threading.Thread(target=watch_processes, args=(seen, over))
    with serve(count=8) as site:
        watching.start()
        options = ("-s", "LOG_LEVEL=DEBUG", "-s", "LOG_FILE=kicrawl.log", "-s", "METRICS_FILE=kicrawl.prom")
        ended = run("crawl", "newsfeed", *options, folder=folder, database_url=address(guarded), root=site.root)
        over.set()
        watching.join()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return ended, "".join(path.read_bytes().decode("latin-1") for path in files), seen


def watch_processes(seen: set[str], over: threading.Event) -> None:
    """Notes the command lines of all processes, which every user of a machine can read, until something is over."""
    while not over.is_set():
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(path.read_bytes().replace(b"\0", b" ").decode("latin-1"))
            except OSError:  # it has ended
                continue
        time.sleep(0.2)


def test_a_crawl_tells_the_password_to_nobody(crawled: tuple[Ended, str, set[str]], guarded: Any) -> None:
    ended, files, processes = crawled
    assert (ended.code, len(rows(address(guarded), CrawlRun))) == (0, 1)
    assert "DEBUG" in files
    assert "kicrawl_stories 8" in files
    assert SECRET not in files
    assert SECRET not in ended.out + ended.err
    assert processes
    assert not [line for line in processes if SECRET in line]
    assert SECRET not in repr(everything(address(guarded))) + repr(rows(address(guarded), CrawlRun))


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_a_wrong_password_is_not_repeated(guarded: Any, tmp_path: Path, command: list[str]) -> None:
    log = ("-s", "LOG_LEVEL=DEBUG", "-s", "LOG_FILE=kicrawl.log")
    ended = run(*command, *log, folder=tmp_path, database_url=address(guarded, WRONG))
    said = "".join([ended.out, ended.err, *(path.read_text() for path in tmp_path.iterdir())])
    assert ended.code == 2
    assert "password authentication failed" in ended.err
    assert "Traceback" not in said
    assert WRONG not in said


def test_nor_is_one_that_the_address_names_at_its_end(guarded: Any) -> None:
    url = guarded.set(username=None, password=None).update_query_dict({"user": "keeper", "password": WRONG})
    engine = archive.connect(address(url))
    with pytest.raises(archive.ArchiveError) as raised:
        archive.migrate(engine)
    assert WRONG not in str(raised.value)
    assert "password authentication failed" in str(raised.value)
