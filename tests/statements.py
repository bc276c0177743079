"""Runs kicrawl and notes every SQL statement that it makes, with the plan of each: python -m tests.statements NOTES ...

Items are written one by one and no heartbeats are given, because both would count what chance and time decide.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from kicrawl import cli, extensions
from kicrawl.archive import store

PLANNED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
LIST = re.compile(r"\((?:\?|%\(\w+\)s(?:::\w+)?)(?:, (?:\?|%\(\w+\)s(?:::\w+)?))*\)")  # as many as there are values
NEVER = 1e6  # seconds
WHOLE = {"rule", "purged", "alembic_version"}  # tables read as a whole: a handful of rows


@dataclass
class Notes:
    """What was asked of the database."""

    counts: Counter[str] = field(default_factory=Counter)  # by statement, lists of values folded
    plans: dict[str, Any] = field(default_factory=dict)  # of each statement, with the values that it came with first

    def note(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        """Called before each statement."""
        name = LIST.sub("(...)", statement)
        self.counts[name] += len(parameters) if executemany and isinstance(parameters, list) else 1
        if name not in self.plans and PLANNED.match(statement):
            self.plans[name] = None  # explaining is a statement, too
            first = parameters[0] if executemany and isinstance(parameters, list) else parameters
            self.plans[name] = explain(cursor.connection, statement, first)


def explain(connection: Any, statement: str, parameters: Any) -> Any:
    """The plan of a statement, as the database tells it. PostgreSQL is told to do without reading whole tables."""
    cursor = connection.cursor()
    if "sqlite3" in type(connection).__module__:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[-1] for row in cursor.fetchall()]
        limited = re.search(r"LIMIT \?(?: OFFSET \?)?$", statement) and not any("TEMP B-TREE" in step for step in steps)
        return [f"{step}, up to a limit" for step in steps] if limited else steps
    cursor.execute("SET enable_seqscan = off")
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    [[plan]] = cursor.fetchall()
    cursor.execute("SET enable_seqscan = on")
    return plan[0]["Plan"]


def whole_reads(plan: Any) -> list[str]:
    """The steps of a plan that look at every row of a table."""
    if plan is None:
        return []
    return _sqlite_reads(plan) if isinstance(plan, list) else list(_postgresql_reads(plan))


def _sqlite_reads(steps: list[str]) -> list[str]:
    found = [
        (step, re.match(r"SCAN (?!CONSTANT|anon_)(\w+)(?!.*(?:VIRTUAL TABLE|, up to a limit))", step)) for step in steps
    ]
    return [step for step, table in found if table and table[1] not in WHOLE]


def _postgresql_reads(plan: Mapping[str, Any]) -> Any:
    kind, table = plan["Node Type"], plan.get("Relation Name")
    whole = kind == "Seq Scan" or ("Index" in kind and "Scan" in kind and "Index Cond" not in plan)
    if whole and table not in WHOLE:
        yield f"{kind} of {table or plan.get('Index Name')}"
    for part in plan.get("Plans", []):
        if kind != "Limit" or "Index" not in part["Node Type"]:  # else it stops at the limit
            yield from _postgresql_reads(part)


def main() -> None:
    """Notes what `kicrawl` asks of its database."""
    notes, path = Notes(), Path(sys.argv.pop(1))
    store.LARGEST_GROUP, extensions.HEARTBEAT = 1, NEVER
    event.listen(Engine, "before_cursor_execute", notes.note)
    try:
        cli.main()
    finally:
        path.write_text(json.dumps({"counts": notes.counts, "plans": notes.plans}), encoding="utf-8")


if __name__ == "__main__":
    main()
