"""Reading the site's sitemaps: which stories there are, which have changed, which have vanished."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from kicrawl import items
from kicrawl.archive import frontier, writing
from kicrawl.archive.sightings import find_vanished, see_listed, write_sightings
from kicrawl.middlewares import encrypted
from kicrawl.page.sitemap import MAX_SIZE, Sitemap, read_sitemap
from kicrawl.site import schedule, urls
from kicrawl.sitespider import explain
from kicrawl.storyspider import StorySpider, header, now, validators

MOST_FILES = 500  # in all
MOST_INDEXES = 10  # files that name further files: the protocol knows of one


@dataclass(frozen=True)
class Reading:
    """How far the reading of all files has come."""

    began: datetime
    last_look: datetime | None = None  # when the reading before this one began
    rest: tuple[str, ...] = ()  # files still to be read
    met: frozenset[str] = frozenset()  # all that were named
    indexes: int = 0  # how many files named them
    whole: bool = True  # whether all of it could be read


class SitemapReader(StorySpider):
    """A spider that reads the sitemaps, one file after the other."""

    since: datetime | None = None  # what has not changed since then is left out
    sitemap_pause = schedule.SITEMAP  # until newsfeed looks again

    @property
    def sitemap_url(self) -> str:
        """The sitemap that names all others."""
        return self.root + urls.SITEMAP_PATH

    def sitemaps_if_due(self) -> Iterator[Request]:
        """The sitemaps, if the last look at them is an hour old."""
        known = frontier.find(self.engine, self.sitemap_url)
        if known is None or known.due_at is None or known.due_at <= now():
            yield from self.all_sitemaps()

    def all_sitemaps(self) -> Iterator[Request]:
        """The sitemaps."""
        known = frontier.find(self.engine, self.sitemap_url)
        last_look = known.changed_at if known else None
        yield self.sitemap_request(self.sitemap_url, Reading(now(), last_look, met=frozenset([self.sitemap_url])))

    def sitemap_request(self, url: str, reading: "Reading") -> Request:
        """A sitemap, unless it is as we know it. Of an index no validator is kept: it may not tell what changed."""
        url = encrypted(url, self.root)
        meta = {"handle_httpstatus_list": [304], "download_maxsize": MAX_SIZE}
        # Not filtered: what was named once is not asked for again, and Scrapy would drop a redirect without a word.
        options: dict[str, Any] = {"dont_filter": True, "meta": meta}
        options |= {"callback": self.parse_sitemap, "errback": self.miss_sitemap}
        options |= {"headers": validators(frontier.find(self.engine, url)), "cb_kwargs": {"reading": reading}}
        return Request(url, priority=2, **options)

    def parse_sitemap(self, response: Response, reading: "Reading") -> Iterator[Request]:
        """An index names the files to read; a file's stories are noted, then comes the next file."""
        file = response.request.url if response.request else response.url
        if response.status == 304:
            with writing(self.engine) as connection:
                see_listed(connection, file, reading.began)
            yield from self.read_on(reading)
            return
        try:
            sitemap = read_sitemap(response.body, response.url)
        except ValueError as error:
            yield from self.without(reading, str(error))
            return
        told_all = sitemap.places and not sitemap.damage and not self.since
        etag = header(response, "ETag") if told_all else None
        self.note_places(sitemap, items.Seen(url=file, seen_at=reading.began, etag=etag))
        reading, left_out = with_files(reading, [url for url in sitemap.files if is_for_stories(url, self.root)])
        if sitemap.damage:
            yield from self.without(reading, f"{sitemap.damage}; what stands before that is read")
        elif left_out:
            yield from self.without(reading, f"the sitemap {response.url} {left_out}")
        else:
            yield from self.read_on(reading)

    def read_on(self, reading: "Reading") -> Iterator[Request]:
        """The next file, or the end."""
        if reading.rest:
            yield self.sitemap_request(reading.rest[0], replace(reading, rest=reading.rest[1:]))
        else:
            self.read_to_end(reading)
            yield from self.after_sitemaps()

    def after_sitemaps(self) -> Iterator[Request]:
        """What to fetch when all sitemaps are read."""
        yield from ()

    def note_places(self, sitemap: Sitemap, file: items.Seen) -> None:
        """Writes which stories a file lists."""
        found: dict[str, items.Sighting] = {}
        for place in sitemap.places:
            url = urls.story_url(place.url, self.root)
            too_old = self.since and place.modified_at and place.modified_at < self.since
            if url and not too_old:
                found[url] = items.Sighting(
                    url=url,
                    route="sitemap",
                    seen_at=file.seen_at,
                    file=file.url,
                    fingerprint=place.lastmod,
                    modified_at=place.modified_at,
                    urgent=False,
                )
        with writing(self.engine) as connection:
            write_sightings(connection, list(found.values()))
            frontier.mark_fetched(connection, [file], kind="sitemap")

    def read_to_end(self, reading: "Reading") -> None:
        """All files are read: stories that vanished from them are looked at again."""
        with writing(self.engine) as connection:
            if reading.whole and reading.last_look and not self.since:
                vanished = find_vanished(connection, "sitemap", last_look=reading.last_look, this_look=reading.began)
                frontier.make_due(connection, vanished, reading.began)
            if not reading.whole:
                frontier.fail(connection, self.sitemap_url, now(), due_at=now(), kind="sitemap")
            frontier.put_off(connection, self.sitemap_url, now() + self.sitemap_pause)

    def without(self, reading: "Reading", why: str) -> Iterator[Request]:
        """A sitemap cannot be read, or not to its end; the others can."""
        self.miss_in_sitemaps(why)
        yield from self.read_on(replace(reading, whole=False))

    def miss_in_sitemaps(self, why: str) -> None:
        """Something that the sitemaps should tell is missing."""
        self.logger.info("sitemap: %s", why)
        self.tally(f"{self.name}/sitemap_unreadable")

    def miss_sitemap(self, failure: Failure) -> Iterator[Request]:
        """A sitemap cannot be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        why = f"the sitemap {request.url} could not be read: {explain(failure)}"
        yield from self.without(request.cb_kwargs["reading"], why)


def with_files(reading: Reading, files: list[str]) -> tuple[Reading, str]:
    """The reading with further files to read, and what is left out of them: loops end, and nothing goes on for ever.

    >>> with_files(Reading(datetime(2025, 6, 3), met=frozenset(["a"])), ["a", "b"])[0].rest
    ('b',)
    """
    new = [file for file in dict.fromkeys(files) if file not in reading.met]
    if new and reading.indexes == MOST_INDEXES:
        return reading, f"is one of more than {MOST_INDEXES} that name others; those are left unread"
    some = new[: MOST_FILES - len(reading.met)]
    told = f"is one of more than {MOST_FILES}; the others are left unread" if len(some) < len(new) else ""
    rest, met = (*some, *reading.rest), reading.met | {*some}
    return replace(reading, rest=rest, met=met, indexes=reading.indexes + bool(files)), told


def is_for_stories(url: str, root: str) -> bool:
    """Whether a sitemap of this address is on the site and may list stories.

    >>> is_for_stories("https://kyivindependent.com/sitemap-tags.xml", urls.ROOT)
    False
    """
    return urls.on_site(url, root) and urls.OTHER_SITEMAPS.search(url) is None
