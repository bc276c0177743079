"""A look at a story beside what is stored of it, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kicrawl.archive.history import Verdict, compare
from kicrawl.archive.looks import FACTS, Look, facts_hash


@dataclass
class Change:
    """A look, the stored row of its story if there is one, and what the look means for it."""

    look: Look
    stored: Mapping[str, Any] | None
    verdict: Verdict = "new"
    article_id: int = 0  # of a new story only once its row is written
    adds_text: bool = False  # to the texts the story had before

    @property
    def replaces(self) -> bool:
        """Whether the story's row is written anew, and with it all that hangs on it."""
        return self.verdict in ("new", "refreshed", "updated", "upgraded", "reread")

    @property
    def is_reading(self) -> bool:
        """Whether a text is stored as this look read it, so that what it was read from is kept."""
        return self.adds_text or self.verdict in ("new", "updated", "upgraded", "reread")


def judge(look: Look, stored: Mapping[str, Any] | None) -> Change:
    """Compare a look with the stored row; facts the look does not state are taken over from there."""
    if stored is not None:
        _take_over(look.row, stored)
    look.row["facts_hash"] = facts_hash(look)
    verdict = compare(stored, look.row)
    if look.item.afresh and verdict == "unchanged" and stored and look.row["capture_id"] == stored["capture_id"]:
        verdict = "reread"
    return Change(look, stored, verdict, stored["id"] if stored else 0)


def facts_missing(stored: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the stored row lacks and another row has, with their sources."""
    facts = {name: row[name] for name in FACTS if stored[name] is None and row[name] is not None}
    said = {name: row["sources"][name] for name in facts if name in row["sources"]}
    return {**facts, "sources": {**stored["sources"], **said}} if said else facts


def _take_over(row: dict[str, Any], stored: Mapping[str, Any]) -> None:
    row.update(facts_missing(row, stored))
