"""One run fetches at a time, and however it ends, the next one can."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from kicrawl import archive
from kicrawl.archive import lock
from kicrawl.archive.models import CrawlRun
from kicrawl.archive.runs import DIED, beat, finish_run, start_run
from tests.archived import NOON, hours, rows

TAKE_AND_WAIT = """
import sys, time
from kicrawl import archive
from kicrawl.archive import lock
held = lock.lock_of(archive.connect(sys.argv[1]))
assert held.take()
held.sign(int(sys.argv[2]))
print("taken", flush=True)
time.sleep(600)
"""


@pytest.fixture
def other(database_url: str, engine: Engine) -> Iterator[Engine]:
    """The same archive, as another program has it."""
    other = archive.connect(database_url)
    yield other
    other.dispose()


def begin(engine: Engine, spider: str = "archive", at: float = 0) -> int:
    """A run that has begun."""
    return start_run(engine, spider=spider, job=None, now=hours(at))


def take(engine: Engine, run: int) -> lock.Lock:
    """The lock, taken for a run."""
    held = lock.lock_of(engine)
    assert held.take()
    held.sign(run)
    return held


def test_the_second_to_come_learns_who_has_the_lock(engine: Engine, other: Engine) -> None:
    run = begin(engine)
    held = take(engine, run)
    second = lock.lock_of(other)
    assert not second.take()
    assert lock.find_holder(other) == lock.Holder(run, "archive", NOON)
    assert str(lock.find_holder(other)) == f"run {run} (archive, since 2025-06-03 12:00:00 UTC)"
    held.release()
    assert lock.find_holder(other) is None
    assert second.take()
    second.release()


def test_a_holder_that_has_not_signed_is_no_dead_run(engine: Engine, other: Engine) -> None:
    take(engine, begin(engine)).release()
    held = lock.lock_of(engine)
    assert held.take()
    assert str(lock.find_holder(other)) == "another run, which is just beginning"
    held.release()


def test_a_killed_holder_frees_the_lock_at_once(engine: Engine, database_url: str) -> None:
    run = begin(engine)
    command = [sys.executable, "-c", TAKE_AND_WAIT, database_url, str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        mine = lock.lock_of(engine)
        assert not mine.take()
        found = lock.find_holder(engine)
        assert found is not None
        assert found.run == run
        holder.kill()
    for _ in range(50):  # the server needs a moment to notice
        if mine.take():
            break
        engine.pool.dispose()
        subprocess.run(["sleep", "0.02"], check=True)
    assert mine.kept()
    mine.release()


def test_only_the_run_that_has_the_lock_is_asked_to_give_way(engine: Engine) -> None:
    first = begin(engine)
    lock.ask_to_give_way(engine, first, hours(1))
    lock.ask_to_give_way(engine, first, hours(2))
    assert lock.wanted(engine)
    finish_run(engine, first, now=hours(2), reason=lock.GAVE_WAY, exit_code=0, counters={})
    assert not lock.wanted(engine)
    second = begin(engine, at=3)
    assert not lock.wanted(engine)
    lock.ask_to_give_way(engine, second, hours(4))
    begin(engine, at=5)  # the second was killed, and what was asked of it is over
    assert not lock.wanted(engine)
    assert [row["wanted_at"] for row in rows(engine, CrawlRun)] == [hours(1), hours(4), None]


def test_a_run_that_was_killed_is_marked_by_the_next_that_fetches(engine: Engine) -> None:
    killed = begin(engine)
    beat(engine, killed, now=hours(0.1), counters={"store/article_new": 7})
    reading = begin(engine, "replay", at=0.2)
    begin(engine, "newsfeed", at=0.21)
    first, replay, newsfeed = rows(engine, CrawlRun)
    assert (first["reason"], first["exit_code"], first["finished_at"]) == (DIED, None, None)
    assert (first["heartbeat_at"], first["counters"]) == (hours(0.1), {"store/article_new": 7})
    assert (replay["reason"], newsfeed["reason"]) == (None, None)
    begin(engine, "newsfeed", at=1)
    assert [row["reason"] for row in rows(engine, CrawlRun)] == [DIED, DIED, DIED, None]
    finish_run(engine, reading, now=hours(1), reason="finished", exit_code=0, counters={})  # the computer had slept
    assert rows(engine, CrawlRun)[1]["reason"] == "finished"


def test_a_replay_marks_no_run_that_fetches(engine: Engine) -> None:
    begin(engine)
    begin(engine, "replay", at=9)
    assert [row["reason"] for row in rows(engine, CrawlRun)] == [None, None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_database_file_has_one_lock_by_whatever_name(engine: Engine, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "kicrawl.db")
    other = archive.connect(f"sqlite:///{os.path.relpath(tmp_path / 'link.db')}")
    held = take(engine, begin(engine))
    assert not lock.lock_of(other).take()
    held.release()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_lock_file_that_somebody_deleted_is_noticed(engine: Engine, tmp_path: Path) -> None:
    held = take(engine, begin(engine))
    assert held.kept()
    (tmp_path / "kicrawl.db.lock").unlink()
    assert not held.kept()
    held.release()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_lock_that_was_lost_with_its_connection_is_taken_again(engine: Engine, other: Engine) -> None:
    run = begin(engine)
    held = take(engine, run)
    cut_connections(other)
    assert held.kept()
    assert lock.find_holder(other) == lock.Holder(run, "archive", NOON)
    cut_connections(other)
    theirs = take(other, begin(other, "newsfeed"))
    assert not held.kept()
    theirs.release()
    held.release()


def cut_connections(engine: Engine) -> None:
    """As a restart of the server does to those who hold the lock."""
    holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
    with engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) FROM ({holders}) AS holders"))
