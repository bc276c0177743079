"""`scrapy crawl SPIDER`: Scrapy's command, with everything checked before it starts and a true exit code after."""

import argparse
import sys
from typing import Any

from scrapy.commands import ScrapyHelpFormatter
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.spiderloader import get_spider_loader

from kicrawl import runs
from kicrawl.archive import ArchiveError, connect, migrate
from kicrawl.commands import check_settings, keep_to_warnings, leave


class Command(ScrapyCrawl):
    """Runs a spider, prints a short summary, and ends with 0 (complete), 1 (failed), 2 (wrong) or 3 (incomplete)."""

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Run a spider: newsfeed brings the archive up to date, replay reads saved pages"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options, and the arguments that our spiders take."""
        super().add_options(parser)
        parser.formatter_class = HelpFormatter
        parser.epilog = self.describe_arguments()

    def describe_arguments(self) -> str:
        """A line per argument of each spider."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        return "\n".join(
            f"  {name:<9} -a {argument}=...  {declared.meaning}"
            for name in sorted(loader.list())
            for argument, declared in getattr(loader.load(name), "arguments", {}).items()
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the command line; anything wrong with it ends the program here, before anything starts."""
        super().process_options(args, opts)
        try:
            self.check(args, opts.spargs)
        except (ValueError, ArchiveError) as error:
            leave(str(error), runs.WRONG)
        assert self.settings is not None
        keep_to_warnings(self.settings)

    def check(self, args: list[str], spargs: dict[str, str]) -> None:
        """Raises ValueError or ArchiveError, with a line for the user, for what cannot work."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        names = ", ".join(sorted(loader.list()))
        if len(args) != 1:
            raise ValueError(f"crawl needs one spider: {names}")
        if args[0] not in loader.list():
            raise ValueError(f"unknown spider {args[0]!r}; there are: {names}")
        loader.load(args[0])(**spargs)
        check_settings(self.settings)
        engine = connect(self.settings["DATABASE_URL"])
        migrate(engine)
        engine.dispose()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs the spider to its end."""
        assert self.crawler_process is not None
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = report(args[0], crawler)


def report(spider: str, crawler: Crawler) -> int:
    """Tells the user how the run went: what it did on stdout, what is missing on stderr. Returns the exit code."""
    stats: dict[str, Any] = crawler.stats.get_stats() if crawler.spider else {}
    missing = stats.get("run/incomplete", [])
    if not missing or any(stats.get(name) for name in runs.READ):
        counters = {name: value for name, value in stats.items() if isinstance(value, int)}
        print(runs.summary(spider, counters, missing))
    for line in missing:
        print(f"kicrawl: {spider} is incomplete: {line}", file=sys.stderr)
    return int(stats.get("run/exit_code", runs.FAILED))


class HelpFormatter(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Scrapy's, with the lines of the epilog kept."""
