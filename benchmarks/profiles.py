"""How well author pages and the two first texts are read."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from benchmarks import routes
from benchmarks.gold import Gold, Row
from benchmarks.warcs import pages


def author_key(url: str) -> str:
    """The author's part of an address: /author/martin/page/3 -> martin."""
    found = re.search(r"/author/([^/]+)", url or "")
    return found[1].lower() if found else ""


def read_authors(gold: Gold) -> list[Row]:
    """What the reader makes of the author pages, one row per page."""
    from kicrawl.loaders import load_author
    from kicrawl.page import read_page

    found = [load_author(read_page(page.body, page.url, page.content_type)) for page in pages(gold.author_pages)]
    return [
        {"url": one.url, "name": one.name, "role": one.role, "bio": one.bio, "stories": [vars(s) for s in one.stories]}
        for one in found
    ]


def score_authors(gold: Gold, found: list[Row]) -> dict[str, float]:
    """Shares of authors whose name, role, bio and story titles are exactly right, and how many facts were invented.

    An author with several pages has the stories of all of them.
    """
    fold = gold.scorer.fold
    ours: dict[str, list[Row]] = {}
    for row in found:
        ours.setdefault(author_key(row["url"]), []).append(row)
    right: dict[str, list[bool]] = {"name": [], "role": [], "bio": [], "titles": []}
    invented = 0
    for key in dict.fromkeys(author_key(row["url"]) for row in gold.authors):
        rows, mine = [row for row in gold.authors if author_key(row["url"]) == key], ours.get(key, [])
        for field in ("name", "role", "bio"):
            value = mine[0].get(field) if mine else None
            if rows[0][field] is None:
                invented += bool(value)
            else:
                right[field].append(fold(value) == fold(rows[0][field]))
        titles = {fold(card["title"]) for row in rows for card in row["cards"]}
        right["titles"].append(titles == {fold(card["title"]) for row in mine for card in row.get("stories") or []})
    return {field: sum(values) / len(values) for field, values in right.items()} | {"invented": float(invented)}


def score_seed(gold: Gold, seed: Path, folder: Path) -> dict[str, Any]:
    """One of the first texts through replay: which facts are wrong, which other lines are not kept as boilerplate."""
    text = seed.read_text(encoding="utf-8")
    lines = {gold.scorer.fold(line) for line in text.splitlines() if line.strip()}
    expected = next(row for row in gold.layout("WET") if row["title"] in lines)
    found = routes.crawl(seed, folder, url=expected["url"])
    row = found[0] if found else {}
    summary = gold.scorer.score_page(expected, row)
    names = ("url", "title", "kicker", "reading_minutes", "body_exact", "captions", "related", "author_box")
    wrong = [name for name in names if summary.get(name) != 1.0]
    wrong += [name for name in summary if name.endswith("_invented") and summary[name] and name != "tags_invented"]
    return {
        "wrong": wrong,
        "not boilerplate": _unexplained(gold, expected, lines, folder / f"{seed.name.split('.')[0]}.db"),
    }


def _unexplained(gold: Gold, expected: Row, lines: set[str], database: Path) -> list[str]:
    """Lines that are neither a fact of the story nor stored as boilerplate with a rule."""
    facts = [expected["title"], expected["kicker"] or "", f"{expected['reading_minutes']} min read"]
    facts += expected["body"] + expected["captions"]
    facts += [author[field] or "" for author in expected["authors"] or [] for field in ("name", "role", "bio")]
    facts += [card[field] or "" for card in expected["related"] for field in ("title", "excerpt")]
    connection = sqlite3.connect(database)
    stored = {_digits(text) for (text,) in connection.execute("select text from boilerplate where rule is not null")}
    connection.close()
    known = {gold.scorer.fold(fact) for fact in facts}
    return sorted(line for line in lines - known if _digits(line) not in stored)


def _digits(text: str) -> str:
    return re.sub(r"\d", "0", text)
