"""Storage that fails in the middle of a run, and a clock that is set back: what is stored stays sound, nothing is lost.

Kills, full disks, locked databases and stopped servers are in test_kills.py.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kicrawl.archive.models import Article, CrawlRun, Frontier, Revision
from tests.replica import Site, serve
from tests.running import BIN, ended, let_pass, rows, run, started, stories_asked, wait_for
from tests.servers import postgresql
from tests.test_kills import check_complete, check_sound, run_to_the_end

pytestmark = pytest.mark.slow

# Even root may not write then what its mode says that nobody may.
WITHOUT_PRIVILEGE = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()


@pytest.fixture
def few() -> Iterator[Site]:
    """Twelve stories, of which each page takes a moment."""
    with serve(count=12) as site:
        site.fault("/[a-z0-9-]+/", delay=0.05)
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for what can only befall a file."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def test_a_database_that_may_only_be_read_ends_the_run_before_it_begins(few: Site, sqlite: str, tmp_path: Path) -> None:
    few.faults.clear()
    where = {"folder": tmp_path, "database_url": sqlite, "root": few.root}
    run_to_the_end(few, tmp_path, sqlite)
    few.log.clear()
    (tmp_path / "kicrawl.db").chmod(0o444)
    with started("crawl", "newsfeed", **where, program=(*WITHOUT_PRIVILEGE, str(BIN / "kicrawl"))) as process:
        refused = ended(process)
    (tmp_path / "kicrawl.db").chmod(0o644)
    assert refused.code in (1, 2)
    assert "readonly database" in refused.err
    assert "Traceback" not in refused.err
    assert stories_asked(few) == 0
    check_complete(few, sqlite, tmp_path)


@pytest.mark.long
def test_a_database_that_goes_away_and_comes_back_loses_nothing(few: Site, sqlite: str, tmp_path: Path) -> None:
    here, away = tmp_path / "kicrawl.db", tmp_path / "away"
    away.mkdir()
    with started("crawl", "newsfeed", folder=tmp_path, database_url=sqlite, root=few.root) as process:
        wait_for(lambda: stories_asked(few) > 3)
        moved = [path.rename(away / path.name) for path in sorted(tmp_path.glob(here.name + "*"))]
        told = ended(process)
    assert told.code in (0, 1)
    assert "Traceback" not in told.err
    for path in tmp_path.glob(here.name + "*"):
        path.unlink()
    for path in moved:
        path.rename(tmp_path / path.name)
    run_to_the_end(few, tmp_path, sqlite)
    check_complete(few, sqlite, tmp_path)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_full_folder_of_captures_ends_the_run_with_a_line(few: Site, database_url: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": database_url, "root": few.root}
    by_itself = ("-s", "STORE_GATHERS=0")  # each page, so that some are stored before the folder is full
    with started("crawl", "newsfeed", *by_itself, **where, file_size=30_000) as process:
        full = ended(process)
    assert full.code == 1
    assert "Storing failed, the crawl stops: " in full.err
    assert "warc" in full.err
    assert "Traceback" not in full.err
    [row] = rows(database_url, CrawlRun)
    assert (row["exit_code"], row["reason"].startswith("stopped before its end (storing_failed)")) == (1, True)
    assert 0 < len(rows(database_url, Article)) < len(few.stories)
    check_sound(database_url, tmp_path)
    run_to_the_end(few, tmp_path, database_url)
    check_complete(few, database_url, tmp_path)


@pytest.mark.long  # test_kills.py stops one
def test_a_server_that_restarts_in_the_middle_loses_nothing(few: Site, tmp_path: Path) -> None:
    with postgresql() as server:
        where = {"folder": tmp_path, "database_url": server.get_uri(), "root": few.root}
        with started("crawl", "newsfeed", **where) as process:
            wait_for(lambda: stories_asked(few) > 3)
            server.stop()
            time.sleep(1)
            server.ensure_postgres_running()
            told = ended(process)
        assert told.code in (0, 1)
        assert "Traceback" not in told.err
        run_to_the_end(few, tmp_path, where["database_url"])
        check_complete(few, where["database_url"], tmp_path)
        assert rows(where["database_url"], Revision) == []


# The clock


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_a_clock_that_was_set_back_between_two_runs_harms_nothing(few: Site, database_url: str, tmp_path: Path) -> None:
    few.faults.clear()
    run_to_the_end(few, tmp_path, database_url)
    let_pass(database_url, hours=-48)  # all that was stored now lies in the future
    few.publish(n=2)
    few.log.clear()
    again = run("crawl", "newsfeed", folder=tmp_path, database_url=database_url, root=few.root)
    assert (again.code, again.err) == (0, "")
    assert "2 stories new" in again.out
    assert len(few.requested("/news-archive/")) <= 3  # it does not walk the whole list
    check_complete(few, database_url, tmp_path)
    assert rows(database_url, Revision) == []
    assert all(row["first_seen_at"] <= row["last_seen_at"] for row in rows(database_url, Article))
    assert {row["state"] for row in rows(database_url, Frontier) if row["kind"] == "story"} <= {
        "stored",
        "not_article",
        "due",
    }


SET_BACK = """
import datetime, time
real, start = datetime.datetime, time.monotonic()
class Meta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, real)
class Clock(real, metaclass=Meta):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) - datetime.timedelta(days=2 if time.monotonic() - start > 3 else 0)
datetime.datetime = Clock
from kicrawl.cli import main
main()
"""


@pytest.mark.long
def test_a_clock_that_is_set_back_in_the_middle_harms_nothing(few: Site, sqlite: str, tmp_path: Path) -> None:
    few.faults[0].delay = 0.15
    where = {"folder": tmp_path, "database_url": sqlite, "root": few.root}
    with started("crawl", "newsfeed", **where, program=(sys.executable, "-c", SET_BACK)) as process:
        told = ended(process)
    assert (told.code, told.err) == (0, "")
    few.faults.clear()
    check_complete(few, sqlite, tmp_path)
    let_pass(sqlite, minutes=5)
    again = run("crawl", "newsfeed", **where)
    assert (again.code, again.err) == (0, "")
    check_complete(few, sqlite, tmp_path)
    assert rows(sqlite, Revision) == []
