"""The gold beside the checkout: its pages, its rows, its scorer, and what it says of the peers."""

import importlib.util
import json
import re
import sys
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "gold"
HTML_LAYOUTS = ("A", "B1", "C1", "C2")
FIELDS = ("title", "authors", "published_at", "captions", "related", "kicker", "reading_minutes")

Row = dict[str, Any]


class Gold:
    """The folder of the gold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether the folder holds a gold."""
        return (self.folder / "dev.jsonl").exists() and (self.folder / "score.py").exists()

    @cached_property
    def rows(self) -> list[Row]:
        """Every row, one per story and layout."""
        return read_rows(self.folder / "dev.jsonl")

    def layout(self, name: str) -> list[Row]:
        """The rows of one layout."""
        return [row for row in self.rows if row["layout"] == name]

    def source(self, layout: str) -> Path:
        """The file with the pages of a layout."""
        return self.folder / ("wet/dev.warc.wet.gz" if layout == "WET" else f"warc/dev-{layout}.warc.gz")

    @cached_property
    def authors(self) -> list[Row]:
        """The rows of the author pages."""
        return read_rows(self.folder / "authors-dev.jsonl")

    @property
    def author_pages(self) -> Path:
        """The file with the author pages."""
        return self.folder / "wet" / "authors-dev.warc.wet.gz"

    @property
    def seeds(self) -> list[Path]:
        """The page texts the project began with."""
        return sorted((self.folder / "seeds").glob("*.txt"))

    @cached_property
    def scorer(self) -> ModuleType:
        """The gold's own scorer."""
        sys.path.insert(0, str(self.folder))  # it imports its neighbour
        try:
            spec = importlib.util.spec_from_file_location("gold_score", self.folder / "score.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(self.folder))
        return module

    @cached_property
    def peers(self) -> dict[str, dict[str, str]]:
        """What others get, from the README's table: name -> column -> value."""
        lines = [line for line in (self.folder / "README.md").read_text(encoding="utf-8").splitlines() if "|" in line]
        tables = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
        start = next(number for number, cells in enumerate(tables) if cells[0] == "extractor")
        columns = tables[start]
        rows = [cells for cells in tables[start + 1 :] if len(cells) == len(columns) and not set(cells[0]) <= set("-")]
        return {re.sub(r" \(selectors.*", "", cells[0]): dict(zip(columns, cells, strict=True)) for cells in rows}


def knowable_scrambled(row: Row) -> Row:
    """The row without what only scripts and metadata said: layout A keeps its time elements, B1 minutes, C no times."""
    if row["layout"] == "A":
        return row
    minutes = {field: row[field] and row[field][:17] + "00Z" for field in ("published_at", "modified_at")}
    return row | (minutes if row["layout"] == "B1" else dict.fromkeys(minutes))


def read_rows(path: Path) -> list[Row]:
    """The objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(gold: Gold, rows: list[Row], found: list[Row], layout: str) -> tuple[Row, list[Row]]:
    """The scorer's summary of one layout, and its pages; `found` are export rows, matched by end of address."""
    predictions = [row | {"layout": layout} for row in found]
    expected = [row | {"layout": layout} for row in rows]
    totals, pages = gold.scorer.score(predictions, expected)
    if layout not in totals:  # nothing at all was found
        totals, pages = gold.scorer.score([{"layout": layout, "url": "none"}], expected)
    summary = dict(totals[layout])
    for field in FIELDS:
        summary[f"{field}_missed"] = sum(page.get(field) == 0.0 for page in pages)
    invented = sorted({key for page in pages for key in page if key.endswith("_invented")} - {"tags_invented"})
    summary["invented"] = sum(page.get(key, 0.0) > 0 for page in pages for key in invented)
    summary["missing"] = sum(page["missing"] for page in pages)
    return summary, pages
