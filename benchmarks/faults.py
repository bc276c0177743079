"""Why bodies are not exactly right: by choice of design, by what leaked or was lost, and page by page."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.gold import Gold, Row


class Result(NamedTuple):
    """One layout: the scorer's summary, its pages, and the rows that were compared."""

    name: str
    summary: Row
    pages: list[Row]
    expected: list[Row]
    found: list[Row]


def causes(gold: Gold, one: Result, number: int = 30) -> Iterator[str]:
    """What stands in bodies that should not (+), and what is lost (-), with the number of pages and an example."""
    seen: Counter[str] = Counter()
    example: dict[str, str] = {}
    found = {row["url"]: row for row in one.found}
    for row, page in zip(one.expected, one.pages, strict=True):
        if page["body_exact"] != 1.0:
            kinds = dict(_kinds(gold, row, found.get(row["url"], {}).get("body")))
            seen.update(kinds.keys())
            example |= {kind: f"{row['slug']}: {line[:60]}" for kind, line in kinds.items() if kind not in example}
    yield f"bodies not exactly right: {sum(page['body_exact'] != 1.0 for page in one.pages)} of {len(one.pages)}"
    for kind, pages in seen.most_common(number):
        yield f"  {pages:3} {kind[:60].ljust(60)} {example[kind]}"


def _kinds(gold: Gold, row: Row, text: str | None) -> Iterator[tuple[str, str]]:
    fold = gold.scorer.foldp
    body = [fold(line) for line in row["body"]]
    ours = [fold(line) for line in (text or "").split("\n\n") if line]
    sorts = {fold(line): sort for sort, lines in row["furniture"].items() for line in lines}
    if not ours:
        yield "- everything", ""
        return
    for line in ours:
        if line not in body:
            yield _kind(line, body, sorts.get(line), [fold(caption) for caption in row["captions"]]), line
    for line in body:
        if line not in ours:
            yield "- a paragraph", line


def _kind(line: str, body: list[str], sort: str | None, captions: list[str]) -> str:
    if sort in ("banner", "chrome"):
        return f"+ {sort}: {line[:40]}"
    if sort:
        return f"+ {sort}"
    if line in captions:
        return "+ caption"
    if any(line in paragraph for paragraph in body):
        return "+ part of a paragraph"
    if any(paragraph in line for paragraph in body):
        return "+ a paragraph and more"
    return "+ " + re.sub(r"\d+", "0", line)[:40]


def by_choice(one: Result, fact: str) -> Iterator[str]:
    """The share of pages where a fact is exactly right, per choice of design: what hurts most (and surest) first."""
    exact: dict[tuple[str, str], list[float]] = {}
    for row, page in zip(one.expected, one.pages, strict=True):
        for choice in row.get("choices", {}).items() if fact in page else ():
            exact.setdefault(choice, []).append(page[fact])
    mean = one.summary[fact]
    exact = {choice: values for choice, values in exact.items() if len(values) > 3}
    losses = sorted((sum(v) - mean * len(v)) / len(v) ** 0.5 for v in exact.values())[:25]
    yield f"{fact} by choice of design (all: {mean:.3f})"
    for (name, value), v in sorted(exact.items(), key=lambda item: sum(item[1]) / len(item[1])):
        if (sum(v) - mean * len(v)) / len(v) ** 0.5 <= losses[-1] and sum(v) / len(v) < mean:
            yield f"  {sum(v) / len(v):.2f} of {len(v):3}  {name}: {value}"


def worst(one: Result, number: int) -> Iterator[str]:
    """The worst pages, with what is missing (-) and too much (+) in their bodies and other facts."""
    fields = ("title", "authors", "author_box", "published_at", "captions", "related", "kicker", "reading_minutes")
    found = {row["url"].rstrip("/").rsplit("/", 1)[-1]: row for row in one.found}
    both = list(zip(one.pages, one.expected, strict=True))
    both.sort(key=lambda pair: (pair[0]["body_exact"], pair[0]["tok_f1"], -sum(pair[0].get(f) == 0.0 for f in fields)))
    for page, row in both[:number]:
        exact, slug = page["body_exact"], row["slug"]
        wrong = [field for field in fields if page.get(field) == 0.0]
        wrong += [key for key, value in page.items() if key.endswith("_invented") and value and key != "tags_invented"]
        if exact == 1.0 and not wrong:
            return
        yield f"--- {one.name} {slug}  F1 {page['tok_f1']:.3f}  wrong: {', '.join(wrong) or '-'}"
        ours = found.get(slug, {})
        theirs = (ours.get("body") or "").split("\n\n")
        yield from (line[:160] for line in difflib.ndiff(row["body"], theirs) if line[:1] in "-+" and not exact)
        for field in [name.removesuffix("_invented") for name in wrong]:
            key = "authors" if field == "author_box" else field
            yield f"    {field}: {str(row.get(key))[:200]}\n    not {str(ours.get(key))[:200]}"
        if not exact and "choices" in row:
            yield f"    {row['choices']}"
