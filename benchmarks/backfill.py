"""Records of a public archive in any order: python -m benchmarks.backfill [--records 20000] [--orders 2]

WARC files as Common Crawl or Wayback would give them are made from the replica: every story several times, in the
layouts of all eras, some of them edited in between, among pages of other sites. They are shuffled over the files anew
for each order and replayed into an empty archive; all archives must say the same. Memory is printed at start and end.
"""

import argparse
import gzip
import hashlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Engine, select

from kicrawl import archive
from kicrawl.archive.export import export_articles, export_authors, export_revisions
from kicrawl.archive.models import Article, ArticleBoilerplate, Boilerplate, Capture
from tests.replica import all_authors, bulk_stories
from tests.replica.layouts import render_story
from tests.running import ended, started

ROOT = "http://127.0.0.1:9"  # nobody listens there: nothing is fetched
ERAS = (("A", 2022), ("A", 2023), ("B", 2024), ("B", 2024), ("C", 2025), ("C", 2026))
OTHERS = 4  # one of so many records is of another site
FILES = 10
SECONDS = 2  # between two looks at its memory
LONGEST = 3 * 3600  # seconds for a replay


class Page(NamedTuple):
    """A page as it was taken."""

    url: str
    date: datetime
    body: bytes


def make_pages(number: int, seed: int = 1) -> Iterator[Page]:
    """So many pages, always the same: each story in every era, the second of an era as before or edited."""
    chance = random.Random(seed)
    stories = list(bulk_stories(number * (OTHERS - 1) // OTHERS // len(ERAS) + 1, seed=seed))
    everyone, made = all_authors(), 0
    for place, story in enumerate(stories):
        others = stories[place + 1 : place + 5] or stories[:4]
        rendered = {layout: render_story(story, layout, ROOT, others, everyone).encode() for layout in "ABC"}
        for layout, year in ERAS:
            body, date = (
                rendered[layout],
                datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(3 * 10**7)),
            )
            if chance.random() < 0.2:
                body = body.replace(story.title.encode(), f"{story.title}, again".encode())
            url = chance.choice(("{}/{}/", "{}/{}", "{}/news-feed/{}/", "{}/{}/?utm=1")).format(ROOT, story.slug)
            yield Page(url, date, body)
            made += 1
            if made % (OTHERS - 1) == 0:
                yield Page(f"https://other-{made % 7}.example/{story.slug}/", date, body)
                made += 1
            if made >= number:
                return


def write_files(folder: Path, pages: list[Path], seed: int) -> None:
    """The pages (files of records) in WARC files, shuffled."""
    folder.mkdir()
    chance = random.Random(seed)
    shuffled = chance.sample(pages, len(pages))
    for number in range(FILES):
        with (folder / f"{chance.randrange(10**9)}-{number}.warc.gz").open("wb") as file:
            for page in shuffled[number::FILES]:
                file.write(page.read_bytes())


def record_of(page: Page) -> bytes:
    """The page as a gzip member of a WARC file."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.body
    date = page.date.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    names = {"WARC-Type": "response", "WARC-Target-URI": page.url, "WARC-Date": date}
    names |= {"Content-Type": "application/http; msgtype=response", "Content-Length": str(len(http))}
    names["WARC-Payload-Digest"] = "sha1:" + hashlib.sha1(page.body, usedforsecurity=False).hexdigest()
    head = "WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in names.items()) + "\r\n"
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 1)


def told(engine: Engine) -> dict[str, Any]:
    """What an archive says, whatever the numbers of its rows and the files its captures stand in."""
    cut = select(Article.url, ArticleBoilerplate.position, ArticleBoilerplate.rule, Boilerplate.fingerprint)
    cut = cut.select_from(ArticleBoilerplate).join(Article).join(Boilerplate)
    captures = select(Capture.url, Capture.fetched_at, Capture.digest)
    with engine.connect() as connection:
        rows = {
            "boilerplate": sorted(tuple(row) for row in connection.execute(cut)),
            "captures": sorted(tuple(row) for row in connection.execute(captures)),
        }
    stories, authors, revisions = export_articles(engine), export_authors(engine), export_revisions(engine)
    return {**rows, "stories": list(stories), "authors": list(authors), "revisions": list(revisions)}


def replay(folder: Path, source: Path, database_url: str, watch: Callable[[int], None]) -> str:
    """Replays a folder; its summary. `watch` is told the memory in kilobytes now and then."""
    arguments = ("crawl", "replay", "-a", f"source={source}", "-s", f"WARC_DIR={folder}/warc")
    with started(*arguments, folder=folder, database_url=database_url, root=ROOT) as process:
        while process.poll() is None:
            watch(memory_of(process.pid))
            time.sleep(SECONDS)
        end = ended(process, timeout=LONGEST)
    assert (end.code, end.err) == (0, ""), end
    return end.out.strip()


def memory_of(process: int) -> int:
    """What a process holds in memory, in kilobytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def make_records(folder: Path, number: int) -> list[Path]:
    """The pages as files of one record each."""
    folder.mkdir()
    paths = []
    for place, page in enumerate(make_pages(number)):
        paths.append(folder / f"{place:06}")
        paths[-1].write_bytes(record_of(page))
    return paths


def measure(folder: Path, records: list[Path], order: int) -> dict[str, Any]:
    """Replays the records in one order, and prints how that went; what the archive says then."""
    source, memory = folder / f"order-{order}", list[int]()
    write_files(source, records, seed=order)
    url, began = f"sqlite:///{folder}/{order}.db", time.monotonic()
    said = replay(folder, source, url, memory.append)
    seconds, held = time.monotonic() - began, [kilobytes // 1024 for kilobytes in memory if kilobytes]
    rate = f"{len(records) / seconds:.0f} records a second"
    print(
        f"order {order}: {said}\n  {seconds:.0f} s, {rate}, memory in MB: {held[:: max(1, len(held) // 12)]}",
        flush=True,
    )
    engine = archive.open_archive(url)
    found = told(engine)
    engine.dispose()
    return found


def main() -> None:
    """Prints a line for each order, and whether the archives say the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--orders", type=int, default=2)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        records = make_records(folder / "records", given.records)
        print(f"{len(records)} records", flush=True)
        with ThreadPoolExecutor(2) as pool:  # each replay is a process of its own
            archives = list(pool.map(partial(measure, folder, records), range(given.orders)))
        same = all(one == archives[0] for one in archives)
        counts = ", ".join(f"{len(rows)} {what}" for what, rows in archives[0].items())
        print(f"the archives {'say the same' if same else 'DIFFER'}: {counts}")
        sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
