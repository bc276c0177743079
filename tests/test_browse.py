"""`kicrawl browse`, asked as a browser asks: what the pages show, what they hide, and that they only read."""

import asyncio
import json
import re
import socket
import sqlite3
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import archive, items
from kicrawl.archive.columns import explain_tables
from kicrawl.archive.runs import finish_run, start_run
from kicrawl.browse import charts, pages
from kicrawl.browse.app import open_browser
from kicrawl.browse.pages import Piece, split_pieces
from kicrawl.commands.browse import check_archive, serve
from tests.archived import NOON, ROOT, banner, hours, paragraph, story, write
from tests.running import run, started

HOSTILE = "<script>alert('title')</script> & <b>bold</b>"
HARBOR = [
    banner("Menu of the harbor", rule="header"),
    paragraph("The harbor froze on Monday."),
    banner("Support our harbor reporting", rule="appeal"),
    paragraph("Nobody had seen that before.", kind="quote"),
    banner("Read more about harbors", rule="after_story"),
]
ANN = items.Author(name="Ann O'Dell")
EARLIER = {"title": "Harbor freezes", "blocks": HARBOR[:-1], "published_at": NOON, "authors": [ANN]}
LATER = {**EARLIER, "title": "Harbor thaws", "blocks": [*HARBOR[:2], paragraph("It thawed."), *HARBOR[2:]]}
LANTERNS = {
    "title": "Lanterns out",
    "body": "The lanterns went out.",
    "published_at": hours(-48),
    "authors": [items.Author(name="Bo Fern", slug="bo"), ANN],
    "tags": ["Light & dark"],
    "sources": {"title": "h1"},
}
SCRIPTED = {
    "title": HOSTILE,
    "subtitle": HOSTILE,
    "body": f"It said {HOSTILE} twice.",
    "published_at": hours(-1000),
    "authors": [items.Author(name=HOSTILE)],
    "tags": [HOSTILE],
    "captions": [HOSTILE],
    "blocks": [banner(HOSTILE, rule="appeal"), paragraph(f"It said {HOSTILE} twice."), banner(f"Below {HOSTILE}")],
}
STORIES = [
    story("harbor", **EARLIER),
    story("lantern", **LANTERNS),
    story("hostile", **SCRIPTED),
    story("harbor", **LATER, seen_at=hours(1)),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three stories, of which one was changed, and of two runs."""
    file = tmp_path_factory.mktemp("browse") / "odd name.db"
    engine = archive.open_archive(f"sqlite:///{file}")
    for item in STORIES:
        write(engine, item)
    for minutes, code in ((0, 0), (5, 3)):
        now = NOON + timedelta(minutes=minutes)
        number = start_run(engine, spider="newsfeed", job=None, now=now)
        counters = {"store/article_new": 3}
        finish_run(engine, number, now=now, reason=f"ended <{code}>", exit_code=code, counters=counters)
    engine.dispose()
    return file


class Browser:
    """Asks without a network."""

    def __init__(self, file: Path) -> None:
        self.datasette = open_browser(file)

    def get(self, path: str, **options: Any) -> Any:
        """The answer."""
        return asyncio.run(self.datasette.client.get(path, **options))

    def read(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return str(answer.text)


@pytest.fixture(scope="module")
def browser(file: Path) -> Iterator[Browser]:
    """A browser of that archive."""
    browser = Browser(file)
    yield browser
    browser.datasette.executor.shutdown()


def headlines(page: str) -> list[str]:
    """The stories that a page lists."""
    return re.findall(r'<a href="/story/\d+">([^<]*)</a>', page)


def test_the_start_page_says_what_is_there_and_leads_on(browser: Browser) -> None:
    page = browser.read("/")
    assert "3 stories, 22 April 2025 to 3 June 2025" in page
    assert headlines(page)[:2] == ["Harbor thaws", "Lanterns out"]
    assert 'href="/archive/most-revised"' in page
    assert page.count("<rect") == 90
    assert "did not complete" in page
    assert "<option>Ann O&#39;Dell</option>" in page


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    archive.open_archive(f"sqlite:///{tmp_path}/empty.db").dispose()
    empty = Browser(tmp_path / "empty.db")
    assert "kicrawl crawl newsfeed" in empty.read("/")
    for path in ("/stories", "/charts", "/stories?q=harbor"):
        empty.read(path)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Harbor thaws", "Lanterns out"]),
        ("q=harbor", ["Harbor thaws"]),
        ("q=went+-harbor", ["Lanterns out"]),
        ("q=%22went+out%22", ["Lanterns out"]),
        ("q=%22out+went%22", []),
        ("q=-harbor+-twice", ["Lanterns out"]),
        ("author=Ann+O%27Dell", ["Harbor thaws", "Lanterns out"]),
        ("author=Bo+Fern&q=lanterns", ["Lanterns out"]),
        ("tag=Light+%26+dark", ["Lanterns out"]),
        ("since=2025-06-01&until=2025-06-01", ["Lanterns out"]),
        ("q=zzz", []),
        ("page=7", []),
    ],
)
def test_stories_are_found_by_words_author_tag_and_day(browser: Browser, asked: str, found: list[str]) -> None:
    assert [title for title in headlines(browser.read(f"/stories?{asked}")) if "script" not in title] == found


@pytest.mark.parametrize(
    "words", ['"', "--", "-only", "AND", "a*b NEAR(", "col:x", "'; DROP TABLE article", "\x02", "%"]
)
def test_no_search_breaks_the_page(browser: Browser, words: str) -> None:
    assert browser.get("/stories", params={"q": words}).status_code == 200


def test_what_cannot_be_looked_for_is_said(browser: Browser) -> None:
    assert "there is no word in ---" in browser.read("/stories?q=---")
    assert "yesterday is not a day such as 2025-06-03" in browser.read("/stories?since=yesterday")


def test_found_words_are_marked(browser: Browser) -> None:
    assert "The <mark>lanterns</mark> went out." in browser.read("/stories?q=lantern")


def test_a_list_goes_on_over_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kicrawl.browse.questions.ON_A_PAGE", 2)
    monkeypatch.setattr("kicrawl.browse.questions.list_stories.__defaults__", (2,))
    assert 'href="/stories?page=2">Older' in browser.read("/stories")
    second = browser.read("/stories?page=2")
    assert ("3 to 3" in second, 'href="/stories?page=1">Newer' in second) == (True, True)


def test_a_story_shows_kept_and_cut_pieces_in_the_order_of_the_page() -> None:
    cut = [
        {"block": 0, "text": "Menu", "rule": "header"},
        {"block": 1, "text": "Support us", "rule": "appeal"},
        {"block": 2, "text": "More", "rule": None},
    ]
    above, within, below = split_pieces([{"kind": "paragraph", "text": "One."}, {"kind": "quote", "text": "Two."}], cut)
    assert above == [Piece("Menu", "cut", "header")]
    assert within == [Piece("One.", "paragraph"), Piece("Support us", "cut", "appeal"), Piece("Two.", "quote")]
    assert below == [Piece("More", "cut", "unknown")]


def test_a_page_of_which_all_was_cut_shows_it_all() -> None:
    above, within, below = split_pieces([], [{"block": 0, "text": "Menu", "rule": "header"}])
    assert ([piece.text for piece in above], within, below) == (["Menu"], [], [])


def test_a_story_page_tells_of_cuts_earlier_texts_and_sources(browser: Browser) -> None:
    page = browser.read("/story/1")
    assert "Between 3 June 2025, 12:00 UTC and 3 June 2025, 13:00 UTC: headline, added" in page
    assert "Harbor <del>freezes</del><ins>thaws</ins>" in page
    assert "<ins>It thawed.</ins>" in re.sub(r"\s*(</?ins>)\s*", r"\1", page)
    assert "1 piece cut above the story" in page
    assert '<span class="rule">cut: appeal</span><p>Support our harbor reporting</p>' in page
    assert '<div class="piece kept"><blockquote>Nobody had seen that before.</blockquote></div>' in page
    page = browser.read("/story/2")
    assert "<dt>title</dt><dd>h1</dd>" in page
    assert '<a href="/stories?author=Bo+Fern">Bo Fern</a>' in page


@pytest.mark.parametrize("asked", [f"{ROOT}/harbor/", "harbor"])
def test_a_story_is_found_by_its_address(browser: Browser, asked: str) -> None:
    answer = browser.get("/story", params={"url": asked})
    assert (answer.status_code, answer.headers["location"]) == (302, "/story/1")


@pytest.mark.parametrize("path", ["/story/77", "/story?url=https%3A%2F%2Fexample.org%2F", "/story"])
def test_a_story_that_is_not_there_is_said_to_be_so(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, "No such story" in answer.text) == (404, True)


def test_charts_show_days_months_sources_cuts_and_runs(browser: Browser) -> None:
    page = browser.read("/charts")
    assert page.count("<svg") == 5
    assert "<title>2025-06-03: 1</title>" in page
    assert "title: h1" in page
    assert "run 2, newsfeed, 3 June 2025, 12:05 UTC: 3 new, 0 changed, exit code 3 (ended &lt;3&gt;)" in page
    assert re.search(r"2025-06: [1-9]\d% cut", page)


def test_months_without_a_story_stand_empty_in_the_chart(browser: Browser) -> None:
    assert "<title>2025-05: 0</title>" in browser.read("/charts")


def test_a_chart_of_nothing_is_empty() -> None:
    assert charts.draw_columns([], "nothing").boxes == charts.draw_shares({}, "nothing").boxes == []


@pytest.mark.parametrize(
    "path",
    ["/", "/stories", "/stories?q=twice", "/story/3", "/charts", "/archive", "/archive/article", "/archive/article/3",
     "/archive/article?_search=twice", "/archive/boilerplate", "/archive/stories-by-author?author=%3Cscript%3E"],
)  # fmt: skip
def test_a_hostile_story_runs_nothing(browser: Browser, path: str) -> None:
    page = browser.read(path)
    assert not re.search(r"<script>alert|<b>bold", page)


@pytest.mark.parametrize("path", ["/?q=%3Cscript%3Ealert", "/stories?q=%3Cscript%3Ealert&author=%3Cb%3Ebold"])
def test_what_is_asked_is_escaped_too(browser: Browser, path: str) -> None:
    assert not re.search(r"<script>alert|<b>bold", browser.read(path))


@pytest.mark.parametrize("path", ["/", "/stories", "/story/1", "/charts", "/story/99"])
def test_our_pages_load_nothing_from_elsewhere_and_run_nothing(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!kyivindependent\.com)', answer.text)


@pytest.mark.parametrize("path", ["/archive", "/archive/article", "/archive/most-revised"])
def test_datasettes_pages_load_nothing_from_elsewhere(browser: Browser, path: str) -> None:
    loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"', browser.read(path))
    assert [
        address
        for address in loaded
        if not address.startswith(("/-/static/", "/tables.css", "http://localhost/archive"))
    ] == []


def test_tables_explain_their_columns_and_offer_facets_and_search(browser: Browser) -> None:
    page = browser.read("/archive/article")
    assert "the headline" in page
    for facet in ("kind", "access", "language", "layout"):
        assert f'data-column="{facet}"' in page
    assert 'name="_search"' in page
    rows = browser.get("/archive/article.json?_search=thawed&_shape=array").json()
    assert [row["title"] for row in rows] == ["Harbor thaws"]


def test_every_table_that_is_shown_is_explained(browser: Browser) -> None:
    shown = browser.get("/archive.json").json()["tables"]
    assert {table["name"] for table in shown if not table["hidden"]} == {*explain_tables()} - {*pages.INNER}


def test_an_address_in_a_table_leads_to_our_page_first(browser: Browser) -> None:
    assert 'href="/story?url=https%3A%2F%2Fkyivindependent.com%2Fharbor%2F"' in browser.read("/archive/new-today") or (
        'href="/story?url=https%3A%2F%2Fkyivindependent.com%2Fharbor%2F"' in browser.read("/archive/article")
    )


@pytest.mark.parametrize("query", pages.offered_queries(), ids=lambda query: query.name)
def test_every_query_that_is_offered_runs(browser: Browser, query: Any) -> None:
    answer = browser.get(f"/archive/{query.name}.json", params=dict.fromkeys(query.words, "harbor"))
    assert (answer.status_code, answer.json().get("error")) == (200, None)


def test_nothing_can_be_written(browser: Browser) -> None:
    answer = browser.get("/archive.json", params={"sql": "DELETE FROM article"})
    assert "must be a SELECT" in json.dumps(answer.json())
    with (
        closing(browser.datasette.get_database("archive").connect()) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM article")


def test_what_a_crawl_writes_meanwhile_is_shown(browser: Browser, file: Path, engine_of: Engine) -> None:
    write(engine_of, story("late", title="Late news", body="It came late.", published_at=hours(-2000)))
    assert headlines(browser.read("/stories?q=late")) == ["Late news"]


@pytest.fixture
def engine_of(file: Path) -> Iterator[Engine]:
    """The same archive, open for a crawl."""
    engine = archive.connect(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8001", 200),
        ("127.0.0.1", 200),
        ("[::1]:8001", 200),
        ("evil.example", 403),
        ("127.0.0.1.example", 403),
    ],
)
def test_only_callers_of_this_machine_are_answered(browser: Browser, host: str, status: int) -> None:
    assert browser.get("/", headers={"Host": host}).status_code == status


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "database_url", "said"),
    [
        ([], None, "kicrawl: no archive in kicrawl.db: crawl first, or set KICRAWL_DATABASE_URL"),
        (["none.db"], None, "kicrawl: no archive in none.db: crawl first, or name another file"),
        (["text.db"], None, "kicrawl: text.db is no archive of kicrawl that can be read: file is not a database"),
        (["a.db", "b.db"], None, "kicrawl: browse takes one FILE, not also 'b.db'"),
        ([], "mysql://me@here/it", "kicrawl: kicrawl stores in sqlite or postgresql, not in mysql"),
        (["--port", "web"], None, "kicrawl: --port web: must be a number up to 65535"),
        (
            [],
            "postgresql://nobody@127.0.0.1/nothing",
            "kicrawl: a PostgreSQL archive is browsed through an export: "
            "kicrawl export --format sqlite -o copy.db, then kicrawl browse copy.db",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, arguments: list[str], database_url: str | None, said: str
) -> None:
    (tmp_path / "text.db").write_text("This is no database, however long one looks at it. " * 10)
    ended = run("browse", *arguments, folder=tmp_path, database_url=database_url)
    assert (ended.code, ended.lines) == (2, [said])


@pytest.mark.slow
def test_an_export_of_either_database_can_be_browsed(tmp_path: Path, engine: Engine, database_url: str) -> None:
    write(engine, STORIES[0])
    write(engine, STORIES[3])
    exported = run("export", "--format", "sqlite", "-o", "copy.db", folder=tmp_path, database_url=database_url)
    assert exported.code == 0, exported.lines
    check_archive(tmp_path / "copy.db")
    copy = Browser(tmp_path / "copy.db")
    assert headlines(copy.read("/stories?q=thawed")) == ["Harbor thaws"]
    assert "<ins>" in copy.read("/story/1")


@pytest.mark.slow
def test_the_address_is_told_to_programs(tmp_path: Path, file: Path) -> None:
    with started("browse", str(file), "--port", "0", "--json", folder=tmp_path) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        assert told["file"] == str(file)
        with urllib.request.urlopen(f"{told['address']}charts") as answer:
            assert answer.status == 200


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_to_be_so(tmp_path: Path, file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("browse", str(file), "--port", str(port), folder=tmp_path)
    said = f"kicrawl: port {port} cannot be had (Address already in use): --port 0 takes any that is free"
    assert (ended.code, ended.lines) == (2, [said])


def test_without_datasette_the_extra_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(SystemExit) as left:
        serve(file, door, open_page=False)
    assert left.value.code == 2
    assert capsys.readouterr().err == "kicrawl: browse needs Datasette: pip install 'kicrawl[browse]'\n"
