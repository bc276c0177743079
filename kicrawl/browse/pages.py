"""Our own pages: the start, lists of stories, a story with what was cut from it, charts. Each returns HTML."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urlencode

from kicrawl import runs
from kicrawl.archive.columns import explain_tables, plain
from kicrawl.archive.search import read_query
from kicrawl.browse import questions
from kicrawl.browse.charts import WIDTH, Chart, Column, draw_columns, draw_shares
from kicrawl.browse.queries import Query, read_queries
from kicrawl.browse.questions import Listed, Row, Wanted
from kicrawl.browse.rendering import moment, render
from kicrawl.edits import label
from kicrawl.worddiff import Piece as Words
from kicrawl.worddiff import compare

NEWEST = 8  # stories on the start page
CHANGED = 5  # the same
VERSION = ("title", "subtitle", "authors", "body", "captions")  # what a revision keeps
INNER = ("sketch", "sketch_key", "article_fts", "past", "alembic_version")  # tables of use to kicrawl only
ENDED = {runs.COMPLETE: "good", runs.INCOMPLETE: "poor", runs.LOCKED: "none"}  # else bad


@dataclass(frozen=True)
class Piece:
    """A piece of a page: kept as part of the story (`rule` is None), or cut by a rule."""

    text: str
    kind: str
    rule: str | None = None


@dataclass(frozen=True)
class Change:
    """What the newspaper changed between two looks: the kinds of it, and each field that differs in pieces."""

    kinds: list[str]
    seen_from: str
    seen_until: str
    fields: dict[str, list[Words]]


def show_start(connection: sqlite3.Connection, asked: Mapping[str, str]) -> str:
    """What is in the archive, and the ways into it."""
    return render(
        "start.html",
        about=questions.describe(connection),
        authors=questions.name_authors(connection),
        newest=questions.list_stories(connection, Wanted(), NEWEST).stories,
        changed=questions.changed_lately(connection, CHANGED),
        days=draw_days(questions.count_days(connection), width=400),
        queries=offered_queries(),
        tables={name: plain(table.meaning) for name, table in explain_tables().items() if name not in INNER},
        asked={},
    )


def show_stories(connection: sqlite3.Connection, asked: Mapping[str, str]) -> str:
    """The stories that were asked for."""
    trouble, listed, wanted = None, Listed(), Wanted()
    try:
        wanted = read_wanted(asked)
        listed = questions.list_stories(connection, wanted)
    except (ValueError, sqlite3.OperationalError) as error:
        trouble = str(error)
    following = wanted.page * questions.ON_A_PAGE < listed.number
    return render(
        "stories.html",
        listed=listed,
        trouble=trouble,
        authors=questions.name_authors(connection),
        asked=asked,
        earlier=address(asked, wanted.page - 1) if wanted.page > 1 else None,
        later=address(asked, wanted.page + 1) if following else None,
        first=(wanted.page - 1) * questions.ON_A_PAGE + 1,
    )


def show_story(connection: sqlite3.Connection, number: int) -> str | None:
    """A story, kept and cut in two colours; None if there is none of this number."""
    story = questions.read_story(connection, number)
    if story is None:
        return None
    above, within, below = split_pieces(story["blocks"], story["cut"])
    changes = compare_versions(story)
    cut = sum(len(piece["text"].split()) for piece in story["cut"])
    pieces = {"above": by_rule(above), "within": within, "below": by_rule(below), "words_cut": cut}
    return render("story.html", story=story, changes=changes, **pieces, asked={})


def show_charts(connection: sqlite3.Connection, asked: Mapping[str, str]) -> str:
    """How the archive is doing, in pictures."""
    months = questions.count_months(connection)
    return render(
        "charts.html",
        days=draw_days(questions.count_days(connection)),
        months=draw_columns(
            [Column(name=month, value=number, says=f"{month}: {number}") for month, number in months.items()],
            "Stories per month",
        ),
        sources=draw_shares(questions.count_sources(connection), "Sources of each field"),
        cut=draw_cut(questions.share_cut(connection)),
        runs=draw_runs(questions.list_runs(connection)),
        latest=questions.LATEST,
        asked={},
    )


def read_wanted(asked: Mapping[str, str]) -> Wanted:
    """The form's fields. Raises ValueError, with a line for the reader, for those that make no sense.

    >>> read_wanted({"q": 'tanks "on the move" -drill', "author": "", "page": "2"})
    Wanted(match='"tanks" AND "on the move"', without='"drill"', author=None, tag=None, since=None, until=None, page=2)
    """
    given = {name: value.strip() for name, value in asked.items() if value.strip()}
    query = read_query(given.get("q", ""))
    if "q" in given and not query.wanted and not query.unwanted:
        raise ValueError(f"there is no word in {given['q']}")
    page = given.get("page", "1")
    return Wanted(
        match=" AND ".join(map(_quoted, query.wanted)) or None,
        without=" OR ".join(map(_quoted, query.unwanted)) or None,
        author=given.get("author"),
        tag=given.get("tag"),
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        page=int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 1,
    )


def split_pieces(blocks: list[Row], cut: list[Row]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """The page in its order: what was cut above the story, the story with what was cut within it, what was cut below.

    >>> cut = [{"block": 0, "text": "Menu", "rule": "header"}, {"block": 1, "text": "Join us", "rule": "appeal"}]
    >>> above, within, below = split_pieces([{"kind": "paragraph", "text": "It moved."}], cut)
    >>> [piece.text for piece in above], [piece.text for piece in within], [piece.text for piece in below]
    (['Menu'], ['It moved.'], ['Join us'])
    """
    pieces = [(piece["block"], Piece(piece["text"], "cut", piece["rule"] or "unknown")) for piece in cut]
    above = [piece for place, piece in pieces if place == 0]
    below = [piece for place, piece in pieces if place and place >= len(blocks)]
    within: list[Piece] = []
    for place, block in enumerate(blocks):
        within += [piece for at, piece in pieces if at == place and place]
        within.append(Piece(block["text"], block["kind"]))
    return above, within, below


def by_rule(pieces: list[Piece]) -> list[tuple[str, list[str]]]:
    """Pieces that were cut, those in a row by one rule together.

    >>> by_rule([Piece("Home", "cut", "menu"), Piece("News", "cut", "menu"), Piece("Join us", "cut", "appeal")])
    [('menu', ['Home', 'News']), ('appeal', ['Join us'])]
    """
    return [(rule or "", [piece.text for piece in some]) for rule, some in groupby(pieces, lambda piece: piece.rule)]


def compare_versions(story: Row) -> list[Change]:
    """The changes of a story as questions.read_story gives it, the latest first."""
    versions = [*story["revisions"], {**story, "authors": [author["printed"] for author in story["authors"]]}]
    changes = []
    for before, after in pairwise(versions):
        texts = {name: (_as_text(before[name]), _as_text(after[name])) for name in VERSION}
        fields = {name: compare(*both) for name, both in texts.items() if both[0] != both[1]}
        changes.append(Change(label(before, after), before["seen_from"], before["seen_until"], fields))
    return changes[::-1]


def draw_days(days: Mapping[str, int], width: float = WIDTH) -> Chart:
    """Stories of each of the last days; a click lists them."""
    columns = [
        Column(
            name=day, value=number, says=f"{day}: {number}", href="/stories?" + urlencode({"since": day, "until": day})
        )
        for day, number in days.items()
    ]
    return draw_columns(columns, "Stories per day", width=width)


def draw_cut(shares: Mapping[str, float]) -> Chart:
    """The share that was cut, by month."""
    columns = [
        Column(name=month, value=share, says=f"{month}: {share:.0%} cut", kind="cut") for month, share in shares.items()
    ]
    return draw_columns(columns, "Share of the pages' letters that was cut", "{:.0%}".format)


def draw_runs(some: list[Row]) -> Chart:
    """What the last runs stored, coloured by how they ended."""
    return draw_columns([_draw_run(row) for row in some], "Stories new or changed in each run")


def _draw_run(row: Row) -> Column:
    new, changed = (row["counters"].get(f"store/article_{what}", 0) for what in ("new", "updated"))
    ended = "did not end" if row["exit_code"] is None else f"exit code {row['exit_code']}"
    says = f"run {row['id']}, {row['spider']}, {moment(row['started_at'])}: {new} new, {changed} changed, {ended}"
    kind = ENDED.get(row["exit_code"], "bad")
    # A run that stored nothing is seen too.
    least = 0.5
    return Column(
        name=f"run {row['id']}",
        value=max(least, new + changed),
        says=says + (f" ({row['reason']})" if row["reason"] else ""),
        kind=kind,
        href=f"/archive/crawl_run/{row['id']}",
    )


def offered_queries() -> list[Query]:
    """Those of docs/queries.md that SQLite runs."""
    return [query for query in read_queries() if query.database != "PostgreSQL"]


def address(asked: Mapping[str, str], page: int) -> str:
    """The same list, another page of it."""
    return "/stories?" + urlencode({**{name: value for name, value in asked.items() if value}, "page": page})


def _quoted(term: str) -> str:
    """A word or phrase as FTS5 takes it, whatever is in it."""
    return '"' + term.replace('"', '""') + '"'


def _as_text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else value or ""


def _day(value: str | None) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise ValueError(f"{value} is not a day such as 2025-06-03") from None
