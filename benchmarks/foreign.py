"""Real pages of other sites through the reader: shown, without a bar."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "real"


def read_all(folder: Path) -> list[dict[str, Any]]:
    """How close the reader comes on each page of the folder."""
    return [_compare(path) for path in sorted(folder.glob("*.html.gz"))]


def _compare(path: Path) -> dict[str, Any]:
    from kicrawl import read_article

    data = json.loads(path.with_name(path.name.replace(".html.gz", ".json")).read_text(encoding="utf-8"))
    truth = data["ground_truth"]
    article = read_article(gzip.decompress(path.read_bytes()), data["url"])
    body = article.body or ""
    folded = " ".join(body.split())
    return {
        "page": path.name.split(".")[0],
        "body F1": word_f1(truth["main_content"], body),
        "title": _same(article.title, truth["title"]),
        "author": _same(", ".join(author.name for author in article.authors), truth.get("author")),
        "date": _same(article.published_at and article.published_at.date().isoformat(), truth.get("publish_date")),
        "must be in": _share(folded, truth.get("with") or []),
        "must not": _share(folded, truth.get("without") or []),
    }


def word_f1(truth: str, ours: str) -> float:
    """F1 of the words, as bags.

    >>> word_f1("a b c d", "a b")
    0.6666666666666666
    """
    wanted, found = Counter(re.findall(r"\w+", truth)), Counter(re.findall(r"\w+", ours))
    both = sum((wanted & found).values())
    return 2 * both / ((wanted.total() + found.total()) or 1)


def _same(ours: str | None, truth: str | None) -> str:
    return "yes" if (ours or None) == (truth or None) else f"no: {ours!r}, not {truth!r}"


def _share(body: str, snippets: list[str]) -> str:
    return f"{sum(' '.join(snippet.split()) in body for snippet in snippets)}/{len(snippets)}"
