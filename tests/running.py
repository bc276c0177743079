"""Runs the real commands as a user would, in processes of their own, and looks at what they left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, select

from kicrawl import archive
from kicrawl.archive.models import Base, Moment
from tests import forked
from tests.replica import Site

FORKS = forked.Server()
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Everything it printed, line by line."""
        return (self.out + self.err).splitlines()


def run(*arguments: str, folder: Path, database_url: str | None = None, root: str | None = None) -> Ended:
    """`kicrawl ...` in a folder, with the settings given and no others from the environment."""
    with TemporaryDirectory() as outputs:
        out, err = Path(outputs, "out"), Path(outputs, "err")
        code = FORKS.run(
            forked.Order(
                arguments=list(arguments),
                folder=str(folder),
                environment=environment(database_url, root),
                out=str(out),
                err=str(err),
            )
        )
        return Ended(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


@contextmanager
def started(
    *arguments: str,
    folder: Path,
    database_url: str | None = None,
    root: str | None = None,
    program: tuple[str, ...] = (str(BIN / "kicrawl"),),
    file_size: int | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """The program as installed, still running; killed if it has not ended. `file_size`: bytes that fit into a file."""
    prefix = ("prlimit", f"--fsize={file_size}") if file_size else ()
    command = [*prefix, *program, *arguments]
    pipe = subprocess.PIPE
    settings = environment(database_url, root)
    with subprocess.Popen(command, cwd=folder, env=settings, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def environment(database_url: str | None, root: str | None) -> dict[str, str]:
    """The environment of a command: ours, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KICRAWL_", "SCRAPY_"))}
    kept |= {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    kept |= {"KICRAWL_DATABASE_URL": database_url} if database_url else {}
    return kept | ({"KICRAWL_SITE_ROOT": root} if root else {})


def ended(process: "subprocess.Popen[str]", timeout: float = 60) -> Ended:
    """How a program ended, once it has."""
    out, err = process.communicate(timeout=timeout)
    return Ended(process.returncode, out, err)


def wait_for(happened: Callable[[], object], seconds: float = 60) -> None:
    """Until something has happened."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)


def stories_asked(site: Site) -> int:
    """How many story pages the site was asked for."""
    slugs = {story.slug for story in site.stories}
    return sum(path.strip("/") in slugs for path in site.requested())


@contextmanager
def reading(database_url: str) -> Iterator[Connection]:
    """A connection to look into an archive."""
    engine = archive.connect(database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(database_url: str, model: type[Base], *, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """All rows of a table, ordered by their key, without some columns."""
    table = model.__table__
    columns = [column for column in table.columns if column.name not in without]
    with reading(database_url) as connection:
        found = connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]


STATED = ("published_at", "modified_at", "reached_at")  # times that the site stated, which do not pass


def let_pass(database_url: str, **time: float) -> None:
    """Let days or hours pass for an archive: whatever happened to it did so that much earlier."""
    engine = archive.connect(database_url)
    with archive.writing(engine) as connection:
        for table in Base.metadata.sorted_tables:
            for column in (column for column in table.columns if isinstance(column.type, Moment)):
                if column.name not in STATED:
                    for (moment,) in connection.execute(select(column).distinct().where(column.is_not(None))).all():
                        earlier = {column.name: moment - timedelta(**time)}
                        connection.execute(table.update().where(column == moment).values(earlier))
    engine.dispose()


def everything(database_url: str, *, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but the record of the runs and of what rows said before."""
    mappers = [mapper.class_ for mapper in Base.registry.mappers]
    return {
        model.__tablename__: rows(database_url, model, without=without)
        for model in mappers
        if model.__tablename__ not in ("crawl_run", "past")
    }
