"""`kicrawl status`: what the last runs did in plain words, and an alarm when none has completed lately."""

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl.archive import lock
from kicrawl.archive.runs import beat, finish_run, refuse_run, start_run
from kicrawl.commands.status import Command, describe_run, read_age
from tests.archived import NOON, ROOT, hours, story, write
from tests.running import run

HOLDER = lock.Holder(7, "newsfeed", NOON)
ROW: dict[str, Any] = {
    "id": 7,
    "spider": "newsfeed",
    "job": None,
    "started_at": NOON,
    "heartbeat_at": hours(0.01),
    "wanted_at": None,
    "finished_at": hours(0.01),
    "reason": "finished",
    "exit_code": 0,
    "counters": {"store/article_new": 3, "store/article_unchanged": 5},
}
DID = "3 stories new, 0 changed, 5 as before, 0 author profiles"


@pytest.mark.parametrize(
    ("values", "holder", "line"),
    [
        ({}, None, f"newsfeed: {DID} - took 36 s, exit code 0"),
        ({"counters": {}}, None, "newsfeed: nothing new, 0 stories as before - took 36 s, exit code 0"),
        (
            {"spider": "archive", "reason": "gave_way"},
            None,
            f"archive: {DID} - took 36 s, exit code 0 (gave way to newsfeed)",
        ),
        (
            {"reason": "the list could not be read", "exit_code": 3},
            None,
            f"newsfeed: {DID} - took 36 s, exit code 3 (the list could not be read)",
        ),
        ({"finished_at": None, "reason": None, "exit_code": None}, HOLDER, f"newsfeed: {DID} - running for 3 min"),
        (
            {"finished_at": None, "reason": None, "exit_code": None},
            None,
            f"newsfeed: {DID} - died, last sign of life 2 min ago",
        ),
        (
            {"finished_at": None, "reason": "died", "exit_code": None},
            HOLDER,
            f"newsfeed: {DID} - died, last sign of life 2 min ago",
        ),
        (
            {"spider": "replay", "finished_at": None, "reason": None, "exit_code": None},
            None,
            f"replay: {DID} - running for 3 min",
        ),
        (
            {"exit_code": 4, "reason": "run 6 (archive, since ...) holds the lock", "counters": {}},
            None,
            "newsfeed: did not run, exit code 4: run 6 (archive, since ...) holds the lock",
        ),
    ],
)
def test_a_run_is_told_in_a_line(values: dict[str, Any], holder: lock.Holder | None, line: str) -> None:
    told = describe_run({**ROW, **values}, holder, hours(0.05))
    assert told == f"run 7 of 2025-06-03 12:00 UTC, {line}"


def status(engine: Engine, *options: str) -> int:
    """The command, in this program."""
    command = Command()
    parser = argparse.ArgumentParser()
    command.settings = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    for option in ("--runs", "--max-age", "--spider"):
        parser.add_argument(option)
    for option in ("--json", "--check"):
        parser.add_argument(option, action="store_true")
    parser.set_defaults(runs="10", max_age="30m", spider="newsfeed")
    given = parser.parse_args(options)
    given.max_age = read_age(given.max_age)
    command.run([], given)
    return command.exitcode


def completed(engine: Engine, ago: timedelta, exit_code: int = 0, reason: str = "finished") -> None:
    """A newsfeed run that ended some time ago."""
    now = datetime.now(UTC) - ago
    run_id = start_run(engine, spider="newsfeed", job=None, now=now)
    finish_run(engine, run_id, now=now, reason=reason, exit_code=exit_code, counters={})


def alarm(engine: Engine, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What a check says that fails; one line."""
    with pytest.raises(SystemExit) as left:
        status(engine, "--check", *options)
    assert left.value.code == 3
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_the_check_is_content_with_a_run_that_completed_lately(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    completed(engine, timedelta(minutes=20))
    status(engine, "--check", "--max-age", "30m")
    assert capsys.readouterr().out == "newsfeed completed 20 min ago (run 1)\n"
    assert alarm(engine, capsys, "--max-age", "10m") == (
        "kicrawl: no newsfeed run has completed in the last 10 min: the last one did 20 min ago (run 1)"
    )


def test_the_check_is_told_to_programs(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    completed(engine, timedelta(minutes=20))
    assert status(engine, "--check", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["spider"], told["alarm"]) == (True, "newsfeed", None)
    assert 1200 <= told["completed_seconds_ago"] < 1300
    assert status(engine, "--check", "--json", "--max-age", "1m") == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["alarm"].partition(":")[0]) == (False, "no newsfeed run has completed in the last 60 s")


def test_the_check_fails_if_there_never_was_a_run(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert alarm(engine, capsys) == "kicrawl: no newsfeed run has completed in the last 30 min"


def test_runs_that_began_or_failed_do_not_count(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    completed(engine, timedelta(hours=3))
    completed(engine, timedelta(minutes=1), exit_code=3, reason="the site answers 403")
    start_run(engine, spider="newsfeed", job=None, now=datetime.now(UTC))
    assert alarm(engine, capsys) == (
        "kicrawl: no newsfeed run has completed in the last 30 min: the last one did 3 h ago (run 1); "
        "run 2 ended with exit code 3: the site answers 403"
    )


def test_what_has_changed_on_the_site_is_told_and_fails_the_check(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    ago, line = datetime.now(UTC) - timedelta(minutes=9), "title from h1 instead of embedded (9 of 9 stories)"
    changed = {"about": "title", "kind": "source", "line": line, "grave": False}
    notes = {"reason": "finished", "exit_code": 0, "counters": {}, "readings": [], "alarms": [changed]}
    finish_run(engine, start_run(engine, spider="newsfeed", job=None, now=ago), now=ago, **notes)  # type: ignore[arg-type]
    completed(engine, timedelta(minutes=4))
    status(engine)
    assert f"  changed: {line}" in capsys.readouterr().out.splitlines()
    assert alarm(engine, capsys) == f"kicrawl: run 1 of newsfeed found the site changed: {line}"


def test_status_tells_of_archive_frontier_and_runs(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        engine, story(published_at=NOON), story("tide-turns", title="Tide turns", body="It was late.", seen_at=hours(1))
    )
    now = datetime.now(UTC)
    running = start_run(engine, spider="newsfeed", job="17", now=now - timedelta(minutes=5))
    held = lock.lock_of(engine)
    assert held.take()
    held.sign(running)
    beat(engine, running, now=now, counters={"store/article_new": 2})
    refuse_run(engine, spider="newsfeed", job=None, started_at=now, now=now, reason="run 1 is at it", exit_code=4)
    status(engine)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ("archive: 2 stories, the newest of 2025-06-03 12:00 UTC, 0 revisions, 0 authors, 0 captures")
    assert [line for line in lines if line.startswith("frontier, story: 2 stored")]
    assert "did not run, exit code 4: run 1 is at it" in lines[-2]
    assert lines[-1].endswith("2 stories new, 0 changed, 0 as before, 0 author profiles - running for 5 min")
    status(engine, "--json", "--runs", "2")
    told = json.loads(capsys.readouterr().out)
    held.release()
    assert (told["archive"]["stories"], told["fetching"], told["frontier"]["story"]["stored"]) == (2, running, 2)
    assert [row["state"] for row in told["runs"]] == ["refused", "running"]
    assert told["runs"][1]["job"] == "17"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-age", "soon"], "kicrawl: --max-age soon: must be a number and a unit: 90s, 30m, 2h or 1d"),
        (["--check"], "kicrawl: no archive in kicrawl.db: crawl first, or set KICRAWL_DATABASE_URL"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = run("status", *arguments, folder=tmp_path)
    assert (ended.code, ended.lines) == (2, [said])
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_command_reads_its_options(tmp_path: Path, engine: Engine, database_url: str) -> None:
    write(engine, story(url=f"{ROOT}/a-story/", slug="a-story"))
    completed(engine, timedelta(minutes=1))
    shown = run("status", "--json", folder=tmp_path, database_url=database_url)
    assert (shown.code, json.loads(shown.out)["archive"]["stories"]) == (0, 1)
    assert run("status", "--check", "--max-age", "5m", folder=tmp_path, database_url=database_url).code == 0
    assert run("status", "--check", "--spider", "archive", folder=tmp_path, database_url=database_url).code == 3


def test_status_tells_how_fresh_the_archive_is_and_what_it_lacks(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    day = timedelta(days=1)
    moments = [NOON + number * day for number in (0, 1, 4, 9)]
    write(engine, *(story(f"story-{at:%d}", published_at=at, subtitle="By a mile") for at in moments[:3]))
    write(engine, story("last", published_at=moments[3], tags=["Sea"], seen_at=hours(1)))
    completed(engine, timedelta(minutes=20))
    status(engine)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("freshness: the newest story is ")
    assert lines[1].endswith(" old, newsfeed completed 20 min ago")
    assert lines[2].startswith("fields missing: kicker 100 %, ")
    assert "tags 75 %, subtitle 25 %" in lines[2]
    assert lines[3] == "days without a story: 6, the latest 2025-06-08 to 2025-06-11, 2025-06-05 to 2025-06-06"
    status(engine, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["gaps"] == [["2025-06-08", "2025-06-11"], ["2025-06-05", "2025-06-06"]]
    assert (told["missing"]["subtitle"], told["missing"]["body"]) == (1, 0)
    assert told["freshness"]["newest_story"] == "2025-06-12T12:00:00.000Z"
