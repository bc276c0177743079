"""The queries that browse offers: those of docs/queries.md, one by one."""

import re
from dataclasses import dataclass
from functools import cache

from kicrawl.archive.columns import read_page


@dataclass(frozen=True)
class Query:
    """A statement, what it answers, and the database it is written for: SQLite, PostgreSQL, or both (None)."""

    title: str
    meaning: str
    sql: str
    database: str | None = None

    @property
    def name(self) -> str:
        """As it stands in an address.

        >>> Query("Who wrote with whom", "", "").name
        'who-wrote-with-whom'
        """
        return re.sub(r"\W+", "-", self.title.casefold()).strip("-")

    @property
    def words(self) -> list[str]:
        """What it must be told.

        >>> Query("", "", "SELECT * FROM article WHERE slug = :slug OR url = :url").words
        ['slug', 'url']
        """
        return list(dict.fromkeys(re.findall(r"(?<![:\w]):([a-z_]+)", self.sql)))


@cache
def read_queries() -> list[Query]:
    """All of them, in the order of the page."""
    return [query for section in read_page("queries.md").split("\n## ")[1:] for query in _read_section(section)]


def _read_section(section: str) -> list[Query]:
    title, _, rest = section.partition("\n")
    found = re.findall(r"(.*?)\n```sql\n(?:-- (\w+)\n)?(.*?)\n```", rest, re.S)
    return [Query(title, " ".join(meaning.split()), sql, database or None) for meaning, database, sql in found]
