"""How the archive's database is opened: SQLite in one file, or the schema `kicrawl` of a PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import SCHEMA

BUSY_SECONDS = 30  # how long a write waits for another program's; sqlite:///FILE?timeout=5 says otherwise
WRITERS_LOCK = 0x6B696372  # "kicr": PostgreSQL's advisory lock, so that programs write one after the other as in SQLite


def connect(database_url: str) -> Engine:
    """An engine for sqlite:///FILE or postgresql://USER@HOST/DATABASE; nothing is opened before it is used.

    Raises ArchiveError for an address that cannot work. Dispose of the engine when done.
    """
    url = _read_url(database_url)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write, taking its turn after every other writer before it reads anything."""
    with engine.connect().execution_options(kicrawl_writes=True) as connection, connection.begin():
        yield connection


def _read_url(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # not shown: it may hold a password
        raise ArchiveError(
            "the database address is not one: give sqlite:///FILE or postgresql://USER@HOST/DATABASE"
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ArchiveError(f"kicrawl stores in sqlite or postgresql, not in {url.drivername}")
    return url


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        folder = Path(url.database).absolute().parent
        if not folder.is_dir():
            raise ArchiveError(f"no folder {folder} for the database file: make it, or name another")
    patience = {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}
    engine = create_engine(url, json_serializer=_dump, connect_args=patience)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver would begin late; see begin() below
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once if another program wrote in between.
        writes = connection.get_execution_options().get("kicrawl_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url, json_serializer=_dump, pool_pre_ping=True, connect_args={"application_name": "kicrawl"}
        )
    except ModuleNotFoundError:
        raise ArchiveError("PostgreSQL needs a driver: pip install 'kicrawl[postgresql]'") from None

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("kicrawl_writes"):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})

    return engine


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
