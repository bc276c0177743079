"""docs/columns.md explains every column that a database has, and no other."""

import re
from pathlib import Path

from sqlalchemy import Engine, inspect

from kicrawl.archive import columns, export
from kicrawl.archive.models import SCHEMA

PAGE = (Path(__file__).parent.parent / "docs" / "columns.md").read_text(encoding="utf-8")
TABLES, EXPORT = PAGE.split("\n# Export\n")
ONLY_SQLITE = {f"article_fts.{name}" for name in ("title", "subtitle", "body", "captions")}


def explained() -> set[str]:
    """table.column for each row of the page's tables that says anything."""
    found = set()
    for section in TABLES.split("\n## ")[1:]:
        table = section.split("\n", 1)[0]
        found |= {f"{table}.{name}" for name in re.findall(r"^\| `(\w+)` \| \S.* \|$", section, re.M)}
    return found


def in_database(engine: Engine) -> set[str]:
    """table.column of all tables, those that alembic and SQLite keep for themselves aside."""
    looked_at = inspect(engine)
    schema = SCHEMA if engine.dialect.name == "postgresql" else None
    return {
        f"{table}.{column['name']}"
        for table in looked_at.get_table_names(schema=schema)
        if table != "alembic_version" and not table.startswith("article_fts_")
        for column in looked_at.get_columns(table, schema=schema)
    }


def test_every_column_is_explained_and_no_other(engine: Engine) -> None:
    missing_here = {"article.search"} if engine.dialect.name == "sqlite" else ONLY_SQLITE
    assert in_database(engine) == explained() - missing_here


def test_the_export_is_described_field_by_field() -> None:
    for table, fields in (
        ("article", export.ARTICLE_FIELDS),
        ("author", export.AUTHOR_FIELDS),
        ("revision", export.REVISION_FIELDS),
    ):
        described = EXPORT.split(f"- **{table}**")[1].split("\n- ")[0]
        assert re.findall(r"`(\w+)(?=[`\[{])", described.replace("`block`", "")) == fields


def test_other_programs_read_every_meaning_from_the_page() -> None:
    tables = columns.explain_tables()
    assert {f"{table.name}.{column}" for table in tables.values() for column in table.columns} == explained()
    assert tables["article"].meaning == "A story, as it was last read."
    assert tables["tag"].meaning == ""
