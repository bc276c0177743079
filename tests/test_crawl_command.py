"""The crawl command: what is wrong is said in one line before anything starts, and the exit code tells the truth."""

from pathlib import Path

import pytest
from scrapy.settings import Settings

from kicrawl import runs
from kicrawl.archive import ArchiveError
from kicrawl.archive.models import CrawlRun
from kicrawl.commands.crawl import Command
from tests.replica import serve
from tests.running import rows, run

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens

SAID = [
    (["newsfeed", "-a", "pagse=3"], "unknown argument 'pagse' of newsfeed; allowed: since, pages, refresh"),
    (["newsfeed", "-a", "since=soon"], "argument since=soon of newsfeed: must be a date in UTC such as 2025-06-01"),
    (["newsfed"], "unknown spider 'newsfed'; there are: archive, authors, newsfeed, replay"),
    (["replay", "-a", "source=no-such.warc.gz"], "argument source=no-such.warc.gz of replay: there is no such file"),
    (["newsfeed", "-s", "DATABASE_URL=sqlite:///no/such/folder/a.db"], "for the database file"),
    (["newsfeed", "-s", "DATABASE_URL=postgresql://me@127.0.0.1:9/it"], "cannot be used"),
    (["newsfeed", "-s", "DATABASE_URL=postgresql://me:secret@127.0.0.1:9/it"], "can read it: set KICRAWL_DATABASE_URL"),
    (["newsfeed", "-s", "DATABASE_URL=postgresql:///it?password=secret"], "can read it: set KICRAWL_DATABASE_URL"),
]
REFUSED = [
    (["newsfeed"], {"pages": "none"}, {}, "argument pages=none of newsfeed: must be a whole number from 1 on"),
    (["newsfeed"], {"pages": "0"}, {}, "argument pages=0 of newsfeed: must be a whole number from 1 on"),
    (["newsfeed"], {"refresh": "maybe"}, {}, "argument refresh=maybe of newsfeed: must be 0 or 1"),
    (["newsfeed"], {"since": "0001-01-01T00:00+14:00"}, {}, "must be a date in UTC"),
    (["newsfeed", "replay"], {}, {}, "crawl needs one spider: archive, authors, newsfeed, replay"),
    ([], {}, {}, "crawl needs one spider: archive, authors, newsfeed, replay"),
    (["replay"], {}, {}, "replay needs -a source=..."),
    (["replay"], {"source": __file__}, {}, "test_crawl_command.py is no .warc"),
    (["replay"], {"source": "*.wet", "url": "about:blank"}, {}, "there is no such file"),
    (
        ["newsfeed"],
        {},
        {"SITE_ROOT": "kyivindependent.com"},
        "SITE_ROOT=kyivindependent.com: must be the root of a site",
    ),
    (["newsfeed"], {}, {"SITE_ROOT": "http://[x"}, "must be the root of a site"),
    (["newsfeed"], {}, {"SITE_ROOT": "https://kyivindependent.com/news/"}, "must be the root of a site"),
    (["newsfeed"], {}, {"SITE_ROOT": "http://here:port"}, "must be the root of a site"),
    (["newsfeed"], {}, {"STORE_BODY": "perhaps"}, "STORE_BODY=perhaps: must be 0 or 1"),
    (["newsfeed"], {}, {"DATABASE_URL": "kicrawl"}, "the database address is not one"),
    (["newsfeed"], {}, {"DATABASE_URL": "mysql://me@here/it"}, "kicrawl stores in sqlite or postgresql"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "line"), SAID, ids=[arguments[-1] for arguments, _ in SAID])
def test_what_is_wrong_is_said_in_one_line_before_anything_starts(
    tmp_path: Path, arguments: list[str], line: str
) -> None:
    ended = run("crawl", *arguments, folder=tmp_path)
    assert ended.code == 2
    assert len(ended.lines) == 1
    assert line in ended.err
    assert "secret" not in ended.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("spiders", "arguments", "settings", "line"), REFUSED)
def test_what_cannot_work_is_refused(
    spiders: list[str], arguments: dict[str, str], settings: dict[str, str], line: str
) -> None:
    command = Command()
    command.settings = Settings()
    command.settings.setmodule("kicrawl.settings", priority="project")
    command.settings.setdict({"DATABASE_URL": "sqlite://"} | settings, priority="cmdline")
    with pytest.raises((ValueError, ArchiveError)) as refusal:
        command.check(spiders, arguments)
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.slow
def test_an_unreachable_site_gives_one_line_and_exit_code_3(tmp_path: Path) -> None:
    ended = run("crawl", "newsfeed", folder=tmp_path, root=NOWHERE)
    assert ended.code == 3
    assert len(ended.lines) == 1
    assert "robots.txt cannot be had: the site cannot be reached" in ended.err
    [row] = rows(f"sqlite:///{tmp_path}/kicrawl.db", CrawlRun)
    assert row["exit_code"] == 3
    assert "cannot be reached" in row["reason"]


@pytest.mark.slow
def test_every_run_leaves_a_row_with_what_it_did(tmp_path: Path, database_url: str) -> None:
    with serve(count=3) as site:
        ended = run("crawl", "newsfeed", "-a", "_job=17", folder=tmp_path, database_url=database_url, root=site.root)
    assert ended.code == 0
    [row] = rows(database_url, CrawlRun)
    assert (row["spider"], row["job"], row["exit_code"], row["reason"]) == ("newsfeed", "17", 0, "finished")
    assert row["started_at"] < row["finished_at"]
    assert row["counters"]["store/article_new"] == 3


@pytest.mark.slow
def test_the_help_shows_each_spiders_arguments(tmp_path: Path) -> None:
    shown = run("crawl", "-h", folder=tmp_path).out
    for argument in ("since=", "pages=", "refresh=", "source=", "url="):
        assert f"-a {argument}" in shown


@pytest.mark.parametrize(
    ("counters", "reason", "said", "code"),
    [
        ({"store/article_new": 5}, "finished", [], 0),
        ({"store/article_new": 4, "newsfeed/fetch_failed": 1}, "finished", [], 0),
        ({"store/article_new": 3, "check/no_body": 1}, "finished", ["1 of 4 pages could not be read"], 3),
        ({"replay/challenge": 1}, "finished", ["1 of 1 pages could not be read"], 3),
        ({"replay/not_a_story": 9}, "finished", [], 0),
        ({"store/article_new": 5}, "shutdown", ["stopped before its end (shutdown)"], 3),
        ({"run/errors": 2}, "finished", ["2 errors, see the log"], 1),
        ({"run/errors": 1}, "storing_failed", ["stopped before its end (storing_failed)", "1 errors, see the log"], 1),
    ],
)
def test_the_exit_code_follows_from_what_was_counted(
    counters: dict[str, float], reason: str, said: list[str], code: int
) -> None:
    missing = runs.signs_of_trouble(counters, reason)
    assert (missing, runs.exit_code(counters, missing)) == (said, code)


def test_a_summary_says_when_there_was_nothing_new() -> None:
    assert runs.summary("newsfeed", {"store/article_unchanged": 16}) == "newsfeed: nothing new, 16 stories as before"
