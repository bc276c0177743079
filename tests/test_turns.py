"""Runs at the same time: one fetches, and the others say who does or wait their turn."""

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kicrawl import archive
from kicrawl.archive import lock
from kicrawl.archive.models import Article, CrawlRun
from kicrawl.archive.runs import start_run
from tests.replica import Site, serve
from tests.running import ended, rows, run, started, stories_asked, wait_for

pytestmark = pytest.mark.slow

# A run that gives a sign of life every second instead of every fifteen.
HURRIED = (sys.executable, "-c", "from kicrawl import cli, extensions; extensions.HEARTBEAT = 1; cli.main()")


@pytest.fixture
def site() -> Iterator[Site]:
    """Twenty stories; each page takes its time, until the faults are cleared."""
    with serve(count=20, list_size=5, feed_size=8) as site:
        site.fault("/[a-z0-9-]+/", delay=1)
        yield site


def test_of_two_newsfeed_runs_one_works_and_the_other_names_it(site: Site, database_url: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where) as first:
        wait_for(lambda: stories_asked(site))
        second = run("crawl", "newsfeed", "-a", "_job=second", **where)
        assert second.code == 4
        [working, refused] = rows(database_url, CrawlRun)
        since = f"{working['started_at']:%Y-%m-%d %H:%M:%S} UTC"
        assert second.lines == [
            f"kicrawl: newsfeed did not run: run {working['id']} (newsfeed, since {since}) holds the lock"
        ]
        assert (refused["job"], refused["exit_code"]) == ("second", 4)
        assert refused["reason"] in second.err
        site.faults.clear()
        assert ended(first).code == 0
    assert len(rows(database_url, Article)) == 20
    assert [row["exit_code"] for row in rows(database_url, CrawlRun)] == [0, 4]


def test_a_run_begins_as_soon_as_the_one_before_is_killed(site: Site, database_url: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where) as first:
        wait_for(lambda: stories_asked(site))
        first.kill()
        site.faults.clear()
        assert run("crawl", "newsfeed", **where).code == 0
    killed, after = rows(database_url, CrawlRun)
    assert (killed["reason"], killed["exit_code"], killed["finished_at"]) == ("died", None, None)
    assert (after["reason"], after["exit_code"]) == ("finished", 0)
    assert len(rows(database_url, Article)) == 20


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_says_so_and_the_next_one_goes_on(site: Site, tmp_path: Path, sent: int) -> None:
    database_url = f"sqlite:///{tmp_path}/kicrawl.db"
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where) as first:
        wait_for(lambda: stories_asked(site) > 2)
        first.send_signal(sent)
        told = ended(first)
    assert told.code == 3
    assert told.err == "kicrawl: newsfeed is incomplete: stopped before its end (shutdown)\n"
    [row] = rows(database_url, CrawlRun)
    assert (row["exit_code"], row["reason"]) == (3, "stopped before its end (shutdown)")
    site.faults.clear()
    stored = len(rows(database_url, Article))
    assert row["counters"]["store/article_new"] == stored > 0
    assert run("crawl", "newsfeed", **where).code == 0
    assert len(rows(database_url, Article)) == 20


def test_replay_and_the_other_commands_need_no_turn(site: Site, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path}/kicrawl.db"
    page = tmp_path / "page.html"
    page.write_bytes(site.answer(f"/{site.stories[0].slug}/").body)
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where):
        wait_for(lambda: stories_asked(site))
        replayed = run(
            "crawl", "replay", "-a", f"source={page}", "-a", f"url={site.url(site.stories[0].slug)}", **where
        )
        assert replayed.code == 0
        assert run("export", "--format", "jsonl", **where).code == 0


def test_a_run_that_is_stopped_while_it_waits_leaves_at_once(site: Site, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path}/kicrawl.db"
    engine = archive.open_archive(database_url)
    run_id = start_run(engine, spider="archive", job=None, now=datetime.now(UTC))
    held = lock.lock_of(engine)  # of an archive that does not give way
    assert held.take()
    held.sign(run_id)
    with started("crawl", "newsfeed", folder=tmp_path, database_url=database_url, root=site.root) as waiting:
        wait_for(lambda: rows(database_url, CrawlRun)[0]["wanted_at"])
        waiting.send_signal(signal.SIGTERM)
        told = ended(waiting)
    assert (told.code, told.lines) == (3, ["kicrawl: newsfeed is incomplete: it was stopped before it began"])
    assert not site.requested()
    held.release()
    engine.dispose()


def test_a_killed_run_leaves_what_it_had_counted(site: Site, database_url: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where, program=HURRIED):
        wait_for(lambda: stories_asked(site))
        wait_for(lambda: [row for row in rows(database_url, CrawlRun) if row["counters"].get("store/article_new")])
    [row] = rows(database_url, CrawlRun)
    assert row["heartbeat_at"] > row["started_at"]
    assert row["finished_at"] is None
    shown = run("status", **where)
    assert "died, last sign of life" in shown.lines[-1]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_run_whose_lock_another_run_got_ends(site: Site, database_url: str, tmp_path: Path) -> None:
    where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
    with started("crawl", "newsfeed", **where, program=HURRIED) as run, ThreadPoolExecutor() as waiting:
        wait_for(lambda: stories_asked(site))
        with psycopg.connect(database_url, autocommit=True) as other, psycopg.connect(database_url) as onlooker:
            next_in_line = waiting.submit(other.execute, "SELECT pg_advisory_lock(%s)", [lock.FETCHERS_LOCK])
            wait_for(lambda: onlooker.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())
            holder = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'kicrawl run %'"
            onlooker.execute(f"SELECT pg_terminate_backend(({holder}), 5000)".encode())
            next_in_line.result(60)
            told = ended(run)
    assert told.code == 3
    assert told.err == "kicrawl: newsfeed is incomplete: stopped before its end (lock_lost)\n"
    assert rows(database_url, CrawlRun)[0]["exit_code"] == 3


@pytest.mark.parametrize("count", [300, pytest.param(2000, marks=pytest.mark.long)])
def test_archive_gives_way_to_newsfeed_goes_on_and_fetches_nothing_twice(
    database_url: str, tmp_path: Path, count: int
) -> None:
    with serve(count=count) as site:
        where = {"folder": tmp_path, "database_url": database_url, "root": site.root}
        with started("crawl", "archive", **where) as process:
            wait_for(lambda: stories_asked(site) > count // 10)
            new = site.publish(n=7)
            assert run("crawl", "newsfeed", **where).code == 0
            news = {row["slug"] for row in rows(database_url, Article)}
            whole = ended(process, timeout=count)
        first, newsfeed, *rest = rows(database_url, CrawlRun)
        pages = Counter(path for path in site.requested() if path.strip("/") in {story.slug for story in site.stories})
    assert news >= {story.slug for story in new}
    assert (first["spider"], first["reason"], first["exit_code"]) == ("archive", "gave_way", 0)
    assert newsfeed["started_at"] - first["wanted_at"] < timedelta(seconds=60)
    assert [(row["spider"], row["reason"]) for row in rest] == [("archive", "finished")]
    assert rest[0]["started_at"] > newsfeed["finished_at"]
    assert (whole.code, whole.err) == (0, "")
    assert whole.out.startswith(f"archive: {count + 7 - stored_by(newsfeed)} stories new")
    assert len(rows(database_url, Article)) == len(pages) == count + 7
    assert max(pages.values()) == 1


def stored_by(row: dict[str, Any]) -> int:
    """How many new stories a run stored."""
    return int(row["counters"]["store/article_new"])
