"""A sitemap as what it lists: further sitemaps, or addresses with the time of their last change."""

import gzip
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from kicrawl.page.characters import squash
from kicrawl.page.moments import read_moment
from kicrawl.page.records import Record, read_records
from kicrawl.site import urls

MAX_SIZE = 50 * 2**20  # bytes: the limit that the protocol itself sets
MAX_PLACES = 50_000  # of one file: likewise
MAX_LASTMOD = 100  # characters


@dataclass(slots=True, kw_only=True)
class Place:
    """One address of a sitemap."""

    url: str  # absolute
    lastmod: str | None = None  # as written
    modified_at: datetime | None = None  # the same as a time; None for a day without a time


@dataclass(slots=True, kw_only=True)
class Sitemap:
    """One file. An index has `files`, another sitemap `places`."""

    files: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    damage: str | None = None  # what is wrong with it, in a line; what could be read before that is there


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """What a sitemap lists, in order. Raises ValueError with one line when it is none at all."""
    try:
        body = _unpacked(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"the sitemap {url} cannot be unpacked: {squash(str(error))}") from None
    records = read_records(body, ("url", "sitemap"), MAX_PLACES)
    damage = f"the sitemap {url} is damaged: {records.damage}" if records.damage else None
    if records.root is None:
        raise ValueError(damage or f"{url} is no sitemap")
    if records.root not in ("urlset", "sitemapindex"):
        raise ValueError(f"{url} is no sitemap but <{records.root}>")
    places = [place for _, record in records.found if (place := _place(record, url))]
    if records.root == "sitemapindex":
        return Sitemap(files=[place.url for place in places], damage=damage)
    return Sitemap(places=places, damage=damage)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacked = gzip.GzipFile(fileobj=BytesIO(body)).read(MAX_SIZE + 1)
    if len(unpacked) > MAX_SIZE:
        raise OSError(f"it is larger than {MAX_SIZE // 2**20} MiB")
    return unpacked


def _place(record: Record, base: str) -> Place | None:
    stated = {field.name.rpartition("}")[2]: field.text for field in reversed(record)}
    url = urls.absolute(stated["loc"], base) if stated.get("loc") else None
    lastmod = squash(stated.get("lastmod", ""))[:MAX_LASTMOD] or None
    return Place(url=url, lastmod=lastmod, modified_at=read_moment(lastmod)) if url else None
