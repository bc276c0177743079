"""`scrapy coverage`: is anything missing? What each route shows of each day, what is stored, and the rest by name."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.archive import coverage
from kicrawl.commands import leave
from kicrawl.commands.export import open_existing

COLUMNS = ("known", "stored", "missing", "not a story", "not shown")


class Command(ScrapyCommand):
    """Prints a table and the addresses."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The command line."""
        return "[--day|--month] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Say per Kyiv day and route which stories are known, stored and missing"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Days or months, words or JSON."""
        super().add_options(parser)
        period = parser.add_mutually_exclusive_group()
        period.add_argument("--day", action="store_true", help="a row per day (the default)")
        period.add_argument("--month", action="store_true", help="a row per month")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the archive; ends with 2 and one line if there is none."""
        assert self.settings is not None
        if args:
            leave(f"coverage takes no {args[0]!r}", runs.WRONG)
        try:
            engine = open_existing(self.settings["DATABASE_URL"])
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        try:
            addresses = coverage.read_addresses(engine)
        except SQLAlchemyError as error:
            leave(f"the archive cannot be read: {archive.first_line(error)}", runs.FAILED)
        finally:
            engine.dispose()
        lines = [json.dumps(as_json(addresses, opts.month))] if opts.json else in_words(addresses, opts.month)
        for line in lines:
            print(line)


def in_words(addresses: Sequence[coverage.Address], by_month: bool) -> Iterator[str]:
    """The table, then what is not stored and what a route does not show, an address a line."""
    rows = [
        (period, route, *vars(counted).values())
        for period, route, counted in coverage.count(addresses, by_month=by_month)
    ]
    if not rows:
        yield "nothing was met yet: crawl first"
        return
    yield from align([("month" if by_month else "day", "route", *COLUMNS), *rows])
    missing = [address for address in addresses if address.missing]
    yield f"\n{len(missing)} missing" + (":" if missing else ": every story that was met is stored")
    for address in missing:
        yield f"{address.url}  {address.day}  {address.state}, {routes_of(address)}"
    for route, hidden in coverage.not_shown(addresses).items():
        yield f"\n{len(hidden)} stored that the {route} does not show" + (":" if hidden else "")
        for address in hidden:
            yield f"{address.url}  {address.day}  {routes_of(address)}"


def routes_of(address: coverage.Address) -> str:
    """Where an address was seen."""
    return f"seen on {', '.join(sorted(address.routes))}" if address.routes else "seen on no route"


def as_json(addresses: Sequence[coverage.Address], by_month: bool) -> dict[str, Any]:
    """The same for programs."""
    period = "month" if by_month else "day"
    counts = coverage.count(addresses, by_month=by_month)
    return {
        "rows": [{period: when, "route": route, **vars(counted)} for when, route, counted in counts],
        "missing": [coverage.as_object(address) for address in addresses if address.missing],
        "not_shown": {
            route: [coverage.as_object(address) for address in hidden]
            for route, hidden in coverage.not_shown(addresses).items()
        },
    }


def align(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Rows as lines: the first two columns to the left, numbers to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = zip(row, widths, strict=True)
        yield "  ".join(cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(cells))
