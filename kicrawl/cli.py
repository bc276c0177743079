"""The console command `kicrawl`: scrapy with this project's settings, from any folder."""

import os

from scrapy import cmdline


def main() -> None:
    """Runs `scrapy` with sys.argv; its exit code is the program's."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "kicrawl.settings"  # wins over a scrapy.cfg in the folder we stand in
    cmdline.execute()
