"""What is known of the newspaper's stories and what is stored of them: per day or month, and per route."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, case, exists, func, literal, select, union_all

from kicrawl.archive.looks import KYIV
from kicrawl.archive.models import Alias, Article, Frontier, Sighting
from kicrawl.archive.snapshot import Snapshot, Wanted

ANY = "any"  # the row of a day that counts each address once, whatever its routes
ROUTES = ("feed", "list", "sitemap", "author", "link")
COMPLETE_ROUTES = ("list", "sitemap")  # those that should show every story
NO_STORY = ("not_article",)
PAGE = 500  # addresses in memory at a time

Starts = Mapping[str, datetime | None]  # from when on a route was read, by route


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


def read_addresses(connection: Connection) -> Iterator[Address]:
    """Every story address that was met, a story's aliases counted with it, newest first; some in memory at a time."""
    found = connection.execute(_addresses().execution_options(yield_per=PAGE))
    for rows in found.partitions():
        page = [
            Address(url, state, day_of(moment), published_at=published_at, gone=gone)
            for url, state, moment, published_at, gone in rows
        ]
        routes = _read_routes(connection, [address.url for address in page])
        for address in page:
            address.routes |= routes.get(address.url, set())
            yield address


def _addresses() -> Select[Any]:
    """Stories, and the addresses that may be stories and are not stored."""
    stated_at = func.coalesce(Frontier.published_at, Frontier.modified_at)
    lost = case((Frontier.state == "stored", "due"), else_=Frontier.state)  # its story is not there
    stories = select(
        Article.url.label("url"),
        literal("stored").label("state"),
        func.coalesce(Article.published_at, Article.first_seen_at).label("moment"),
        Article.published_at.label("published_at"),
        Article.gone_at.is_not(None).label("gone"),
    )
    others = select(
        Frontier.url, lost, func.coalesce(stated_at, Frontier.first_seen_at), stated_at, literal(False)
    ).where(
        Frontier.kind == "story",
        ~exists().where(Article.url == Frontier.url),
        ~exists().where(Alias.url == Frontier.url),
    )
    both = union_all(stories, others).subquery()
    return select(both).order_by(both.c.moment.desc(), both.c.url)


def _read_routes(connection: Connection, urls: Sequence[str]) -> dict[str, set[str]]:
    """On which routes these addresses were seen, and the aliases of those that are stories'."""
    own = select(Sighting.url, Sighting.route).where(Sighting.url.in_(urls))
    by_alias = (
        select(Article.url, Sighting.route)
        .join(Alias, Alias.article_id == Article.id)
        .join(Sighting, Sighting.url == Alias.url)
        .where(Article.url.in_(urls))
    )
    routes: dict[str, set[str]] = {}
    for url, route in [*connection.execute(own), *connection.execute(by_alias)]:
        routes.setdefault(url, set()).add(route)
    return routes


def count(addresses: Iterable[Address], starts: Starts, *, by_month: bool) -> Iterator[tuple[str, str, Count]]:
    """For each day (or month), newest first, and each route that showed a story of it, or should have: what it did."""
    for period, some in groupby(addresses, lambda address: period_of(address.day, by_month)):
        row = {route: Count() for route in (ANY, *ROUTES)}
        for address in some:
            row[ANY].add(address, shown=True)
            for route in ROUTES:
                if route in address.routes:
                    row[route].add(address, shown=True)
                elif is_not_shown(address, route, starts):
                    row[route].add(address, shown=False)
        yield from ((period, route, counted) for route, counted in row.items() if counted != Count())


def is_not_shown(address: Address, route: str, starts: Starts) -> bool:
    """Whether a route should show a stored story, as far as the route was read, and never did."""
    if route not in starts or route in address.routes or address.state != "stored" or address.gone:
        return False
    start = starts[route]
    return start is None or address.published_at is None or address.published_at >= start


def route_starts(addresses: Iterable[Address]) -> Starts:
    """For each route that was read and should show every story: the publish time of the oldest one it showed.

    None where it showed only such as state no time.
    """
    starts: dict[str, datetime | None] = {}
    for address in addresses:
        for route in address.routes.intersection(COMPLETE_ROUTES):
            times = [time for time in (starts.get(route), address.published_at) if time]
            starts[route] = min(times, default=None)
    return {route: starts[route] for route in COMPLETE_ROUTES if route in starts}


def period_of(day: date, by_month: bool) -> str:
    """A day as it is shown: 2025-06-03, or its month 2025-06."""
    return f"{day:%Y-%m}" if by_month else day.isoformat()


def day_of(moment: datetime) -> date:
    """The calendar day in Kyiv."""
    return moment.astimezone(KYIV).date()


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
            month = months.setdefault(period_of(day_of(stated_at or met_at), True), Month(not_stored=0))
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
