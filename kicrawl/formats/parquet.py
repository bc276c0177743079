"""Objects and rows as Parquet, some thousand at a time; needs `pip install 'kicrawl[parquet]'`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

AT_ONCE = 2000  # rows of a group
Kind = str | dict[str, str]  # text, integer, number, boolean, date, time, texts; of a list of objects: kind by field

TEXTS = "url slug title subtitle kicker kind language access body duplicate_of name role bio cause".split()
TIMES = "published_at modified_at first_seen_at last_seen_at gone_at seen_from seen_until".split()
NUMBERS = "reading_minutes word_count revision_count number reader_version".split()
# Of the objects that an export writes, what kind of value each field holds.
KINDS: dict[str, Kind] = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(TIMES, "time"),
    **dict.fromkeys(NUMBERS, "integer"),
    **dict.fromkeys(("tags", "captions"), "texts"),
    "published_on": "date",
    "authors": dict.fromkeys(("name", "slug", "role", "bio", "url"), "text"),
    "blocks": {"kind": "text", "text": "text"},
    "links": {"url": "text", "text": "text", "block": "integer"},
    "images": dict.fromkeys(("url", "alt", "caption", "credit"), "text"),
    "related": dict.fromkeys(("url", "title", "excerpt"), "text"),
    "stories": dict.fromkeys(("url", "title", "byline", "excerpt"), "text"),
    "sources": "pairs",
}
OWN: dict[str, dict[str, Kind]] = {"author": {"links": "texts"}, "revision": {"authors": "texts"}}


class Missing(Exception):
    """pyarrow is not there."""


def kinds_of(table: str, names: Sequence[str]) -> dict[str, Kind]:
    """The kind of each field of the objects of a table."""
    return {name: OWN.get(table, {}).get(name, KINDS[name]) for name in names}


def write_parquet(objects: Iterable[Mapping[str, Any]], kinds: Mapping[str, Kind], file: Path) -> None:
    """A file of all objects, lists and objects in them nested."""
    with parquet_file(file, kinds) as write:
        rest = iter(objects)
        while some := list(islice(rest, AT_ONCE)):
            write(some)


@contextmanager
def parquet_file(file: Path, kinds: Mapping[str, Kind]) -> Iterator[Any]:
    """A file to which lists of rows are written, by calling what this gives. Times may be text ending in Z."""
    arrow = import_arrow()
    from pyarrow.parquet import ParquetWriter  # type: ignore[import-untyped]

    schema = arrow.schema([(name, _type(arrow, kind)) for name, kind in kinds.items()])
    with ParquetWriter(file, schema, compression="zstd") as writer:

        def write(rows: Sequence[Mapping[str, Any]]) -> None:
            columns = [_column(arrow, [row[name] for row in rows], kinds[name]) for name in kinds]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema))

        yield write


def import_arrow() -> ModuleType:
    """pyarrow. Raises Missing, with a line for the user."""
    try:
        import pyarrow  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        raise Missing("Parquet needs pyarrow: pip install 'kicrawl[parquet]'") from None
    module: ModuleType = pyarrow
    return module


def _column(arrow: Any, values: list[Any], kind: Kind) -> Any:
    if kind in ("time", "date"):
        texts = arrow.array(
            [None if value is None else str(value).removesuffix("Z") for value in values], arrow.string()
        )
        wanted = arrow.date32() if kind == "date" else arrow.timestamp("ms")
        return texts.cast(wanted).cast(_type(arrow, kind))
    if kind == "pairs":
        values = [sorted(value.items()) for value in values]
    return arrow.array(values, _type(arrow, kind))


def _type(arrow: Any, kind: Kind) -> Any:
    if isinstance(kind, dict):
        return arrow.list_(arrow.struct([(name, _type(arrow, inner)) for name, inner in kind.items()]))
    return {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "time": arrow.timestamp("ms", tz="UTC"),
        "texts": arrow.list_(arrow.string()),
        "pairs": arrow.map_(arrow.string(), arrow.string()),
    }[kind]
