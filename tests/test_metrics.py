"""kicrawl.prom: what Prometheus reads of the last runs, from real rows of both databases."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, insert

from kicrawl import archive, metrics
from kicrawl.archive.health import forget_readings, last_of_each, past_readings, recent_texts
from kicrawl.archive.models import Capture
from kicrawl.archive.runs import finish_run, refuse_run, start_run
from kicrawl.archive.status import last_read
from kicrawl.health import Alarm, Reading, note, pack
from tests.archived import NOON, ROOT, hours, story, write

READ = pack([Reading(story="a", sources={"title": "h1"}, layout="C"), Reading(story="b", sources={}, layout="C")])
ALARM = note(Alarm(about="title", kind="missing", line="title is missing on 1 of 2 stories", grave=True))
FIGURES = """\
# HELP kicrawl_stories Stories in the archive.
# TYPE kicrawl_stories gauge
kicrawl_stories 7
# HELP kicrawl_run_finished_timestamp_seconds When the last run ended.
# TYPE kicrawl_run_finished_timestamp_seconds gauge
kicrawl_run_finished_timestamp_seconds{spider="newsfeed"} 1748959200.0
kicrawl_run_finished_timestamp_seconds{spider="archive"} 1748955600.0
"""


def ended(engine: Engine, spider: str, at: float, exit_code: int = 0, **notes: object) -> int:
    """A run that ended so many hours after noon."""
    run = start_run(engine, spider=spider, job=None, now=hours(at - 0.01))
    end = {"reason": "finished", "exit_code": exit_code, "counters": {"store/article_new": 2}, **notes}
    finish_run(engine, run, now=hours(at), **end)  # type: ignore[arg-type]
    return run


def test_the_figures_tell_of_the_last_run_of_each_spider(engine: Engine) -> None:
    ended(engine, "newsfeed", 1)
    ended(engine, "newsfeed", 2, exit_code=3, readings=READ, alarms=[ALARM])
    ended(engine, "archive", 1)
    refuse_run(engine, spider="archive", job=None, started_at=hours(3), now=hours(3), reason="locked", exit_code=4)
    text = metrics.render(last_of_each(engine, ["newsfeed", "archive", "authors"]), 7)
    assert text.startswith(FIGURES)
    lines = text.splitlines()
    assert 'kicrawl_run_completed_timestamp_seconds{spider="newsfeed"} 1748955600.0' in lines
    assert 'kicrawl_run_exit_code{spider="newsfeed"} 3' in lines
    assert 'kicrawl_run_stories{spider="newsfeed",outcome="new"} 2' in lines
    assert 'kicrawl_run_alarms{spider="newsfeed",grave="true"} 1' in lines
    assert 'kicrawl_run_alarms{spider="archive",grave="true"} 0' in lines
    assert 'kicrawl_run_field_share{spider="newsfeed",field="title"} 0.5' in lines


def test_the_file_is_replaced_at_once_and_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "kicrawl.prom"
    path.write_text("old")
    metrics.write(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o444 == 0o444


def test_runs_are_compared_with_those_of_their_spider_that_read_anything(engine: Engine) -> None:
    ended(engine, "newsfeed", 1, readings=READ, alarms=[])
    ended(engine, "newsfeed", 2)
    last = ended(engine, "newsfeed", 3, readings=READ[:1], alarms=[ALARM])
    ended(engine, "archive", 4, readings=READ, alarms=[])
    ended(engine, "newsfeed", 5)
    assert past_readings(engine, "newsfeed", NOON) == [(hours(3), READ[:1]), (hours(1), READ)]
    assert past_readings(engine, "newsfeed", hours(2)) == [(hours(3), READ[:1])]
    found = last_read(engine, "newsfeed")
    assert found is not None
    assert (found["id"], found["alarms"]) == (last, [ALARM])


def test_old_readings_are_let_go_and_alarms_are_kept(engine: Engine) -> None:
    ended(engine, "newsfeed", 1, readings=READ, alarms=[ALARM])
    ended(engine, "newsfeed", 3, readings=READ, alarms=[])
    forget_readings(engine, hours(2), looking_back=timedelta(days=2))
    assert past_readings(engine, "newsfeed", NOON) == [(hours(3), READ)]
    [row] = last_of_each(engine, ["newsfeed"])
    assert row["readings"] == READ


def test_recent_texts_are_those_of_the_captures_taken_last(engine: Engine) -> None:
    write(engine, story(body="First."), story("tide-turns", body="Second."), story("fog", body="Third."))
    assert recent_texts(engine, 40) == [], "no capture, no page"
    kept = {"fetched_at": NOON, "status": 200, "file": "a.warc.gz", "length": 1, "digest": "sha1:x"}
    with archive.writing(engine) as connection:
        for place, slug in enumerate(["lighthouse-moves-inland", "tide-turns", "fog"]):
            connection.execute(insert(Capture).values(url=f"{ROOT}/{slug}/", offset=place, **kept))
    assert recent_texts(engine, 2) == [["Third."], ["Second."]]
