"""What reading, replaying and crawling cost in CPU, beside others: python -m benchmarks.speed [--only reading,...]

Everything that is compared is measured in one run, in turns, so that a busy machine slows both. Where a whole program
is measured, its start is taken off: the cost of a page is the difference between a long run and a short one, divided.
How long a search takes is measured by benchmarks.search.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import foreign, warcs
from benchmarks.gold import BESIDE as GOLD
from benchmarks.gold import HTML_LAYOUTS, Gold
from benchmarks.memory import watch
from benchmarks.peers import OURS, readers
from benchmarks.warcs import Saved
from kicrawl import archive
from tests.replica import Site, serve
from tests.running import BIN, ended, environment, started

HOUSE = Path(__file__).parents[1]
SHORT, LONG = 50, 350  # pages of the two runs whose difference counts
PARTS = ("reading", "replay", "newsfeed", "memory")


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds that some work takes in this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def cpu_of_program(*command: str, database_url: str | None = None, root: str | None = None) -> float:
    """The CPU seconds of a program that must end well, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=HOUSE, env=environment(database_url, root), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def beside() -> list[Saved]:
    """The pages beside the checkout: the gold in its layouts, and real pages of other sites."""
    gold = Gold(GOLD)
    pages = [page for name in HTML_LAYOUTS for page in warcs.pages(gold.source(name))] if gold.is_there else []
    return pages + list(_real(foreign.BESIDE))


def _real(folder: Path) -> Iterator[Saved]:
    for path in sorted(folder.glob("*.html.gz")):
        told = json.loads(path.with_name(path.name.replace(".html.gz", ".json")).read_text(encoding="utf-8"))
        yield Saved(told["url"], gzip.decompress(path.read_bytes()), "text/html; charset=utf-8")


def pages_of(site: Site, count: int) -> Iterator[Saved]:
    """The pages of the replica's newest stories, as it would send them."""
    for story in site.stories[:count]:
        answer = site.answer(f"/{story.slug}/")
        yield Saved(site.url(story.slug), answer.body, "text/html; charset=utf-8")


def _of_replica() -> list[Saved]:
    with serve(count=LONG) as site:
        return list(pages_of(site, LONG))


def measure_reading(rounds: int) -> Iterator[str]:
    """(a) From bytes to a clean item, beside the peers and beside lxml's parsing of the same bytes."""
    pages = beside() or _of_replica()
    best = {name: sum(least) / len(pages) for name, least in _least(pages, rounds).items()}
    size = sum(len(page.body) for page in pages) / len(pages) / 1000
    yield f"reading {len(pages)} pages of {size:.0f} kB on average, ms of CPU a page, and how many times ours"
    for name, seconds in sorted(best.items(), key=lambda one: one[1]):
        yield f"  {name:<30}{seconds * 1000:>9.2f}{seconds / best[OURS]:>9.2f}"


def _least(pages: list[Saved], rounds: int) -> dict[str, list[float]]:
    """For every reader the least CPU seconds that each page took it.

    All readers read a page before any reads the next, and all pages are read before one is read again: a busy machine
    slows all of them, and nothing finds in its caches what it has just read.
    """
    every = readers()
    least = {name: [float("inf")] * len(pages) for name in every}
    for _ in range(rounds):
        for place, page in enumerate(pages):
            for name, read in every.items():
                least[name][place] = min(least[name][place], _seconds(read, page))
    return least


def _seconds(read: Callable[[Saved], object], page: Saved) -> float:
    return cpu(lambda: read(page))


def _each_of(read: Callable[[Saved], object], pages: list[Saved]) -> float:
    """The CPU seconds that reading one of the pages takes."""
    return cpu(lambda: [read(page) for page in pages]) / len(pages)


def measure_replay() -> Iterator[str]:
    """(b) WARC -> SQLite, beside reading alone and a spider that does nothing."""
    with TemporaryDirectory() as name, serve(count=LONG) as site:
        folder = Path(name)
        totals, pages = {}, list(pages_of(site, LONG))
        for count in (SHORT, LONG):
            warcs.write(pages[:count], folder / f"{count}.warc.gz")
            command = (str(BIN / "kicrawl"), "crawl", "replay", "-a", f"source={folder}/{count}.warc.gz")
            totals[count] = cpu_of_program(*command, database_url=f"sqlite:///{folder}/{count}.db", root=site.root)
        reading, nothing = _cost_of_reading(site, pages), _cost_of_nothing(site, folder)
    replay = _each(totals)
    yield f"replaying a page of the replica into SQLite: {replay:.2f} ms of CPU"
    yield f"  reading it: {reading:.2f}, a spider that fetches and does nothing: {nothing:.2f}"
    yield f"  replay is {replay / (reading + nothing):.2f} times both together"


def measure_newsfeed() -> Iterator[str]:
    """(c) A newsfeed run without pauses, beside a spider that does nothing, on the same site."""
    with TemporaryDirectory() as name, serve(count=30) as site:
        folder = Path(name)
        database_url = f"sqlite:///{folder}/kicrawl.db"
        command = (str(BIN / "kicrawl"), "crawl", "newsfeed", "-s", f"WARC_DIR={folder}/warc", "-s", "DOWNLOAD_DELAY=0")
        cpu_of_program(*command, database_url=database_url, root=site.root)
        totals = {}
        for count in (SHORT, LONG):
            site.publish(n=count)
            totals[count] = cpu_of_program(*command, database_url=database_url, root=site.root)
        pages = list(pages_of(site, LONG))
        reading, nothing = _cost_of_reading(site, pages), _cost_of_nothing(site, folder)
    newsfeed = _each(totals)
    yield f"newsfeed, a new story of the replica into SQLite and WARC: {newsfeed:.2f} ms of CPU"
    yield f"  reading it: {reading:.2f}, a spider that fetches and does nothing: {nothing:.2f}"
    yield f"  beside both: {newsfeed - reading - nothing:.2f} ms (at most 3)"


def _cost_of_reading(site: Site, pages: list[Saved]) -> float:
    """Milliseconds to read a page of the replica, in this process."""
    from kicrawl import boilerplate
    from kicrawl.loaders import load_article
    from kicrawl.page import read_page

    def read(page: Saved) -> object:
        return boilerplate.strip(load_article(read_page(page.body, page.url, page.content_type, root=site.root)))

    return min(_each_of(read, pages) for _ in range(3)) * 1000


def _cost_of_nothing(site: Site, folder: Path) -> float:
    """Milliseconds that Scrapy takes to fetch a page of the replica."""
    totals = {}
    for count in (SHORT, LONG):
        addresses = folder / f"{count}.txt"
        addresses.write_text("\n".join(site.url(story.slug) for story in site.stories[:count]), encoding="utf-8")
        totals[count] = cpu_of_program(sys.executable, "-m", "benchmarks.nothing", str(addresses))
    return _each(totals)


def _each(totals: dict[int, float]) -> float:
    """Milliseconds a page, by the difference between a long run and a short one."""
    return (totals[LONG] - totals[SHORT]) / (LONG - SHORT) * 1000


def measure_memory(count: int) -> Iterator[str]:
    """(d) How much more memory a long replay holds at its end than when it is under way."""
    with TemporaryDirectory() as name, serve(count=count) as site:
        folder, root = Path(name), site.root
        warcs.write(pages_of(site, count), folder / "many.warc.gz")
        database_url = f"sqlite:///{folder}/kicrawl.db"
        command = ("crawl", "replay", "-a", f"source={folder}/many.warc.gz")
        engine = archive.open_archive(database_url)
        with started(*command, folder=HOUSE, database_url=database_url, root=root) as process:
            memory = watch(process.pid, engine, count)
            end = ended(process, timeout=60)
        engine.dispose()
    yield f"replaying {count:,} pages (exit code {end.code}): {memory}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}, comma between")
    parser.add_argument("--rounds", type=int, default=3, help="reading: the best of so many counts")
    parser.add_argument("--pages", type=int, default=50_000, help="memory: of the replay")
    given = parser.parse_args()
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "reading": lambda: measure_reading(given.rounds),
        "replay": measure_replay,
        "newsfeed": measure_newsfeed,
        "memory": lambda: measure_memory(given.pages),
    }
    for name in given.only.split(","):
        for line in parts[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
