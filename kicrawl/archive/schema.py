"""Bringing a database to the schema of this program."""

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kicrawl.archive.connection import connect, writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import SCHEMA

HEAD = "0001"  # the newest of migrations/versions: alembic, slow to import, is asked only if a database has another


def open_archive(database_url: str) -> Engine:
    """The archive at this address, with its tables as this program knows them. Raises ArchiveError as its parts do."""
    engine = connect(database_url)
    migrate(engine)
    return engine


def migrate(engine: Engine, *, older: bool | None = None) -> str | None:
    """Create the tables, or bring older ones up to date; quick when there is nothing to do.

    `older`: whether tables made by an older kicrawl are brought up to date. If not said: in SQLite they are; in
    PostgreSQL, where other programs may be at work with them, `kicrawl migrate` is asked for. Returns the schema that
    the database had before, None if it had none. Raises ArchiveError when the database cannot be opened, was made by a
    newer kicrawl, or by an older one and is to be left so.
    """
    try:
        with engine.connect() as connection:
            at = schema_version(connection)
        if at == HEAD:
            return at
        if at is not None:
            _check_older(engine, at, wanted=engine.dialect.name == "sqlite" if older is None else older)
        with writing(engine) as connection:
            _make_schema(connection)
            _upgrade(connection)
    except DBAPIError as error:
        why = f"cannot be used: {first_line(error)}"
        if "permission denied" in why:
            why = f"lacks tables that {engine.url.username} may not make: run kicrawl migrate as a role that may"
        raise ArchiveError(f"the database {_name(engine)} {why}") from error
    return at


def schema_version(connection: Connection) -> str | None:
    """The name of the schema the database has, or None when it has none yet."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("alembic_version"):
            return None
    elif connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.alembic_version')")) is None:
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def first_line(error: SQLAlchemyError | ArchiveError) -> str:
    """What the database said, in one line without the statement."""
    said = getattr(error, "orig", None) or error
    return (str(said).strip().splitlines() or [type(said).__name__])[0]


def _check_older(engine: Engine, at: str, *, wanted: bool) -> None:
    """Raises ArchiveError for tables that this program does not know, or is not to change."""
    from kicrawl.archive import upgrading

    if at not in upgrading.versions():
        raise ArchiveError(
            f"the database {_name(engine)} was made by a newer kicrawl (its schema is {at}): upgrade kicrawl"
        )
    if not wanted:
        raise ArchiveError(
            f"the database {_name(engine)} was made by an older kicrawl (its schema is {at}, this one needs {HEAD}): "
            "run kicrawl migrate"
        )


def _make_schema(connection: Connection) -> None:
    """The schema for the tables, where there are any; one that is there needs no right to make it."""
    known = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    if connection.dialect.name == "postgresql" and not connection.scalar(known, {"name": SCHEMA}):
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))


def _upgrade(connection: Connection) -> None:
    """The tables as this program knows them, in the caller's transaction, however long that takes."""
    from kicrawl.archive import upgrading

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    upgrading.upgrade(connection)


def _name(engine: Engine) -> str:
    return engine.url.difference_update_query(["password", "sslpassword"]).render_as_string(hide_password=True)
