"""How pages are written: templates, and how times, addresses and found words stand in them. All else is escaped."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from kicrawl.archive.columns import plain
from kicrawl.archive.search import BEGIN, END

LOOPBACK = ("127.0.0.1", "localhost", "::1")
AROUND = 30  # words shown before and after a change


def render(template: str, **values: Any) -> str:
    """One of our templates; everything it shows is escaped."""
    environment = Environment(
        loader=PackageLoader("kicrawl.browse"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "moment": moment,
        "kyiv": kyiv,
        "day": day,
        "mark": mark,
        "web": web,
        "site": site,
        "plain": plain,
        "shorten": shorten,
    }
    return environment.get_template(template).render(values)


def moment(value: str | None) -> str:
    """A time as people write it.

    >>> moment("2025-06-03T13:43:00.000Z")
    '3 June 2025, 13:43 UTC'
    """
    return f"{day(value[:10])}, {value[11:16]} UTC" if value else ""


def kyiv(value: str | None) -> str:
    """A time by the newspaper's clock, as its own pages show it.

    >>> kyiv("2025-11-19T22:15:30.000Z")
    '20 November 2025, 00:15 in Kyiv'
    """
    if not value:
        return ""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo("Europe/Kyiv"))
    return f"{local:%-d %B %Y, %H:%M} in Kyiv"


def day(value: str | None) -> str:
    """A day as people write it.

    >>> day("2025-06-03")
    '3 June 2025'
    """
    return f"{date.fromisoformat(value):%-d %B %Y}" if value else ""


def mark(found: str | None) -> Markup:
    """Found words in colour; all else escaped."""
    return Markup(str(escape(found or "")).replace(BEGIN, "<mark>").replace(END, "</mark>"))


def web(url: str | None) -> str | None:
    """An address that may be a link: of the web, nothing that runs.

    >>> web("https://example.org/a"), web("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    try:
        return url if urlsplit(url or "").scheme in ("http", "https") else None
    except ValueError:
        return None


def site(url: str) -> str:
    """The site of an address, in words; an address of this machine is said to be one.

    >>> site("https://kyivindependent.com/a-story/"), site("http://127.0.0.1:8800/a-story/")
    ('kyivindependent.com', '127.0.0.1:8800, a site on this machine')
    """
    parts = urlsplit(url)
    return f"{parts.netloc}, a site on this machine" if parts.hostname in LOOPBACK else parts.netloc


def shorten(text: str) -> str:
    """Words around a change: long stretches that did not change lose their middle.

    >>> len(shorten("word " * 500)) < 400
    True
    """
    words = text.split(" ")
    return text if len(words) <= 2 * AROUND else " ".join([*words[:AROUND], "…", *words[-AROUND:]])
