"""The RSS feed as cards: address, title, first author, publish time, and the full text that the feed carries."""

from dataclasses import dataclass, field

from lxml import etree

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.moments import read_moment
from kicrawl.site import urls

NAMES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
MAX_ENTRIES = 2_000


@dataclass(slots=True, kw_only=True)
class Entry(items.Card):
    """One entry of the feed. dc:creator names only the first author (Ghost)."""

    html: str | None = None  # content:encoded
    ghost_id: str | None = None  # the guid where it is Ghost's id
    tags: list[str] = field(default_factory=list)
    image: str | None = None


def read_feed(body: bytes, url: str, root: str = urls.ROOT) -> list[Entry]:
    """The feed's entries that are stories, in order.

    Raises ValueError with one line when the body is no RSS feed at all. Entities are never resolved.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root_element = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"{url} is no feed: {squash(str(error))}") from None
    if root_element is None or etree.QName(root_element).localname not in ("rss", "RDF", "feed"):
        raise ValueError(f"{url} is no RSS feed")
    found = [_entry(element, url, root) for element in root_element.iterfind(".//item")]
    return [entry for entry in found[:MAX_ENTRIES] if entry is not None]


def _entry(element: etree._Element, base: str, root: str) -> Entry | None:
    href = urls.absolute(_text(element, "link") or "", base)
    address = urls.story_url(href, root) if href else None
    if address is None:
        return None
    guid = element.find("guid")
    permalink = guid is not None and guid.get("isPermaLink") != "false"
    media = element.find("media:content", NAMES)
    return Entry(
        url=address,
        title=_text(element, "title") or "",
        byline=_text(element, "dc:creator"),
        excerpt=_text(element, "description"),
        published_at=read_moment(_text(element, "pubDate")),
        html=element.findtext("content:encoded", None, NAMES),
        ghost_id=None if permalink or guid is None else squash(guid.text or "") or None,
        tags=[text for tag in element.iterfind("category") if (text := squash(tag.text or ""))],
        image=media.get("url") if media is not None else None,
    )


def _text(element: etree._Element, path: str) -> str | None:
    return squash(element.findtext(path, "", NAMES)) or None
