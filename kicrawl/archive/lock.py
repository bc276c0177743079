"""Which run may fetch? One at a time; archive and authors give way to newsfeed.

The lock is the operating system's beside SQLite, the server's on PostgreSQL: however its holder ends, it is free then.
"""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError

from kicrawl.archive.connection import WRITERS_LOCK, writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import CrawlRun

WITHOUT = ("replay",)  # spiders that fetch nothing and need no lock
GIVE_WAY = ("archive", "authors")  # spiders that end their slice when ...
ASKS = "newsfeed"  # ... this one asks
GAVE_WAY = "gave_way"  # the reason with which they end then

FETCHERS_LOCK = WRITERS_LOCK + 1  # PostgreSQL's advisory lock, held for the whole of a run
SIGNATURE = "kicrawl run "  # and the number of the run: how the holder's connection shows in pg_stat_activity


@dataclass(frozen=True)
class Holder:
    """The run that holds the lock; what is None it has not yet said."""

    run: int | None = None
    spider: str | None = None
    since: datetime | None = None

    def __str__(self) -> str:
        if self.since is None:
            return "another run, which is just beginning"
        return f"run {self.run} ({self.spider}, since {self.since:%Y-%m-%d %H:%M:%S} UTC)"


class Locked(Exception):
    """Another run holds the lock; the message names it."""


class Lock(Protocol):
    """The right to fetch into one archive. Not for use from two threads at once."""

    def take(self) -> bool:
        """Take it, unless somebody has it; whether that worked. Raises ArchiveError where locking is impossible."""

    def sign(self, run: int) -> None:
        """Say which run has it."""

    def kept(self) -> bool:
        """Whether we still have it; one that was lost is taken again if it can be."""

    def holder(self) -> tuple[bool, int | None]:
        """Whether anybody has it, and the number of the run, if the holder has signed."""

    def release(self) -> None:
        """Let it go, if we have it."""


def lock_of(engine: Engine) -> Lock:
    """The lock of an archive, not yet taken."""
    return FileLock(engine) if engine.dialect.name == "sqlite" else AdvisoryLock(engine)


def find_holder(engine: Engine) -> Holder | None:
    """The run that fetches now; None if none does."""
    held, run = lock_of(engine).holder()
    if not held:
        return None
    with engine.connect() as connection:
        found = connection.execute(select(CrawlRun.spider, CrawlRun.started_at).where(CrawlRun.id == run)).first()
    return Holder(run, found.spider, found.started_at) if found else Holder()


def ask_to_give_way(engine: Engine, run: int, now: datetime) -> None:
    """Leave word for the run that holds the lock; it dies with that run."""
    asked = update(CrawlRun).where(CrawlRun.id == run, CrawlRun.wanted_at.is_(None)).values(wanted_at=now)
    with writing(engine) as connection:
        connection.execute(asked)


def wanted(engine: Engine) -> bool:
    """Whether the run that holds the lock has been asked to give way."""
    asked = select(CrawlRun.id).where(
        CrawlRun.finished_at.is_(None), CrawlRun.reason.is_(None), CrawlRun.wanted_at.is_not(None)
    )
    with engine.connect() as connection:
        return connection.execute(asked).first() is not None


class FileLock:
    """A lock on the file NAME.lock beside SQLite's, which is never deleted; the holder's number stands in it."""

    def __init__(self, engine: Engine) -> None:
        database = engine.url.database
        # Nobody else can come near a database in memory: its lock is a file that only this one has open.
        self.path = Path(os.path.realpath(database) + ".lock") if database and database != ":memory:" else None
        self.file: int | None = None

    def take(self) -> bool:
        """See Lock."""
        try:
            self.file = self._lock(fcntl.LOCK_EX)
        except BlockingIOError:
            return False
        except OSError as error:
            raise ArchiveError(f"the lock {self.path} cannot be used: {error.strerror}") from None
        os.ftruncate(self.file, 0)  # the run that stands in it is over
        return True

    def sign(self, run: int) -> None:
        """See Lock."""
        assert self.file is not None
        os.pwrite(self.file, f"{run}\n".encode(), 0)

    def kept(self) -> bool:
        """Whether the file is still the one that others would lock: somebody may have deleted it."""
        if self.file is None or self.path is None:
            return self.file is not None
        try:
            return os.path.samestat(os.fstat(self.file), self.path.stat())
        except FileNotFoundError:
            return False

    def holder(self) -> tuple[bool, int | None]:
        """See Lock. Holds the lock itself for an instant, which is why a run that finds it held looks again."""
        if self.path is None or not self.path.exists():
            return False, None
        try:
            os.close(self._lock(fcntl.LOCK_SH))
        except BlockingIOError:
            said = self.path.read_text(encoding="ascii").strip()
            return True, int(said) if said else None
        return False, None

    def release(self) -> None:
        """See Lock."""
        if self.file is not None:
            os.ftruncate(self.file, 0)
            os.close(self.file)
            self.file = None

    def _lock(self, kind: int) -> int:
        file = os.open(self.path or os.devnull, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            if self.path:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise
        return file


class AdvisoryLock:
    """PostgreSQL's advisory lock on a connection of its own, whose name says which run holds it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: Connection | None = None
        self.run: int | None = None

    def take(self) -> bool:
        """See Lock."""
        connection = self.connection or self._connect()
        self.connection = connection
        return bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": FETCHERS_LOCK}))

    def sign(self, run: int) -> None:
        """See Lock."""
        assert self.connection is not None
        self.run = run
        _name(self.connection, f"{SIGNATURE}{run}")

    def kept(self) -> bool:
        """See Lock. The connection may have been cut, and the lock with it; a server that is back lets us go on."""
        assert self.connection is not None
        try:
            self.connection.execute(text("SELECT 1"))
        except DBAPIError:
            return self._take_again()
        return True

    def holder(self) -> tuple[bool, int | None]:
        """See Lock."""
        query = text(
            """SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
               WHERE locktype = 'advisory' AND classid = 0 AND objid = :key AND objsubid = 1 AND granted
               AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
        )
        with self.engine.connect() as connection:
            name = connection.scalar(query, {"key": FETCHERS_LOCK})
        number = (name or "").removeprefix(SIGNATURE)
        return name is not None, int(number) if number.isdigit() else None

    def release(self) -> None:
        """See Lock."""
        if self.connection is not None:
            self.connection.invalidate()  # not lent to somebody else with the lock on it
            self.connection.close()
            self.connection = None

    def _connect(self) -> Connection:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        _name(connection, "kicrawl, waiting to fetch")
        # The server notices a holder whose machine is switched off after a minute instead of two hours.
        for name, seconds in (("idle", 30), ("interval", 10)):
            connection.execute(text(f"SET tcp_keepalives_{name} = {seconds}"))
        return connection

    def _take_again(self) -> bool:
        self.release()
        try:
            taken = self.take()
        except DBAPIError:
            return False
        if taken and self.run is not None:
            self.sign(self.run)
        return taken


def _name(connection: Connection, name: str) -> None:
    connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
