"""`scrapy crawl SPIDER`: Scrapy's command, with everything checked before it starts and a true exit code after."""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.spiderloader import get_spider_loader

from kicrawl import runs
from kicrawl.archive import ArchiveError, connect, migrate
from kicrawl.archive.lock import GAVE_WAY
from kicrawl.commands import check_settings, keep_to_warnings, leave
from kicrawl.commands.helping import set_help

EXAMPLES = (
    "newsfeed",
    "newsfeed -a pages=3",
    "archive -a since=2025-01-01 -a plan=1",
    "authors -a author=martin,chris",
    "replay -a source=pages.warc.gz",
)


class Command(ScrapyCrawl):
    """Runs a spider, prints a short summary, and ends with 0 to 4 as docs/operations.md says."""

    def syntax(self) -> str:
        """The command line."""
        return "newsfeed|archive|authors|replay [-a NAME=VALUE] [-s NAME=VALUE]"

    def short_desc(self) -> str:
        """One line for the overview."""
        return "Fetch: newsfeed (new and changed), archive (everything), authors; or read saved pages: replay"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options, and the arguments that our spiders take."""
        super().add_options(parser)
        set_help(parser, "crawl", self.syntax(), EXAMPLES, after=self.describe_arguments())

    def describe_arguments(self) -> str:
        """A line per argument of each spider."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        lines = [
            f"  {name:<9} {f'-a {argument}=...':<14}  {declared.meaning}"
            for name in sorted(loader.list())
            for argument, declared in getattr(loader.load(name), "arguments", {}).items()
        ]
        return "\n".join(["Arguments of each spider:", *lines])

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
        """Runs the spider to its end: in one slice, or in several if it gives way to newsfeed."""
        assert self.crawler_process is not None
        self.slices: list[Crawler] = []
        self.start_slice(args[0], opts.spargs)
        self.crawler_process.start()
        self.exitcode = report(args[0], self.slices, broken=self.crawler_process.bootstrap_failed)

    def start_slice(self, spider: str, spargs: dict[str, str]) -> None:
        """Begins the next slice of the spider's work; another follows if it ends by giving way."""
        assert self.crawler_process is not None
        crawler = self._create_crawler(spider)
        self.slices.append(crawler)
        crawler.settings.set("SLICE", len(self.slices), priority="cmdline")
        crawling = self.crawler_process.crawl(crawler, **spargs)

        def go_on(done: "asyncio.Future[None]") -> None:
            if done.exception() is None and crawler.stats.get_value("run/reason") == GAVE_WAY:
                self.start_slice(spider, spargs)

        assert isinstance(crawling, asyncio.Future)
        crawling.add_done_callback(go_on)


def report(spider: str, slices: Sequence[Crawler], *, broken: bool = False) -> int:
    """Tells the user how the run went: what it did on stdout, what is missing on stderr. Returns the exit code."""
    told: list[dict[str, Any]] = [crawler.stats.get_stats() for crawler in slices if crawler.spider]
    refused = next((stats["run/refused"] for stats in told if "run/refused" in stats), None)
    if refused:
        print(f"kicrawl: {spider} did not run: {refused}", file=sys.stderr)
        return runs.LOCKED
    counted = sum((Counter({name: n for name, n in stats.items() if isinstance(n, int)}) for stats in told), Counter())
    missing = [line for stats in told for line in stats.get("run/incomplete", [])]
    codes = {stats["run/exit_code"] for stats in told if "run/exit_code" in stats}
    if len([stats for stats in told if "run/exit_code" in stats]) < len(slices):
        missing.append("it was stopped before it began")
        codes.add(runs.FAILED if broken else runs.INCOMPLETE)
    lines = [line for stats in told for line in stats.get("run/told", [])]
    if not missing or any(counted[name] for name in runs.READ):
        print("\n".join(f"{spider}: {line}" for line in lines) or runs.summary(spider, counted))
    for line in dict.fromkeys(missing):
        print(f"kicrawl: {spider} is incomplete: {line}", file=sys.stderr)
    return next((code for code in (runs.FAILED, runs.INCOMPLETE) if code in codes), runs.COMPLETE)
