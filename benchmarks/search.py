"""How long a search takes: python -m benchmarks.search [--stories 50000] [--database sqlite]

Archives are filled with invented stories in which some words stand in a known share of all; each is searched for the
newest and the best, with what is shown of them. The median of seven searches is printed.
"""

import argparse
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from benchmarks.growth import KINDS, fill_up
from kicrawl import archive
from kicrawl.archive.search import Filters, read_query, search
from tests.archived import ROOT
from tests.servers import new_database, postgresql

TIMES = 7


def frequent_terms(stories: int) -> Sequence[str]:
    """Queries that up to 5 % of the stories answer, as tests/filled.py writes them."""
    return (
        str(stories // 2),
        f"{stories // 3} barak",
        "hundredth",
        "fiftieth",
        "twentieth",
        "twentieth -hundredth",
        "twentieth hundredth",
        '"twentieth hundredth"',
    )


# Queries with words that every single story has, ten times over: as hard as it gets.
COMMON = ("twentieth barak delen", '"barak delen corib"')


def milliseconds(engine: Engine, words: str, *, by_rank: bool = False) -> list[float]:
    """The times of some searches, each with all that is shown of what it finds; the shortest first."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        search(engine, read_query(words), Filters(), limit=20, by_rank=by_rank)
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)


def main() -> None:
    """Prints a line for each query on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=50_000)
    parser.add_argument("--database", choices=KINDS, help="only this one")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for kind in [given.database] if given.database else KINDS:
            server = stack.enter_context(postgresql()).get_uri() if kind == "postgresql" else None
            url = stack.enter_context(new_database(server)) if server else f"sqlite:///{folder}/kicrawl.db"
            fill_up(url, ROOT, given.stories)
            engine = archive.open_archive(url)
            for words in (*frequent_terms(given.stories), *COMMON):
                share = len(search(engine, read_query(words), limit=given.stories)) / given.stories
                newest, best = (median(milliseconds(engine, words, by_rank=rank)) for rank in (False, True))
                print(f"{kind:<10} {words:<28} in {share:6.2%}: {newest:6.1f} ms, by rank {best:6.1f} ms", flush=True)
            engine.dispose()


if __name__ == "__main__":
    main()
