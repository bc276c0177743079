"""Archives of every released schema as SQL, stories and all: what the newest kicrawl must be able to bring up to date.

python -m tests.dumps     # writes those of the newest schema anew, which is right only while it is unreleased
"""

import sqlite3
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import JSON, Column, Engine, LargeBinary, insert, make_url, select

from kicrawl import archive, items
from kicrawl.archive.models import Base, Moment
from kicrawl.archive.schema import HEAD
from tests.archived import NOON, ROOT, banner, hours, paragraph, story, write
from tests.servers import new_database, pg_program, postgresql

FOLDER = Path(__file__).parent / "released"
DATABASES = ("sqlite", "postgresql")


def file_of(version: str, database: str) -> Path:
    """Where a dump stands."""
    return FOLDER / f"{version}.{database}.sql"


def versions() -> list[str]:
    """The schemas of which there are dumps, oldest first."""
    return sorted({path.name.split(".")[0] for path in FOLDER.glob("*.sql")})


def fill(engine: Engine) -> None:
    """Stories with everything, one of them edited, and at least one row in every table."""
    bob = items.Author(name="Bob Example", slug="bob", role="Keeper", bio="Bob keeps.", url=f"{ROOT}/author/bob/")
    moved = items.Link(url="https://example.org/", text="moved")
    given: dict[str, Any] = {
        "aliases": [f"{ROOT}/national/lighthouse-moves-inland/"],
        "subtitle": "By a mile",
        "tags": ["Sea", "Land"],
        "authors": [bob, items.Author(name="Ann Example")],
        "captions": ["A lamp. (Ann)"],
        "images": [items.Image(url="https://example.org/1.jpg", alt="Lamp", caption="A lamp.", credit="Ann")],
        "related": [items.Related(url=None, title="Harbour")],
        "published_at": hours(-1),
    }
    before = [banner("25,000 members on board"), paragraph("“It” moved.", links=[moved])]
    after = [banner("26,000 members on board"), paragraph("“It” moved\nback.", links=[moved])]
    write(engine, story(blocks=before, **given), items.Sighting(url=f"{ROOT}/b/", route="list", seen_at=NOON))
    write(engine, story(blocks=after, **{**given, "seen_at": hours(2)}), story("harbour-opens", title="Harbour opens"))
    with archive.writing(engine) as connection:
        for table in Base.metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is None:
                connection.execute(insert(table).values({column.name: invent(column) for column in table.columns}))


def invent(column: Column[Any]) -> Any:
    """A value for a column."""
    if isinstance(column.type, JSON):
        return {"of": "a table that no story fills"}
    known: dict[type, Any] = {int: 1, bool: True, float: 0.5, bytes: b"\0\1", date: NOON.date()}
    if isinstance(column.type, Moment):
        return NOON
    if isinstance(column.type, LargeBinary):
        return b"\0\1"
    return known.get(column.type.python_type, f"an invented {column.name}")


def dump(database_url: str) -> str:
    """A database as SQL, with what stands in it."""
    return dump_sqlite(database_url) if database_url.startswith("sqlite") else dump_postgresql(database_url)


def dump_sqlite(database_url: str) -> str:
    """SQLite's own dump cannot give back the index of the text; this has it made anew."""
    with closing(sqlite3.connect(make_url(database_url).database or "")) as connection:
        made = connection.execute(
            r"""SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL
            AND NOT (type = 'table' AND name LIKE 'article\_fts\_%' ESCAPE '\') ORDER BY rowid"""
        ).fetchall()
        lines = [f"{sql};" for kind, _, sql in made if kind == "table"]
        for name in [name for kind, name, _ in made if kind == "table" and name != "article_fts"]:
            names = [f'"{column[1]}"' for column in connection.execute(f"PRAGMA table_info({name})")]
            values = " || ', ' || ".join(f"quote({column})" for column in names)
            insertion = f"INSERT INTO {name} ({', '.join(names)}) VALUES"
            lines += [f"{insertion} ({row});" for (row,) in connection.execute(f"SELECT {values} FROM {name}")]
        lines += [f"{sql};" for kind, _, sql in made if kind != "table"]
    return "\n".join([*lines, "INSERT INTO article_fts (article_fts) VALUES ('rebuild');", ""])


def dump_postgresql(database_url: str) -> str:
    """pg_dump's, without comments and what only psql understands."""
    options = ["--schema=kicrawl", "--inserts", "--no-owner", "--no-privileges", "--dbname", database_url]
    done = subprocess.run([pg_program("pg_dump"), *options], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\"))]
    return "\n".join([*lines, ""])


def restore(database_url: str, sql: str) -> None:
    """Put a dump into an empty database."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(database_url).database or "")) as lite:
            lite.executescript(sql)
    else:
        with psycopg.connect(database_url) as connection:
            connection.execute(sql.encode())


def main() -> None:
    """Writes the dumps of the newest schema."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, postgresql() as server, new_database(server.get_uri()) as url:
        for database, address in zip(DATABASES, (f"sqlite:///{folder}/kicrawl.db", url), strict=True):
            engine = archive.open_archive(address)
            fill(engine)
            engine.dispose()
            file_of(HEAD, database).write_text(dump(address), encoding="utf-8")


if __name__ == "__main__":
    main()
