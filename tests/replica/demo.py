"""`make demo`: serves the replica, lets `scrapy crawl newsfeed` archive it, and shows what is in the database then."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from .server import serve
from .site import Site

CHECKOUT = Path(__file__).parents[2]
FOLDER = Path(".demo")
DATABASE = FOLDER / "kicrawl.db"
COUNTS = {"stories": "article", "authors": "author", "images": "image"}
CORRECTION = "Correction: An earlier version of this story left out two villages."
RULES = """
SELECT article_boilerplate.rule, count(*) AS times, count(DISTINCT text) AS texts, min(text)
FROM article_boilerplate JOIN boilerplate ON boilerplate.id = boilerplate_id
GROUP BY article_boilerplate.rule ORDER BY times DESC, 1
"""
NEWEST = """
SELECT published_at, title, (SELECT name FROM article_author WHERE article_id = article.id AND position = (
    SELECT min(position) FROM article_author WHERE article_id = article.id))
FROM article ORDER BY published_at DESC LIMIT 5
"""


def main() -> int:
    os.chdir(CHECKOUT)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with serve() as site:
        print(f"A replica of the site with {len(site.stories)} INVENTED stories is at {site.root}\n", flush=True)
        exit_code = crawl(site.root)
        if not exit_code:
            edit_stories(site)
            print("The newsroom edits three of them, and newsfeed comes by again:", flush=True)
            exit_code = crawl(site.root)
        requests = len(site.log)
    if exit_code:
        print(f"The crawl ended with exit code {exit_code}.", file=sys.stderr)
        return exit_code
    report(requests)
    return 0


def edit_stories(site: Site) -> None:
    """What the newsroom does to its three newest stories after the first crawl."""
    for story in site.stories[:2]:
        site.retitle(story.slug, f"{story.title}, officials confirm")
    third = site.stories[2]
    text = third.text.replace("At least 14 villages", "At least 16 villages")
    site.edit(third.slug, text=f"{CORRECTION}\n{text}")


def crawl(root: str) -> int:
    """`scrapy crawl newsfeed` against the replica; returns its exit code."""
    environment = os.environ | {"KICRAWL_SITE_ROOT": root, "KICRAWL_DATABASE_URL": f"sqlite:///{DATABASE}"}
    environment["KICRAWL_WARC_DIR"] = str(FOLDER / "warc")
    command = [sys.executable, "-m", "scrapy", "crawl", "newsfeed"]
    return subprocess.run(command, env=environment, check=False).returncode


def report(requests: int) -> None:
    """What is in the database, in tables."""
    with closing(sqlite3.connect(DATABASE)) as database:
        counts = {
            name: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in COUNTS.items()
        }
        print(f"\nStored after {requests} requests (all stories, people and places are invented):")
        print("  " + ", ".join(f"{count} {name}" for name, count in counts.items()))
        print("\nBoilerplate that was cut, by rule:")
        print_table(("rule", "times", "texts", "for example"), database.execute(RULES).fetchall())
        print("\nThe five newest stories:")
        print_table(("published (UTC)", "title", "first author"), database.execute(NEWEST).fetchall())
    print("\nThe replica ends with this command: the addresses of these stories lead nowhere from now on.")
    print(f"Look further: .venv/bin/kicrawl browse {DATABASE}")


def print_table(head: tuple[str, ...], rows: list[tuple]) -> None:
    """Rows in columns; long texts are cut."""
    lines = [head, *([shorten(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        print("  " + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def shorten(value: object, width: int = 64) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= width else text[: width - 1] + "…"


if __name__ == "__main__":
    sys.exit(main())
