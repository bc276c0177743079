"""The RSS feed as cards: address, title, first author, publish time, and the full text that the feed carries."""

from dataclasses import dataclass, field

from kicrawl import items
from kicrawl.page.characters import squash
from kicrawl.page.moments import read_moment
from kicrawl.page.records import Field, Record, read_records
from kicrawl.site import urls

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}content"
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
    records = read_records(body, ("item",), MAX_ENTRIES)
    if records.root is None:
        raise ValueError(f"{url} is no feed: {records.damage or 'it is empty'}")
    if records.root not in ("rss", "RDF", "feed"):
        raise ValueError(f"{url} is no RSS feed")
    found = [_entry(record, url, root) for _, record in records.found]
    return [entry for entry in found if entry is not None]


def _entry(record: Record, base: str, root: str) -> Entry | None:
    fields: dict[str, Field] = {}
    for field_ in record:
        fields.setdefault(field_.name, field_)
    href = urls.absolute(_text(fields, "link") or "", base)
    address = urls.story_url(href, root) if href else None
    if address is None:
        return None
    guid, media, html = fields.get("guid"), fields.get(MEDIA), fields.get(CONTENT)
    permalink = guid is not None and guid.attributes.get("isPermaLink") != "false"
    return Entry(
        url=address,
        title=_text(fields, "title") or "",
        byline=_text(fields, CREATOR),
        excerpt=_text(fields, "description"),
        published_at=read_moment(_text(fields, "pubDate")),
        html=html.text if html is not None else None,
        ghost_id=None if permalink else _text(fields, "guid"),
        tags=[text for tag in record if tag.name == "category" and (text := squash(tag.text))],
        image=media.attributes.get("url") if media is not None else None,
    )


def _text(fields: dict[str, Field], name: str) -> str | None:
    return squash(fields[name].text) or None if name in fields else None
