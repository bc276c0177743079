"""What the commands that read an archive share: opening it, and the options that several of them take."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, ClassVar

from scrapy.settings import Settings
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.commands import leave
from kicrawl.commands.helping import hide_log_options, set_help

Read = Callable[[str], Any]


class ArchiveCommand:
    """What makes a ScrapyCommand one that reads an archive and fetches nothing.

    Not a ScrapyCommand itself: Scrapy would offer it as the command `archived`.
    """

    settings: Settings | None

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    name: ClassVar[str]
    arguments: ClassVar[str] = ""  # the command line behind the name
    says: ClassVar[str]  # one line for the overview
    examples: ClassVar[tuple[str, ...]] = ()
    values: ClassVar[dict[str, Read]] = {}  # how options are read, by name

    def syntax(self) -> str:
        """The command line."""
        return self.arguments

    def short_desc(self) -> str:
        """One line for the overview."""
        return self.says

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options; the examples stand below them."""
        super().add_options(parser)  # type: ignore[misc]
        hide_log_options(parser)
        set_help(parser, self.name, self.arguments, self.examples)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the values; ends the program with 2 and one line for what makes no sense."""
        super().process_options(args, opts)  # type: ignore[misc]
        self.refuse_unknown(args)
        for name, read in self.values.items():
            text = getattr(opts, name)
            try:
                setattr(opts, name, None if text is None else read(text))
            except ValueError as error:
                leave(f"--{name.replace('_', '-')} {text}: {error}", runs.WRONG)

    def refuse_unknown(self, args: list[str]) -> None:
        """Ends the program with 2 and one line if there is an option that the command does not have."""
        for argument in takewhile(lambda argument: argument != "--", args):
            if argument.startswith("--"):
                leave(f"{self.name} has no option {argument}; kicrawl {self.name} -h shows them", runs.WRONG)

    def takes_none(self, args: list[str]) -> None:
        """Ends the program with 2 and one line if there is any argument."""
        if args:
            leave(f"{self.name} takes no {args[0]!r}", runs.WRONG)

    @contextmanager
    def reading(self) -> Iterator[Engine]:
        """The archive; ends the program with one line if there is none or it cannot be read."""
        assert self.settings is not None
        try:
            engine = open_existing(self.settings["DATABASE_URL"])
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        try:
            yield engine
        except SQLAlchemyError as error:
            leave(f"the archive cannot be read: {archive.first_line(error)}", runs.FAILED)
        finally:
            engine.dispose()


def open_existing(database_url: str) -> Engine:
    """The archive, which must be there: reading makes no new one. Raises ArchiveError."""
    engine = archive.connect(database_url)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).is_file():
        raise archive.ArchiveError(f"no archive in {file}: crawl first, or set KICRAWL_DATABASE_URL")
    archive.migrate(engine)
    return engine


def add_json(parser: "argparse._ActionsContainer", how: str = "the same for programs, as JSON") -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help=how)


def add_limit(parser: argparse.ArgumentParser, most: int | None, else_: str = "") -> None:
    """--limit; read it with `count`."""
    default = str(most) if most else None
    parser.add_argument("--limit", default=default, metavar="N", help=f"so many at most (default: {else_ or most})")


def add_moment(parser: argparse.ArgumentParser, name: str, meaning: str) -> None:
    """An option that is a time; read it with `moment`."""
    parser.add_argument(name, metavar="TIME", help=f"{meaning} (UTC, such as 2025-06-01 or 2025-06-01T12:00)")
