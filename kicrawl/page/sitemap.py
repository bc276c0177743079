"""A sitemap as what it lists: further sitemaps, or addresses with the time of their last change."""

import gzip
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from lxml import etree

from kicrawl.page.characters import squash
from kicrawl.page.moments import read_moment
from kicrawl.site import urls

MAX_SIZE = 50 * 2**20  # bytes: the limit that the protocol itself sets


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
    damage = None
    try:
        body = _unpacked(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"the sitemap {url} cannot be unpacked: {squash(str(error))}") from None
    try:
        root = etree.fromstring(body, parser=_parser(recover=False))
    except etree.XMLSyntaxError as error:
        damage = f"the sitemap {url} is damaged: {squash(error.msg or 'it is empty')}"
        root = _recovered(body)
    if root is None or not isinstance(root.tag, str):
        raise ValueError(damage or f"{url} is no sitemap")
    kind = etree.QName(root).localname
    if kind not in ("urlset", "sitemapindex"):
        raise ValueError(f"{url} is no sitemap but <{kind}>")
    places = [place for element in root if (place := _place(element, url))]
    if kind == "sitemapindex":
        return Sitemap(files=[place.url for place in places], damage=damage)
    return Sitemap(places=places, damage=damage)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacked = gzip.GzipFile(fileobj=BytesIO(body)).read(MAX_SIZE + 1)
    if len(unpacked) > MAX_SIZE:
        raise OSError(f"it is larger than {MAX_SIZE // 2**20} MiB")
    return unpacked


def _recovered(body: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(body, parser=_parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, recover=recover, huge_tree=False)


def _place(element: etree._Element, base: str) -> Place | None:
    stated = {etree.QName(child).localname: child.text for child in element if isinstance(child.tag, str)}
    url = urls.absolute(stated.get("loc") or "", base) if stated.get("loc") else None
    lastmod = squash(stated.get("lastmod") or "") or None
    return Place(url=url, lastmod=lastmod, modified_at=read_moment(lastmod)) if url else None
