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
from kicrawl.archive.sightings import find_vanished, write_sightings
from kicrawl.page.sitemap import MAX_SIZE, Sitemap, read_sitemap
from kicrawl.site import schedule, urls
from kicrawl.sitespider import explain
from kicrawl.storyspider import StorySpider, header, now, validators

MOST_FILES = 500  # of an index


@dataclass(frozen=True)
class Reading:
    """How far the reading of all files has come."""

    began: datetime
    rest: tuple[str, ...] = ()  # files still to be read
    etag: str | None = None  # of the index
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
        """The sitemaps, if the last look at them is an hour old, and if they have changed."""
        known = frontier.find(self.engine, self.sitemap_url)
        if known is None or known.due_at is None or known.due_at <= now():
            yield self.sitemap_request(self.sitemap_url, Reading(now()), headers=validators(known))

    def all_sitemaps(self) -> Iterator[Request]:
        """The sitemaps, as they are."""
        yield self.sitemap_request(self.sitemap_url, Reading(now()))

    def sitemap_request(self, url: str, reading: "Reading", **options: Any) -> Request:
        """A sitemap."""
        meta = {"handle_httpstatus_list": [304], "download_maxsize": MAX_SIZE}
        callbacks: dict[str, Any] = {"callback": self.parse_sitemap, "errback": self.miss_sitemap}
        return Request(url, priority=2, cb_kwargs={"reading": reading}, meta=meta, **callbacks, **options)

    def parse_sitemap(self, response: Response, reading: "Reading") -> Iterator[Request]:
        """An index names the files to read; a file's stories are noted, then comes the next file."""
        if response.status == 304:
            with writing(self.engine) as connection:
                frontier.put_off(connection, self.sitemap_url, now() + schedule.SITEMAP)
            return
        try:
            sitemap = read_sitemap(response.body, response.url)
        except ValueError as error:
            yield from self.without(reading, str(error))
            return
        self.note_places(sitemap, reading.began)
        files = [file for file in sitemap.files if is_for_stories(file, self.root)][:MOST_FILES]
        reading = replace(reading, rest=(*files, *reading.rest), etag=reading.etag or header(response, "ETag"))
        if sitemap.damage:
            yield from self.without(reading, f"{sitemap.damage}; what stands before that is read")
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

    def note_places(self, sitemap: Sitemap, began: datetime) -> None:
        """Writes which stories a file lists."""
        found: dict[str, items.Sighting] = {}
        for place in sitemap.places:
            url = urls.story_url(place.url, self.root)
            too_old = self.since and place.modified_at and place.modified_at < self.since
            if url and not too_old:
                found[url] = items.Sighting(
                    url=url,
                    route="sitemap",
                    seen_at=began,
                    fingerprint=place.lastmod,
                    modified_at=place.modified_at,
                    urgent=False,
                )
        if found:
            self.tally("sitemap/files")
            with writing(self.engine) as connection:
                write_sightings(connection, list(found.values()))

    def read_to_end(self, reading: "Reading") -> None:
        """All files are read: stories that vanished from them are looked at again."""
        known = frontier.find(self.engine, self.sitemap_url)
        due_at = now() + self.sitemap_pause
        with writing(self.engine) as connection:
            if not reading.whole:
                frontier.fail(connection, self.sitemap_url, now(), due_at=due_at, kind="sitemap")
                return
            if known and known.changed_at and known.state == "stored" and not self.since:
                vanished = find_vanished(connection, "sitemap", last_look=known.changed_at, this_look=reading.began)
                frontier.make_due(connection, vanished, reading.began)
            seen = items.Seen(url=self.sitemap_url, seen_at=reading.began, refresh_at=due_at, etag=reading.etag)
            frontier.mark_fetched(connection, [seen], kind="sitemap")

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


def is_for_stories(url: str, root: str) -> bool:
    """Whether a sitemap of this address is on the site and may list stories.

    >>> is_for_stories("https://kyivindependent.com/sitemap-tags.xml", urls.ROOT)
    False
    """
    return urls.on_site(url, root) and urls.OTHER_SITEMAPS.search(url) is None
