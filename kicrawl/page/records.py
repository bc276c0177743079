"""XML that lists one record after the other, read without ever holding more of it than the record under way.

A feed or a sitemap may be as large and as deep as somebody likes, and declare entities that stand for gigabytes or for
files of this machine. No tree is built, nothing is resolved, and what declares a document type is refused.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from kicrawl.page.characters import squash

MAX_FIELDS = 1_000  # of one record
MAX_ELEMENTS = 1_000_000  # of all of it
CHUNK = 2**16  # bytes; libxml2 refuses a buffer of megabytes


@dataclass(slots=True)
class Field:
    """An element right inside a record."""

    name: str  # {namespace}name, as lxml writes it
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands in it, elements in it left out."""
        return "".join(self.pieces)


Record = list[Field]


@dataclass(slots=True)
class Records:
    """What such a file holds."""

    root: str | None = None  # the name of its outermost element, without namespace
    found: list[tuple[str, Record]] = field(default_factory=list)  # each with its element's name, without namespace
    damage: str | None = None  # what is wrong with it, in a few words; what could be read beside that is there


class _Enough(Exception):
    """As many records are read as are wanted, or the file is refused."""


def read_records(body: bytes, names: Collection[str], most: int) -> Records:
    """The records of these names (without namespace), at most so many; those inside another are left out."""
    target = _Target(names, most)
    handler = cast(Any, target)  # the stubs ask for more than lxml does
    parser = etree.XMLParser(target=handler, resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    records = target.records
    try:
        for start in range(0, len(body) or 1, CHUNK):
            parser.feed(body[start : start + CHUNK])
        parser.close()
    except _Enough as reason:
        records.damage = str(reason)
    except etree.XMLSyntaxError as error:
        records.damage = squash(error.msg or "it is empty")
    fatal = parser.feed_error_log.filter_from_fatals()
    if records.damage is None and len(fatal):
        records.damage = squash(fatal[0].message)
    return records


class _Target:
    """Gets each element from the parser as it is met."""

    def __init__(self, names: Collection[str], most: int) -> None:
        self.names = names
        self.most = most
        self.records = Records()
        self.elements = 0
        self.depth = 0
        self.inside = 0  # the depth of the record under way; 0: none is
        self.field: Field | None = None

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        """A document type: it may declare entities."""
        self.records.root = squash(name or "")
        raise _Enough(f"it declares the document type {self.records.root}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise _Enough(f"it holds more than {MAX_ELEMENTS:,} elements")
        name = tag.rpartition("}")[2]
        if self.records.root is None:
            self.records.root = name
        if not self.inside and name in self.names:
            if len(self.records.found) == self.most:
                raise _Enough(f"it lists more than {self.most:,}")
            self.inside = self.depth
            self.records.found.append((name, []))
        elif self.inside and self.depth == self.inside + 1 and len(self.records.found[-1][1]) < MAX_FIELDS:
            self.field = Field(tag, dict(attributes))
            self.records.found[-1][1].append(self.field)

    def data(self, text: str) -> None:
        """A piece of text."""
        if self.field is not None and self.depth == self.inside + 1:
            self.field.pieces.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.depth == self.inside:
            self.inside = 0
        if self.depth <= self.inside + 1:
            self.field = None
        self.depth -= 1

    def close(self) -> None:
        """The file ends."""
