"""What a page twice as large costs: python -m benchmarks.scaling [--doublings 3] [--memory] [shape ...]

Each shape of benchmarks.shapes is read, cleaned and stripped at its size and at so many doublings of it. A doubling may
take at most 2.5 times the time: what grows faster than the page could be used to stop a crawl.
"""

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.shapes import SHAPES, Shape
from kicrawl.boilerplate import strip
from kicrawl.loaders import load_article, load_author
from kicrawl.page import read_page
from kicrawl.site import urls, words

MOST = 2.5  # times the time for twice the page
SHORTEST = 0.05  # seconds of CPU; what takes less is not worth weighing
TRIES, MOST_TRIES = 3, 8
ENOUGH = 2  # seconds of CPU for all tries


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the pages of a shape took."""

    shape: str
    sizes: list[int]  # bytes
    seconds: list[float]  # of CPU

    @property
    def ratios(self) -> list[float]:
        """How many times the time each doubling took; 0 where that is too short to tell."""
        return [after / max(before, SHORTEST) for before, after in pairwise(self.seconds)]


def cost_of(name: str, shape: Shape, doublings: int = 3) -> Cost:
    """Reads the pages of a shape."""
    pages = [shape.make(shape.size << step).encode() for step in range(doublings + 1)]
    return Cost(shape=name, sizes=[len(page) for page in pages], seconds=[time_of(page, shape) for page in pages])


def time_of(body: bytes, shape: Shape) -> float:
    """The seconds of CPU that a page takes, the least of some tries; of more where each is short."""
    tries = [_once(body, shape) for _ in range(TRIES)]
    while len(tries) < MOST_TRIES and sum(tries) < ENOUGH:
        tries.append(_once(body, shape))
    return min(tries)


def _once(body: bytes, shape: Shape) -> float:
    for known in (*vars(urls).values(), *vars(words).values()):
        if hasattr(known, "cache_clear"):
            known.cache_clear()
    gc.collect()
    began = time.process_time()
    read_all(body, shape.url, shape.content_type)
    return time.process_time() - began


def read_all(body: bytes, url: str, content_type: str) -> object:
    """A page as a crawl reads it, to its last step before the archive."""
    page = read_page(body, url, content_type)
    if page.kind == "author":
        return load_author(page)
    return strip(load_article(page)) if page.kind == "story" else page


def costs(names: list[str], doublings: int) -> Iterator[Cost]:
    """What each shape took."""
    for name in names or SHAPES:
        yield cost_of(name, SHAPES[name], doublings)


def main() -> None:
    """Prints a line for each shape; ends with 1 if one of them costs too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", help="only these; all if none is named")
    parser.add_argument("--doublings", type=int, default=3)
    options = parser.parse_args()
    unknown = set(options.shapes) - set(SHAPES)
    if unknown:
        parser.error(f"no shape {', '.join(sorted(unknown))}; there are: {', '.join(SHAPES)}")
    worst = 0.0
    print(f"{'shape':28} {'largest':>9} {'seconds':>8}   ratio of each doubling")
    for cost in costs(options.shapes, options.doublings):
        worst = max(worst, *cost.ratios)
        told = "  ".join(f"{ratio:4.2f}" for ratio in cost.ratios)
        too_much = "   TOO MUCH" if max(cost.ratios) > MOST else ""
        print(
            f"{cost.shape:28} {cost.sizes[-1] / 2**20:6.2f} MB {cost.seconds[-1]:8.2f}   {told}{too_much}", flush=True
        )
    print(f"worst of {len(options.shapes or SHAPES)} shapes: {worst:.2f} (at most {MOST})")
    sys.exit(worst > MOST)


if __name__ == "__main__":
    main()
