"""A user's own boilerplate rules, kept in the table `rule`."""

from datetime import datetime

from sqlalchemy import Engine, insert, select

from kicrawl.archive.connection import writing
from kicrawl.archive.errors import ArchiveError
from kicrawl.archive.models import Rule


def exact_lines(engine: Engine) -> dict[str, list[str]]:
    """The whole lines that a user calls boilerplate, by the name of the rule."""
    with engine.connect() as connection:
        found = connection.execute(select(Rule.name, Rule.pattern).where(Rule.grade == "exact").order_by(Rule.name))
        return {name: pattern.splitlines() for name, pattern in found}


def add_line(engine: Engine, name: str, line: str, now: datetime) -> None:
    """Have a whole line be boilerplate from now on. Raises ArchiveError if there is a rule of that name."""
    row = {"name": name, "grade": "exact", "pattern": " ".join(line.split()), "place": None, "created_at": now}
    with writing(engine) as connection:
        if connection.scalar(select(Rule.id).where(Rule.name == name)):
            raise ArchiveError(f"there is a rule {name!r} already: give it another --name")
        connection.execute(insert(Rule).values(row))
