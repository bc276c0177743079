"""What README and docs/ show runs: commands, statements on both databases, programs. Links lead somewhere."""

import re
import shutil
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, items
from kicrawl.archive.models import Article, Capture
from kicrawl.archive.runs import finish_run, start_run
from tests.archived import NOON, ROOT, banner, hours, paragraph, story, write
from tests.crawled import crawled
from tests.replica import Site
from tests.running import BIN, run
from tests.shown import HOUSE, PAGES, PROGRAMS, Shown, commands, of_language, read_commands, words_of

MAKEFILE = (HOUSE / "Makefile").read_text(encoding="utf-8")
VALUES = {"author": "Ann O'Dell", "tag": "Boats", "words": "ferry", "slug": "ferry"}  # of the statements' :words
# Programs that need root, a server or another machine; only the files that they are given are looked for.
ELSEWHERE = """
    apt adduser su install chgrp systemctl python3 (umask printf cd export unset curl
    createdb psql pg_dump pg_restore scrapyd scrapyd-deploy dask
""".split()
FILES = ("cp", "mkdir", "rm")  # run, in the folder
STAYS = ("browse",)  # serves until it is stopped: tests/test_chromium.py runs it
FAR = ("s3://", "tcp://", "postgresql://")  # on other machines
COMPLAINS = ("probe",)  # may end with 3
LAST = "purge"  # what it takes away others may ask for
EXTRA = r"kicrawl\[(\w+)\]"


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site]]:
    """A folder as a user has it who has crawled, with the files that the docs speak of."""
    folder = tmp_path_factory.mktemp("docs")
    with crawled(folder, count=30) as site:
        for name in (".demo", "backup"):
            (folder / name).mkdir()
        shutil.copy(folder / "kicrawl.db", folder / ".demo" / "kicrawl.db")
        capture = next((folder / "warc").glob("*.warc.gz"))
        for name in ("pages.warc.gz", "crawl.warc.gz"):
            shutil.copy(capture, folder / name)
        yield folder, site


def test_every_command_and_program_that_the_docs_show_runs(
    at_home: tuple[Path, Site], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, site = at_home
    monkeypatch.chdir(folder)
    shown = {command.text: command for command in reversed(commands())}
    faults = [
        fault
        for command in sorted(shown.values(), key=lambda command: (LAST in command.text, str(command)))
        if (fault := try_command(command, folder, site))
    ]
    faults += [fault for program in of_language("python") if (fault := try_program(program))]
    assert faults == []


def try_command(command: Shown, folder: Path, site: Site) -> str | None:
    """What is wrong with a command; None if nothing is."""
    words = [filled_in(word, folder, site) for word in words_of(command)]
    while re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    name = words[0].rpartition("/")[2]
    if name in ELSEWHERE or any(far in command.text for far in FAR):
        return missing_files(command, words)
    if name == "make":
        return None if re.search(rf"^{words[1]}:", MAKEFILE, re.M) else f"{command}: no target {words[1]}"
    if name == "pip":
        return unknown_extras(command) or missing_files(command, words)
    if name == "sqlite3":
        return asked(command, words[1:])
    if name == "warcio":
        beginning = ["0"] if words[1] == "extract" else words[-1:]  # for the offset that the page makes up
        return ended(command, [str(BIN / name), *words[1:-1], *beginning])
    if name in FILES:
        assert not any(word.startswith(("/", "~", "..")) for word in words), command
        return ended(command, words)
    if words[0] not in PROGRAMS:
        return f"{command}: nobody runs {words[0]}"
    if words[1] in STAYS:
        return None
    done = run(*words[1:], folder=folder, root=site.root)
    allowed = (0, 3) if words[1] in COMPLAINS else (0,)
    return None if done.code in allowed else f"{command}: {command.text} ended with {done.code}: {done.lines[-3:]}"


def filled_in(word: str, folder: Path, site: Site) -> str:
    """A word of a command, with what is there in place of what it stands for."""
    capture = next((folder / "warc").glob("*.warc.gz"))
    word = word.replace("/some/folder", str(folder / "saved"))
    word = re.sub(r"https://kyivindependent\.com/[\w/-]+", f"{site.root}/{site.stories[5].slug}/", word)
    word = re.sub(r"warc/kicrawl-\d+\.warc\.gz", str(capture), word)
    return str(capture) if word == "warc/*.warc.gz" else word


def unknown_extras(command: Shown) -> str | None:
    """The extras that a command installs and pyproject.toml does not know."""
    known = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    unknown = {*re.findall(EXTRA, command.text)} - {*known}
    return f"{command}: no extra {unknown}" if unknown else None


def missing_files(command: Shown, words: list[str]) -> str | None:
    """The files of the checkout that a command is given and that are not there."""
    given = [word for word in words if re.match(r"(deploy|requirements)[/.]", word)]
    missing = [name for name in given if not list(HOUSE.glob(name))]
    return f"{command}: no {missing}" if missing else None


def asked(command: Shown, words: list[str]) -> str | None:
    """Do as the sqlite3 program does; it is not everywhere."""
    file, *statements = (word for word in words if not word.startswith("-"))
    with closing(sqlite3.connect(f"{Path(file).absolute().as_uri()}?mode=ro", uri=True)) as database:
        for statement in statements:
            if statement.startswith(".backup "):
                with closing(sqlite3.connect(statement.split()[1])) as copy:
                    database.backup(copy)
            elif not statement.startswith(".") and not database.execute(statement).fetchall():
                return f"{command}: finds nothing"
    return None


def ended(command: Shown, words: list[str]) -> str | None:
    """Run another program."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"{command}: {done.stderr[-300:]}" if done.returncode else None


def try_program(program: Shown) -> str | None:
    """What is wrong with a program, which runs in this one; None also if it needs what is not installed here."""
    needed = re.findall(r"^import (\w+)", program.text, re.M)
    if any(find_spec(name) is None for name in needed):
        return None
    try:
        exec(compile(program.text, str(program), "exec"), {})
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, Warning) as error:
        return f"{program}: {type(error).__name__}: {error}"
    return None


def fill(engine: Engine) -> None:
    """An archive in which every statement finds something."""
    ann, bo = items.Author(name="Ann O'Dell"), items.Author(name="Bo Fern")
    link = items.Link(url="https://example.org/", text="said")
    blocks = [banner("Support us."), paragraph("The ferry sank slowly in the harbor on Monday morning.", links=[link])]
    now = datetime.now(UTC)
    ferry = {
        "blocks": blocks,
        "authors": [ann, bo],
        "tags": ["Boats"],
        "published_at": NOON,
        "sources": {"title": "h1"},
    }
    write(engine, story("ferry", title="Ferry sinks", **ferry, seen_at=now - timedelta(hours=30)))
    write(engine, story("ferry", title="Ferry sinks slowly", **ferry, seen_at=now))
    write(engine, story("copy", title="Ferry sinks slowly", **{**ferry, "published_at": hours(5)}, seen_at=now))
    run_id = start_run(engine, spider="newsfeed", job=None, now=now)
    finish_run(engine, run_id, now=now, reason="the site answers 403", exit_code=3, counters={})
    capture = {"url": f"{ROOT}/ferry/", "fetched_at": now, "status": 200, "file": "a.warc.gz", "digest": "sha1:A"}
    with archive.writing(engine) as connection:
        connection.execute(insert(Capture), [{**capture, "offset": 0, "length": 9}])
        connection.execute(update(Article).values(gone_at=now, capture_id=1))


def test_every_statement_that_the_docs_show_runs_and_finds_what_it_is_for(engine: Engine) -> None:
    fill(engine)
    other = {"sqlite": "-- PostgreSQL", "postgresql": "-- SQLite"}[engine.dialect.name]
    faults = []
    for block in of_language("sql"):
        if block.text.startswith(other):
            continue
        statement = text(block.text.replace("'...'", "'ferry'"))
        values = {name: value for name, value in VALUES.items() if name in statement.compile().params}
        with engine.connect() as connection:
            try:
                faults += [] if connection.execute(statement, values).all() else [f"{block}: finds nothing"]
            except SQLAlchemyError as error:
                faults.append(f"{block}: {archive.first_line(error)}")
    assert faults == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_a_block_is_read_as_the_shell_reads_it() -> None:
    prompted = Shown("p.md", 7, "", '$ sqlite3 a.db "SELECT 1,\n    2"  # why\n1|2\n$ kicrawl status; kicrawl coverage')
    found = [words_of(command) for command in read_commands(prompted)]
    assert found == [["sqlite3", "a.db", "SELECT 1, 2"], ["kicrawl", "status"], ["kicrawl", "coverage"]]
