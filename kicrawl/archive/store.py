"""Group commit: what waits to be written goes into one transaction, and an item is done when that is committed."""

import gc
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kicrawl import items
from kicrawl.archive.articles import write_articles
from kicrawl.archive.authors import write_authors
from kicrawl.archive.captures import Captures
from kicrawl.archive.connection import writing
from kicrawl.archive.frontier import mark_fetched, mark_stored
from kicrawl.archive.gone import write_seen
from kicrawl.archive.purged import keep_away
from kicrawl.archive.sightings import write_sightings

Item = items.Article | items.Author | items.Sighting | items.Seen
LARGEST_GROUP = 500  # items in one transaction: enough to make the commit cheap, few enough to stay in memory
ENOUGH = 100  # items for which no group waits any longer


@dataclass
class Group:
    """Items that are committed together; `outcomes` has one word for each once they are."""

    items: list[Item] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)  # nothing more is waited for
    outcomes: "Future[list[str]]" = field(default_factory=Future)


@dataclass(frozen=True)
class Ticket:
    """The place of one item in its group."""

    group: Group
    place: int

    @property
    def future(self) -> "Future[list[str]]":
        """Done when the item is committed, failed when its group is not."""
        return self.group.outcomes

    @property
    def outcome(self) -> str:
        """What the item meant: article_new, article_unchanged, author_updated, sighting ... Waits for the commit."""
        return self.future.result()[self.place]


class Writer:
    """The one thread of a program that writes stories, authors and sightings. Close it when done.

    `gathers`: seconds that the first item of a group waits for others. A statement for twenty stories costs hardly more
    than one for a single story.
    """

    def __init__(
        self, engine: Engine, *, store_body: bool = True, captures: Captures | None = None, gathers: float = 0.0
    ) -> None:
        self.commits = 0
        self._gathers = gathers
        self._captures = captures
        self._engine = engine
        self._store_body = store_body
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kicrawl-writer")
        self._lock = threading.Lock()
        self._waiting: Group | None = None

    def submit(self, item: Item) -> Ticket:
        """Queue an item for writing, in the order of the calls."""
        with self._lock:
            if self._waiting is None or len(self._waiting.items) >= LARGEST_GROUP:
                self._waiting = Group()
                self._waiting.outcomes = self._thread.submit(self._commit, self._waiting)
            self._waiting.items.append(item)
            if len(self._waiting.items) >= min(ENOUGH, LARGEST_GROUP):
                self._waiting.enough.set()
            return Ticket(self._waiting, len(self._waiting.items) - 1)

    def hurry(self) -> None:
        """Nothing more is to come for now: what waits is written at once."""
        with self._lock:
            if self._waiting:
                self._waiting.enough.set()

    def close(self) -> None:
        """Write what waits, then end the thread."""
        self.hurry()
        self._thread.shutdown()
        if self._captures:
            self._captures.close()

    def _commit(self, group: Group) -> list[str]:
        if self._gathers:
            group.enough.wait(self._gathers)
        with self._lock:
            if self._waiting is group:
                self._waiting = None
        try:
            outcomes = self._write(group)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            outcomes = self._write(group)  # the server was restarted; what may have been committed is found as before
        self.commits += 1
        return outcomes

    def _write(self, group: Group) -> list[str]:
        with writing(self._engine) as connection, _uncollected():
            outcomes = write_items(connection, group.items, store_body=self._store_body, captures=self._captures)
            if self._captures:
                self._captures.sync()  # before the commit: no row without its record
        return outcomes


@contextmanager
def _uncollected() -> Iterator[None]:
    """A group's rows are many objects, none of them garbage yet: looking through them took a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_items(
    connection: Connection, some: Sequence[Item], *, store_body: bool = True, captures: Captures | None = None
) -> list[str]:
    """Write items in the caller's transaction, and say in a word for each what it meant for the archive."""
    welcome = keep_away(connection, some)
    if not all(welcome):
        left = [item for item, keep in zip(some, welcome, strict=True) if keep]
        outcomes = iter(write_items(connection, left, store_body=store_body, captures=captures))
        return [next(outcomes) if keep else "article_purged" for keep in welcome]
    articles = [item for item in some if isinstance(item, items.Article)]
    authors = [item for item in some if isinstance(item, items.Author)]
    sightings = [item for item in some if isinstance(item, items.Sighting)]
    pages = [item for item in some if isinstance(item, items.Seen)]
    write_sightings(connection, sightings)
    write_seen(connection, pages)
    mark_fetched(connection, pages)
    stories = iter(write_articles(connection, articles, store_body=store_body, captures=captures))
    verdicts = write_authors(connection, authors)
    profiles = iter(verdicts)
    if captures and store_body:
        told = [author for author, verdict in zip(authors, verdicts, strict=True) if verdict != "unchanged"]
        captures.keep(connection, [author.capture for author in told if author.capture])
    mark_fetched(connection, [author.seen for author in authors if author.seen], kind="author")
    read = [(author.url, author.seen_at) for author in authors if author.url and author.seen_at and not author.seen]
    mark_stored(connection, read, kind="author")
    return [_outcome(item, stories, profiles) for item in some]


def _outcome(item: Item, stories: Iterator[str], profiles: Iterator[str]) -> str:
    match item:
        case items.Article():
            return f"article_{next(stories)}"
        case items.Author():
            return f"author_{next(profiles)}"
        case items.Sighting():
            return "sighting"
        case items.Seen():
            return "article_unchanged"
