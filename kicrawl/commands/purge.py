"""`kicrawl purge`: takes a story down, from the database and from the captures, for good."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from sqlalchemy.exc import SQLAlchemyError

from kicrawl import archive, runs
from kicrawl.commands import check_settings, leave
from kicrawl.commands.archived import open_existing
from kicrawl.commands.helping import hide_log_options, set_help
from kicrawl.purging import Report, as_json, purge
from kicrawl.site import urls

EXAMPLES = ('https://kyivindependent.com/a-story/ --reason "court order 12/2026"',)
NO_WAY_BACK = "There is no way back. docs/captures.md says what is taken away, and what is left for you to do."


class Command(ScrapyCommand):
    """Takes down, and says what it did."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The command line."""
        return "URL [--reason TEXT] [--json]"

    def short_desc(self) -> str:
        """One line for the overview."""
        return "Take a story's text out of the archive and its captures, and never fetch it again"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Why."""
        super().add_options(parser)
        hide_log_options(parser)
        set_help(parser, "purge", self.syntax(), EXAMPLES, after=NO_WAY_BACK)
        parser.add_argument("--reason", metavar="TEXT", help="why; kept in the table purged")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ends with 2 and one line if there is no such address or archive, with 3 if something is left to be done."""
        assert self.settings is not None
        if len(args) != 1:
            leave("purge takes one address: kicrawl purge URL [--reason TEXT]", runs.WRONG)
        try:
            check_settings(self.settings)
            root = self.settings["SITE_ROOT"].rstrip("/")
            url = urls.story_url(args[0], root)
            if url is None:
                leave(f"{args[0]} is not the address of a story on {root}", runs.WRONG)
            engine = open_existing(self.settings["DATABASE_URL"])
        except (ValueError, archive.ArchiveError) as error:
            leave(str(error), runs.WRONG)
        try:
            report = purge(engine, Path(self.settings["WARC_DIR"]), url, root, at=datetime.now(UTC), reason=opts.reason)
        except SQLAlchemyError as error:
            leave(f"stopped: {archive.first_line(error)}; run it again", runs.FAILED)
        except OSError as error:
            leave(f"captures cannot be rewritten: {error}; run it again", runs.FAILED)
        finally:
            engine.dispose()
        for line in [json.dumps(as_json(report))] if opts.json else in_words(report, url):
            print(line)
        if report.foreign or report.busy:
            leave("not all of it is gone, see above", runs.INCOMPLETE)


def in_words(report: Report, url: str) -> Iterator[str]:
    """What was done, and what is left to do."""
    known = report.known
    if known.article_id is None:
        again = " (it was taken down before)" if known.purged else ""
        yield f"purge: {url}: no such story is stored{again}"
    else:
        parts = [f"{number} {name}" for name, number in report.counts.items()]
        yield f"purge: {url} is taken down: its text, {', '.join(parts)}"
    yield f"captures: {len(report.buried)} made tombstones, the text cut out of {len(report.cut)} others"
    yield f"not fetched or stored again: {', '.join(sorted(known.urls))}"
    for page in report.whole:
        yield f"showed the text and could not be kept without it: the capture of {page}"
    for place in report.foreign:
        yield f"not ours to rewrite, remove it yourself: {place}"
    for other in known.repeats:
        yield f"says nearly the same, and stays: {other}"
    if report.busy:
        yield "other programs use the database: run it again when they do not, or its file may still hold the text"
