"""search, show and changes: what a user sees of the archive on a terminal, in a pipe, and as JSON."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console
from sqlalchemy import Engine

from kicrawl import items
from kicrawl.commands.changes import Command as Changes
from kicrawl.commands.printing import marked, safe
from kicrawl.commands.search import Command as Search
from kicrawl.commands.show import Command as Show
from kicrawl.worddiff import compare
from tests.archived import ROOT, banner, hours, paragraph, story, write
from tests.asking import KINDS, ask, refused, shared_archive
from tests.planted import EDITS, edit
from tests.running import run
from tests.test_edits import BEFORE, PLANTED, edited

Tell = Callable[..., str]
EVIL = "Heron \x1b[31mred\x07 \u202e rests"


def fill(engine: Engine) -> None:
    """Two stories, one of them changed, and one with a headline that would steer a terminal."""
    ann, bo = ([items.Author(name=f"{name} Example", slug=name.lower())] for name in ("Ann", "Bo"))
    ferry = {"published_at": hours(1)}
    blocks = [
        banner("0 members on board"),
        paragraph("A heron held up the noon ferry."),
        banner("Buy a mug.", "appeal"),
    ]
    write(
        engine,
        story("ferry", title="Ferry waits", blocks=blocks, authors=ann, tags=["Birds"], **ferry),
        story("heron", title=EVIL, body="It sat on the pier.", published_at=hours(2), authors=bo, tags=["Boats"]),
        story("ferry", title="Ferry sails", body="A heron held up the late ferry.", seen_at=hours(3), **ferry),
    )


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An archive of these."""
    with shared_archive(request, tmp_path_factory) as engine:
        fill(engine)
        yield engine


@pytest.fixture
def tell(filled: Engine, capsys: pytest.CaptureFixture[str]) -> Tell:
    """Asks a command."""
    return lambda command, *arguments: ask(filled, capsys, command(), *arguments)


def test_a_search_prints_stories_with_what_was_found(tell: Tell) -> None:
    assert tell(Search, "held", "-zebra").splitlines() == [
        "Ferry sails",
        f"  2025-06-03 13:00 UTC · {ROOT}/ferry/",
        "  A heron *held* up the late ferry.",
    ]
    assert tell(Search, "zebra") == "nothing found\n"


def test_a_search_that_finds_nothing_says_which_name_is_unknown(tell: Tell) -> None:
    assert tell(Search, "held", "--author", "Bo Exampel") == (
        "nothing found; no story has the author 'Bo Exampel'; there are Bo Example\n"
    )
    assert tell(Search, "--tag", "Trains") == "nothing found; no story has the tag 'Trains'\n"
    assert tell(Search, "zebra", "--author", "bo", "--tag", "boats") == "nothing found\n"
    assert tell(Search, "--tag", "Trains", "--json") == "[]\n"


def test_a_search_in_another_script_or_with_odd_marks_is_no_mistake(tell: Tell) -> None:
    for words in (["Київ"], ['"open phrase'], ["100%"], ["-held", "%"], ["ї" * 999], ["a_b*c:d"]):
        assert tell(Search, *words)


def test_a_search_for_programs_has_marks_of_its_own(tell: Tell) -> None:
    [found] = json.loads(tell(Search, "held", "--json"))
    assert (found["excerpt"], found["published_at"]) == (
        "A heron [held] up the late ferry.",
        "2025-06-03T13:00:00.000Z",
    )


def test_a_word_with_a_minus_is_no_option(tell: Tell) -> None:
    assert tell(Search, "heron", "-sat", "--limit", "5").splitlines()[0] == "Ferry sails"
    assert tell(Search, "-late", "--json").startswith('[{"url": "https://kyivindependent.com/heron/"')


def test_control_characters_are_never_printed(tell: Tell) -> None:
    told = tell(Search, "heron") + tell(Show, "heron") + tell(Search, "heron", "--json") + tell(Show, "heron", "--json")
    assert not any(character in told for character in "\x1b\x07")
    assert "Heron \\x1b[31mred\\x07 \\u202e rests" in tell(Show, "heron")


def test_show_tells_of_a_story(tell: Tell) -> None:
    lines = tell(Show, "ferry").splitlines()
    assert lines[0] == "Ferry sails"
    assert "changed once since 2025-06-03 12:00 UTC (--diff shows it)" in lines
    assert lines[-1] == "A heron held up the late ferry."
    assert tell(Show, f"{ROOT}/ferry") == tell(Show, f"{ROOT}/ferry/") == tell(Show, "ferry")


def test_show_tells_what_changed_and_when(tell: Tell) -> None:
    lines = tell(Show, "ferry", "--diff").splitlines()
    assert lines[-5:] == [
        "change 1: headline, byline, wording",
        "changed between 2025-06-03 12:00 UTC and 2025-06-03 15:00 UTC",
        "title: Ferry [-waits-]{+sails+}",
        "body: A heron held up the [-noon-]{+late+} ferry.",
        "authors: [-Ann Example-]",
    ]


def test_show_tells_what_was_cut_and_where(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    fill(engine)
    blocks = [banner("9 members on board"), paragraph("It sat."), banner("Buy a mug.", "appeal"), paragraph("It flew.")]
    write(engine, story("pier", blocks=blocks))
    assert ask(engine, capsys, Show(), "pier", "--cut").split("\n\n")[1:] == [
        "[cut by membership_banner] 0 members on board",  # one banner, however its numbers change
        "It sat.",
        "[cut by appeal] Buy a mug.",
        "It flew.\n",
    ]
    cut = json.loads(ask(engine, capsys, Show(), "pier", "--cut", "--json"))["cut"]
    assert cut[1] == {"rule": "appeal", "text": "Buy a mug.", "block": 1}


def test_a_story_that_is_not_there_or_not_the_only_one_is_said(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(engine)
    write(engine, story("ferry", url=f"{ROOT}/national/ferry/", body="Another.", ghost_id="1"))
    assert refused(engine, capsys, Show(), "zebra").startswith("no story 'zebra' in the archive")
    assert refused(engine, capsys, Show(), "ferry") == f"'ferry' may be one of {ROOT}/ferry/, {ROOT}/national/ferry/"
    assert refused(engine, capsys, Show()) == "show needs one story: its address, or the last part of it"


def test_changes_are_told_with_their_kinds(tell: Tell) -> None:
    assert tell(Changes).splitlines() == [
        "Ferry sails",
        "  headline, byline, wording · changed between 2025-06-03 12:00 UTC and 2025-06-03 15:00 UTC"
        " · https://kyivindependent.com/ferry/",
        "  title: Ferry [-waits-]{+sails+}",
        "  body: A heron held up the [-noon-]{+late+} ferry.",
        "  authors: [-Ann Example-]",
    ]
    assert tell(Changes, "--kind", "number") == tell(Changes, "--since", "2025-06-04") == "no changes found\n"


def test_changes_are_told_to_readers_of_feeds(tell: Tell, tmp_path: Path) -> None:
    assert tell(Changes, "--kind", "byline,number", "--atom", str(tmp_path / "changes.xml")) == ""
    feed = ElementTree.parse(tmp_path / "changes.xml").getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    [entry] = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}id") == f"{ROOT}/ferry/#change-1"
    assert "<del>noon</del><ins>late</ins>" in (entry.findtext(f"{atom}content") or "")


def as_item(place: int, said: dict[str, Any], at: float) -> items.Article:
    """A story that says so."""
    blocks = [paragraph(text) for text in said["body"].split("\n\n") if text]
    authors = [items.Author(name=name) for name in said["authors"]]
    given = {name: said[name] for name in ("title", "subtitle", "captions")}
    return story(f"edit-{place}", blocks=blocks, authors=authors, seen_at=hours(at), **given)


def test_twice_seventy_edits_are_told_by_their_kinds(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(BEFORE, edited(field, old, new)) for _, field, old, new in PLANTED]
    pairs += [(before, edit(before, field, old, new)) for _, before, field, old, new in EDITS]
    write(engine, *(as_item(place, before, 0) for place, (before, _) in enumerate(pairs)))
    write(engine, *(as_item(place, after, 1 + place / 10) for place, (_, after) in enumerate(pairs)))
    told = [json.loads(line) for line in ask(engine, capsys, Changes(), "--json").splitlines()]
    assert [edit["kinds"] for edit in reversed(told)] == [[kind] for kind, *_ in [*PLANTED, *EDITS]]


def test_a_diff_is_coloured_on_a_terminal_and_marked_in_a_pipe() -> None:
    pieces = compare("It all moved in on Monday, they said.", "It all moved in on Tuesday, they said.")
    out = Console(force_terminal=True, color_system="standard", width=80)
    with out.capture() as shown:
        out.print(marked(pieces, context=9, plain=False))
    assert "\x1b[9;31mMonday\x1b[0m\x1b[32mTuesday\x1b[0m" in shown.get()
    assert marked(pieces, context=1, plain=True).plain == "It … on [-Monday-]{+Tuesday+}, they said."
    assert safe("a\nb\x1b").plain == "a\nb\\x1b"


WRONG = [
    (Search, [], 'search for what? Words, "a phrase", -without, --author, --tag ...'),
    (Search, ["!!"], "no word in '!!'"),
    (
        Search,
        ["a", "--published-since", "2025-06-01", "--published-until", "2025-05-01"],
        "--published-since must be before --published-until",
    ),
    (Search, ["a", "--limit", "0"], "--limit 0: must be a whole number from 1 on"),
    (Changes, ["--kind", "typo"], "--kind typo: must be one or more of headline,byline,correction,number,"),
    (Changes, ["all"], "changes takes no 'all'"),
    (Changes, ["--atom", "/no/such/file"], "cannot write /no/such/file: there is no folder /no/such;"),
]


@pytest.mark.parametrize(("command", "arguments", "line"), WRONG)
def test_what_makes_no_sense_is_said_in_a_line(
    filled: Engine, capsys: pytest.CaptureFixture[str], command: type, arguments: list[str], line: str
) -> None:
    assert refused(filled, capsys, command(), *arguments).startswith(line)


@pytest.mark.slow
def test_the_commands_have_examples_and_need_an_archive(tmp_path: Path) -> None:
    for command in ("search", "show", "changes"):
        assert f"Examples:\n  kicrawl {command}" in run(command, "-h", folder=tmp_path).out
    ended = run("search", "heron", folder=tmp_path)
    assert (ended.code, ended.lines) == (
        2,
        ["kicrawl: no archive in kicrawl.db: crawl first, or set KICRAWL_DATABASE_URL"],
    )
