"""`scrapy export`: the archive as JSON lines, one object per story, author or revision."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.archive import export
from kicrawl.commands import leave

TABLES: dict[str, Callable[[Engine], Iterator[export.Object]]] = {
    "article": export.export_articles,
    "author": export.export_authors,
    "revision": export.export_revisions,
}


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
        parser.add_argument("--table", choices=TABLES, default="article", help="what to write (default: article)")
        parser.add_argument("--format", choices=["jsonl"], default="jsonl", help="jsonl: one JSON object per line")
        parser.add_argument("-o", "--output", metavar="FILE", help="the file to write (default: stdout)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes all rows; ends with 2 and one line if there is no archive or the file cannot be written."""
        if args:
            raise UsageError(f"export takes no {' '.join(args)!r}", print_help=False)
        assert self.settings is not None
        try:
            engine = open_existing(self.settings["DATABASE_URL"])
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        try:
            write(TABLES[opts.table](engine), opts.output)
        except SQLAlchemyError as error:
            leave(f"the archive cannot be read: {archive.first_line(error)}", runs.FAILED)
        finally:
            engine.dispose()


def open_existing(database_url: str) -> Engine:
    """The archive, which must be there: reading makes no new one. Raises ArchiveError."""
    engine = archive.connect(database_url)
    file = make_url(database_url).database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).is_file():
        raise archive.ArchiveError(
            f"no archive in {file}: run `scrapy crawl newsfeed` first, or set KICRAWL_DATABASE_URL"
        )
    archive.migrate(engine)
    return engine


def write(rows: Iterator[export.Object], file: str | None) -> None:
    """Write one JSON object per line."""
    try:
        output = open(file, "w", encoding="utf-8") if file else nullcontext(sys.stdout)
        with output as lines:
            for row in rows:
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            lines.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        leave(f"cannot write {file or 'to stdout'}: {error.strerror}", runs.WRONG)
