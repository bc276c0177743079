"""`scrapy export`: the archive as JSON lines, one object per story, author or revision."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar, TextIO

from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.archive import export
from kicrawl.commands import leave

TABLES: dict[str, Callable[[Engine], Iterator[export.Object]]] = {
    "article": export.export_articles,
    "author": export.export_authors,
    "revision": export.export_revisions,
}
FORMATS = ("jsonl",)


class Command(ScrapyCommand):
    """Writes a table to a file or to stdout, row by row."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The command line."""
        return "[--table article|author|revision] --format jsonl [-o FILE]"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Write stories, authors or revisions of the archive as JSON lines"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which table, in which form, into which file."""
        super().add_options(parser)
        tables, forms = ", ".join(TABLES), ", ".join(FORMATS)
        parser.add_argument("--table", default="article", help=f"what to write: {tables} (default: article)")
        parser.add_argument("--format", default="jsonl", help=f"as what: {forms}, one JSON object per line")
        parser.add_argument("-o", "--output", metavar="FILE", help="the file to write (default: stdout)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        if args:
            leave(f"export takes no {args[0]!r}", runs.WRONG)
        for name, allowed in (("table", TABLES), ("format", FORMATS)):
            if getattr(opts, name) not in allowed:
                leave(f"--{name} {getattr(opts, name)}: must be one of {', '.join(allowed)}", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes all rows; ends with 2 and one line if there is no archive or the file cannot be written."""
        assert self.settings is not None
        try:
            engine = open_existing(self.settings["DATABASE_URL"])
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        try:
            with opened(opts.output) as output:
                write(TABLES[opts.table](engine), output)
        except OSError as error:
            leave(f"cannot write {opts.output or 'to stdout'}: {error.strerror}", runs.WRONG)
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


def opened(file: str | None) -> AbstractContextManager[TextIO]:
    """A file to write, or stdout."""
    return Path(file).open("w", encoding="utf-8") if file else nullcontext(sys.stdout)


def write(rows: Iterator[export.Object], output: TextIO) -> None:
    """Write one JSON object per line."""
    try:
        for row in rows:
            output.write(json.dumps(row, ensure_ascii=False) + "\n")
        output.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
