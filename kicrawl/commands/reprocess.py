"""`kicrawl reprocess`: reads captures again with today's rules, and stores what they say now."""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.archive.readings import Difference
from kicrawl.arguments import moment
from kicrawl.commands import check_settings, leave
from kicrawl.commands.archived import open_existing
from kicrawl.commands.helping import hide_log_options, set_help
from kicrawl.pipelines import read_rules
from kicrawl.pools import OpenPool, WorkersDie, cluster, processes
from kicrawl.progress import Progress
from kicrawl.reprocess import Orders, Report, find_sources, reprocess

MOST_LINES = 6  # of an example

EXAMPLES = (
    "--dry-run                         # what would change",
    "--since 2025-06-01 --workers 4    # only captures taken since then",
    "s3://bucket/crawl.warc.gz         # the records of a WARC file, in place of the captures",
    "--scheduler tcp://10.0.0.5:8786 --captures s3://bucket/warc    # on a cluster of Dask",
)


class Command(ScrapyCommand):
    """Prints what differs, and how fast it was read."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The command line."""
        return "[--since DATE] [--dry-run] [--workers N | --scheduler tcp://HOST:8786] [WARC ...]"

    def short_desc(self) -> str:
        """One line for the overview."""
        return "Read captures again with today's rules; --dry-run says what would change"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which captures, by whom, and whether to write."""
        super().add_options(parser)
        hide_log_options(parser)
        set_help(parser, "reprocess", self.syntax(), EXAMPLES)
        parser.add_argument("--since", metavar="DATE", help="only captures taken since then (UTC): 2025-06-01")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--all", action="store_true", help="also captures that were read by these rules already")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--workers", metavar="N", help="processes of this machine (default: one for each core)")
        who.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers read: tcp://host:8786")
        parser.add_argument(
            "--captures", metavar="ADDRESS", help="where the workers find the folder of captures: s3://bucket/warc"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        try:
            opts.since = moment(opts.since) if opts.since else None
        except ValueError as error:
            leave(f"--since {opts.since}: {error}", runs.WRONG)
        if opts.workers is not None and not (opts.workers.isascii() and opts.workers.isdigit() and int(opts.workers)):
            leave(f"--workers {opts.workers}: must be a whole number from 1 on", runs.WRONG)
        try:
            opts.sources = find_sources(args) if args else []
        except ValueError as error:
            leave(f"{' '.join(args)}: {error}", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends with 2 and one line if there is no archive or no scheduler, with 3 if a capture is lost."""
        assert self.settings is not None
        try:
            check_settings(self.settings)
            engine = open_existing(self.settings["DATABASE_URL"])
        except (ValueError, archive.ArchiveError) as error:
            leave(str(error), runs.WRONG)
        try:
            self.reprocess(engine, opts)
        except ValueError as error:
            leave(str(error), runs.WRONG)
        except SQLAlchemyError as error:
            leave(f"the archive cannot be read or written: {archive.first_line(error)}", runs.FAILED)
        except (WorkersDie, archive.ArchiveError) as error:
            leave(f"stopped: {error}; what was stored stays, the next reprocess goes on", runs.FAILED)
        except KeyboardInterrupt:
            leave("stopped; the next reprocess goes on from here", runs.INCOMPLETE)
        finally:
            engine.dispose()

    def reprocess(self, engine: Engine, opts: argparse.Namespace) -> None:
        """Does it, and prints what came of it."""
        assert self.settings is not None
        folder = Path(self.settings["WARC_DIR"])
        orders = Orders(
            engine=engine,
            root=self.settings["SITE_ROOT"].rstrip("/"),
            rules=read_rules(engine),
            folder=folder,
            captures_at=opts.captures if opts.captures and "://" in opts.captures else Path(opts.captures or folder),
            since=opts.since,
            again=opts.all,
            dry_run=opts.dry_run,
            store_body=str(self.settings["STORE_BODY"]) == "1",
            sources=opts.sources,
        )
        number = int(opts.workers or os.cpu_count() or 1)
        pool: OpenPool = partial(cluster, opts.scheduler) if opts.scheduler else partial(processes, number)
        with Progress("captures, 0 differ") as progress:
            report = reprocess(orders, pool, partial(tell, progress))
        by = f"Dask at {opts.scheduler}" if opts.scheduler else f"{number} process{'es' * (number != 1)}"
        for line in [json.dumps(as_json(report), default=str)] if opts.json else in_words(report, by, opts.dry_run):
            print(line)
        if report.lost or report.damaged:
            leave("not all captures could be read", runs.INCOMPLETE)


def tell(progress: Progress, report: Report) -> None:
    """Draws how far it is."""
    progress.total = report.known
    progress.what = f"captures, {report.differ:,} differ"
    progress.step(report.read - progress.done)


def in_words(report: Report, by: str, dry_run: bool) -> Iterator[str]:
    """The report, line by line."""
    rate = report.read / report.seconds if report.seconds else 0
    yield f"reprocess: {report.read} captures read in {report.seconds:.1f} s, {rate:.0f} a second ({by})"
    if not report.read:
        yield "nothing to do: every capture was read by these rules already (--all reads them again)"
    asked = " if this were no dry run" if dry_run else ""
    yield f"{report.stories} stories and earlier texts, {report.differ} differ{asked}"
    if report.differ:
        yield "fields: " + ", ".join(f"{name} {number}" for name, number in report.fields.most_common())
        yield f"cut: {report.cut_share(0):.1%} of the pages' text before, {report.cut_share(1):.1%} now"
    for difference in report.examples:
        yield from describe(difference)
    others = {
        "author": "of authors' pages, which only a crawl reads again",
        "no_story": "that tell no story (kept as is)",
    }
    for fault, number in sorted(report.faults.items()):
        yield f"{number} captures {others.get(fault, fault.replace('_', ' '))}"
    for line in [*report.unread, *report.lost, *report.damaged]:
        yield f"  {line}"


def describe(difference: Difference) -> Iterator[str]:
    """An example: the story and, line by line, what goes and what comes."""
    yield f"\n{difference.url}" + ("" if difference.is_current else " (an earlier text)")
    for name, (before, now) in difference.fields.items():
        if name == "blocks" and "body" in difference.fields:
            continue
        told = list(unified_diff(lines(before), lines(now), lineterm="", n=0))[2:]  # without the names of no files
        changed = [line for line in told if not line.startswith("@@")]
        more = [f"... {len(changed) - MOST_LINES} more"] if len(changed) > MOST_LINES else []
        yield from [f"  {name}", *(f"    {line[:160]}" for line in [*changed[:MOST_LINES], *more])]


def lines(value: Any) -> list[str]:
    """A value as lines to be compared."""
    if isinstance(value, list):
        return [json.dumps(part, ensure_ascii=False) if isinstance(part, dict) else str(part) for part in value]
    return [line for line in str(value).split("\n") if line] if value is not None else []


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    shares = {"cut_before": round(report.cut_share(0), 4), "cut_now": round(report.cut_share(1), 4)}
    told = {name: value for name, value in vars(report).items() if name not in ("cut", "kept", "examples")}
    return {**told, **shares, "examples": [asdict(difference) for difference in report.examples]}
