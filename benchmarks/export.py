"""What an export takes: python -m benchmarks.export [--sizes 2000,100000] [--database sqlite]

Archives are filled with invented stories and exported in each format by the real command. The rate and the most memory
that the command held at a time are printed; memory must not depend on the size (tests/test_export_memory.py).
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.growth import KINDS, fill_up
from kicrawl import archive
from kicrawl.archive.models import Article, ArticleAuthor, ArticleTag
from tests.archived import ROOT
from tests.running import BIN
from tests.servers import new_database, postgresql

NOW = "the time when it is exported"
FORMS: dict[str, tuple[str, ...]] = {
    "jsonl": (),
    "csv": ("--format", "csv"),
    "parquet": ("--format", "parquet"),
    "sqlite": ("--format", "sqlite"),
    "package": ("--format", "package"),
    "package of parquet": ("--format", "package", "--files", "parquet"),
    "as of now": ("--as-of", NOW),
}
WRITTEN = 2000  # stories that are written as a crawl writes them; more are copies of these


@dataclass(frozen=True)
class Cost:
    """What an export took."""

    seconds: float
    megabytes: float  # the most memory at a time


def export(folder: Path, database_url: str, form: str) -> Cost:
    """Exports an archive with the real command."""
    output = folder / f"{form.replace(' ', '-')}-{time.monotonic_ns()}"
    environment = os.environ | {"KICRAWL_DATABASE_URL": database_url}
    options = [datetime.now(UTC).isoformat() if option is NOW else option for option in FORMS[form]]
    command = [str(BIN / "kicrawl"), "export", *options, "-o", str(output)]
    began = time.monotonic()
    process = os.posix_spawn(command[0], command, environment)
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    assert output.exists()
    return Cost(time.monotonic() - began, used.ru_maxrss / 1024)


def multiply(database_url: str, times: int) -> None:
    """Has each story of an archive there so many times, at other addresses: quicker than writing them one by one."""
    engine = archive.open_archive(database_url)
    with archive.writing(engine) as connection:
        for number in range(1, times):
            for table in (Article, ArticleAuthor, ArticleTag):
                columns = [column.name for column in table.__table__.columns]
                new = {"url": f"url || '{number}/'", "ghost_id": "NULL"}
                new |= dict.fromkeys(("id", "article_id"), f"{{}} + {number * WRITTEN}")
                told = ", ".join(new.get(name, "{}").format(f'"{name}"') for name in columns)
                key = "id" if table is Article else "article_id"
                names = ", ".join(f'"{name}"' for name in columns)
                rows = f"SELECT {told} FROM {table.__tablename__} WHERE {key} <= {WRITTEN}"
                connection.execute(text(f"INSERT INTO {table.__tablename__} ({names}) {rows}"))
    engine.dispose()


def measure(folder: Path, database_url: str, stories: int) -> Iterator[tuple[str, Cost]]:
    """Fills an empty archive and exports it in each format."""
    fill_up(database_url, ROOT, min(stories, WRITTEN))
    if stories > WRITTEN:
        multiply(database_url, stories // WRITTEN)
    for form in FORMS:
        yield form, export(folder, database_url, form)


def main() -> None:
    """Prints a line for each format at each size on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,100000", help="how many stories, comma between")
    parser.add_argument("--database", choices=KINDS, help="only this one")
    given = parser.parse_args()
    with ExitStack() as stack:
        for kind in [given.database] if given.database else KINDS:
            server = stack.enter_context(postgresql()).get_uri() if kind == "postgresql" else None
            for size in map(int, given.sizes.split(",")):
                folder = Path(stack.enter_context(TemporaryDirectory()))
                url = stack.enter_context(new_database(server)) if server else f"sqlite:///{folder}/kicrawl.db"
                for form, cost in measure(folder, url, size):
                    rate = f"{size / cost.seconds:7,.0f} stories a second, {cost.megabytes:4.0f} MB"
                    print(f"{kind:<10} {size:>9,} stories, {form:<18}: {rate}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
