"""Which texts a story had, in the order of time, and what a look at it adds. Pure: no SQL, no items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

Verdict = Literal["new", "unchanged", "refreshed", "updated", "upgraded", "reread", "older", "lesser"]
MEDIA = ("text", "feed", "html")  # the better the later


@dataclass(frozen=True, kw_only=True)
class Version:
    """A text, and the first and the last look that read it."""

    text_hash: str
    first: datetime
    last: datetime
    content: Mapping[str, Any]  # what a revision keeps of it
    id: int | None = None  # of its row in revision; None for the current text and for a look


def compare(stored: Mapping[str, Any] | None, look: Mapping[str, Any]) -> Verdict:
    """What a look means for the stored row of article, both as columns.

    `updated`: the publisher changed the text. `refreshed`: only facts beside it changed. `upgraded`: the same story,
    but from a better medium or no longer partial. `reread`: by a newer reader. `older`: it is about a text from before
    the known looks, or between them. `lesser`: from a poorer medium, or by an older reader; it may only fill gaps.
    A look at the capture that the stored text was read from is never an edit: what differs is the reading.
    """
    if stored is None:
        return "new"
    if look.get("capture_id") is not None and look["capture_id"] == stored["capture_id"]:
        return _compare_readings(stored, look)
    better = _compare_quality(stored, look)
    if better:
        return better
    if look["reader_version"] > stored["reader_version"]:
        return "reread" if look["last_seen_at"] >= stored["text_seen_at"] else "lesser"
    same = look["text_hash"] == stored["text_hash"]
    if look["last_seen_at"] < stored["last_seen_at"]:
        return "unchanged" if same and look["last_seen_at"] >= stored["text_seen_at"] else "older"
    if not same:
        return "updated"
    if stored["body"] is None and look["body"] is not None:
        return "upgraded"  # texts are stored only since
    return "unchanged" if look["facts_hash"] == stored["facts_hash"] else "refreshed"


def add_look(versions: list[Version], look: Version) -> list[Version]:
    """The versions, in the order of time, with one look among them; the last one is the current text.

    A look with the text of its neighbour widens that neighbour. Between two looks at one text it splits it; what was
    seen between those two is forgotten, so texts that come and go may be told apart less well out of order.
    """
    moment = look.first
    for place, version in enumerate(versions):
        if version.first <= moment < version.last:
            if version.text_hash == look.text_hash:
                return versions
            parts = [replace(version, last=version.first), look, replace(version, first=version.last, id=None)]
            return [*versions[:place], *parts, *versions[place + 1 :]]
    place = next((place for place, version in enumerate(versions) if version.first > moment), len(versions))
    before, after = versions[:place], versions[place:]
    if after and after[0].text_hash == look.text_hash:
        return [*before, replace(after[0], first=moment), *after[1:]]
    if before and before[-1].text_hash == look.text_hash:
        return [*before[:-1], replace(before[-1], last=moment), *after]
    return [*before, look, *after]


def merge(versions: list[Version]) -> list[Version]:
    """The versions, neighbours with the same text made one: a better reading may show that nothing had changed."""
    merged = versions[:1]
    for version in versions[1:]:
        if version.text_hash == merged[-1].text_hash:
            merged[-1] = replace(version, first=merged[-1].first)
        else:
            merged.append(version)
    return merged


def quality(row: Mapping[str, Any]) -> tuple[int, bool]:
    """How good a look at a story could be, the more the better: by its medium, and by whether it was let in."""
    return MEDIA.index(row["medium"]), row["access"] == "full"


def _compare_readings(stored: Mapping[str, Any], look: Mapping[str, Any]) -> Verdict:
    if look["reader_version"] < stored["reader_version"]:
        return "lesser"
    same = all(look[name] == stored[name] for name in ("text_hash", "reader_version"))
    return "unchanged" if same else "reread"  # other facts may be newer than the capture: they stay


def _compare_quality(stored: Mapping[str, Any], look: Mapping[str, Any]) -> Verdict | None:
    old, new = quality(stored), quality(look)
    if look["reader_version"] < stored["reader_version"] or any(b < a for a, b in zip(old, new, strict=True)):
        return "lesser"
    return "upgraded" if new != old else None
