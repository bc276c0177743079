"""The newsroom of the invented newspaper: which stories there are, and how they change while a test looks on."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from . import feeds, grammar, layouts
from .expected import expected, expected_author
from .stories import Author, Story, all_authors, changed, newest_first

WITHDRAWN = {"correction-the-bridge-was-never-there", "live-updates-from-the-second-mark"}  # 410 from the beginning


@dataclass
class Request:
    """What the server was asked, and what it answered."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    status: int
    time: float  # seconds since the epoch, when it was answered
    size: int  # bytes of the answer's body as sent


@dataclass
class Fault:
    """Misbehaviour on a path: what is given here replaces what the site would answer."""

    matches: Callable[[str], bool]
    times: int | None = None  # how often; None: always
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0  # seconds before the answer
    cut: int | None = None  # bytes of the body after which the connection is closed
    drop: bool = False  # the connection is closed without an answer
    act: Callable[[Any], None] | None = None  # does with the connection what it likes (see tests/faults.py)


class Newsroom:
    """Everything that changes the site may be called while it is served."""

    def __init__(self, stories: Iterable[Story], layout: str | None, seed: int):
        self.root = ""
        self.layout = layout or "mixed"
        self.seed = seed
        self.log: list[Request] = []
        self.robots = feeds.ROBOTS
        self.faults: list[Fault] = []
        self.alter: Callable[[str], str] | None = None  # what becomes of each story's page; see alter_stories
        self.hidden: dict[str, set[str]] = {}  # slug -> places: sitemap, list, feed, author
        self.gone: dict[str, int] = dict.fromkeys(WITHDRAWN, 410)
        self.moved: dict[str, str] = {}  # old slug -> new slug
        self.authors = dict(all_authors())
        self.numbers = count(1)  # of requests: what banners show
        self.errors: list[BaseException | None] = []  # mistakes of the replica itself; serve() raises the first
        self._stories = {story.slug: story for story in stories}
        self._ordered: tuple[Story, ...] | None = None
        self._lock = threading.RLock()
        self._published = 0

    # What a test asks

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories a visitor can read, newest first."""
        with self._lock:
            if self._ordered is None:
                self._ordered = newest_first(self._stories.values())
            return self._ordered

    def story(self, slug: str) -> Story:
        return self._stories[slug]

    def url(self, slug: str) -> str:
        return f"{self.root}/{slug}/"

    def expected(self, slug: str) -> dict[str, Any]:
        """What kicrawl must find on the story's page as it is now."""
        story = self._stories[slug]
        layout = "scrambled" if self.layout == "scrambled" else self.layout_of(story)
        return expected(story, self.root, layout, self.authors)

    def expected_author(self, slug: str) -> dict[str, Any]:
        """What kicrawl must find on the pages of an author together."""
        stories = [story for story in self.stories if slug in story.authors and self._shown(story, "author")]
        return expected_author(self.authors[slug], stories, self.root)

    def requested(self, start: str = "/") -> list[str]:
        """The paths asked for so far, in order, that begin so."""
        return [request.path for request in self.log if request.path.startswith(start)]

    def layout_of(self, story: Story) -> str:
        """The layout a story's page is in."""
        return self.layout if self.layout in layouts.SCHEMAS else story.era

    def _shown(self, story: Story, place: str) -> bool:
        return place not in self.hidden.get(story.slug, ())

    # What the newsroom does

    def publish(self, *stories: Story, n: int = 0, at: datetime | None = None) -> list[Story]:
        """Publishes the given stories, or `n` invented ones, newer than all others (or at a moment)."""
        with self._change():
            self._published += n
            last = at or self._newest() + timedelta(minutes=7 * n)
            seed = self.seed + 1000 + self._published
            new = list(stories) or list(grammar.bulk_stories(n, seed, last, timedelta(minutes=7)))
            self._stories |= {story.slug: story for story in new}
            return new

    def edit(self, slug: str, **changes: Any) -> Story:
        """Changes a story in place; its modified time moves an hour on unless `updated` is given."""
        with self._change():
            story = self._stories[slug]
            changes = {"updated": story.modified + timedelta(hours=1)} | changes
            self._stories[slug] = changed(story, **changes)
            return self._stories[slug]

    def retitle(self, slug: str, title: str, new_slug: str | None = None, redirect: bool = False) -> Story:
        """A new headline, and with `new_slug` a new address; Ghost answers 404 at the old one, `redirect` gives 301."""
        story = self.edit(slug, title=title)
        if not new_slug:
            return story
        with self._change():
            del self._stories[slug]
            self._stories[new_slug] = changed(story, slug=new_slug)
            if redirect:
                self.moved[slug] = new_slug
            return self._stories[new_slug]

    def unpublish(self, slug: str, status: int = 404) -> Story:
        """Takes a story off the site; its address answers 404, or 410."""
        with self._change():
            self.gone[slug] = status
            return self._stories.pop(slug)

    def edit_author(self, slug: str, **changes: Any) -> Author:
        """Changes what is said of an author everywhere, e.g. the role."""
        with self._change():
            self.authors[slug] = replace(self.authors[slug], **changes)
            return self.authors[slug]

    def hide(self, slug: str, *places: str) -> None:
        """Leaves a story out of some of: sitemap, list (tags too), feed, author. Its page stays."""
        with self._change():
            self.hidden.setdefault(slug, set()).update(places)

    def redesign(self, layout: str | None) -> None:
        """From now on every page is in this layout (A, B, C, mixed or scrambled)."""
        with self._change():
            self.layout = layout or "mixed"

    def alter_stories(self, alter: Callable[[str], str] | None) -> None:
        """From now on every story's page is what this makes of it."""
        with self._change():
            self.alter = alter

    def fault(self, path: str, **misbehaviour: Any) -> Fault:
        """Misbehaves on paths that match a regular expression in full (see Fault); returns it, for `faults.remove`."""
        fault = Fault(re.compile(path).fullmatch, **misbehaviour)
        self.faults.append(fault)
        return fault

    def refresh(self) -> None:
        """Forgets rendered pages, after a change that was not made through the site's own methods."""
        with self._change():
            pass

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            yield
            self._ordered = None
            self._forget()

    def _newest(self) -> datetime:
        return max((story.published for story in self._stories.values()), default=grammar.NEWEST)

    def _forget(self) -> None:
        """Something changed: what was rendered is out of date."""
