"""Captures read again by a changed rule: python -m benchmarks.reprocess [--captures 10000]

An archive of so many captures (made from the replica, in all layouts) is read again after lines were added to the table
`rule`: by one process, by two, by two workers of a Dask cluster, and by two of which one is killed in the middle. Each
result must equal a fresh replay with these rules, without a revision. Rates are printed.
"""

import argparse
import itertools
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, select

from benchmarks.backfill import ROOT, Page, record_of, replay, told
from kicrawl import archive
from kicrawl.archive.models import Article, Rule
from kicrawl.pipelines import read_rules
from kicrawl.pools import OpenPool, processes
from kicrawl.reprocess import Orders, Report, reprocess
from kicrawl.site.words import fold
from tests.replica import all_authors, bulk_stories
from tests.replica.layouts import render_story
from tests.test_reprocess import count_threads, dask, losing, wait_for

ERAS = (("A", 2022), ("B", 2024), ("C", 2026))
RULE_FOR = 10  # one of so many stories has a line that the new rule cuts


def make_pages(number: int) -> Iterator[Page]:
    """A page of each of so many stories."""
    drawn = {story.slug: story for story in bulk_stories(number + number // 100 + 1, seed=2)}  # some share a slug
    stories, everyone = list(drawn.values())[:number], all_authors()
    for place, story in enumerate(stories):
        layout, year = ERAS[place % len(ERAS)]
        body = render_story(story, layout, ROOT, stories[place + 1 : place + 5], everyone).encode()
        yield Page(f"{ROOT}/{story.slug}/", datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=place), body)


def add_rule(engine: Engine, lines: str) -> None:
    """From now on these lines are boilerplate."""
    with archive.writing(engine) as connection:
        rule = {"name": "new", "grade": "exact", "pattern": lines, "created_at": datetime.now(UTC)}
        connection.execute(Rule.__table__.insert().values(rule))


def choose_lines(engine: Engine) -> str:
    """The first paragraphs of some stories, as rules compare them, as long as they leave each story a text."""
    with engine.connect() as connection:
        bodies = connection.execute(select(Article.body).order_by(Article.url)).scalars().all()
    texts = [[fold(line) for line in body.split("\n\n")] for body in bodies if body]
    chosen = {first for first, *_ in texts[::RULE_FOR]}
    for text in texts:
        if chosen.issuperset(text):
            chosen.discard(text[0])
    return "\n".join(sorted(chosen))


def again(base: Path, copy: Path, pool: OpenPool, lines: str) -> tuple[Report, dict[str, Any]]:
    """Reads a copy of an archive again with the rule; the report, and what it says then."""
    shutil.copy(base, copy)
    engine = archive.open_archive(f"sqlite:///{copy}")
    add_rule(engine, lines)
    folder = copy.parent / "warc"
    report = reprocess(
        Orders(engine=engine, root=ROOT, rules=read_rules(engine), folder=folder, captures_at=folder), pool
    )
    said = told(engine)
    engine.dispose()
    return report, said


def main() -> None:
    """Prints a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=10_000)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        source.mkdir()
        with (source / "crawl.warc.gz").open("wb") as file:
            for page in make_pages(given.captures):
                file.write(record_of(page))
        engine = archive.open_archive(f"sqlite:///{folder}/base.db")
        orders = Orders(
            engine=engine,
            root=ROOT,
            rules={},
            folder=folder / "warc",
            captures_at=folder,
            sources=[source / "crawl.warc.gz"],
        )
        stored = reprocess(orders, partial(processes, 2))
        lines = choose_lines(engine)
        say("stored by two processes from the WARC file", stored)
        with archive.writing(engine) as connection:
            connection.exec_driver_sql("UPDATE capture SET reread_by = NULL")
        engine.dispose()
        fresh = archive.open_archive(f"sqlite:///{folder}/fresh.db")
        add_rule(fresh, lines)
        began = time.monotonic()
        print(replay(folder, source, f"sqlite:///{folder}/fresh.db", lambda memory: None))
        print(f"fresh replay by one process: {given.captures / (time.monotonic() - began):.0f} a second", flush=True)
        wanted = told(fresh)
        fresh.dispose()
        number = itertools.count()
        compare = partial(measure, folder, lines, wanted, number)
        good = compare("1 process", partial(processes, 1)) & compare("2 processes", partial(processes, 2))
        with dask(folder) as (address, workers):
            wait_for(lambda: count_threads(address) == 2)
            good &= compare("2 workers of Dask", partial(whole, address))
            good &= compare("2 workers of Dask, one killed", partial(losing, address, workers[0]))
        sys.exit(0 if good else 1)


@contextmanager
def whole(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a cluster."""
    from kicrawl.pools import cluster

    with cluster(address) as pool:
        yield pool


def measure(folder: Path, lines: str, wanted: dict[str, Any], number: Iterator[int], name: str, pool: OpenPool) -> bool:
    """Prints how one way did; whether the result is that of the fresh replay, without revisions."""
    report, said = again(folder / "base.db", folder / f"copy-{next(number)}.db", pool, lines)
    same = {key: rows for key, rows in said.items() if key != "captures"} == {
        key: rows for key, rows in wanted.items() if key != "captures"
    }
    verdict = "as a fresh replay" if same else "NOT as a fresh replay"
    say(f"{name}: {report.differ} of {report.stories} differ, {len(said['revisions'])} revisions, {verdict}", report)
    return same and not said["revisions"]


def say(what: str, report: Report) -> None:
    """Prints a line with the rate."""
    print(f"{what}: {report.read} captures, {report.read / report.seconds:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
