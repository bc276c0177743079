"""What the tables and columns of the archive mean, in the words of docs/columns.md, for other programs to show."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Table:
    """A table: its name, what a row is, and what each column means; Markdown."""

    name: str
    meaning: str
    columns: dict[str, str]


@cache
def explain_tables() -> dict[str, Table]:
    """Every table that docs/columns.md explains, by name, in its order."""
    return read_tables(read_page("columns.md"))


def read_page(name: str) -> str:
    """A page of docs/: in a wheel it stands beside this module."""
    packed = files("kicrawl.archive") / name
    page = packed if packed.is_file() else Path(__file__).parents[2] / "docs" / name
    return page.read_text(encoding="utf-8")


def read_tables(page: str) -> dict[str, Table]:
    r"""The sections of such a page.

    >>> read_tables("# Tables\n\n## tag\nA public tag.\n\n| `name` | as shown |\n")
    {'tag': Table(name='tag', meaning='A public tag.', columns={'name': 'as shown'})}
    """
    sections = [_read_section(section) for section in page.split("\n# Export\n")[0].split("\n## ")[1:]]
    return {table.name: table for table in sections}


def plain(markdown: str) -> str:
    """A meaning without marks: for places that show plain text.

    >>> plain("the [capture](captures.md) that `title` was read from")
    'the capture that title was read from'
    """
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")


def _read_section(section: str) -> Table:
    name, _, rest = section.partition("\n")
    above = rest.split("\n|", 1)[0] if not rest.startswith("|") else ""
    columns = dict(re.findall(r"^\| `(\w+)` \| (\S.*) \|$", rest, re.M))
    return Table(name, " ".join(above.split()), columns)
