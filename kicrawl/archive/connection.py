"""How the archive's database is opened: SQLite in one file, or the schema `kicrawl` of a PostgreSQL."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import SCHEMA

BUSY_SECONDS = 30  # how long a write waits for another program's, and for a server that restarts; ?timeout=5 says other
STATEMENT_SECONDS = 300  # after which PostgreSQL ends a statement; a crawl's take milliseconds, a whole export's one
NOTICE_SECONDS = 10  # in which a server must take a connection, and between two signs that it is still there
WRITERS_LOCK = 0x6B696372  # "kicr": PostgreSQL's advisory lock, so that programs write one after the other as in SQLite


def connect(database_url: str, *, name: str = "kicrawl", connections: int | None = None) -> Engine:
    """An engine for sqlite:///FILE or postgresql://USER@HOST/DATABASE; nothing is opened before it is used.

    On PostgreSQL its connections go by a name, and there are never more of them than asked for: who needs one more
    waits. Raises ArchiveError for an address that cannot work. Dispose of the engine when done.
    """
    url = _read_url(database_url)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url, name, connections)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write, taking its turn after every other writer before it reads anything."""
    with engine.connect().execution_options(kicrawl_writes=True) as connection, connection.begin():
        yield connection


def has_password(database_url: str) -> bool:
    """Whether a database address holds a password; not if it is none that works."""
    try:
        url = _read_url(database_url)
    except ArchiveError:
        return False
    return bool(url.password or {"password", "sslpassword"} & set(url.query))


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


def _postgresql(url: URL, name: str, connections: int | None) -> Engine:
    patience = _read_patience(url)
    limits = {"pool_size": connections, "max_overflow": 0, "pool_timeout": STATEMENT_SECONDS} if connections else {}
    # A server whose machine is switched off is noticed after a minute instead of two hours.
    signs = {"keepalives_idle": 3 * NOTICE_SECONDS, "keepalives_interval": NOTICE_SECONDS, "keepalives_count": 3}
    arguments = {"application_name": name, "connect_timeout": NOTICE_SECONDS, **signs}
    try:
        engine = create_engine(
            url.difference_update_query(["timeout"]),
            json_serializer=_dump,
            pool_pre_ping=True,
            connect_args=arguments,
            **limits,
        )
    except ModuleNotFoundError:
        raise ArchiveError("PostgreSQL needs a driver: pip install 'kicrawl[postgresql]'") from None
    _wait_for_restarts(engine, patience)
    settings = {"search_path": SCHEMA, "lock_timeout": f"{patience}s", "statement_timeout": f"{STATEMENT_SECONDS}s"}
    statement = "SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.execute(statement)
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("kicrawl_writes"):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})

    return engine


def _read_patience(url: URL) -> int:
    """The seconds that ?timeout= grants."""
    said = url.query.get("timeout", str(BUSY_SECONDS))
    if not (isinstance(said, str) and said.isascii() and said.isdigit() and int(said) > 0):
        raise ArchiveError("the database address has a timeout that is no whole number of seconds from 1 on")
    return int(said)


def _wait_for_restarts(engine: Engine, patience: int) -> None:
    """Has a server that was there, and is not now, tried again for a while; one that never was is an error at once."""
    reached = threading.Event()

    @event.listens_for(engine, "do_connect")
    def reach(dialect: Dialect, record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        until = time.monotonic() + (patience if reached.is_set() else 0)
        while True:
            try:
                connection = dialect.connect(*arguments, **options)
            except dialect.loaded_dbapi.OperationalError:
                if time.monotonic() >= until:
                    reached.clear()
                    raise
                time.sleep(0.5)
            else:
                reached.set()
                return connection


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
