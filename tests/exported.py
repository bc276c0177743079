"""What two archives must have in common: all that they tell, but for the times of looking."""

from typing import Any

from kicrawl import archive
from kicrawl.archive.export import export_articles, export_authors, export_revisions

LOOKS = {"first_seen_at", "last_seen_at", "seen_from", "seen_until"}  # no two crawls share them


def exported(database_url: str) -> list[list[dict[str, Any]]]:
    """All that export writes: stories, authors and revisions."""
    engine = archive.connect(database_url)
    tables = [list(export(engine)) for export in (export_articles, export_authors, export_revisions)]
    engine.dispose()
    return [[without_looks(row) for row in table] for table in tables]


def without_looks(row: dict[str, Any]) -> dict[str, Any]:
    """An exported row without the times of looking."""
    return {name: value for name, value in row.items() if name not in LOOKS}
