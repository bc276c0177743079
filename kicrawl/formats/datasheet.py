"""What a data package says of itself to people: a datasheet after Gebru et al., and how to cite it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a package."""

    made_at: datetime
    as_of: datetime | None
    published_since: datetime | None
    changed_since: datetime | None
    rows: Mapping[str, int]  # by table
    first: datetime | None  # publish times of the earliest and latest story
    last: datetime | None
    versions: Mapping[str, str]
    rights: str

    @property
    def moment(self) -> datetime:
        """The moment whose archive it holds."""
        return self.as_of or self.made_at

    @property
    def selection(self) -> str:
        """Which part of the archive it is, in words."""
        parts = [
            f"only stories {what} from {since:%Y-%m-%d %H:%M} UTC on"
            for what, since in (("published", self.published_since), ("stored or changed", self.changed_since))
            if since
        ]
        return "; ".join(parts) or "all stories of the archive"


def write_datasheet(file: Path, facts: Facts) -> None:
    """The datasheet, as Markdown."""
    span = f"{facts.first:%Y-%m-%d} to {facts.last:%Y-%m-%d}" if facts.first and facts.last else "no time"
    rows = "\n".join(f"| `{name}` | {number:,} |" for name, number in facts.rows.items())
    file.write_text(
        f"""# Datasheet: an archive of the Kyiv Independent

Made {facts.made_at:%Y-%m-%d %H:%M} UTC by kicrawl {facts.versions["kicrawl"]} (rules {facts.versions["reader"]}).
It holds the archive as it stood at {facts.moment:%Y-%m-%d %H:%M:%S} UTC: {facts.selection}, published {span}.

## Motivation
To study what one newspaper published and how it changed it. Nothing is meant to be lost, nothing invented; every cut is
kept and named.

## Composition
A row of `article` is a story as last read; `revision` holds its earlier texts, `article_boilerplate` what was cut from
its page, each with the rule that cut it. `coverage` counts the months, `crawl_run` the runs that collected them.
`datapackage.json` says what each column means. Empty means that nothing stated it: kicrawl never guesses.

| table | rows |
|---|---|
{rows}

## Collection
Pages of kyivindependent.com, fetched one at a time with a pause between, obeying robots.txt; or read from saved pages.
Times are those of the looks (`first_seen_at`, `last_seen_at`); a change was made between `seen_from` and `seen_until`.
What was edited and edited back between two looks is not in here. Stories that were never met are not counted anywhere.

## Cleaning
The page's own statements come first; `sources` says for each field which one it was. Banners, teasers, cards, author
boxes and buttons are cut by structure, whole lines or place, never for a word in a sentence.

## Limits
An archive of an earlier time is told as it was stored then, by the clock of the machine that stored it. What is shown
of `boilerplate`, `author_role`, `alias`, `rule` and of the end of runs is always as it is today.

## Rights
{facts.rights}
People are named in it: authors, and those the stories are about.
""",
        "utf-8",
    )


def write_citation(file: Path, facts: Facts) -> None:
    """CITATION.cff. Who made the package may add their name."""
    version = facts.moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    file.write_text(
        f"""cff-version: 1.2.0
message: Cite this data set, and the stories you quote by their own addresses.
type: dataset
title: An archive of the Kyiv Independent, as it stood at {version.replace(":", "")}
authors:
  - name: kicrawl {facts.versions["kicrawl"]}
version: "{version}"
date-released: "{facts.made_at:%Y-%m-%d}"
url: https://kyivindependent.com
abstract: {facts.rows.get("article", 0)} stories and {facts.rows.get("revision", 0)} earlier texts of them.
""",
        "utf-8",
    )
