"""The two ways from a page to a row: the whole program (replay, then export), and the reader alone."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.warcs import Saved

INCOMPLETE = 3  # the exit code of a replay that could not read many of its pages; what it read is scored
CHECKOUT = Path(__file__).resolve().parents[1]

Row = dict[str, Any]


def crawl(source: Path, folder: Path, *, url: str | None = None, table: str = "article") -> list[Row]:
    """Replay a file into a fresh database in the folder, and give what export then says."""
    database = folder / f"{source.name.split('.')[0]}.db"
    replay = ["crawl", "replay", "-a", f"source={source}", *(["-a", f"url={url}"] if url else [])]
    _scrapy(replay, database)
    output = folder / f"{source.name}.{table}.jsonl"
    _scrapy(["export", "--table", table, "--format", "jsonl", "-o", str(output)], database)
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def read(pages: Iterable[Saved]) -> list[Row]:
    """What the reader makes of pages, in this process, as rows of an export."""
    from kicrawl import read_article

    return [export_row(read_article(page.body, page.url, page.content_type)) for page in pages]


def export_row(article: Any) -> Row:
    """An article as a row of `kicrawl export` (the fields that are scored)."""
    row = {
        "url": article.url,
        "title": article.title,
        "kicker": article.kicker,
        "reading_minutes": article.reading_minutes,
        "body": article.body,
        "captions": article.captions,
        "authors": [{"name": one.name, "role": one.role, "bio": one.bio} for one in article.authors],
        "related": [{"title": one.title, "excerpt": one.excerpt} for one in article.related],
        "tags": article.tags,
        "boilerplate": [dataclasses.asdict(block) for block in article.boilerplate],
        "sources": article.sources,
    }
    return row | {"published_at": _iso(article.published_at), "modified_at": _iso(article.modified_at)}


def _iso(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def _scrapy(arguments: list[str], database: Path) -> None:
    environment = os.environ | {"KICRAWL_DATABASE_URL": f"sqlite:///{database}"}
    options = ["-s", "LOG_LEVEL=WARNING"]
    command = [sys.executable, "-m", "scrapy", *arguments, *options]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == INCOMPLETE:
        print(f"{' '.join(arguments)}: {(done.stderr or done.stdout).strip().splitlines()[-1]}", file=sys.stderr)
    elif done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
