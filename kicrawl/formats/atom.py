"""Changes as an Atom feed, for readers of feeds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from kicrawl.worddiff import Piece

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A change of a story."""

    id: str
    url: str
    title: str
    updated: datetime
    note: str
    fields: Sequence[tuple[str, Sequence[Piece]]]


def write_feed(title: str, entries: Sequence[Entry], now: datetime) -> str:
    """The feed as XML."""
    updated = max((entry.updated for entry in entries), default=now)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{plain(title)}</title>",
        "<id>urn:kicrawl:changes</id>",
        "<author><name>kicrawl</name></author>",
        f"<updated>{stamp(updated)}</updated>",
        *map(write_entry, entries),
        "</feed>",
    ]
    return "\n".join(parts) + "\n"


def write_entry(entry: Entry) -> str:
    """An entry, what changed in it as HTML."""
    said = "".join(f"<p><b>{plain(name)}</b>: {as_html(pieces)}</p>" for name, pieces in entry.fields)
    content = plain(f"<p>{plain(entry.note)}</p>{said}")
    link = plain(entry.url).replace('"', "&quot;")
    return (
        f'<entry><title>{plain(entry.title)}</title><id>{plain(entry.id)}</id><link href="{link}"/>'
        f'<updated>{stamp(entry.updated)}</updated><content type="html">{content}</content></entry>'
    )


def as_html(pieces: Sequence[Piece]) -> str:
    """A word diff as HTML."""
    parts = []
    for piece in pieces:
        if not piece.changed:
            parts.append(plain(piece.after))
            continue
        parts.append(f"<del>{plain(piece.before)}</del>" if piece.before else "")
        parts.append(f"<ins>{plain(piece.after)}</ins>" if piece.after else "")
    return "".join(parts)


def plain(text: str) -> str:
    """Text as XML holds it.

    >>> plain("a < b \\x1b")
    'a &lt; b '
    """
    return escape(FORBIDDEN.sub("", text))


def stamp(moment: datetime) -> str:
    """A time as Atom wants it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
