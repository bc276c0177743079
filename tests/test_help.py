"""What a newcomer is told: which commands there are, how each is called, and what is wrong with a line."""

import pkgutil
from pathlib import Path

import pytest

from kicrawl import __version__, archive, commands
from kicrawl.commands.overview import COMMANDS, of_scrapy, ours, overview
from tests.archived import story, write
from tests.running import run, started

SHARED = {"archived", "helping", "overview", "printing"}  # modules that are no commands


def test_every_command_of_ours_stands_in_one_group_of_the_overview() -> None:
    assert sorted(ours()) == sorted({module.name for module in pkgutil.iter_modules(commands.__path__)} - SHARED)


def test_the_overview_shows_our_commands_before_those_of_scrapy() -> None:
    lines = overview().splitlines()
    assert lines[0].startswith(f"kicrawl {__version__}: ")
    assert [line for line in lines if line.endswith(":")] == [*(f"{group}:" for group in COMMANDS), "Examples:"]
    assert lines[-1].startswith("Scrapy's own commands work too: ")
    assert {"settings", "shell"} <= of_scrapy()
    assert max(map(len, lines[:-1])) <= 120


@pytest.mark.slow
def test_the_overview_is_what_kicrawl_says_of_itself(tmp_path: Path) -> None:
    for arguments in ([], ["-h"], ["--help"], ["help"]):
        told = run(*arguments, folder=tmp_path)
        assert (told.code, told.out) == (0, f"{overview()}\n")
    assert run("--version", folder=tmp_path).out.startswith(f"kicrawl {__version__} (Scrapy ")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ours()))
def test_the_help_of_a_command_says_how_it_is_called_and_gives_examples(tmp_path: Path, name: str) -> None:
    told = run(name, "-h", folder=tmp_path)
    assert told.code == 0
    assert told.lines[0].startswith(f"usage: kicrawl {name}")
    assert f"\nExamples:\n  kicrawl {name}" in told.out
    assert "scrapy" not in told.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["search", "moved"], ["coverage", "--json"], ["show", "lighthouse-moves"]])
def test_whoever_reads_what_is_printed_may_stop(tmp_path: Path, command: list[str]) -> None:
    url = f"sqlite:///{tmp_path}/kicrawl.db"
    engine = archive.open_archive(url)
    write(engine, story("lighthouse-moves", body="It moved a mile. " * 9000))
    engine.dispose()
    with started(*command, folder=tmp_path, database_url=url) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert (process.wait(60), process.stderr.read()) == (0, "")


MISTAKES = [
    (["serch", "ferry"], "no command 'serch'; did you mean search? kicrawl -h shows them all"),
    (["zzz"], "no command 'zzz'; kicrawl -h shows them all"),
    (["search", "--autor", "Ann"], "search has no option --autor; kicrawl search -h shows them"),
    (["status", "--jsn"], "status has no option --jsn; kicrawl status -h shows them"),
    (["show", "ferry", "--difff"], "show has no option --difff; kicrawl show -h shows them"),
    (["coverage", "2025"], "coverage takes no '2025'"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "line"), MISTAKES, ids=[" ".join(arguments) for arguments, _ in MISTAKES])
def test_a_mistake_is_said_in_a_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    told = run(*arguments, folder=tmp_path)
    assert (told.code, told.lines) == (2, [f"kicrawl: {line}"])
