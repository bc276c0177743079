"""Runs commands that only read an archive in this program: what they print, or how they end."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from scrapy.cmdline import ScrapyArgumentParser
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from sqlalchemy import Engine

from kicrawl import archive
from tests.servers import new_database

KINDS = ("sqlite", "postgresql")


@contextmanager
def shared_archive(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An archive for all tests of a module, which must leave it as it is; `request.param` says in which database."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{factory.mktemp('shared')}/kicrawl.db"
        else:
            url = stack.enter_context(new_database(request.getfixturevalue("postgresql_server")))
        engine = archive.open_archive(url)
        stack.callback(engine.dispose)
        yield engine


def prepare(engine: Engine, command: ScrapyCommand, *arguments: str) -> tuple[list[str], argparse.Namespace]:
    """A command line as Scrapy reads it."""
    command.settings = Settings({"DATABASE_URL": engine.url.render_as_string(hide_password=False)})
    parser = ScrapyArgumentParser()
    command.add_options(parser)
    opts, args = parser.parse_known_args(list(arguments))
    command.process_options(args, opts)
    return args, opts


def ask(engine: Engine, capsys: pytest.CaptureFixture[str], command: ScrapyCommand, *arguments: str) -> str:
    """What a command prints."""
    args, opts = prepare(engine, command, *arguments)
    command.run(args, opts)
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def refused(engine: Engine, capsys: pytest.CaptureFixture[str], command: ScrapyCommand, *arguments: str) -> str:
    """The one line with which a command refuses what makes no sense."""
    with pytest.raises(SystemExit) as left:
        ask(engine, capsys, command, *arguments)
    assert left.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    return line.removeprefix("kicrawl: ")
