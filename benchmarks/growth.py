"""What a run costs as the archive grows: python -m benchmarks.growth [--sizes 2000,100000] [--database sqlite]

A newsfeed run with fifty new stories against the replica, in archives filled beforehand. Requests and statements
must not depend on the size (tests/test_growth.py asserts it); the seconds are only printed.
"""

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kicrawl import archive
from tests.filled import fill
from tests.replica import Site, serve
from tests.running import Ended, ended, started
from tests.servers import new_database, postgresql

NEW = 50  # stories of the run that is looked at
KINDS = ("sqlite", "postgresql")
HOUSE = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a run with new stories took."""

    requests: int
    statements: Counter[str]
    plans: dict[str, Any]  # by statement, as the database tells them


def cost_of_a_run(folder: Path, database_url: str, site: Site) -> Cost:
    """What a newsfeed run with new stories asks of the site and of an archive that knows the others."""
    notes = folder / "notes.json"
    crawl(folder, database_url, site.root)
    site.publish(n=NEW)
    site.log.clear()
    end = crawl(folder, database_url, site.root, program=(sys.executable, "-m", "tests.statements", str(notes)))
    assert end.out.startswith(f"newsfeed: {NEW} stories new"), end
    told = json.loads(notes.read_text(encoding="utf-8"))
    return Cost(requests=len(site.log), statements=Counter(told["counts"]), plans=told["plans"])


def time_of_a_run(folder: Path, database_url: str, site: Site) -> float:
    """The seconds that an ordinary run with new stories takes."""
    site.publish(n=NEW)
    began = time.monotonic()
    crawl(folder, database_url, site.root)
    return time.monotonic() - began


def fill_up(database_url: str, root: str, stories: int) -> float:
    """Fills an empty archive; the seconds that took."""
    engine = archive.open_archive(database_url)
    began = time.monotonic()
    fill(engine, root, stories)
    engine.dispose()
    return time.monotonic() - began


def crawl(folder: Path, database_url: str, root: str, **options: Any) -> Ended:
    """A newsfeed run that must be complete."""
    arguments = ("crawl", "newsfeed", "-s", f"WARC_DIR={folder}/warc")
    with started(*arguments, folder=HOUSE, database_url=database_url, root=root, **options) as process:
        end = ended(process, timeout=300)
    assert (end.code, end.err) == (0, ""), end
    return end


def main() -> None:
    """Prints a line for each size on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,100000", help="how many stories, comma between")
    parser.add_argument("--database", choices=KINDS, help="only this one")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    print(f"a newsfeed run with {NEW} new stories, in an archive of")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for kind in [given.database] if given.database else KINDS:
            server = stack.enter_context(postgresql()).get_uri() if kind == "postgresql" else None
            for size in sizes:
                url = stack.enter_context(new_database(server)) if server else f"sqlite:///{folder}/{size}.db"
                print(f"{size:>9,} stories, {kind:<10}: {measure(folder, url, size)}", flush=True)


def measure(folder: Path, database_url: str, stories: int) -> str:
    """What a run costs in an archive of that size, in words."""
    with serve(count=30) as site:
        to_fill = fill_up(database_url, site.root, stories)
        cost = cost_of_a_run(folder, database_url, site)
        seconds = time_of_a_run(folder, database_url, site)
    each = cost.statements.total() / NEW
    told = f"{cost.requests} requests, {each:.2f} statements a story, {seconds:.1f} s"
    return f"{told} (filled with {stories / to_fill:,.0f} stories a second)"


if __name__ == "__main__":
    main()
