"""Every released archive becomes one of the newest schema, with all that stands in it: tests/released holds them."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from kicrawl import archive
from kicrawl.archive import upgrading
from kicrawl.archive.export import export_articles
from kicrawl.archive.models import SCHEMA, Base
from kicrawl.archive.schema import HEAD
from tests import dumps
from tests.archived import hours, story, write
from tests.running import environment

UNRELEASED = "0001"  # the schema that may still be changed in place, and its dumps with it: python -m tests.dumps
PACKAGE = Path(__file__).parents[1] / "kicrawl"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("article", sa.Column("shout", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE article SET shout = upper(title)")
    with op.batch_alter_table("rule") as rule:
        rule.drop_column("place")
"""


@pytest.fixture(params=dumps.versions())
def released(request: pytest.FixtureRequest, database_url: str) -> Iterator[Engine]:
    """An archive of a released schema, with its stories."""
    dumps.restore(database_url, dumps.file_of(request.param, kind(database_url)).read_text(encoding="utf-8"))
    engine = archive.connect(database_url)
    yield engine
    engine.dispose()


def kind(database_url: str) -> str:
    """sqlite or postgresql."""
    return database_url.partition(":")[0]


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the database gives them."""
    schema = SCHEMA if engine.dialect.name == "postgresql" else None
    names = [name for name in inspect(engine).get_table_names(schema=schema) if not name.startswith("article_fts")]
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"SELECT * FROM {name}")).mappings() for name in names}
        return {name: sorted((dict(row) for row in rows), key=repr) for name, rows in found.items()}


def shape(engine: Engine) -> dict[str, Any]:
    """The tables with their columns, keys, indexes and triggers, whatever steps made them."""
    schema, look = SCHEMA if engine.dialect.name == "postgresql" else None, inspect(engine)
    found: dict[str, Any] = {}
    for name in look.get_table_names(schema=schema):
        columns = look.get_columns(name, schema=schema)
        found[name] = {
            "columns": {column["name"]: (str(column["type"]), column["nullable"]) for column in columns},
            "key": look.get_pk_constraint(name, schema=schema),
            "foreign": sorted(map(repr, look.get_foreign_keys(name, schema=schema))),
            "unique": sorted(map(repr, look.get_unique_constraints(name, schema=schema))),
            "indexes": sorted(map(repr, look.get_indexes(name, schema=schema))),
        }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            found["triggers"] = connection.execute(text(triggers)).all()
    return found


def test_the_head_that_opening_an_archive_compares_with_is_the_newest_migration() -> None:
    assert upgrading.versions()[0] == HEAD


def test_opening_an_archive_that_is_up_to_date_imports_no_alembic(engine: Engine) -> None:
    code = f"""if True:
        import sys
        from kicrawl import archive
        archive.open_archive({engine.url.render_as_string(hide_password=False)!r}).dispose()
        assert not any(name.startswith("alembic") for name in sys.modules)
    """
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_there_is_a_dump_of_every_schema_with_rows_in_every_table(released: Engine) -> None:
    assert dumps.versions() == sorted(upgrading.versions())
    assert [name for name, rows in contents(released).items() if not rows] == []


def test_an_archive_of_a_released_schema_becomes_one_of_the_newest(released: Engine, tmp_path: Path) -> None:
    archive.migrate(released, older=True)
    migrated = shape(released)
    new = make_anew(released, tmp_path)
    assert migrated == shape(new), f"{UNRELEASED} was changed: python -m tests.dumps"
    new.dispose()


def make_anew(engine: Engine, folder: Path) -> Engine:
    """An archive that had no other schema before."""
    if engine.dialect.name == "sqlite":
        return archive.open_archive(f"sqlite:///{folder / 'new.db'}")
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    archive.migrate(engine)
    return engine


def test_an_archive_of_a_released_schema_keeps_its_rows_and_goes_on(released: Engine) -> None:
    before = contents(released)
    archive.migrate(released, older=True)
    after = contents(released)
    for table, rows in before.items():
        if table != "alembic_version":
            kept = [{name: row[name] for name in rows[0] if name in row} for row in after[table]]
            assert sorted(kept, key=repr) == sorted(rows, key=repr)
    assert write(released, story(body="Back at sea.", seen_at=hours(9)), story("new", title="New"))
    told = {row["slug"]: row for row in export_articles(released)}
    assert told["lighthouse-moves-inland"]["revision_count"] == 2
    assert set(told) == {"lighthouse-moves-inland", "harbour-opens", "new"}


@pytest.fixture(scope="module")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kicrawl with one more schema, zipped as an egg is."""
    folder = tmp_path_factory.mktemp("next")
    copy = shutil.copytree(PACKAGE, folder / "kicrawl", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "archive" / "migrations" / "versions" / "0002_next.py").write_text(NEXT, encoding="utf-8")
    schema = copy / "archive" / "schema.py"
    changed = schema.read_text(encoding="utf-8").replace(f'HEAD = "{HEAD}"', 'HEAD = "0002"')
    schema.write_text(changed, encoding="utf-8")
    with zipfile.ZipFile(folder / "kicrawl.egg", "w") as egg:
        for path in copy.rglob("*"):
            egg.write(path, path.relative_to(folder))
    return folder / "kicrawl.egg"


@pytest.mark.slow
@pytest.mark.skipif(HEAD != "0001", reason="there are two real schemas now: the tests above show the way")
def test_an_upgraded_kicrawl_in_an_egg_migrates_sqlite_by_itself_and_postgresql_when_told(
    released: Engine, next_version: Path, tmp_path: Path
) -> None:
    url = released.url.render_as_string(hide_password=False)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        code = "from kicrawl.cli import main; main()"
        settings = environment(url, None) | {"PYTHONPATH": str(next_version)}
        options: dict[str, Any] = {"cwd": tmp_path, "env": settings, "capture_output": True, "text": True}
        return subprocess.run([sys.executable, "-c", code, *arguments], check=False, **options)

    if released.dialect.name == "postgresql":
        refused = run("crawl", "newsfeed")
        line = r"kicrawl: the database .* \(its schema is 0001, this one needs 0002\): run kicrawl migrate\n"
        assert refused.returncode == 2
        assert re.fullmatch(line, refused.stderr)
        assert run("migrate").stdout == "schema 0001 was brought to 0002\n"
    else:
        assert run("export", "--format", "jsonl").returncode == 0
    after = contents(released)
    assert {row["shout"] for row in after["article"]} == {"LIGHTHOUSE MOVES INLAND", "HARBOUR OPENS"}
    assert "place" not in after["rule"][0]
    assert set(Base.metadata.tables) <= set(after)
