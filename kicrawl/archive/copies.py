"""An archive written into a new SQLite file: small enough to give away, complete enough to browse and query."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import insert, text

from kicrawl.archive.connection import connect, writing
from kicrawl.archive.models import Base
from kicrawl.archive.schema import migrate
from kicrawl.archive.tables import TABLES, Batch, columns_of


def copy_to_sqlite(batches: Iterable[Batch], file: Path) -> None:
    """Write the rows of tables into a new archive. Which stories repeat others that are not in it, it does not say."""
    models = {table.__tablename__: table for table in TABLES}
    engine = connect(f"sqlite:///{file}")
    try:
        migrate(engine)
        with writing(engine) as connection:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for name, rows in batches:
                if rows:
                    connection.execute(insert(models[name]), [_row(models[name], row) for row in rows])
            dangling = "duplicate_of_id NOT IN (SELECT id FROM article)"
            connection.execute(text(f"UPDATE article SET duplicate_of_id = NULL WHERE {dangling}"))
            connection.execute(text("DELETE FROM past"))
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    finally:
        engine.dispose()


def _row(table: type[Base], row: dict[str, object]) -> dict[str, object]:
    return {name: row[name] for name in columns_of(table)}
