"""`kicrawl migrate`: the archive's tables, made or brought up to date."""

import argparse
import json
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from kicrawl import archive, runs
from kicrawl.archive.schema import HEAD
from kicrawl.commands import leave
from kicrawl.commands.helping import hide_log_options, set_help


class Command(ScrapyCommand):
    """Makes the tables, or takes the steps from an older schema to this program's; says which."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The command line."""
        return "[--json]"

    def short_desc(self) -> str:
        """One line for the overview."""
        return "Make the archive's tables, or bring them up to date after an upgrade"

    def long_desc(self) -> str:
        """What stands above the options in the help."""
        return (
            "Makes the archive's tables, or brings those of an older kicrawl up to date. On SQLite every command does "
            "that by itself; on PostgreSQL it is asked for after an upgrade, by the role that owns the schema: "
            "KICRAWL_DATABASE_URL=postgresql://kicrawl_migrate@localhost/archive kicrawl migrate"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How to say it."""
        super().add_options(parser)
        hide_log_options(parser)
        set_help(parser, "migrate", self.syntax(), ("", "--json"))
        parser.add_argument("--json", action="store_true", help='as JSON: {"from": null, "to": "0001"}')

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends the program with 2 and one line for arguments that make no sense."""
        super().process_options(args, opts)
        if args:
            leave(f"migrate takes no {args[0]!r}", runs.WRONG)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Migrates; ends with 2 and one line if that is impossible."""
        assert self.settings is not None
        try:
            engine = archive.connect(self.settings["DATABASE_URL"], name="kicrawl migrate")
            before = archive.migrate(engine, older=True)
        except archive.ArchiveError as error:
            leave(str(error), runs.WRONG)
        engine.dispose()
        print(json.dumps({"from": before, "to": HEAD}) if opts.json else describe(before))


def describe(before: str | None) -> str:
    """What was done, in a line.

    >>> describe(None)
    'the tables were made: schema 0001'
    """
    if before is None:
        return f"the tables were made: schema {HEAD}"
    return f"nothing to do: schema {HEAD}" if before == HEAD else f"schema {before} was brought to {HEAD}"
