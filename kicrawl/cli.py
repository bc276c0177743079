"""The console command `kicrawl`: scrapy with this project's settings, from any folder, and a help of its own."""

import os
import sys

from scrapy import cmdline

from kicrawl import runs
from kicrawl.commands import leave
from kicrawl.commands.overview import overview, refusal, version


def main() -> None:
    """Runs `scrapy` with sys.argv; its exit code is the program's."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "kicrawl.settings"  # wins over a scrapy.cfg in the folder we stand in
    name = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    if name in (None, "help"):
        print(version() if "--version" in sys.argv else overview())
        return
    refused = refusal(name)
    if refused:
        leave(refused, runs.WRONG)
    try:
        try:
            cmdline.execute()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
