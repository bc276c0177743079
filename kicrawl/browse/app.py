"""Datasette on one archive, read-only: its tables with our metadata, and our own pages in front of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kicrawl.archive.columns import explain_tables, plain
from kicrawl.browse import pages, plugin
from kicrawl.browse.plugin import NAME

if TYPE_CHECKING:
    from datasette.app import Datasette

FACETS = {
    "article": ["kind", "access", "language", "layout"],
    "article_boilerplate": ["rule"],
    "boilerplate": ["rule"],
    "frontier": ["kind", "state"],
    "sighting": ["route"],
    "revision": ["cause"],
    "crawl_run": ["spider", "exit_code"],
}
NEWEST_FIRST = {"article": "published_at", "revision": "seen_until", "capture": "fetched_at", "crawl_run": "started_at"}
LABELS = {"article": "title", "author": "name", "tag": "name", "boilerplate": "text"}
SETTINGS = {
    "allow_download": False,
    "sql_time_limit_ms": 5000,  # an archive of ten years is read in one go by some queries
    "facet_time_limit_ms": 1000,
    "suggest_facets": False,  # asks every column of every row
    "truncate_cells_html": 240,  # a body is read on the story's page
    "default_page_size": 20,
}


def open_browser(file: Path) -> "Datasette":
    """Datasette on this archive, ready to be served; the file may be written by others meanwhile."""
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm

    if not pm.has_plugin("kicrawl"):
        pm.register(plugin, name="kicrawl")
    datasette = Datasette(metadata=describe(), settings=SETTINGS)
    datasette.add_database(Database(datasette, path=str(file), is_mutable=True), name=NAME)
    datasette.remove_database("_memory")
    return datasette


def describe() -> dict[str, Any]:
    """Datasette's metadata: what tables and columns mean, and the queries that are offered."""
    tables: dict[str, dict[str, Any]] = {
        table.name: {
            "description": plain(table.meaning),
            "columns": {
                name: plain(meaning)
                for name, meaning in table.columns.items()
                if not meaning.startswith("PostgreSQL only")
            },
            "facets": FACETS.get(table.name, []),
        }
        for table in explain_tables().values()
    }
    for name, column in NEWEST_FIRST.items():
        tables[name]["sort_desc"] = column
    for name, column in LABELS.items():
        tables[name]["label_column"] = column
    for name in pages.INNER:
        tables.setdefault(name, {})["hidden"] = True
    queries = {
        query.name: {"title": query.title, "description": plain(query.meaning), "sql": query.sql}
        for query in pages.offered_queries()
    }
    return {"title": "kicrawl archive", "databases": {NAME: {"tables": tables, "queries": queries}}}
