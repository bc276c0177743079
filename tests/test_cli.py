"""`kicrawl` without a command: what a newcomer sees first."""

from pathlib import Path

import pytest

from kicrawl import commands
from kicrawl.cli import COMMANDS
from tests.running import run

SHARED = {"__init__", "archived", "printing"}  # modules of kicrawl/commands that are no command


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_every_command_of_ours_is_shown_with_a_line_and_nothing_of_scrapys(
    arguments: list[str], tmp_path: Path
) -> None:
    said = run(*arguments, folder=tmp_path)
    assert (said.code, said.err) == (0, "")
    told = [line.split(maxsplit=1) for line in said.out.splitlines() if line.startswith("  ")]
    names = {path.stem for path in Path(commands.__file__).parent.glob("*.py")} - SHARED
    assert names == {words[0] for words in told} - {"kicrawl"}
    assert all(len(words) == 2 for words in told)
    assert "genspider" not in said.out


def test_no_command_is_named_twice() -> None:
    named = [name for names in COMMANDS.values() for name in names]
    assert len(named) == len(set(named))


@pytest.mark.slow
def test_scrapys_own_commands_still_work(tmp_path: Path) -> None:
    said = run("list", folder=tmp_path)
    assert (said.code, said.out.split()) == (0, ["archive", "authors", "newsfeed", "replay"])
