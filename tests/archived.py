"""Invented stories as items, and what an archive holds after they were written."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from kicrawl import items
from kicrawl.archive.models import Base, Past
from kicrawl.archive.store import Item, Writer

ROOT = "https://kyivindependent.com"
NOON = datetime(2025, 6, 3, 12, 0, tzinfo=UTC)


def hours(number: float) -> datetime:
    """A time so many hours after noon."""
    return NOON + timedelta(hours=number)


def paragraph(text: str, **values: Any) -> items.Block:
    """A block of the story."""
    return items.Block(**{"text": text, "role": "story", **values})


def banner(text: str, rule: str = "membership_banner") -> items.Block:
    """A block that was cut."""
    return items.Block(text=text, place="before", role="boilerplate", rule=rule)


def story(slug: str = "lighthouse-moves-inland", **values: Any) -> items.Article:
    """An invented story, its blocks with their roles; `body` is short for one paragraph."""
    body = values.pop("body", "The lighthouse moved a mile inland on Monday.")
    given = {
        "url": f"{ROOT}/{slug}/",
        "slug": slug,
        "title": "Lighthouse moves inland",
        "blocks": [paragraph(body)] if body else [],
        "seen_at": NOON,
    }
    return items.Article(**{**given, **values})


def write(engine: Engine, *some: Item, store_body: bool = True) -> list[str]:
    """Write items as a crawl does; what each one meant."""
    writer = Writer(engine, store_body=store_body)
    tickets = [writer.submit(item) for item in some]
    writer.close()
    return [ticket.outcome for ticket in tickets]


def rows(engine: Engine, model: type[Base]) -> list[Mapping[str, Any]]:
    """All rows of a table, in the order of its key."""
    table = model.__table__
    with engine.connect() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)).mappings())


def everything(engine: Engine) -> dict[str, list[Mapping[str, Any]]]:
    """All rows of all tables but the record of what rows said before."""
    mappers = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_ is not Past]
    return {model.__tablename__: rows(engine, model) for model in mappers}
