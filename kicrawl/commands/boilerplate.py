"""`kicrawl boilerplate`: pieces that stand in many stories and that no rule knows; it makes one on request."""

import argparse
from datetime import UTC, datetime
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from sqlalchemy import Engine

from kicrawl import archive, boilerplate, runs
from kicrawl.archive.recurring import Recurring, find_recurring
from kicrawl.archive.rules import add_line, exact_lines
from kicrawl.arguments import count
from kicrawl.commands import leave
from kicrawl.commands.archived import ArchiveCommand, add_json, add_limit
from kicrawl.commands.printing import FAINT, console, safe, show, show_json


class Command(ArchiveCommand, ScrapyCommand):
    """Prints recurring pieces; cuts nothing unless told to."""

    name = "boilerplate"
    arguments = "[--least N] [--limit N] [--json] | --accept ID [--name NAME]"
    says = "Show pieces that recur in stories and that no rule cuts; --accept makes a rule of one"
    examples = ("", "--least 50 --json", "--accept 1f3a9c20 --name donate_line")
    values: ClassVar = {"least": count, "limit": count}

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What counts as recurring, or what to make a rule of."""
        super().add_options(parser)
        parser.add_argument("--least", default="5", metavar="N", help="in at least so many stories (default: 5)")
        add_limit(parser, 30)
        parser.add_argument("--accept", metavar="ID", help="have this line be cut from what is read from now on")
        parser.add_argument("--name", help="how counters and `rule` name it (default: own_ID)")
        add_json(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Counts, and prints or adds a rule."""
        self.takes_none(args)
        with self.reading() as engine:
            rules = {name: boilerplate.fold_lines(lines) for name, lines in exact_lines(engine).items()}
            found = find_recurring(engine, 2 if opts.accept else opts.least)
            unknown = [one for one in found if boilerplate.line_rule(one.text, rules) is None]
            if opts.accept:
                accept(engine, unknown, opts)
                return
        if opts.json:
            show_json([vars(one) for one in unknown[: opts.limit]])
        else:
            tell(unknown, opts.limit)


def accept(engine: Engine, unknown: list[Recurring], opts: argparse.Namespace) -> None:
    """Makes a rule of the piece with this ID."""
    chosen = next((one for one in unknown if one.id == opts.accept), None)
    if chosen is None:
        leave(f"no recurring piece {opts.accept!r} that no rule knows; kicrawl boilerplate lists them", runs.WRONG)
    rule = opts.name or f"own_{chosen.id}"
    try:
        add_line(engine, rule, chosen.text, datetime.now(UTC))
    except archive.ArchiveError as error:
        leave(str(error), runs.WRONG)
    if opts.json:
        show_json({"rule": rule, "text": chosen.text, "stories": chosen.stories})
        return
    out = console()
    show(out, f"rule {rule}: ", chosen.text)
    show(out, f"It stands in {chosen.stories} stories; kicrawl reprocess takes it out of them.")


def tell(unknown: list[Recurring], limit: int) -> None:
    """Prints pieces in words, those in most stories first."""
    out = console()
    for one in unknown[:limit]:
        show(out, safe(one.id, "cyan"), safe(f"  in {one.stories} stories, {one.kind}: ", FAINT), one.text)
        show(out, safe(f"          {' '.join(one.examples)}", FAINT))
    if not unknown:
        show(out, "no piece recurs that no rule knows")
    elif len(unknown) > limit:
        show(out, f"... and {len(unknown) - limit} more (--limit)")
