"""Drives a real Chromium, Debian's; makes the README's picture: python -m tests.chromium docs/start-page.png"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.crawled import crawled
from tests.running import started

PROGRAM = shutil.which("chromium")
# As root, which CI is, Chromium has no sandbox; it sees nothing but pages of our own.
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
SIZE = ViewportSize(width=1000, height=760)


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """A new window that shows this page; closing it raises what the pages complained about or asked elsewhere for."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
        page = browser.new_page(viewport=SIZE, locale="en-GB")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend(foreign(request.url, address)))
        page.goto(address)
        yield page
        browser.close()
    assert complaints == []


@contextmanager
def browsed(folder: Path) -> Iterator[str]:
    """The address at which `kicrawl browse` shows the archive in this folder."""
    with started("browse", "--port", "0", folder=folder) as process:
        assert process.stdout
        yield address_in(process)


def address_in(process: "subprocess.Popen[str]") -> str:
    """What the program prints first."""
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line
    return found[0]


def foreign(url: str, address: str) -> list[str]:
    """The address, if it is not our own."""
    return [] if url.startswith((address, "data:")) else [f"asked for {url}"]


def main() -> None:
    """Takes the picture."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with crawled(folder), browsed(folder) as address, opened(address) as page:
            page.screenshot(path=sys.argv[1])


if __name__ == "__main__":
    main()
