"""The console command `kicrawl`: scrapy with this project's settings, from any folder."""

import os
import sys
from collections.abc import Iterator
from importlib import import_module

from scrapy import cmdline

HELP = ("-h", "--help", "help")
# Every command of ours, in the order in which a newcomer needs them.
COMMANDS = {
    "fetch": ("probe", "crawl", "coverage", "status"),
    "look": ("search", "show", "changes", "boilerplate", "browse"),
    "take away": ("export",),
    "keep": ("migrate", "reprocess", "purge"),
}
EXAMPLES = """\
examples:
  kicrawl crawl newsfeed           bring the archive up to date; schedule it every few minutes
  kicrawl search "ferry" -market   find stories
  kicrawl export -o stories.jsonl  take them away

`kicrawl COMMAND -h` tells more, with examples. Scrapy's own commands (list, settings, shell) work too: `scrapy -h`."""


def main() -> None:
    """Runs `scrapy` with sys.argv; its exit code is the program's."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "kicrawl.settings"  # wins over a scrapy.cfg in the folder we stand in
    if len(sys.argv) < 2 or sys.argv[1] in HELP:
        print("\n".join(overview()))
    else:
        cmdline.execute()


def overview() -> Iterator[str]:
    """The lines that `kicrawl -h` shows."""
    yield "kicrawl: a complete, current, clean and honest SQL archive of the Kyiv Independent"
    yield "\nusage: kicrawl COMMAND [options]"
    for purpose, names in COMMANDS.items():
        yield f"\n{purpose}:"
        for name in names:
            command = import_module(f"kicrawl.commands.{name}").Command()
            yield f"  {name:<13}{command.short_desc()}"
    yield f"\n{EXAMPLES}"
