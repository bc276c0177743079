"""A Frictionless data package: a file per table, what each column means, and where it all comes from."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kicrawl import __version__, items
from kicrawl.archive.columns import explain_tables, plain
from kicrawl.archive.coverage import Month, count_months
from kicrawl.archive.export import plain_value
from kicrawl.archive.models import Base
from kicrawl.archive.snapshot import Snapshot
from kicrawl.archive.tables import TABLES, Batch, columns_of, kind_of
from kicrawl.formats.datasheet import Facts, write_citation, write_datasheet
from kicrawl.formats.lines import cell
from kicrawl.formats.parquet import AT_ONCE, parquet_file

Write = Callable[[Sequence[Mapping[str, Any]]], None]
NAME = "kyiv-independent-archive"
RIGHTS = "The texts belong to the Kyiv Independent; this copy is for research and is no licence to publish them."
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
PARQUET = {"integer": "integer", "number": "number", "boolean": "boolean", "date": "date", "datetime": "time"}
REFERENCES = {"article_id": "article", "author_id": "author", "tag_id": "tag", "boilerplate_id": "boilerplate"}
# What readers of Parquet that go by way of pandas, such as Frictionless, make of a number that is null.
NO_NUMBER = {"missingValues": ["", "nan"]}
COVERAGE = {
    "month": "of publication, in Kyiv",
    "stories": "stories of that month in this package",
    "partial": "of these, those whose rest is for members",
    "gone": "of these, those that the site shows no more",
    "not_stored": "addresses known that may be stories and are not stored; empty where only a part is wanted",
}


@dataclass
class Tally:
    """What went into a package."""

    rows: dict[str, int] = field(default_factory=dict)
    months: dict[str, Month] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None

    def note(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Count rows."""
        self.rows[name] = self.rows.get(name, 0) + len(rows)
        for story in rows if name == "article" else ():
            self.months.setdefault(f"{story['published_on'] or ''}"[:7], Month()).add(story)
            published = story["published_at"]
            if published is not None:
                self.first = min(self.first or published, published)
                self.last = max(self.last or published, published)


def write_package(shot: Snapshot, batches: Iterable[Batch], folder: Path, *, files: str) -> None:
    """Write the rows of tables into a new folder, with all that a reader needs to know of them."""
    (folder / "data").mkdir(parents=True)
    tally = Tally({table.__tablename__: 0 for table in TABLES})
    with ExitStack() as stack:
        writers = {
            table.__tablename__: stack.enter_context(_writer(folder, table.__tablename__, fields_of(table), files))
            for table in TABLES
        }
        for name, rows in batches:
            tally.note(name, rows)
            writers[name](rows)
    months = count_months(shot, tally.months)
    with _writer(folder, "coverage", _coverage_fields(), files) as write:
        write([{"month": month, **vars(counted)} for month, counted in months])
    resources = [_resource(folder, table.__tablename__, _schema(table), files) for table in TABLES]
    resources.append(_resource(folder, "coverage", {"fields": _coverage_fields(), "primaryKey": ["month"]}, files))
    _describe(shot, folder, tally, resources)


def fields_of(table: type[Base]) -> list[dict[str, Any]]:
    """The columns of a table as Table Schema describes them, with their meaning."""
    meanings = explain_tables()[table.__tablename__].columns
    return [
        {"name": name, "type": kind_of(table, name), "description": plain(meanings[name])} for name in columns_of(table)
    ]


def _schema(table: type[Base]) -> dict[str, Any]:
    name = table.__tablename__
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": ["id"]}}
        for column, other in REFERENCES.items()
        if column in table.__table__.c and other != name
    ]
    keys = [column.name for column in table.__table__.primary_key]
    return {"fields": fields_of(table), "primaryKey": keys, **({"foreignKeys": references} if references else {})}


def _coverage_fields() -> list[dict[str, Any]]:
    return [
        {"name": name, "type": "string" if name == "month" else "integer", "description": meaning}
        for name, meaning in COVERAGE.items()
    ]


@contextmanager
def _writer(folder: Path, name: str, fields: Sequence[Mapping[str, Any]], files: str) -> Iterator[Write]:
    path = folder / "data" / f"{name}.{files}"
    names = [str(one["name"]) for one in fields]
    if files == "parquet":
        with parquet_file(path, {one["name"]: PARQUET.get(one["type"], "text") for one in fields}) as write:
            waiting: list[dict[str, Any]] = []

            def gather(rows: Sequence[Mapping[str, Any]]) -> None:
                waiting.extend(_flat(row, fields) for row in rows)
                if len(waiting) >= AT_ONCE:
                    write(waiting)
                    waiting.clear()

            yield gather
            write(waiting)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        output = csv.writer(file, lineterminator="\n")
        output.writerow(names)
        yield lambda rows: output.writerows([cell(plain_value(row[name])) for name in names] for row in rows)


def _flat(row: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A row whose lists and objects are JSON."""
    values = {one["name"]: plain_value(row[one["name"]]) for one in fields}
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in values.items()
    }


def _resource(folder: Path, name: str, schema: dict[str, Any], files: str) -> dict[str, Any]:
    path = folder / "data" / f"{name}.{files}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    meaning = explain_tables()[name].meaning if name in explain_tables() else "How much of each month is here."
    return {
        "name": name,
        "type": "table",
        "path": f"data/{name}.{files}",
        "description": plain(meaning),
        "format": files,
        "mediatype": MEDIA[files],
        # Frictionless checks neither of a Parquet file, and calls it wrong if they are stated.
        **({"encoding": "utf-8", "bytes": path.stat().st_size, "hash": f"sha256:{digest}"} if files == "csv" else {}),
        "sha256": digest,
        "schema": schema if files == "csv" else {**schema, "fields": [*map(_nullable, schema["fields"])]},
    }


def _nullable(field: Mapping[str, Any]) -> Mapping[str, Any]:
    """A column of a Parquet file, with what stands for null in it."""
    return {**field, **NO_NUMBER} if field["type"] in ("integer", "number") else field


def _describe(shot: Snapshot, folder: Path, tally: Tally, resources: list[dict[str, Any]]) -> None:
    """The description for programs, and those for people."""
    now, wanted = datetime.now(UTC), shot.wanted
    facts = Facts(
        made_at=now,
        as_of=wanted.as_of,
        published_since=wanted.published_since,
        changed_since=wanted.changed_since,
        rows=tally.rows,
        first=tally.first,
        last=tally.last,
        versions={"kicrawl": __version__, "reader": str(items.READER_VERSION)},
        rights=RIGHTS,
    )
    told = {name: plain_value(value) for name, value in vars(facts).items() if name not in ("rights", "rows")}
    descriptor = {
        "name": NAME,
        "title": "An archive of the Kyiv Independent",
        "description": "What the newspaper published, as kicrawl read it. See datasheet.md.",
        "version": plain_value((wanted.as_of or now).replace(microsecond=0)),
        "created": plain_value(now.replace(microsecond=0)),
        "sources": [{"title": "The Kyiv Independent", "path": "https://kyivindependent.com"}],
        "rights": RIGHTS,
        "kicrawl": told,
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n", "utf-8")
    write_datasheet(folder / "datasheet.md", facts)
    write_citation(folder / "CITATION.cff", facts)
    sums = [f"{one['sha256']}  {one['path']}" for one in resources]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
