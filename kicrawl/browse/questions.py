"""What the pages ask the archive: plain SQL on a connection that only reads, one transaction for each page."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kicrawl.archive.search import BEGIN, END

Row = dict[str, Any]

ON_A_PAGE = 20  # stories in a list
LATEST = 1000  # stories that the charts of sources and cuts look at: the newest ones
DAYS = 90  # of the chart of stories per day
RUNS = 60  # of the chart of runs
AUTHORS = 500  # that can be chosen from; others can be found by search

# The byline of a story as one text.
BYLINE = """(SELECT group_concat(name, ', ') FROM
    (SELECT name FROM article_author WHERE article_id = article.id ORDER BY position))"""
LISTED = f"article.id, article.title, article.subtitle, article.kind, article.published_at, {BYLINE} AS byline"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader asked for: what FTS5 is to find and not to find, an author, a tag, the first and last day."""

    match: str | None = None
    without: str | None = None
    author: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None
    page: int = 1


@dataclass
class Listed:
    """Some of the stories asked for, and how many there are."""

    number: int = 0
    stories: list[Row] = field(default_factory=list)


@contextmanager
def looking(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, so that all numbers of a page are of one moment, whatever a crawl writes meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def describe(connection: sqlite3.Connection) -> Row:
    """The archive in numbers, and its last run."""
    counts = {name: f"(SELECT count(*) FROM {name}) AS {name}" for name in ("article", "revision", "author", "capture")}
    days = "(SELECT min(published_on) FROM article) AS first_day, (SELECT max(published_on) FROM article) AS last_day"
    site = "(SELECT url FROM article ORDER BY id DESC LIMIT 1) AS url"
    [row] = _rows(connection, f"SELECT {', '.join(counts.values())}, {days}, {site}")
    run = _rows(
        connection, "SELECT spider, started_at, finished_at, exit_code, reason FROM crawl_run ORDER BY id DESC LIMIT 1"
    )
    return {**row, "run": run[0] if run else None}


def name_authors(connection: sqlite3.Connection) -> list[str]:
    """Who wrote most, in the order of the alphabet."""
    most = "SELECT author_id FROM article_author GROUP BY author_id ORDER BY count(*) DESC LIMIT ?"
    found = connection.execute(
        f"SELECT DISTINCT name FROM author WHERE id IN ({most}) AND name IS NOT NULL ORDER BY name",
        [AUTHORS],
    )
    return [name for (name,) in found]


def list_stories(connection: sqlite3.Connection, wanted: Wanted, number: int = ON_A_PAGE) -> Listed:
    """Stories as asked for, newest first; with a match each has `found`, the words around it.

    Raises sqlite3.OperationalError for a match expression that cannot be read.
    """
    source, values = _source(wanted)
    [count] = connection.execute(f"SELECT count(*) {source}", values).fetchone()
    newest = "ORDER BY article.published_at DESC, article.id DESC"
    shown = f"SELECT article.id {source} {newest} LIMIT ? OFFSET ?"
    limits = [number, (wanted.page - 1) * number]
    rows = _rows(connection, f"SELECT {LISTED} FROM article WHERE article.id IN ({shown}) {newest}", [*values, *limits])
    return Listed(count, _with_found(connection, rows, wanted.match) if wanted.match else rows)


def _with_found(connection: sqlite3.Connection, rows: list[Row], match: str) -> list[Row]:
    """These stories, each with the words around what was found in it."""
    ids = ", ".join(str(row["id"]) for row in rows)
    asked = f"SELECT rowid, snippet(article_fts, 2, '{BEGIN}', '{END}', ' … ', 32) FROM article_fts"
    found = dict(connection.execute(f"{asked} WHERE article_fts MATCH ? AND rowid IN ({ids})", [match]).fetchall())
    return [{**row, "found": found[row["id"]]} for row in rows]


def _source(wanted: Wanted) -> tuple[str, list[Any]]:
    """FROM and WHERE, and the values in them."""
    by_author = "SELECT article_id FROM article_author JOIN author ON author.id = author_id WHERE author.name = ?"
    with_tag = "SELECT article_id FROM article_tag JOIN tag ON tag.id = tag_id WHERE tag.name = ?"
    conditions = {
        "article_fts MATCH ?": wanted.match,
        "article.id NOT IN (SELECT rowid FROM article_fts WHERE article_fts MATCH ?)": wanted.without,
        f"article.id IN ({by_author})": wanted.author,
        f"article.id IN ({with_tag})": wanted.tag,
        "article.published_on >= ?": wanted.since,
        "article.published_on <= ?": wanted.until,
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    tables = "article_fts JOIN article ON article.id = article_fts.rowid" if wanted.match else "article"
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    return f"FROM {tables} {where}", list(asked.values())


def changed_lately(connection: sqlite3.Connection, number: int) -> list[Row]:
    """The stories that the newspaper changed last, each once."""
    return _rows(
        connection,
        "SELECT article.id, article.title, max(seen_until) AS changed_at, count(*) AS times FROM revision"
        " JOIN article ON article.id = article_id GROUP BY article.id ORDER BY changed_at DESC LIMIT ?",
        [number],
    )


def find_story(connection: sqlite3.Connection, url: str) -> int | None:
    """The number of the story with this address, other address, or last part of an address."""
    asked = "SELECT id FROM article WHERE url = :url UNION ALL SELECT article_id FROM alias WHERE url = :url"
    asked += " UNION ALL SELECT id FROM article WHERE slug = :url"
    found = connection.execute(asked, {"url": url}).fetchone()
    return found[0] if found else None


def read_story(connection: sqlite3.Connection, number: int) -> Row | None:
    """All that is known of a story: its row, byline, tags, earlier texts, captures, and what was cut from it."""
    rows = _rows(connection, "SELECT * FROM article WHERE id = ?", [number])
    if not rows:
        return None
    story = rows[0]
    asked = {
        "authors": "SELECT article_author.name AS printed, author.name, author_role.role FROM article_author"
        " JOIN author ON author.id = article_author.author_id"
        " LEFT JOIN author_role ON author_role.id = author_role_id"
        " WHERE article_id = ? ORDER BY position",
        "tags": "SELECT name FROM article_tag JOIN tag ON tag.id = tag_id WHERE article_id = ? ORDER BY position",
        "revisions": "SELECT * FROM revision WHERE article_id = ? ORDER BY number",
        "cut": "SELECT position, block, article_boilerplate.rule, text FROM article_boilerplate"
        " JOIN boilerplate ON boilerplate.id = boilerplate_id WHERE article_id = ? ORDER BY position",
    }
    parts = {name: _rows(connection, statement, [number]) for name, statement in asked.items()}
    captures = _rows(connection, "SELECT * FROM capture WHERE url = ? ORDER BY fetched_at DESC", [story["url"]])
    original = _rows(connection, "SELECT id, title FROM article WHERE id = ?", [story["duplicate_of_id"]])
    lists = {name: json.loads(story[name]) for name in ("blocks", "captions", "sources")}
    for revision in parts["revisions"]:
        revision |= {name: json.loads(revision[name]) for name in ("captions", "authors")}
    return {**story, **parts, **lists, "captures": captures, "original": original[0] if original else None}


def count_days(connection: sqlite3.Connection) -> dict[str, int]:
    """Stories of each of the last days up to the newest story's, by the Kyiv calendar; days without a story too."""
    last = f"""WITH RECURSIVE day (name, number) AS (
            SELECT max(published_on), 1 FROM article
            UNION ALL SELECT date(name, '-1 day'), number + 1 FROM day WHERE number < {DAYS}
        )
        SELECT name, (SELECT count(*) FROM article WHERE published_on = name) FROM day
        WHERE name IS NOT NULL ORDER BY name"""
    return dict(connection.execute(last).fetchall())


def count_months(connection: sqlite3.Connection) -> dict[str, int]:
    """Stories of each month from the oldest story's to the newest one's; months without a story too."""
    all_months = """WITH RECURSIVE counted (month, number) AS (
            SELECT substr(published_on, 1, 7), count(*) FROM article WHERE published_on IS NOT NULL GROUP BY 1
        ), month (first_day) AS (
            SELECT min(month) || '-01' FROM counted
            UNION ALL SELECT date(first_day, '+1 month') FROM month
            WHERE first_day < (SELECT max(month) || '-01' FROM counted)
        )
        SELECT substr(first_day, 1, 7), coalesce(number, 0) FROM month
        LEFT JOIN counted ON counted.month = substr(first_day, 1, 7) WHERE first_day IS NOT NULL ORDER BY 1"""
    return dict(connection.execute(all_months).fetchall())


def count_sources(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """For each field, how many of the newest stories have it from which source; `none`: not stated."""
    newest = f"SELECT id, sources FROM article ORDER BY published_at DESC LIMIT {LATEST}"
    with_sources = [json.loads(sources) for _, sources in connection.execute(newest)]
    counts: dict[str, dict[str, int]] = {}
    for name in sorted({name for sources in with_sources for name in sources}):
        for sources in with_sources:
            source = sources.get(name, "none")
            counts.setdefault(name, {})
            counts[name][source] = counts[name].get(source, 0) + 1
    return counts


def share_cut(connection: sqlite3.Connection) -> dict[str, float]:
    """For each month of the newest stories, the share of their pages' letters that was cut."""
    shares = f"""WITH newest AS (
            SELECT id, substr(published_on, 1, 7) AS month, length(body) AS kept FROM article
            WHERE body IS NOT NULL AND published_on IS NOT NULL ORDER BY published_at DESC LIMIT {LATEST}
        ), cut AS (
            SELECT article_id, sum(length(text)) AS lost FROM article_boilerplate
            JOIN boilerplate ON boilerplate.id = boilerplate_id
            WHERE article_id IN (SELECT id FROM newest) GROUP BY article_id
        )
        SELECT month, sum(kept), sum(coalesce(lost, 0)) FROM newest LEFT JOIN cut ON article_id = id
        GROUP BY month ORDER BY month"""
    return {month: lost / (kept + lost) for month, kept, lost in connection.execute(shares) if kept + lost}


def list_runs(connection: sqlite3.Connection) -> list[Row]:
    """The last runs, oldest first, each with its counters."""
    columns = "id, spider, started_at, heartbeat_at, finished_at, reason, exit_code, counters"
    rows = _rows(connection, f"SELECT {columns} FROM crawl_run ORDER BY id DESC LIMIT {RUNS}")
    return [{**row, "counters": json.loads(row["counters"])} for row in reversed(rows)]


def _rows(connection: sqlite3.Connection, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    found = connection.execute(statement, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]
