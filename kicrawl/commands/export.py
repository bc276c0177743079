"""`kicrawl export`: the archive for other programs, as it is or as it stood at an earlier time."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine

from kicrawl import runs
from kicrawl.archive.copies import copy_to_sqlite
from kicrawl.archive.export import EXPORTS, Object
from kicrawl.archive.snapshot import Wanted, count_stories, first_stored, snapshot
from kicrawl.archive.tables import Batch, read_tables
from kicrawl.arguments import moment
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json, add_moment
from kicrawl.commands.printing import moment_in_words, show_json
from kicrawl.formats.lines import write_csv, write_jsonl
from kicrawl.formats.package import write_package
from kicrawl.formats.parquet import Missing, import_arrow, kinds_of, write_parquet
from kicrawl.formats.places import growing, text_output
from kicrawl.progress import Progress

FORMATS = ("jsonl", "csv", "parquet", "sqlite", "package")
WHOLE = ("sqlite", "package")  # hold all tables
TO_FILES = ("parquet", *WHOLE)
FILES = ("csv", "parquet")
WORDS = {"article": "stories", "author": "authors", "revision": "earlier texts"}


class Command(ArchiveCommand, ScrapyCommand):
    """Writes stories, authors or revisions to a file or to stdout, or all tables to a file or folder."""

    name = "export"
    arguments = "[--table article|author|revision] --format jsonl|csv|parquet|sqlite|package [-o FILE]"
    says = "Write stories, authors or revisions as JSON lines, CSV or Parquet; all of it as SQLite or a data package"
    examples = (
        "-o stories.jsonl",
        "--table author --format csv -o authors.csv",
        "--published-since 2025-01-01 --format parquet -o stories.parquet",
        "--changed-since 2025-06-01 -o news.jsonl",
        "--as-of 2025-06-01T12:00 -o as-cited.jsonl",
        "--format sqlite -o copy.db",
        "--format package --files parquet -o package",
    )
    values: ClassVar = dict.fromkeys(("published_since", "changed_since", "as_of"), moment)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which part of the archive, in which form, into which file."""
        super().add_options(parser)
        tables, forms = ", ".join(EXPORTS), ", ".join(FORMATS)
        parser.add_argument("--table", default="article", help=f"what to write: {tables} (default: article)")
        parser.add_argument("--format", default="jsonl", help=f"as what: {forms} (default: jsonl)")
        parser.add_argument("--files", default="csv", help="what a package is made of: csv or parquet (default: csv)")
        add_moment(parser, "--published-since", "only stories published from then on")
        add_moment(parser, "--changed-since", "only stories that were stored or changed from then on")
        add_moment(parser, "--as-of", "the archive as it stood then")
        parser.add_argument("-o", "--output", metavar="FILE", help="the file or folder to write (default: stdout)")
        add_json(parser, "say what was written, as JSON")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        self.takes_none(args)
        if opts.as_of and opts.as_of > datetime.now(UTC):
            leave(f"--as-of {opts.as_of:%Y-%m-%dT%H:%M}: that time has not come yet", runs.WRONG)
        if opts.json and not opts.output:
            leave("--json says what was written, and needs -o: what is written to stdout is the export", runs.WRONG)
        for name, allowed in (("table", EXPORTS), ("format", FORMATS), ("files", FILES)):
            if getattr(opts, name) not in allowed:
                leave(f"--{name} {getattr(opts, name)}: must be one of {', '.join(allowed)}", runs.WRONG)
        if opts.format in TO_FILES and not opts.output:
            leave(f"--format {opts.format} needs -o: it cannot go to stdout", runs.WRONG)
        if opts.format in WHOLE and opts.table != "article":
            leave(f"--format {opts.format} holds every table: it takes no --table", runs.WRONG)
        if opts.format in WHOLE and opts.output and is_taken(Path(opts.output)):
            leave(f"{opts.output} is there already: name another, or remove it", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes all rows; ends with 2 and one line if there is no archive or the file cannot be written."""
        wanted = Wanted(published_since=opts.published_since, changed_since=opts.changed_since, as_of=opts.as_of)
        with self.reading() as engine:
            warn_of_nothing(engine, wanted)
            try:
                if "parquet" in (opts.format, opts.format == "package" and opts.files):
                    import_arrow()
                number = write(engine, wanted, opts)
            except Missing as error:
                leave(str(error), runs.WRONG)
            except OSError as error:
                leave(f"cannot write {opts.output or 'to stdout'}: {error.strerror}", runs.WRONG)
        if opts.output and not opts.json and sys.stdout.isatty():
            print(f"{opts.output}: {number} {WORDS[opts.table]}")
        if opts.json:
            what = "article" if opts.format in WHOLE else opts.table
            show_json({"file": opts.output, "format": opts.format, "table": what, "rows": number, **vars(wanted)})


def is_taken(path: Path) -> bool:
    """Whether something stands there that an export must not replace."""
    return path.exists() and not (path.is_dir() and not any(path.iterdir()))


def warn_of_nothing(engine: Engine, wanted: Wanted) -> None:
    """Says so, in one line, if the archive is asked how it stood before anything was in it."""
    first = first_stored(engine) if wanted.as_of else None
    if first and wanted.as_of and first > wanted.as_of:
        asked, came = moment_in_words(wanted.as_of), moment_in_words(first)
        print(f"kicrawl: nothing was stored yet by {asked}: the first story came {came}", file=sys.stderr)


def write(engine: Engine, wanted: Wanted, opts: argparse.Namespace) -> int:
    """Writes what is wanted in the form that is wanted; returns the number of rows, or of stories where that is all."""
    output = Path(opts.output) if opts.output else None
    if opts.format in WHOLE:
        assert output
        return write_tables(engine, wanted, output, opts)
    export, names = EXPORTS[opts.table]
    total = count_stories(engine) if opts.table == "article" and wanted == Wanted() else None
    with Progress(WORDS[opts.table], total, to_terminal=output is not None) as progress:
        objects = told(export(engine, wanted), progress)
        if opts.format == "parquet":
            assert output
            with growing(output) as part:
                write_parquet(objects, kinds_of(opts.table, names), part)
            return progress.done
        with text_output(output) as file:
            if opts.format == "csv":
                write_csv(objects, names, file)
            else:
                write_jsonl(objects, file)
        return progress.done


def write_tables(engine: Engine, wanted: Wanted, output: Path, opts: argparse.Namespace) -> int:
    """Writes a copy of all tables; returns the number of stories in it."""
    total = count_stories(engine) if wanted == Wanted() else None
    with Progress("stories", total) as progress, snapshot(engine, wanted) as shot, growing(output) as part:
        batches = told_batches(read_tables(shot), progress)
        if opts.format == "sqlite":
            copy_to_sqlite(batches, part)
        else:
            write_package(shot, batches, part, files=opts.files)
        return progress.done


def told(objects: Iterator[Object], progress: Progress) -> Iterator[Object]:
    """The objects, each of them noted."""
    for one in objects:
        yield one
        progress.step()


def told_batches(batches: Iterator[Batch], progress: Progress) -> Iterator[Batch]:
    """The rows of tables, the stories among them noted."""
    for name, rows in batches:
        yield name, rows
        if name == "article":
            progress.step(len(rows))
