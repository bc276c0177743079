"""How exactly pages are read: make accuracy, or python benchmarks/accuracy.py --quick for the reader alone.

The gold beside the checkout goes through `scrapy crawl replay` and `kicrawl export`, a fresh database per layout, and
is scored with the gold's own scorer; then the same pages scrambled, the same stories in layouts nobody has seen, and
real pages of other sites.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

if not __package__:  # run as a file
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import foreign, layouts, profiles, routes, warcs
from benchmarks.faults import Result, by_choice, causes, worst
from benchmarks.gold import BESIDE, HTML_LAYOUTS, Gold, Row, knowable_scrambled, read_rows, score
from benchmarks.scramble import scramble
from benchmarks.warcs import Saved

SCRAMBLED = "scrambled "
UNSEEN = "unseen"
SEED = 22
COLUMNS = {
    "tok_f1": "bodyF1",
    "body_exact": "exact",
    "leak": "leak",
    "title": "title",
    "authors": "authors",
    "author_box": "boxes",
    "published_at": "date",
    "captions": "captions",
    "related": "related",
    "kicker": "kicker",
    "reading_minutes": "minutes",
    "invented": "invented",
    "missing": "missing",
}


def names(gold_layouts: Iterable[str] = HTML_LAYOUTS) -> list[str]:
    """Everything that is measured: the layouts, the plain texts, the scrambled copies, the unseen designs."""
    return [*gold_layouts, "WET", *(SCRAMBLED + name for name in gold_layouts), UNSEEN]


def score_layout(gold: Gold, name: str, *, quick: bool, folder: Path, seed: int = SEED) -> Result:
    """One of `names`, through the whole program or (quick) through the reader alone."""
    if name == UNSEEN:
        drawn = list(layouts.draw_all(layouts.stories(gold.folder / "dev.jsonl"), seed))
        expected = [one.expected | {"choices": one.choices} for one in drawn]
        pages: Iterable[Saved] = [_saved(one.expected["url"], one.html) for one in drawn]
    else:
        expected = gold.layout(name.removeprefix(SCRAMBLED))
        pages = warcs.pages(gold.source(name.removeprefix(SCRAMBLED)))
    if name.startswith(SCRAMBLED):
        pages = [page._replace(body=scramble(page.body, SEED + n)) for n, page in enumerate(pages)]
        expected = [knowable_scrambled(row) for row in expected]
    found = routes.read(pages) if quick else _crawled(gold, name, pages, folder)
    return result(gold, name, expected, found)


def score_reader(gold: Gold, expected: list[Row], pages: Iterable[Saved], name: str = "reader") -> Result:
    """The reader alone, in this process, on any pages with their rows."""
    return result(gold, name, expected, routes.read(pages))


def result(gold: Gold, name: str, expected: list[Row], found: list[Row]) -> Result:
    """The score of rows against the rows that were expected."""
    return Result(name, *score(gold, expected, found, name), expected, found)


def _crawled(gold: Gold, name: str, pages: Iterable[Saved], folder: Path) -> list[Row]:
    if name in (*HTML_LAYOUTS, "WET"):
        return routes.crawl(gold.source(name), folder)
    source = folder / f"{name.replace(' ', '-')}.warc.gz"
    warcs.write(pages, source)
    return routes.crawl(source, folder)


def _saved(url: str, html: str) -> Saved:
    return Saved(url, html.encode(), "text/html; charset=utf-8")


def table(results: list[Result]) -> Iterator[str]:
    """The lines of the table of all results."""
    yield "layout".ljust(14) + "pages".rjust(6) + "".join(name.rjust(9) for name in COLUMNS.values())
    for one in results:
        cells = (_cell(key, one.summary.get(key)) for key in COLUMNS)
        yield one.name.ljust(14) + str(one.summary["pages"]).rjust(6) + "".join(cell.rjust(9) for cell in cells)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "-"
    return str(int(value)) if key in ("invented", "missing") else f"{value:.4f}" if key == "leak" else f"{value:.3f}"


def beside_peers(gold: Gold, results: list[Result]) -> Iterator[str]:
    """Body token F1 per layout beside the peers' (theirs are on all 71 stories, ours on the 36 that are here)."""
    shown = [one for one in results if one.name in HTML_LAYOUTS]
    yield "body token F1".ljust(26) + "".join(one.name.rjust(8) for one in shown) + "exact".rjust(8) + "leak".rjust(8)
    exact = sum(one.summary["body_exact"] for one in shown) / len(shown)
    leak = sum(one.summary["leak"] for one in shown) / len(shown)
    ours = "".join(f"{one.summary['tok_f1']:.3f}".rjust(8) for one in shown)
    yield "kicrawl".ljust(26) + ours + f"{exact:.3f}".rjust(8) + f"{leak:.3f}".rjust(8)
    for peer, values in gold.peers.items():
        theirs = "".join(values[one.name].rjust(8) for one in shown)
        yield peer.ljust(26) + theirs + values["exact"].rjust(8) + values["leak"].rjust(8)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=BESIDE)
    parser.add_argument("--layout", action="append", help="only this one (A, B1, C1, C2, WET, 'scrambled A', unseen)")
    parser.add_argument("--quick", action="store_true", help="the reader alone, without crawler and database")
    parser.add_argument("--seed", type=int, default=SEED, help="of the designs of unseen")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show the N worst pages of each layout")
    parser.add_argument("--by", default="body_exact", help="fact shown per choice of design: body_exact, authors, ...")
    parser.add_argument("--pages", type=Path, help="quick: a folder made by layouts.py, instead of the gold")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    gold = Gold(arguments.gold)
    if not gold.is_there:
        print(f"no gold in {arguments.gold}: nothing is measured")
        return
    with tempfile.TemporaryDirectory(prefix="kicrawl-accuracy-") as folder:
        if arguments.pages:
            results = [_score_folder(gold, arguments.pages)]
        else:
            wanted = arguments.layout or names()
            results = [
                score_layout(gold, name, quick=arguments.quick, folder=Path(folder), seed=arguments.seed)
                for name in wanted
            ]
        _print(gold, results, arguments)
        if not (arguments.pages or arguments.layout):
            _print_others(gold, Path(folder), quick=arguments.quick)


def _score_folder(gold: Gold, folder: Path) -> Result:
    expected = read_rows(folder / "gold.jsonl")
    pages = [_saved(row["url"], (folder / f"{row['slug']}.html").read_text(encoding="utf-8")) for row in expected]
    return score_reader(gold, expected, pages, UNSEEN)


def _print(gold: Gold, results: list[Result], arguments: argparse.Namespace) -> None:
    print("\n".join(table(results)))
    if any(one.name in HTML_LAYOUTS for one in results):
        print("\n" + "\n".join(beside_peers(gold, results)))
    for one in results:
        if one.name == UNSEEN:
            print("\n" + "\n".join(by_choice(one, arguments.by)))
            print("\n" + "\n".join(causes(gold, one)))
        if arguments.worst:
            print("\n" + "\n".join(worst(one, arguments.worst)))


def _print_others(gold: Gold, folder: Path, *, quick: bool) -> None:
    found = profiles.read_authors(gold) if quick else routes.crawl(gold.author_pages, folder, table="author")
    shares = profiles.score_authors(gold, found)
    print("\nauthor pages, exactly right: " + "  ".join(f"{key} {value:.2f}" for key, value in shares.items()))
    for seed in [] if quick else gold.seeds:
        faults = profiles.score_seed(gold, seed, folder)
        print(f"seed {seed.name}: {'; '.join(f'{key}: {value}' for key, value in faults.items() if value) or 'right'}")
    if foreign.BESIDE.exists():
        print("\nreal pages of other sites (no bar)")
        for row in foreign.read_all(foreign.BESIDE):
            print(
                "  "
                + "  ".join(
                    f"{key} {value:.3f}" if key == "body F1" else f"{key} {value}" for key, value in row.items()
                )
            )


if __name__ == "__main__":
    main()
