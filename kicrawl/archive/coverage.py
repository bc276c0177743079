"""What is known of the newspaper's stories and what is stored of them: per day or month, and per route."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, func, select

from kicrawl.archive.looks import KYIV
from kicrawl.archive.models import Alias, Article, Frontier, Sighting
from kicrawl.archive.snapshot import Snapshot, Wanted

ANY = "any"  # the row of a day that counts each address once, whatever its routes
ROUTES = ("feed", "list", "sitemap", "author", "link")
COMPLETE_ROUTES = ("list", "sitemap")  # those that should show every story
NO_STORY = ("not_article",)


@dataclass
class Address:
    """One address that was met: what became of it, when its story was published, and the routes that showed it."""

    url: str
    state: str  # as in the frontier; `stored` once its story is
    day: date  # of publication, in Kyiv; else of the last change; else the day it was met
    routes: set[str] = field(default_factory=set)
    published_at: datetime | None = None
    gone: bool = False

    @property
    def missing(self) -> bool:
        """Whether a story may stand there that is not stored."""
        return self.state != "stored" and self.state not in NO_STORY


@dataclass
class Count:
    """What a route showed of one day or month."""

    known: int = 0
    stored: int = 0
    missing: int = 0
    not_a_story: int = 0
    not_shown: int = 0  # stored stories of that time that the route should show and never did

    def add(self, address: Address, *, shown: bool) -> None:
        """Count an address."""
        if not shown:
            self.not_shown += 1
            return
        self.known += 1
        self.stored += address.state == "stored"
        self.missing += address.missing
        self.not_a_story += address.state in NO_STORY


def read_addresses(engine: Engine) -> list[Address]:
    """Every story address that was met, a story's aliases counted with it; newest day first."""
    found: dict[str, Address] = {}
    with engine.connect() as connection:
        aliases: dict[str, str] = dict(
            connection.execute(select(Alias.url, Article.url).join(Article, Article.id == Alias.article_id)).all()
        )
        columns = (Article.url, Article.published_at, Article.first_seen_at, Article.gone_at)
        for url, published_at, met_at, gone_at in connection.execute(select(*columns)):
            day = day_of(published_at, met_at)
            found[url] = Address(url, "stored", day, published_at=published_at, gone=gone_at is not None)
        moment = func.coalesce(Frontier.published_at, Frontier.modified_at)
        rows = select(Frontier.url, Frontier.state, moment, Frontier.first_seen_at).where(Frontier.kind == "story")
        for url, state, stated_at, met_at in connection.execute(rows):
            url = aliases.get(url, url)
            if url not in found:
                state = "due" if state == "stored" else state
                found[url] = Address(url, state, day_of(stated_at, met_at), published_at=stated_at)
        for url, route in connection.execute(select(Sighting.url, Sighting.route)):
            address = found.get(aliases.get(url, url))
            if address:
                address.routes.add(route)
    return sorted(found.values(), key=lambda address: (address.day, address.url), reverse=True)


def count(addresses: Iterable[Address], *, by_month: bool) -> Iterator[tuple[str, str, Count]]:
    """For each day (or month), newest first, and each route that showed a story of it, or should have: what it did."""
    addresses = list(addresses)
    starts = route_starts(addresses)
    routes = [route for route in ROUTES if route in {route for address in addresses for route in address.routes}]
    counts: dict[str, dict[str, Count]] = {}
    for address in addresses:
        row = counts.setdefault(period_of(address.day, by_month), {route: Count() for route in (ANY, *routes)})
        row[ANY].add(address, shown=True)
        for route in routes:
            if route in address.routes:
                row[route].add(address, shown=True)
            elif is_not_shown(address, route, starts):
                row[route].add(address, shown=False)
    for period, row in counts.items():
        for route, counted in row.items():
            if counted != Count():
                yield period, route, counted


def not_shown(addresses: Iterable[Address]) -> dict[str, list[Address]]:
    """For each route that should show every story: the stored stories it never showed."""
    addresses = list(addresses)
    starts = route_starts(addresses)
    return {route: [address for address in addresses if is_not_shown(address, route, starts)] for route in starts}


def is_not_shown(address: Address, route: str, starts: Mapping[str, datetime | None]) -> bool:
    """Whether a route should show a stored story, as far as the route was read, and never did."""
    if route not in starts or route in address.routes or address.state != "stored" or address.gone:
        return False
    start = starts[route]
    return start is None or address.published_at is None or address.published_at >= start


def route_starts(addresses: Iterable[Address]) -> dict[str, datetime | None]:
    """For each route that was read and should show every story: the publish time of the oldest one it showed."""
    starts: dict[str, datetime | None] = {}
    for address in addresses:
        for route in address.routes.intersection(COMPLETE_ROUTES):
            known = starts.setdefault(route, address.published_at)
            if known and address.published_at and address.published_at < known:
                starts[route] = address.published_at
    return starts


def period_of(day: date, by_month: bool) -> str:
    """A day as it is shown: 2025-06-03, or its month 2025-06."""
    return f"{day:%Y-%m}" if by_month else day.isoformat()


def day_of(stated_at: datetime | None, met_at: datetime) -> date:
    """The calendar day in Kyiv."""
    return (stated_at or met_at).astimezone(KYIV).date()


@dataclass
class Month:
    """What is stored of a month's stories, and how many addresses of that month may be stories and are not."""

    stories: int = 0
    partial: int = 0
    gone: int = 0
    not_stored: int | None = None

    def add(self, story: Mapping[str, Any]) -> None:
        """Count a story."""
        self.stories += 1
        self.partial += story["access"] != "full"
        self.gone += story["gone_at"] is not None


def count_months(shot: Snapshot, stored: Mapping[str, Month]) -> list[tuple[str, Month]]:
    """The months of stored stories; with what is known and not stored, where all of today's archive is wanted."""
    months = dict(stored)
    if shot.wanted == Wanted():
        moment = func.coalesce(Frontier.published_at, Frontier.modified_at)
        waiting = select(moment, Frontier.first_seen_at).where(
            Frontier.kind == "story", Frontier.state.not_in(("stored", *NO_STORY))
        )
        for month in months.values():
            month.not_stored = 0
        for stated_at, met_at in shot.connection.execute(waiting.execution_options(yield_per=1000)):
            month = months.setdefault(period_of(day_of(stated_at, met_at), True), Month(not_stored=0))
            month.not_stored = (month.not_stored or 0) + 1
    return sorted(months.items())


def as_object(address: Address) -> dict[str, Any]:
    """An address for JSON."""
    return {
        "url": address.url,
        "day": address.day.isoformat(),
        "state": address.state,
        "routes": sorted(address.routes),
    }
