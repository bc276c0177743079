"""Stories per second into the archive: python -m benchmarks.store [--stories 2000] [--profile]

Store (items, comparing, linking, group commit) beside the driver's own executemany of the same rows into the same
tables, full text and triggers included, in one transaction. The rows are Python's: JSON and times are put into the
driver's form while the clock runs, as anybody must who has them. Best of three, in turns; by CPU time on SQLite, where
all of the work is this process's, so that a busy machine does not blur it.
The share should be above 0.5 on both databases.
"""

import argparse
import cProfile
import gc
import itertools
import pstats
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import Engine, select

from kicrawl import archive, items
from kicrawl.archive.models import SCHEMA, Base
from kicrawl.archive.store import Writer, write_items
from tests.servers import new_database, postgresql

ROOT = "https://kyivindependent.com"
LATEST = datetime(2025, 6, 1, tzinfo=UTC)
ROUNDS = 3
GROUP = 500  # as Store commits when it has much to do
SYLLABLES = "bar cor del fim gol hun ak en ib ol us tra ser mon vil nor ket".split()
BANNERS = [f"Banner number {word}: stand with us, and read what others do not tell you." for word in SYLLABLES]


def vocabulary(size: int = 8000) -> list[str]:
    """Invented words, of which the first come most often."""
    return ["".join(parts) for parts in itertools.islice(itertools.product(SYLLABLES, repeat=4), 0, size * 9, 9)]


def invent(number: int) -> Iterator[items.Article]:
    """Stories as long and as furnished as the newspaper's."""
    words = vocabulary()
    weights = [1 / place for place in range(2, len(words) + 2)]
    cumulative = list(itertools.accumulate(weights))
    for place in range(number):
        yield invent_one(place, random.Random(place), words, cumulative)


def invent_one(place: int, chance: random.Random, words: list[str], cumulative: list[float]) -> items.Article:
    """One of them."""

    def say(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=cumulative, k=length)).capitalize() + "."

    slug, moment = f"story-{place}", LATEST - place * timedelta(minutes=20)
    blocks = [items.Block(text=say(chance.randint(25, 60)), role="story") for _ in range(13)]
    for block in chance.sample(blocks, 6):
        block.links = [items.Link(url=f"https://example.org/{chance.randrange(10**9)}", text=block.text[:20])]
    cut = [items.Block(text=line, role="boilerplate", rule="banner") for line in chance.sample(BANNERS, 6)]
    related = [
        items.Related(url=f"{ROOT}/story-{chance.randrange(10**6)}/", title=say(8), excerpt=say(20)) for _ in "ab"
    ]
    return items.Article(
        url=f"{ROOT}/{slug}/",
        slug=slug,
        ghost_id=f"{place:024x}",
        title=say(9),
        subtitle=say(15),
        tags=[f"Tag {place % 301}", f"Tag {place % 7}", "News"],
        published_at=moment,
        seen_at=moment,
        authors=[
            items.Author(name=f"Author {place % 97}", slug=f"author-{place % 97}", role="Reporter", bio="Writes.")
        ],
        blocks=[*blocks, *cut],
        images=[items.Image(url=f"{ROOT}/image-{place}.jpg", caption=say(12), credit="A. Person")],
        captions=[say(12)],
        related=related,
        sources={"title": "h1", "body": "visible", "tags": "meta", "authors": "embedded", "published_at": "meta"},
        layout="C",
    )


def clock(engine: Engine) -> float:
    """Seconds: of work on SQLite, of waiting for the server on PostgreSQL."""
    return time.process_time() if engine.dialect.name == "sqlite" else time.perf_counter()


def time_store(engine: Engine, stories: list[items.Article]) -> float:
    """The seconds that Store takes."""
    began = clock(engine)
    writer = Writer(engine)
    for start in range(0, len(stories), GROUP):
        tickets = [writer.submit(story) for story in stories[start : start + GROUP]]
        tickets[-1].future.result()
    writer.close()
    return clock(engine) - began


def profile(engine: Engine, stories: list[items.Article]) -> None:
    """Prints where the time goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for start in range(0, len(stories), GROUP):
        with archive.writing(engine) as connection:
            write_items(connection, stories[start : start + GROUP])
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(45)


def read_rows(engine: Engine) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """All rows of all tables, as Python has them."""
    found = {}
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(select(table))]
        found[table.name] = (names, rows)
    return {name: told for name, told in found.items() if told[1]}


def time_executemany(engine: Engine, rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> float:
    """The seconds that the driver takes for the same rows, in one transaction."""
    raw = engine.raw_connection()
    connection: Any = raw.driver_connection
    mark = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    schema = "" if mark == "?" else f"{SCHEMA}."
    binders = {name: bind_all(engine, name) for name in rows}
    began = clock(engine)
    cursor = connection.cursor()
    if mark == "?":
        cursor.execute("BEGIN")
    for table, (names, plain) in rows.items():
        values = [
            list(map(bind, column)) if bind else column
            for bind, column in zip(binders[table], zip(*plain, strict=True), strict=True)
        ]
        columns = ", ".join(f'"{name}"' for name in names)
        cursor.executemany(
            f"INSERT INTO {schema}{table} ({columns}) VALUES ({', '.join([mark] * len(names))})",
            zip(*values, strict=True),
        )
    connection.commit()
    seconds = clock(engine) - began
    raw.close()
    return seconds


def bind_all(engine: Engine, table: str) -> list[Any]:
    """For each column what puts a value into the driver's form; None where it is so already."""
    columns = Base.metadata.tables[table].columns
    return [column.type.dialect_impl(engine.dialect).bind_processor(engine.dialect) for column in columns]


def measure(databases: Iterator[str], stories: int) -> tuple[float, float]:
    """Stories per second by Store and by executemany, each into empty databases."""
    invented = list(invent(stories))
    gc.freeze()  # a crawl does not hold thousands of stories, to be looked through again and again
    by_store, by_driver = [], []
    for _ in range(ROUNDS):
        one, two = (archive.open_archive(next(databases)) for _ in "ab")
        by_store.append(time_store(one, invented))
        by_driver.append(time_executemany(two, read_rows(one)))
        one.dispose()
        two.dispose()
    return stories / min(by_store), stories / min(by_driver)


def main() -> None:
    """Prints a line for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--profile", action="store_true", help="say where Store's time goes")
    given = parser.parse_args()
    print(f"{given.stories} stories, psycopg {psycopg.__version__}, SQLite {sqlite3.sqlite_version}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(postgresql()).get_uri() if given.database != "sqlite" else ""
        of = {
            "sqlite": (f"sqlite:///{folder}/{number}.db" for number in itertools.count()),
            "postgresql": (stack.enter_context(new_database(server)) for _ in itertools.count()),
        }
        for kind in [given.database] if given.database else list(of):
            if given.profile:
                profile(archive.open_archive(next(of[kind])), list(invent(given.stories)))
                continue
            ours, theirs = measure(of[kind], given.stories)
            print(
                f"{kind:<10} Store {ours:.0f} stories a second, executemany {theirs:.0f}: {ours / theirs:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
