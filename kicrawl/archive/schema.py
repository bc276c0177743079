"""Bringing a database to the schema of this program."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kicrawl.archive.connection import connect, writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import SCHEMA


def open_archive(database_url: str) -> Engine:
    """The archive at this address, with its tables as this program knows them. Raises ArchiveError as its parts do."""
    engine = connect(database_url)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Create the tables, or bring older ones up to date; quick when there is nothing to do.

    Raises ArchiveError when the database cannot be opened or was made by a newer kicrawl.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it announces itself each time
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    try:
        with engine.connect() as connection:
            at = schema_version(connection)
        if at == scripts.get_current_head():
            return
        if at is not None and at not in {script.revision for script in scripts.walk_revisions()}:
            raise ArchiveError(
                f"the database {_name(engine)} was made by a newer kicrawl (its schema is {at}): upgrade kicrawl"
            )
        with writing(engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise ArchiveError(f"the database {_name(engine)} cannot be used: {first_line(error)}") from error


def schema_version(connection: Connection) -> str | None:
    """The name of the schema the database has, or None when it has none yet."""
    options = {"version_table_schema": SCHEMA} if connection.dialect.name == "postgresql" else {}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def first_line(error: SQLAlchemyError | ArchiveError) -> str:
    """What the database said, in one line without the statement."""
    said = getattr(error, "orig", None) or error
    return (str(said).strip().splitlines() or [type(said).__name__])[0]


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
