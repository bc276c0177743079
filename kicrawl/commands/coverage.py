"""`kicrawl coverage`: is anything missing? What each route shows of each day, what is stored, and the rest by name."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from kicrawl.archive import coverage
from kicrawl.archive.coverage import Address, Starts
from kicrawl.archive.snapshot import snapshot
from kicrawl.commands.archived import ArchiveCommand, add_json

Read = Callable[[], Iterator[Address]]  # goes through all addresses, some at a time
COLUMNS = ("known", "stored", "missing", "not a story", "not shown")
WIDTHS = (10, 7, *map(len, COLUMNS))  # of a day, a route and the numbers


class Command(ArchiveCommand, ScrapyCommand):
    """Prints a table and the addresses."""

    name = "coverage"
    arguments = "[--day|--month] [--json]"
    says = "Say per day or month which stories are known, stored and missing, and name those that are missing"
    examples: ClassVar = ("", "--month", "--json")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Days or months, words or JSON."""
        super().add_options(parser)
        period = parser.add_mutually_exclusive_group()
        period.add_argument("--day", action="store_true", help="a row per day in Kyiv (the default)")
        period.add_argument("--month", action="store_true", help="a row per month")
        add_json(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Goes through the archive several times, as it stood when it began."""
        self.takes_none(args)
        with self.reading() as engine, snapshot(engine) as shot:
            read = partial(coverage.read_addresses, shot.connection)
            told = as_json if opts.json else in_words
            for part in told(read, coverage.route_starts(read()), by_month=opts.month):
                print(part, end="")
        print()


def in_words(read: Read, starts: Starts, *, by_month: bool) -> Iterator[str]:
    """The table, then what is not stored and what a route does not show, an address a line."""
    missing, hidden, empty = 0, Counter[str](), True
    for period, route, counted in coverage.count(read(), starts, by_month=by_month):
        if empty:
            yield aligned("month" if by_month else "day", "route", *COLUMNS)
        yield f"\n{aligned(period, route, *vars(counted).values())}"
        empty = False
        missing += counted.missing if route == coverage.ANY else 0
        hidden[route] += counted.not_shown
    if empty:
        yield "nothing was met yet: crawl first"
        return
    yield f"\n\n{missing} missing" + (":" if missing else ": every story that was met is stored")
    for address in missing_ones(read()) if missing else ():
        yield f"\n{address.url}  {address.day}  {address.state}, {routes_of(address)}"
    for route in starts:
        yield f"\n\n{hidden[route]} stored that the {route} does not show" + (":" if hidden[route] else "")
        for address in hidden_from(route, read(), starts) if hidden[route] else ():
            yield f"\n{address.url}  {address.day}  {routes_of(address)}"


def missing_ones(addresses: Iterable[Address]) -> Iterator[Address]:
    """Those where a story may stand that is not stored."""
    return (address for address in addresses if address.missing)


def hidden_from(route: str, addresses: Iterable[Address], starts: Starts) -> Iterator[Address]:
    """Stored stories that a route should show and never did."""
    return (address for address in addresses if coverage.is_not_shown(address, route, starts))


def routes_of(address: Address) -> str:
    """Where an address was seen."""
    return f"seen on {', '.join(sorted(address.routes))}" if address.routes else "seen on no route"


def aligned(*cells: object) -> str:
    """A row of the table: the first two columns to the left, numbers to the right."""
    texts = [str(cell) for cell in cells]
    return "  ".join(
        text.ljust(width) if place < 2 else text.rjust(width)
        for place, (text, width) in enumerate(zip(texts, WIDTHS, strict=True))
    )


def as_json(read: Read, starts: Starts, *, by_month: bool) -> Iterator[str]:
    """The same for programs, piece by piece."""
    counts = coverage.count(read(), starts, by_month=by_month)
    rows = ({"month" if by_month else "day": period, "route": route, **vars(one)} for period, route, one in counts)
    yield from ('{"rows": ', *listed(rows))
    yield from (', "missing": ', *listed(map(coverage.as_object, missing_ones(read()))))
    yield ', "not_shown": {'
    for place, route in enumerate(starts):
        yield f"{', ' if place else ''}{json.dumps(route)}: "
        yield from listed(map(coverage.as_object, hidden_from(route, read(), starts)))
    yield "}}"


def listed(objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Objects as a list in JSON."""
    yield "["
    for place, one in enumerate(objects):
        yield f"{', ' if place else ''}{json.dumps(one, ensure_ascii=False)}"
    yield "]"
